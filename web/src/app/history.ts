// The history of calls and its sums, as the page shows them.
import type { Done, HistoryEntry, HistoryFilter, HistoryPage, PageActions, Period, Statistics } from '../state/actions.ts';
import type { State } from '../state/model.ts';
import { readHistory, readStatistics, type ServerAttempt, type ServerHistory } from '../wire/history_api.ts';
import { endReasonFrom, type ServerCall } from '../wire/shapes.ts';
import type { Context } from './context.ts';
import { refused } from './refusals.ts';

const kDayMs = 86_400_000;
const kDays: Readonly<Record<Exclude<Period, 'all'>, number>> = { '7d': 7, '30d': 30 };

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

function attemptEntryOf(attempt: ServerAttempt, { people, me }: State): HistoryEntry {
  const outgoing = attempt.caller.id === me?.id;
  const other = outgoing ? attempt.recipient : attempt.caller;
  return {
    id: attempt.id,
    direction: outgoing ? 'outgoing' : 'incoming',
    status: attempt.reason === 'busy' ? 'rejected' : 'missed',
    endReason: endReasonFrom(attempt.reason),
    type: attempt.type,
    durationSeconds: null,
    at: attempt.createdAt,
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
export function pageOf({ calls: found, attempts, nextCursor }: ServerHistory, filter: HistoryFilter, before: string | null, state: State): HistoryPage {
  const calls = found.map((call) => entryOf(call, state));
  const last = calls.at(-1)?.at ?? '';
  const between = attempts.map((each) => attemptEntryOf(each, state))
    .filter((each) => isWanted(each, filter) && (before === null || each.at < before) && (nextCursor === null || each.at >= last));
  const entries = [...calls, ...between].sort((a, b) => b.at.localeCompare(a.at));
  return { calls: entries, next: nextCursor === null ? null : `${nextCursor} ${last}` };
}

export function makeHistory({ store, rest, clock }: Context): Pick<PageActions, 'loadHistory' | 'loadStatistics'> {
  return {
    async loadHistory(filter, after): Promise<Done<HistoryPage>> {
      const [cursor, before] = after === null ? [] : after.split(' ');
      const answer = await readHistory(rest, filter, cursor ?? null);
      if (!answer.ok) return refused(answer.error);
      return { ok: true, value: pageOf(answer.data, filter, before ?? null, store.getState()) };
    },
    async loadStatistics(period): Promise<Done<Statistics>> {
      const since = period === 'all' ? null : new Date(clock.now() - kDays[period] * kDayMs).toISOString();
      const answer = await readStatistics(rest, since);
      return answer.ok ? { ok: true, value: answer.data } : refused(answer.error);
    },
  };
}
