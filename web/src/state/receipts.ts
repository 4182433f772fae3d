// How far an own message has come, told by the pointers of the others: each member's `delivered up to` and `read up to`. A state that was
// shown once is never taken back, whatever order the news come in (DESIGN §17.4).
import type { Conversation, Member, Message, MessageState, UserId } from './model.ts';

const kOrder: Readonly<Record<MessageState, number>> = { received: 0, failed: 0, sending: 0, sent: 1, delivered: 2, read: 3 };

export const furtherState = (a: MessageState, b: MessageState): MessageState => (kOrder[b] > kOrder[a] ? b : a);

/** In a group `delivered` and `read` mean everybody else. */
export function stateOfOwn(seq: number | null, members: readonly Member[], myId: UserId): MessageState {
  const others = members.filter((each) => each.userId !== myId);
  if (seq === null || others.length === 0) return 'sent';
  if (others.every((each) => each.readUpToSeq >= seq)) return 'read';
  return others.every((each) => each.deliveredUpToSeq >= seq) ? 'delivered' : 'sent';
}

/** The same object if it has not come further. */
export function withStateOf(message: Message, members: readonly Member[], myId: UserId): Message {
  if (message.senderId !== myId || message.seq === null || message.state === 'read') return message;
  const state = furtherState(message.state, stateOfOwn(message.seq, members, myId));
  return state === message.state ? message : { ...message, state };
}

/** The same list if nothing in it has come further. */
export function withStates(messages: readonly Message[], members: readonly Member[], myId: UserId): readonly Message[] {
  let changed: Message[] | null = null;
  for (const [at, message] of messages.entries()) {
    const now = withStateOf(message, members, myId);
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
