// How far an own message has come, told by the pointers of the others: each member's `delivered up to` and `read up to`. A state that was
// shown once is never taken back, whatever order the news come in (DESIGN §17.4).
import type { Conversation, Member, Message, MessageState, UserId } from './model.ts';

const kOrder: Readonly<Record<MessageState, number>> = { received: 0, failed: 0, sending: 0, sent: 1, delivered: 2, read: 3 };

export const furtherState = (a: MessageState, b: MessageState): MessageState => (kOrder[b] > kOrder[a] ? b : a);

interface Reached {
  readonly read: number;
  readonly delivered: number;
}

/** How far everybody else has got; null: there is nobody else. */
function reachedByAll(members: readonly Member[], myId: UserId): Reached | null {
  let reached: Reached | null = null;
  for (const { userId, readUpToSeq, deliveredUpToSeq } of members) {
    if (userId === myId) continue;
    const before: Reached = reached ?? { read: Infinity, delivered: Infinity };
    reached = { read: Math.min(before.read, readUpToSeq), delivered: Math.min(before.delivered, deliveredUpToSeq) };
  }
  return reached;
}

function stateAt(seq: number | null, reached: Reached | null): MessageState {
  if (seq === null || reached === null) return 'sent';
  if (reached.read >= seq) return 'read';
  return reached.delivered >= seq ? 'delivered' : 'sent';
}

/** In a group `delivered` and `read` mean everybody else. */
export const stateOfOwn = (seq: number | null, members: readonly Member[], myId: UserId): MessageState => stateAt(seq, reachedByAll(members, myId));

const isOpen = (message: Message, myId: UserId): boolean => message.senderId === myId && message.seq !== null && message.state !== 'read';

function advanced(message: Message, reached: Reached | null): Message {
  const state = furtherState(message.state, stateAt(message.seq, reached));
  return state === message.state ? message : { ...message, state };
}

/** The same object if it has not come further. */
export const withStateOf = (message: Message, members: readonly Member[], myId: UserId): Message =>
  (isOpen(message, myId) ? advanced(message, reachedByAll(members, myId)) : message);

/** The same list if nothing in it has come further. */
export function withStates(messages: readonly Message[], members: readonly Member[], myId: UserId): readonly Message[] {
  const reached = reachedByAll(members, myId);
  let changed: Message[] | null = null;
  for (const [at, message] of messages.entries()) {
    const now = isOpen(message, myId) ? advanced(message, reached) : message;
    if (now === message) continue;
    changed ??= [...messages];
    changed[at] = now;
  }
  return changed ?? messages;
}

/** Pointers only move forward, and what was read was delivered. The same object if none has moved. */
export function further(member: Member, to: { readonly readUpToSeq: number; readonly deliveredUpToSeq: number } | undefined): Member {
  const readUpToSeq = Math.max(member.readUpToSeq, to?.readUpToSeq ?? 0);
  const deliveredUpToSeq = Math.max(member.deliveredUpToSeq, to?.deliveredUpToSeq ?? 0, readUpToSeq);
  return readUpToSeq === member.readUpToSeq && deliveredUpToSeq === member.deliveredUpToSeq ? member : { ...member, readUpToSeq, deliveredUpToSeq };
}

/** The same list if nothing in it has moved. */
export function withPointers(members: readonly Member[], user: UserId, readUpToSeq: number, deliveredUpToSeq: number): readonly Member[] {
  const found = members.find((each) => each.userId === user);
  if (!found) return members;
  const now = further(found, { readUpToSeq, deliveredUpToSeq });
  return now === found ? members : members.map((each) => (each === found ? now : each));
}

export const pointersOf = (conversation: Conversation, user: UserId): { read: number; delivered: number } => {
  const found = conversation.members.find((each) => each.userId === user);
  return { read: found?.readUpToSeq ?? 0, delivered: found?.deliveredUpToSeq ?? 0 };
};
