// The messages of one conversation that are here, as pages, events and own sending change them. A thread that was never opened holds only
// what waits to be sent: the server has the rest, and its newest page comes when somebody looks.
import type { Conversation, Message, State, Thread, UserId, ConversationId } from './model.ts';
import { countsAsUnread } from './unread.ts';
import { firstSeq, numberedOf, replacing, runEnd, waitingOf, withChanged, withMessages, withoutWaiting } from './messages.ts';
import { withStates } from './receipts.ts';

export const kNoThread: Thread = { messages: [], phase: 'unloaded', older: 'idle', firstUnreadSeq: null };

export const threadOf = (state: Pick<State, 'threads'>, id: ConversationId): Thread => state.threads[id] ?? kNoThread;

/** The change of the state that puts this thread; none if it is the one that is there. */
export function putThread(state: Pick<State, 'threads'>, id: ConversationId, thread: Thread): Partial<State> {
  return thread === threadOf(state, id) ? {} : { threads: { ...state.threads, [id]: thread } };
}

const withList = (thread: Thread, messages: readonly Message[]): Thread => (messages === thread.messages ? thread : { ...thread, messages });

// ---- pages ---------------------------------------------------------------------------------------------------------------------------

export const loading = (thread: Thread): Thread => ({ ...thread, phase: 'loading' });
export const failedToLoad = (thread: Thread): Thread => ({ ...thread, phase: 'failed' });

/** The latest page. What is here already stays, unless there is a gap between the two: then the older part goes, and is loaded again later. */
export function withNewest(thread: Thread, page: readonly Message[], more: boolean): Thread {
  const from = firstSeq(page);
  const held = numberedOf(thread.messages);
  const joins = from !== null && held.some((each) => each.seq === from - 1 || each.seq === from) && (firstSeq(held) ?? from) < from;
  const kept = from === null || joins ? thread.messages : [...held.filter((each) => (each.seq ?? 0) >= from), ...waitingOf(thread.messages)];
  const older = joins ? thread.older : more ? 'idle' : 'none-left';
  return { ...thread, messages: withMessages(kept, page), phase: 'ready', older };
}

/** Only the last so many: the others are loaded again when somebody scrolls to them. */
export function withLatest(thread: Thread, most: number): Thread {
  const held = numberedOf(thread.messages);
  if (held.length <= most) return thread;
  return { ...thread, messages: [...held.slice(held.length - most), ...waitingOf(thread.messages)], older: 'idle' };
}

/** As if nobody had ever opened it. */
export const forgotten = (thread: Thread): Thread => ({ ...kNoThread, messages: waitingOf(thread.messages) });

export const olderLoading = (thread: Thread): Thread => ({ ...thread, older: 'loading' });
export const olderFailed = (thread: Thread): Thread => ({ ...thread, older: 'failed' });

export const withOlder = (thread: Thread, page: readonly Message[], more: boolean): Thread =>
  ({ ...withList(thread, withMessages(thread.messages, page)), older: more ? 'idle' : 'none-left' });

/** A page behind the last that is here. */
export const withNext = (thread: Thread, page: readonly Message[]): Thread => withList(thread, withMessages(thread.messages, page));

// ---- events --------------------------------------------------------------------------------------------------------------------------

/** What came does not join what is here: something between the two is missing. */
export const isAhead = (thread: Thread, seq: number): boolean => thread.phase === 'ready' && seq > (runEnd(thread.messages) ?? 0) + 1;

/**
 * A new message. Somebody else's that is ahead is left out until what is missing has been fetched: a list that grows in its middle would be
 * read in the wrong order. An own one stands in the list already and only gets its number.
 */
export function withArrived(thread: Thread, message: Message): Thread {
  const waits = message.clientId !== null && thread.messages.some((each) => each.seq === null && each.clientId === message.clientId);
  if (thread.phase === 'unloaded')
    return waits && message.clientId !== null ? withList(thread, withoutWaiting(thread.messages, message.clientId)) : thread;
  if (!waits && message.seq !== null && isAhead(thread, message.seq)) return thread;
  return withList(thread, withMessages(thread.messages, [message]));
}

export const withEdited = (thread: Thread, message: Message): Thread => withList(thread, withChanged(thread.messages, message));

export const withReceipts = (thread: Thread, conversation: Conversation, myId: UserId): Thread =>
  withList(thread, withStates(thread.messages, conversation.members, myId));

/** The change of the state where these conversations tell more of own messages than their threads show. */
export function putReceipts(state: Pick<State, 'threads'>, conversations: readonly Conversation[], myId: UserId): Partial<State> {
  const changed: Record<ConversationId, Thread> = {};
  for (const conversation of conversations) {
    const held = state.threads[conversation.id];
    const thread = held && withReceipts(held, conversation, myId);
    if (thread && thread !== held) changed[conversation.id] = thread;
  }
  return Object.keys(changed).length === 0 ? {} : { threads: { ...state.threads, ...changed } };
}

// ---- own sending ---------------------------------------------------------------------------------------------------------------------

/** At the end: what is written last stands last. */
export const withWaiting = (thread: Thread, message: Message): Thread =>
  withList(thread, [...(message.clientId === null ? thread.messages : withoutWaiting(thread.messages, message.clientId)), message]);

export const withoutUnsent = (thread: Thread, clientId: string): Thread => withList(thread, withoutWaiting(thread.messages, clientId));

export const withRefused = (thread: Thread, clientId: string): Thread =>
  withList(thread, replacing(thread.messages, clientId, (each) => ({ ...each, state: 'failed' })));

export const withProgress = (thread: Thread, clientId: string, progress: number | null): Thread =>
  withList(thread, replacing(thread.messages, clientId, (each) => (each.upload ? { ...each, upload: { ...each.upload, progress } } : each)));

// ---- the line `New messages` ---------------------------------------------------------------------------------------------------------

/** What was unread when a conversation was opened. Another own device may have read past `read`: of that only the count tells. */
export interface UnreadAtOpening {
  readonly read: number;
  readonly unread: number;
  readonly lastSeq: number;
}

/** Where it stands. Null: the first unread message is on another page, or there is none. */
export function firstUnread(thread: Thread, { read, unread, lastSeq }: UnreadAtOpening, myId: UserId): number | null {
  const held = numberedOf(thread.messages);
  const from = firstSeq(held);
  if (from === null || (runEnd(held) ?? 0) < lastSeq) return null;
  const counted = held.filter(({ seq }) => seq !== null && seq > read && seq <= lastSeq).filter((each) => countsAsUnread(each, myId));
  if (counted.length < unread && from > read + 1 && thread.older !== 'none-left') return null;
  return counted.slice(-unread)[0]?.seq ?? null;
}

export const withLine = (thread: Thread, firstUnreadSeq: number | null): Thread =>
  (firstUnreadSeq === thread.firstUnreadSeq ? thread : { ...thread, firstUnreadSeq });
