// What the server answers, as state/model.ts has it. Members that we do not know are ignored, so that a newer server can add some; of an
// object whose own id or kind is wrong the answer is null, and whoever asked leaves it out.
import type {
  Attachment, CallEntry, CallType, Conversation, Member, Message, Person, Role, SearchHit, UserId,
} from '../state/model.ts';
import { stateOfOwn } from '../state/receipts.ts';
import { isObject, list, member, nameIn, number, oneOf, text, words } from './json.ts';
import { endReasonFrom } from './call_shapes.ts';
import { personFrom } from './person_shapes.ts';

export { callFrom, endReasonFrom, mediaStateFrom, type MediaState, type ServerCall, type ServerParty } from './call_shapes.ts';
export { stateOfOwn } from '../state/receipts.ts';
export { loginFrom, meFrom, personFrom, presenceFrom } from './person_shapes.ts';

/** Of what has no time: it sorts behind all that has one. */
const kNever = '1970-01-01T00:00:00.000Z';

const kRoles: readonly Role[] = ['owner', 'admin', 'member'];
const kTypes: readonly CallType[] = ['audio', 'video'];

export const callTypeFrom = (value: unknown): CallType => kTypes.find((each) => each === value) ?? 'audio';

// ---- conversations -------------------------------------------------------------------------------------------------------------------

function memberFrom(json: unknown): Member | null {
  const userId = words(json, 'userId');
  if (userId === null) return null;
  return {
    userId,
    role: oneOf(json, 'role', kRoles) ?? 'member',
    readUpToSeq: number(json, 'readUpToSeq') ?? 0,
    deliveredUpToSeq: number(json, 'deliveredUpToSeq') ?? 0,
  };
}

/** What I set for myself in it. An event that does not tell `mutedUntil` leaves it out, and so does an answer where it is not muted. */
function membershipFrom(json: unknown, myId: UserId): Pick<Conversation, 'mutedUntil' | 'callsRing'> {
  const mine = list(json, 'members', (each) => (isObject(each) && each['userId'] === myId ? each : null))[0];
  const callsRing = text(mine, 'ringMode') !== 'none';
  return isObject(mine) && 'mutedUntil' in mine ? { mutedUntil: words(mine, 'mutedUntil'), callsRing } : { callsRing };
}

/** `unread` is 0 where the server does not say it (`conversation.updated`: keep what is there). */
export function conversationFrom(json: unknown, myId: UserId): Conversation | null {
  const id = words(json, 'id');
  const kind = oneOf(json, 'kind', ['direct', 'group'] as const);
  if (id === null || kind === null) return null;
  const members = list(json, 'members', memberFrom);
  const last = messageFrom(member(json, 'lastMessage'), myId);
  return {
    id,
    kind,
    title: nameIn(json, 'title'),
    avatar: words(json, 'avatar'),
    members,
    otherId: kind === 'direct' ? members.find((each) => each.userId !== myId)?.userId ?? null : null,
    lastMessage: last && last.senderId === myId ? { ...last, state: stateOfOwn(last.seq, members, myId) } : last,
    unread: number(json, 'unreadCount') ?? 0,
    activeCallId: kind === 'group' ? words(json, 'activeCallId') : null,
    ...membershipFrom(json, myId),
    activeAt: words(json, 'updatedAt') ?? last?.createdAt ?? words(json, 'createdAt') ?? kNever,
  };
}

export interface ServerConversation {
  readonly conversation: Conversation;
  /** Whom it names, for those who are in no list yet. Presence is not known from here. */
  readonly people: readonly Person[];
}

export function serverConversationFrom(json: unknown, myId: UserId): ServerConversation | null {
  const conversation = conversationFrom(json, myId);
  return conversation && { conversation, people: list(json, 'members', personFrom) };
}

/** Of an answer: without `mutedUntil` it says that the conversation is not muted. */
export function answeredConversationFrom(json: unknown, myId: UserId): ServerConversation | null {
  const read = serverConversationFrom(json, myId);
  return read && { ...read, conversation: { mutedUntil: null, ...read.conversation } };
}

// ---- messages ------------------------------------------------------------------------------------------------------------------------

export function attachmentFrom(json: unknown): Attachment | null {
  const id = words(json, 'id');
  const url = words(json, 'url');
  if (id === null || url === null) return null;
  return {
    id,
    url,
    name: text(json, 'name') ?? '',
    mime: text(json, 'mime') ?? 'application/octet-stream',
    bytes: number(json, 'size') ?? 0,
    width: number(json, 'width'),
    height: number(json, 'height'),
    thumbnailUrl: words(json, 'thumbnailUrl'),
  };
}

function outcomeOf(status: string | null): CallEntry['outcome'] {
  if (status === 'missed' || status === 'rejected') return status;
  return 'ended';
}

function callEntryFrom(json: unknown): CallEntry | null {
  const id = words(json, 'id');
  if (id === null) return null;
  return {
    id,
    type: callTypeFrom(member(json, 'callType')),
    outcome: outcomeOf(text(json, 'status')),
    endReason: endReasonFrom(member(json, 'endReason')),
    durationSeconds: number(json, 'duration') ?? 0,
  };
}

/** An own message is `sent` here: whoever knows the members says more, by stateOfOwn(). */
export function messageFrom(json: unknown, myId: UserId): Message | null {
  const id = words(json, 'id');
  const conversationId = words(json, 'conversationId');
  const senderId = words(json, 'senderId');
  if (id === null || conversationId === null || senderId === null) return null;
  const kind = oneOf(json, 'kind', ['text', 'file', 'system', 'call'] as const) ?? 'text';
  return {
    id,
    clientId: words(json, 'clientMessageId'),
    conversationId,
    seq: number(json, 'seq'),
    senderId,
    kind,
    text: text(json, 'text') ?? '',
    attachments: list(json, 'attachments', attachmentFrom),
    call: kind === 'call' ? callEntryFrom(member(json, 'call')) : null,
    replyTo: words(json, 'replyTo'),
    createdAt: words(json, 'createdAt') ?? kNever,
    editedAt: words(json, 'editedAt'),
    deletedAt: words(json, 'deletedAt'),
    state: senderId === myId ? 'sent' : 'received',
    upload: null,
  };
}

export function hitFrom(json: unknown, myId: UserId): SearchHit | null {
  const message = messageFrom(member(json, 'message'), myId);
  return message && { message, snippet: text(json, 'snippet') ?? message.text };
}
