// A call as the server shows it, to whoever decides on it: REST, acknowledgements, events and snapshots have the same object.
import type { CallId, CallType, ConversationId, EndReason, Person, UserId } from '../state/model.ts';
import { flag, list, member, number, oneOf, text, words } from './json.ts';
import { personFrom } from './person_shapes.ts';

const kLegStates = ['invited', 'notified', 'ringing', 'joined', 'suspended', 'declined', 'busy', 'missed', 'left', 'kicked'] as const;
const kEndReasons: readonly EndReason[] = ['hangup', 'declined', 'busy', 'timeout', 'cancelled', 'unreachable', 'answered_elsewhere',
  'declined_elsewhere', 'connection_lost', 'media_failed', 'kicked', 'max_duration', 'server_restart', 'superseded', 'failed'];
/** Words of the server that are shown as another. */
const kFolded: ReadonlyMap<string, EndReason> = new Map([['caller_disconnected', 'connection_lost'], ['server_shutdown', 'server_restart']]);

export interface MediaState {
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
}

/** One user's part in a call: the server's leg. */
export interface ServerParty {
  readonly userId: UserId;
  readonly role: 'caller' | 'callee';
  /** `suspended`: in the call, and lost the connection. */
  readonly state: (typeof kLegStates)[number];
  readonly deviceId: string | null;
  readonly joinedAt: string | null;
  readonly leaveReason: string | null;
  /** What they said last that they send; null: nothing yet. */
  readonly media: MediaState | null;
}

export interface ServerCall {
  readonly id: CallId;
  readonly callerId: UserId;
  /** Null: a group call. */
  readonly recipientId: UserId | null;
  readonly conversationId: ConversationId | null;
  readonly groupId: ConversationId | null;
  readonly type: CallType;
  readonly status: 'calling' | 'connected' | 'rejected' | 'missed' | 'ended';
  /** The server's word; endReasonFrom() folds it into what is shown. */
  readonly endReason: string | null;
  readonly endedBy: UserId | null;
  readonly mediaMode: 'p2p' | 'sfu' | 'external';
  readonly ringExpiresAt: string | null;
  /** A device has confirmed that it rings. */
  readonly hasRung: boolean;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationSeconds: number | null;
  readonly createdAt: string;
  readonly participants: readonly ServerParty[];
  /** With events and lists. */
  readonly caller: Person | null;
  readonly recipient: Person | null;
  /** With the answer to a start: absent elsewhere, and then true. */
  readonly reachable: boolean;
  /** The start answered the other's call instead. */
  readonly glare: boolean;
}

/** Null: the call is not over. What is in neither list is `failed`: `admin`, `token_revoked`, `user_deactivated`, and what a newer server made up. */
export function endReasonFrom(value: unknown): EndReason | null {
  if (typeof value !== 'string' || value === '') return null;
  return kEndReasons.find((each) => each === value) ?? kFolded.get(value) ?? 'failed';
}

export function mediaStateFrom(json: unknown): MediaState | null {
  if (typeof json !== 'object' || json === null) return null;
  return { audio: flag(json, 'audio'), video: flag(json, 'video'), screen: flag(json, 'screen') };
}

function partyFrom(json: unknown): ServerParty | null {
  const userId = words(json, 'userId');
  if (userId === null) return null;
  return {
    userId,
    role: oneOf(json, 'role', ['caller', 'callee'] as const) ?? 'callee',
    state: oneOf(json, 'state', kLegStates) ?? 'invited',
    deviceId: words(json, 'deviceId'),
    joinedAt: words(json, 'joinedAt'),
    leaveReason: words(json, 'leaveReason'),
    media: mediaStateFrom(member(json, 'mediaState')),
  };
}

export function callFrom(json: unknown): ServerCall | null {
  const id = words(json, 'id');
  const callerId = words(json, 'callerId');
  const status = oneOf(json, 'status', ['calling', 'connected', 'rejected', 'missed', 'ended'] as const);
  if (id === null || callerId === null || status === null) return null;
  return {
    id,
    callerId,
    recipientId: words(json, 'recipientId'),
    conversationId: words(json, 'conversationId'),
    groupId: words(json, 'groupId'),
    type: oneOf(json, 'callType', ['audio', 'video'] as const) ?? 'audio',
    status,
    endReason: words(json, 'endReason'),
    endedBy: words(json, 'endedBy'),
    mediaMode: oneOf(json, 'mediaMode', ['p2p', 'sfu', 'external'] as const) ?? 'p2p',
    ringExpiresAt: words(json, 'ringExpiresAt'),
    hasRung: words(json, 'firstRingAt') !== null || list(json, 'participants', (each) => words(each, 'ringingAt')).length > 0,
    startedAt: words(json, 'startedAt'),
    endedAt: words(json, 'endedAt'),
    durationSeconds: number(json, 'duration'),
    createdAt: text(json, 'createdAt') ?? '',
    participants: list(json, 'participants', partyFrom),
    caller: personFrom(member(json, 'caller')),
    recipient: personFrom(member(json, 'recipient')),
    reachable: member(json, 'reachable') !== false,
    glare: flag(json, 'glare'),
  };
}
