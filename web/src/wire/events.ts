// The events of the native dialect (docs/protocol/native.md and chat.md), read and checked. What is about a conversation or a message is
// left as JSON here: wire/shapes.ts reads it, and needs to know who I am.
import type { CallId, ConversationId, Person, Presence, UserId } from '../state/model.ts';
import { callFrom, mediaStateFrom, type MediaState, type ServerCall } from './call_shapes.ts';
import { flag, isObject, list, member, number, oneOf, text, words, type Json } from './json.ts';
import { personFrom, presenceFrom } from './person_shapes.ts';
import type { Link } from './ports.ts';

interface OfCall {
  readonly callId: CallId;
  /** The number of the call's state: what one has seen is a repeat. */
  readonly callSeq: number;
}

interface WithCall extends OfCall {
  readonly call: ServerCall | null;
}

export interface NativeEvents {
  'session.ready': { readonly sessionId: string; readonly userId: UserId; readonly deviceId: string; readonly resumed: boolean; readonly maxFileBytes: number | null };
  'session.replaced': Record<never, never>;
  'session.expiring': { readonly reason: string };
  'session.refused': { readonly code: string };
  'server.draining': Record<never, never>;
  'rate.warning': { readonly bucket: string; readonly retryAfterMs: number };
  'call.incoming': WithCall & { readonly caller: Json; readonly ringExpiresAt: string; readonly offer: unknown };
  'call.progress': OfCall & { readonly state: 'created' | 'pushed' | 'woken' | 'ringing'; readonly userId: UserId | null; readonly reachable: boolean };
  'call.accepted': WithCall & { readonly by: { readonly userId: UserId; readonly deviceId: string }; readonly startedAt: string; readonly answer: unknown };
  'call.answered_elsewhere': OfCall;
  'call.declined_elsewhere': OfCall;
  'call.glare': OfCall & { readonly offer: unknown };
  'call.signal': { readonly callId: CallId; readonly from: UserId; readonly deviceId: string | null; readonly kind: string; readonly payload: unknown; readonly gen: number };
  'call.peer_state': OfCall & {
    readonly userId: UserId; readonly state: 'reconnecting' | 'reconnected' | 'joined' | 'left'; readonly until: string | null;
    readonly deviceId: string | null; readonly mediaState: MediaState | null;
  };
  'call.media': { readonly callId: CallId; readonly userId: UserId } & MediaState;
  'call.rejected': WithCall & { readonly by: UserId | null; readonly reason: string; readonly final: boolean };
  'call.cancelled': WithCall & { readonly by: UserId | null; readonly endReason: string | null };
  'call.missed': WithCall & { readonly endReason: string | null };
  'call.ended': WithCall & { readonly endedBy: UserId | null; readonly endReason: string | null; readonly duration: number };
  'call.snapshot': { readonly calls: readonly ServerCall[]; readonly callSeqs: Readonly<Record<CallId, number>> };
  'message.new': { readonly conversationId: ConversationId; readonly message: unknown };
  'message.updated': { readonly conversationId: ConversationId; readonly message: unknown };
  'message.status': { readonly conversationId: ConversationId; readonly userId: UserId; readonly readUpToSeq: number; readonly deliveredUpToSeq: number };
  'unread.update': { readonly conversationId: ConversationId; readonly unreadCount: number; readonly total: number };
  'typing': { readonly conversationId: ConversationId; readonly userId: UserId; readonly typing: boolean };
  'conversation.new': { readonly conversation: unknown };
  'conversation.updated': { readonly conversation: unknown };
  'conversation.removed': { readonly conversationId: ConversationId };
  'presence.update': { readonly version: number; readonly userId: UserId; readonly state: Presence; readonly lastSeenAt: string | null };
  'presence.snapshot': { readonly version: number; readonly online: readonly UserId[] };
  'users.changed': { readonly users: readonly Person[] };
}

export type EventName = keyof NativeEvents;

/** By is a user's id, or an object that has it. */
const userOf = (json: unknown, name: string): UserId | null => words(json, name) ?? words(member(json, name), 'userId');

function ofCall(json: unknown): OfCall | null {
  const callId = words(json, 'callId');
  return callId === null ? null : { callId, callSeq: number(json, 'callSeq') ?? 0 };
}

function withCall<T>(json: unknown, rest: () => T): (WithCall & T) | null {
  const about = ofCall(json);
  return about && { ...about, call: callFrom(member(json, 'call')), ...rest() };
}

function inConversation<T>(json: unknown, rest: () => T): ({ readonly conversationId: ConversationId } & T) | null {
  const conversationId = words(json, 'conversationId');
  return conversationId === null ? null : { conversationId, ...rest() };
}

const withMessage = (json: unknown): NativeEvents['message.new'] | null => inConversation(json, () => ({ message: member(json, 'message') }));
const withConversation = (json: unknown): NativeEvents['conversation.new'] | null =>
  isObject(member(json, 'conversation')) ? { conversation: member(json, 'conversation') } : null;
const ids = (json: unknown, name: string): string[] => list(json, name, (each) => (typeof each === 'string' ? each : null));

function seqs(json: unknown): Record<CallId, number> {
  const found = member(json, 'callSeqs');
  if (!isObject(found)) return {};
  return Object.fromEntries(Object.entries(found).flatMap(([id, seq]) => (typeof seq === 'number' ? [[id, seq]] : [])));
}

const kReaders: { readonly [N in EventName]: (json: unknown) => NativeEvents[N] | null } = {
  'session.ready': (json) => ({
    sessionId: text(json, 'sessionId') ?? '', userId: text(json, 'userId') ?? '', deviceId: text(json, 'deviceId') ?? '', resumed: flag(json, 'resumed'),
    maxFileBytes: number(json, 'maxFileBytes'),
  }),
  'session.replaced': () => ({}),
  'session.expiring': (json) => ({ reason: text(json, 'reason') ?? '' }),
  'session.refused': (json) => ({ code: text(json, 'code') ?? '' }),
  'server.draining': () => ({}),
  'rate.warning': (json) => ({ bucket: text(json, 'bucket') ?? '', retryAfterMs: number(json, 'retryAfterMs') ?? 0 }),
  'call.incoming': (json) => {
    const caller = member(json, 'caller');
    if (!isObject(caller)) return null;
    return withCall(json, () => ({ caller, ringExpiresAt: text(json, 'ringExpiresAt') ?? '', offer: member(json, 'offer') ?? null }));
  },
  'call.progress': (json) => {
    const about = ofCall(json);
    const state = oneOf(json, 'state', ['created', 'pushed', 'woken', 'ringing'] as const);
    return about && state && { ...about, state, userId: words(json, 'userId'), reachable: member(json, 'reachable') !== false };
  },
  'call.accepted': (json) => withCall(json, () => ({
    by: { userId: userOf(json, 'by') ?? '', deviceId: text(member(json, 'by'), 'deviceId') ?? '' },
    startedAt: text(json, 'startedAt') ?? '', answer: member(json, 'answer') ?? null,
  })),
  'call.answered_elsewhere': ofCall,
  'call.declined_elsewhere': ofCall,
  'call.glare': (json) => {
    const about = ofCall(json);
    return about && { ...about, offer: member(json, 'offer') ?? null };
  },
  'call.signal': (json) => {
    const [callId, from, kind] = [words(json, 'callId'), words(json, 'from'), words(json, 'kind')];
    if (callId === null || from === null || kind === null) return null;
    return { callId, from, kind, deviceId: words(json, 'deviceId'), payload: member(json, 'payload'), gen: number(json, 'gen') ?? 0 };
  },
  'call.peer_state': (json) => {
    const about = ofCall(json);
    const userId = words(json, 'userId');
    const state = oneOf(json, 'state', ['reconnecting', 'reconnected', 'joined', 'left'] as const);
    if (!about || userId === null || state === null) return null;
    return { ...about, userId, state, until: words(json, 'until'), deviceId: words(json, 'deviceId'), mediaState: mediaStateFrom(member(json, 'mediaState')) };
  },
  'call.media': (json) => {
    const [callId, userId, media] = [words(json, 'callId'), words(json, 'userId'), mediaStateFrom(json)];
    return callId === null || userId === null || media === null ? null : { callId, userId, ...media };
  },
  'call.rejected': (json) => withCall(json, () => ({ by: userOf(json, 'by'), reason: text(json, 'reason') ?? '', final: member(json, 'final') !== false })),
  'call.cancelled': (json) => withCall(json, () => ({ by: userOf(json, 'by'), endReason: words(json, 'endReason') })),
  'call.missed': (json) => withCall(json, () => ({ endReason: words(json, 'endReason') })),
  'call.ended': (json) => withCall(json, () => ({
    endedBy: userOf(json, 'endedBy'), endReason: words(json, 'endReason'), duration: number(json, 'duration') ?? 0,
  })),
  'call.snapshot': (json) => ({ calls: list(json, 'calls', callFrom), callSeqs: seqs(json) }),
  'message.new': withMessage,
  'message.updated': withMessage,
  'message.status': (json) => {
    const userId = words(json, 'userId');
    if (userId === null) return null;
    return inConversation(json, () => ({ userId, readUpToSeq: number(json, 'readUpToSeq') ?? 0, deliveredUpToSeq: number(json, 'deliveredUpToSeq') ?? 0 }));
  },
  'unread.update': (json) => inConversation(json, () => ({ unreadCount: number(json, 'unreadCount') ?? 0, total: number(json, 'total') ?? 0 })),
  'typing': (json) => {
    const userId = words(json, 'userId');
    return userId === null ? null : inConversation(json, () => ({ userId, typing: flag(json, 'typing') }));
  },
  'conversation.new': withConversation,
  'conversation.updated': withConversation,
  'conversation.removed': (json) => inConversation(json, () => ({})),
  'presence.update': (json) => {
    const userId = words(json, 'userId');
    const state = presenceFrom(member(json, 'state'));
    return userId === null || state === null ? null : { version: number(json, 'version') ?? 0, userId, state, lastSeenAt: words(json, 'lastSeenAt') };
  },
  'presence.snapshot': (json) => ({ version: number(json, 'version') ?? 0, online: ids(json, 'online') }),
  'users.changed': (json) => ({ users: list(json, 'users', personFrom) }),
};

/** Hears one event, read. What cannot be read is as if it had not come. Returns how to stop. */
export function hear<N extends EventName>(link: Link, name: N, heard: (event: NativeEvents[N]) => void): () => void {
  return link.on(name, (payload: unknown) => {
    const event = kReaders[name](payload);
    if (event !== null) heard(event);
  });
}
