// The conversations of the sidebar, as the list, events and own doings change them. A row whose conversation did not change stays the same
// object, whatever comes for the others.
import type { CallId, Conversation, ConversationId, Member, Message, State, UserId } from './model.ts';
import { further, withPointers, withStateOf } from './receipts.ts';
import { withoutTyping } from './typing.ts';
import { countBehind } from './unread.ts';

type Conversations = State['conversations'];

export const putConversation = (all: Conversations, conversation: Conversation): Conversations =>
  (all[conversation.id] === conversation ? all : { ...all, [conversation.id]: conversation });

/** Changes one that is there; of one that is not, news come too late or too early, and are dropped. */
export function changing(all: Conversations, id: ConversationId, how: (conversation: Conversation) => Conversation): Conversations {
  const held = all[id];
  return held ? putConversation(all, how(held)) : all;
}

const laterOf = (a: string, b: string): string => (b > a ? b : a);

function newerLast(held: Message | null, given: Message | null): Message | null {
  if (!held || !given) return held ?? given;
  return (given.seq ?? 0) >= (held.seq ?? 0) ? given : held;
}

/** The members as the server gives them, with the pointers that have come further here meanwhile. */
function joinedMembers(held: readonly Member[], given: readonly Member[]): readonly Member[] {
  const before = new Map(held.map((each) => [each.userId, each]));
  return given.map((each) => further(each, before.get(each.userId)));
}

/** Which parts stay as they are here, because what the server gives leaves them out or may be older. */
export interface Keep {
  readonly unread?: true;
  /** Until when I muted it, and whether its calls ring me. */
  readonly membership?: true;
}

function joined(held: Conversation, given: Conversation, keep: Keep, myId: UserId): Conversation {
  const members = joinedMembers(held.members, given.members);
  const last = newerLast(held.lastMessage, given.lastMessage);
  const membership = keep.membership ? held : given;
  return {
    ...given,
    members,
    lastMessage: last && withStateOf(last, members, myId),
    unread: keep.unread ? held.unread : given.unread,
    mutedUntil: membership.mutedUntil === undefined ? held.mutedUntil : membership.mutedUntil,
    callsRing: membership.callsRing,
    wanted: held.wanted,
    activeCallPeople: held.activeCallId === given.activeCallId ? held.activeCallPeople : undefined,
    activeAt: laterOf(held.activeAt, given.activeAt),
  };
}

/**
 * What the server says of a conversation now. It was asked a while ago: what events told meanwhile stays, since a pointer and a last message
 * only move forward.
 */
export function withServers(all: Conversations, given: Conversation, keep: Keep, myId: UserId): Conversations {
  const held = all[given.id];
  return putConversation(all, held ? joined(held, given, keep, myId) : given);
}

/** The whole list, just asked for. `touched`: of these an event came while the answer was on its way, which may be older. */
export function withList(
  all: Conversations, list: readonly Conversation[], touched: ReadonlyMap<ConversationId, Keep>, myId: UserId,
): Conversations {
  const next: Record<ConversationId, Conversation> = {};
  for (const id of touched.keys()) if (all[id]) next[id] = all[id];
  for (const given of list) {
    const held = all[given.id];
    if (held) next[given.id] = joined(held, given, touched.get(given.id) ?? {}, myId);
    else if (!touched.has(given.id)) next[given.id] = given;
  }
  return next;
}

/** A new message is the last one, and the end of a call is told by its entry. */
export function withNewMessage(all: Conversations, message: Message, myId: UserId): Conversations {
  return changing(all, message.conversationId, (conversation) => {
    const last = newerLast(conversation.lastMessage, withStateOf(message, conversation.members, myId));
    const over = message.call !== null && message.call.id === conversation.activeCallId;
    if (last === conversation.lastMessage && !over) return conversation;
    const activeAt = laterOf(conversation.activeAt, message.createdAt);
    const call = over ? { activeCallId: null, activeCallPeople: undefined } : {};
    return { ...conversation, lastMessage: last, activeAt, ...call };
  });
}

export const withEditedMessage = (all: Conversations, message: Message, myId: UserId): Conversations =>
  changing(all, message.conversationId, (conversation) => (conversation.lastMessage?.id === message.id
    ? { ...conversation, lastMessage: withStateOf(message, conversation.members, myId) } : conversation));

/** How far somebody has got. */
export function withReceipt(
  all: Conversations, id: ConversationId, user: UserId, upTo: { read: number; delivered: number }, myId: UserId,
): Conversations {
  return changing(all, id, (conversation) => {
    const members = withPointers(conversation.members, user, upTo.read, upTo.delivered);
    if (members === conversation.members) return conversation;
    const last = conversation.lastMessage && withStateOf(conversation.lastMessage, members, myId);
    return { ...conversation, members, lastMessage: last };
  });
}

/** The server's count. It says nothing of how far I have read: it may be from before the last message. */
export const withUnread = (all: Conversations, id: ConversationId, unread: number): Conversations =>
  changing(all, id, (conversation) => (unread === conversation.unread ? conversation : { ...conversation, unread }));

/** I have read up to here; the server is about to hear of it. `messages`: those of its thread, to count what is left. */
export function withRead(all: Conversations, id: ConversationId, seq: number, messages: readonly Message[], myId: UserId): Conversations {
  return changing(all, id, (conversation) => {
    const members = withPointers(conversation.members, myId, seq, seq);
    if (members === conversation.members) return conversation;
    const unread = Math.min(conversation.unread, countBehind(messages, conversation.lastMessage, seq, myId) ?? conversation.unread);
    return { ...conversation, members, unread };
  });
}

const sameUsers = (a: readonly UserId[] | undefined, b: readonly UserId[] | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((each, at) => each === b[at]));

/** The group call that runs now, and who is in it as far as is known; null: none. */
export function withActiveCall(
  all: Conversations, id: ConversationId, call: { readonly id: CallId; readonly people: readonly UserId[] | undefined } | null,
): Conversations {
  return changing(all, id, (conversation) => {
    const same = conversation.activeCallId === (call?.id ?? null) && sameUsers(conversation.activeCallPeople, call?.people);
    return same ? conversation : { ...conversation, activeCallId: call?.id ?? null, activeCallPeople: call?.people };
  });
}

const without = <T>(all: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> => {
  if (!(id in all)) return all;
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== id));
};

/** It is not mine any more: all that hung on it goes too. */
export function withoutConversation(state: State, id: ConversationId): Partial<State> {
  return {
    conversations: without(state.conversations, id),
    threads: without(state.threads, id),
    drafts: without(state.drafts, id),
    typing: withoutTyping(state.typing, id),
    threadSearch: state.open === id ? null : state.threadSearch,
  };
}
