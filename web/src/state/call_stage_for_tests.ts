// A call between Ann (me) and Ben, as the server tells it.
import type { ServerCall, ServerParty } from '../wire/call_shapes.ts';
import { kNoCall, callStep, type CallEvent, type CallSlice } from './call.ts';
import type { Incoming } from './model.ts';

export const kMe = 'a-ann';
export const kBen = 'b-ben';
export const kCara = 'c-cara';
export const kCall = 'call-1';
export const kAt = '2026-11-29T10:00:00.000Z';

export const aParty = (userId: string, more: Partial<ServerParty> = {}): ServerParty =>
  ({ userId, role: userId === kMe ? 'caller' : 'callee', state: 'joined', deviceId: null, joinedAt: kAt, leaveReason: null, media: null, ...more });

export const aCall = (more: Partial<ServerCall> = {}): ServerCall => ({
  id: kCall, callerId: kMe, recipientId: kBen, conversationId: 'conversation-1', groupId: null, type: 'video', status: 'calling', endReason: null,
  endedBy: null, mediaMode: 'p2p', ringExpiresAt: null, hasRung: false, startedAt: null, endedAt: null, durationSeconds: null, createdAt: kAt,
  participants: [aParty(kMe), aParty(kBen, { state: 'invited', joinedAt: null })], caller: null, recipient: null, reachable: true, glare: false, ...more,
});

export const connected = (more: Partial<ServerCall> = {}): ServerCall =>
  aCall({ status: 'connected', startedAt: kAt, participants: [aParty(kMe), aParty(kBen)], ...more });

export const fromBen = (more: Partial<ServerCall> = {}): ServerCall => connected({ callerId: kBen, recipientId: kMe, ...more });

export const aRing = (more: Partial<Incoming> = {}): Incoming => ({
  id: kCall, conversationId: 'conversation-1', type: 'video', group: false, callerId: kBen, expiresAt: kAt, soundBlocked: false, ...more,
});

export const kDialled: CallEvent =
  { type: 'dialled', attempt: 1, myId: kMe, conversationId: 'conversation-1', otherId: kBen, callType: 'video', group: false };
export const kGroupDialled: CallEvent =
  { type: 'dialled', attempt: 1, myId: kMe, conversationId: 'conversation-1', otherId: kMe, callType: 'video', group: true };
export const kAnswering: CallEvent = { type: 'answering', attempt: 2, myId: kMe };

export const after = (events: readonly CallEvent[], from: CallSlice = kNoCall): CallSlice => events.reduce(callStep, from);
