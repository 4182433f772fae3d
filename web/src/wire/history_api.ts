// The calls of the past, as the server lists and counts them. In the chunk of the pages that show them.
import type { HistoryFilter, Statistics } from '../state/actions.ts';
import type { CallType, Person } from '../state/model.ts';
import { reading } from './answers.ts';
import { list, member, number, oneOf, text, words } from './json.ts';
import type { Answer, Rest } from './ports.ts';
import { callFrom, personFrom, type ServerCall } from './shapes.ts';

/** A call that the server refused, because the other one talked or could not be reached (SPEC 2.11 S15). */
export interface ServerAttempt {
  readonly id: string;
  readonly caller: Person;
  readonly recipient: Person;
  /** The server's word; endReasonFrom() folds it into what is shown. */
  readonly reason: string | null;
  readonly type: CallType;
  readonly createdAt: string;
}

export interface ServerHistory {
  readonly calls: readonly ServerCall[];
  /** The newest of all, whatever the page: they have no cursor of their own. */
  readonly attempts: readonly ServerAttempt[];
  readonly nextCursor: string | null;
}

const kPerPage = 30;
const kQueries: Readonly<Record<HistoryFilter, string>> = {
  all: '', missed: '&status=missed&direction=incoming', incoming: '&direction=incoming', outgoing: '&direction=outgoing',
};

function attemptFrom(json: unknown): ServerAttempt | null {
  const id = words(json, 'id');
  const [caller, recipient] = [personFrom(member(json, 'caller')), personFrom(member(json, 'recipient'))];
  if (id === null || !caller || !recipient) return null;
  const type = oneOf(json, 'callType', ['audio', 'video'] as const) ?? 'audio';
  return { id, caller, recipient, reason: text(json, 'reason'), type, createdAt: text(json, 'createdAt') ?? '' };
}

export const historyFrom = (json: unknown): ServerHistory =>
  ({ calls: list(json, 'calls', callFrom), attempts: list(json, 'attempts', attemptFrom), nextCursor: words(json, 'nextCursor') });

export function statisticsFrom(json: unknown): Statistics {
  const of = (name: string): number => number(json, name) ?? 0;
  return {
    totalCalls: of('totalCalls'), totalDuration: of('totalDuration'), averageDuration: of('averageDuration'), missedCalls: of('missedCalls'),
    rejectedCalls: of('rejectedCalls'), incoming: of('incoming'), outgoing: of('outgoing'), audioCalls: of('audioCalls'), videoCalls: of('videoCalls'),
    days: list(json, 'days', (each) => {
      const day = words(each, 'day');
      return day === null ? null : { day, totalCalls: number(each, 'totalCalls') ?? 0 };
    }),
  };
}

export async function readHistory(rest: Rest, filter: HistoryFilter, cursor: string | null): Promise<Answer<ServerHistory>> {
  const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return reading(await rest.get<unknown>(`/api/calls/history?limit=${kPerPage}&include=attempts${kQueries[filter]}${from}`), historyFrom);
}

/** `since`: a time; null: the beginning. */
export async function readStatistics(rest: Rest, since: string | null): Promise<Answer<Statistics>> {
  return reading(await rest.get<unknown>(`/api/calls/stats?groupBy=day${since === null ? '' : `&from=${since}`}`), statisticsFrom);
}
