// Unread counts: the server counts, and these functions add up, as it does (SPEC K39).
import type { Conversation, ConversationId, Message, State, UserId } from './model.ts';

/** The `detail` of the DOM event `updateUnreadCount` (DESIGN §17.1). */
export interface UnreadCounts {
  readonly total: number;
  readonly conversations: Readonly<Record<ConversationId, number>>;
}

/** Others' messages that are not deleted, and calls of others that I missed. */
export function countsAsUnread(message: Message, myId: UserId): boolean {
  if (message.senderId === myId || message.deletedAt !== null) return false;
  return message.kind === 'text' || message.kind === 'file' || (message.kind === 'call' && message.call?.outcome === 'missed');
}

export const unreadTotal = (conversations: State['conversations']): number => Object.values(conversations).reduce((sum, { unread }) => sum + unread, 0);

export function unreadCounts(conversations: State['conversations']): UnreadCounts {
  let total = 0;
  const each: Record<ConversationId, number> = {};
  for (const conversation of Object.values(conversations)) {
    total += conversation.unread;
    each[conversation.id] = conversation.unread;
  }
  return { total, conversations: each };
}

/** A conversation that came or went with nothing unread is no change. */
export function isSameUnread(before: State['conversations'], now: State['conversations']): boolean {
  if (before === now) return true;
  const unreadOf = (all: State['conversations'], id: ConversationId): number => all[id]?.unread ?? 0;
  return [...Object.keys(before), ...Object.keys(now)].every((id) => unreadOf(before, id) === unreadOf(now, id));
}

/** Whether reading on from `from` to `to` reads anything of others. Where not all of it is here, it may. */
export function readsOthers(messages: readonly Message[], from: number, to: number, myId: UserId): boolean {
  const read = messages.filter((each) => each.seq !== null && each.seq > from && each.seq <= to);
  return read.length < to - from || read.some((each) => countsAsUnread(each, myId));
}

/** How many are unread behind `read`, counted from what is here. Null: not all of it is here. */
export function countBehind(messages: readonly Message[], last: Conversation['lastMessage'], read: number, myId: UserId): number | null {
  if (last?.seq === null || last === null || last.seq <= read) return 0;
  const behind = messages.filter((each) => each.seq !== null && each.seq > read && each.seq <= (last.seq ?? 0));
  if (behind.length !== last.seq - read) return null;
  return behind.filter((each) => countsAsUnread(each, myId)).length;
}
