// The history of calls and its sums, as the page shows them.
import type { Done, HistoryEntry, HistoryFilter, HistoryPage, PageActions, Period, Statistics } from '../state/actions.ts';
import type { State } from '../state/model.ts';
import { list, member, number, oneOf, text, words } from '../wire/json.ts';
import { callFrom, endReasonFrom, personFrom, type ServerCall } from '../wire/shapes.ts';
import type { Context } from './context.ts';
import { refused } from './refusals.ts';

const kPerPage = 30;
const kDayMs = 86_400_000;
const kDays: Readonly<Record<Exclude<Period, 'all'>, number>> = { '7d': 7, '30d': 30 };
const kQueries: Readonly<Record<HistoryFilter, string>> = {
  all: '', missed: '&status=missed&direction=incoming', incoming: '&direction=incoming', outgoing: '&direction=outgoing',
};

function entryOf(call: ServerCall, { people, conversations, me }: State): HistoryEntry {
  const outgoing = call.callerId === me?.id;
  const group = call.recipientId === null;
  const otherId = group ? null : outgoing ? call.recipientId : call.callerId;
  const other = otherId === null ? null : people[otherId] ?? (outgoing ? call.recipient : call.caller);
  const conversation = call.conversationId === null ? undefined : conversations[call.conversationId];
  return {
    id: call.id,
    direction: outgoing ? 'outgoing' : 'incoming',
    status: call.status,
    endReason: endReasonFrom(call.endReason),
    type: call.type,
    durationSeconds: call.startedAt === null ? null : call.durationSeconds,
    at: call.createdAt,
    otherId,
    otherName: group ? conversation?.title ?? '' : other?.name ?? '',
    otherAvatar: group ? conversation?.avatar ?? null : other?.avatar ?? null,
    conversationId: call.conversationId,
    group,
  };
}

/** A call that the server refused, because the other one talked or could not be reached (SPEC 2.11 S15). */
function attemptFrom(json: unknown, { people, me }: State): HistoryEntry | null {
  const id = words(json, 'id');
  const [caller, recipient] = [personFrom(member(json, 'caller')), personFrom(member(json, 'recipient'))];
  if (id === null || !caller || !recipient) return null;
  const outgoing = caller.id === me?.id;
  const other = outgoing ? recipient : caller;
  return {
    id,
    direction: outgoing ? 'outgoing' : 'incoming',
    status: text(json, 'reason') === 'busy' ? 'rejected' : 'missed',
    endReason: endReasonFrom(text(json, 'reason')),
    type: oneOf(json, 'callType', ['audio', 'video'] as const) ?? 'audio',
    durationSeconds: null,
    at: text(json, 'createdAt') ?? '',
    otherId: other.id,
    otherName: people[other.id]?.name ?? other.name,
    otherAvatar: people[other.id]?.avatar ?? other.avatar,
    conversationId: null,
    group: false,
  };
}

function isWanted(attempt: HistoryEntry, filter: HistoryFilter): boolean {
  if (filter === 'all') return true;
  return attempt.direction === (filter === 'outgoing' ? 'outgoing' : 'incoming');
}

/** `next` is the server's cursor and the time of the last entry: attempts have no cursor of their own, and stand between the two times. */
export function pageFrom(json: unknown, filter: HistoryFilter, before: string | null, state: State): HistoryPage {
  const cursor = words(json, 'nextCursor');
  const calls = list(json, 'calls', callFrom).map((call) => entryOf(call, state));
  const last = calls.at(-1)?.at ?? '';
  const attempts = list(json, 'attempts', (each) => attemptFrom(each, state))
    .filter((each) => isWanted(each, filter) && (before === null || each.at < before) && (cursor === null || each.at >= last));
  const entries = [...calls, ...attempts].sort((a, b) => b.at.localeCompare(a.at));
  return { calls: entries, next: cursor === null ? null : `${cursor} ${last}` };
}

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

export function makeHistory({ store, rest, clock }: Context): Pick<PageActions, 'loadHistory' | 'loadStatistics'> {
  return {
    async loadHistory(filter, after): Promise<Done<HistoryPage>> {
      const [cursor, before] = after === null ? [] : after.split(' ');
      const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const answer = await rest.get(`/api/calls/history?limit=${kPerPage}&include=attempts${kQueries[filter]}${from}`);
      if (!answer.ok) return refused(answer.error);
      return { ok: true, value: pageFrom(answer.data, filter, before ?? null, store.getState()) };
    },
    async loadStatistics(period): Promise<Done<Statistics>> {
      const from = period === 'all' ? '' : `&from=${new Date(clock.now() - kDays[period] * kDayMs).toISOString()}`;
      const answer = await rest.get(`/api/calls/stats?groupBy=day${from}`);
      return answer.ok ? { ok: true, value: statisticsFrom(answer.data) } : refused(answer.error);
    },
  };
}
