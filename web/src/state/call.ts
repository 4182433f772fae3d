// One call, every state (DESIGN §9): a pure function from what is known, and what happened, to what is known then. The phase is never
// set: it follows from the facts (phaseOf), so that no order of events can lead to one that the facts deny. Not here: sounds, media
// and clocks, which follow from the outcome (call_follows.ts), and the wire (app/calls.ts).
import type { MediaState, ServerCall } from '../wire/call_shapes.ts';
import { endFor, type CallEnd } from './call_end.ts';
import { addPeer, allLost, aPeer, changePeer, peersOf, removePeer, type Peer } from './call_peers.ts';
import { kProgress } from './call_progress.ts';
import type { Call, CallId, CallPhase, CallType, ConversationId, Incoming, RingProgress, UserId } from './model.ts';

export interface CallFacts extends Call {
  /** Tells one pressing of a button from the next, before the server has named the call. */
  readonly attempt: number;
  readonly participants: readonly Peer[];
  readonly myId: UserId;
  readonly joinedAt: string | null;
  /** The call is connected, as far as I know: somebody accepted, or I pressed accept. */
  readonly answered: boolean;
  readonly linkLost: boolean;
  /** Media of somebody has been here once. */
  readonly mediaSeen: boolean;
}

export interface CallSlice {
  readonly call: CallFacts | null;
  readonly incoming: Incoming | null;
}

export interface Dialled {
  readonly attempt: number;
  readonly myId: UserId;
  readonly conversationId: ConversationId | null;
  readonly otherId: UserId;
  readonly callType: CallType;
  readonly group: boolean;
}

export type CallEvent =
  | { readonly type: 'dialled' } & Dialled
  | { readonly type: 'joining'; readonly callId: CallId } & Dialled
  /** The start was acknowledged. */
  | { readonly type: 'named'; readonly call: ServerCall }
  | { readonly type: 'progressed'; readonly callId: CallId; readonly state: Exclude<RingProgress, 'unreachable'>; readonly reachable: boolean }
  | { readonly type: 'rang'; readonly incoming: Incoming }
  | { readonly type: 'sound-held'; readonly held: boolean }
  /** I pressed accept. With or without my picture: the call is of the type that was asked. */
  | { readonly type: 'answering'; readonly attempt: number; readonly myId: UserId }
  /** The dialog is over: declined here, or ended elsewhere. */
  | { readonly type: 'ring-over'; readonly callId: CallId }
  /** `call.accepted`, `call.glare`, or what a snapshot says of my call. */
  | { readonly type: 'shown'; readonly call: ServerCall }
  /** After a reload: my call lives. The progress is that before the reload. */
  | { readonly type: 'resumed'; readonly attempt: number; readonly call: ServerCall; readonly myId: UserId; readonly progress: RingProgress }
  | { readonly type: 'over'; readonly callId: CallId | null; readonly end: CallEnd }
  | { readonly type: 'put-away' }
  | { readonly type: 'peer-joined'; readonly callId: CallId; readonly userId: UserId; readonly at: string; readonly sent: MediaState | null }
  | { readonly type: 'peer-left'; readonly callId: CallId; readonly userId: UserId }
  | { readonly type: 'peer-away'; readonly callId: CallId; readonly userId: UserId }
  /** `flows`: their media is still coming, or again. */
  | { readonly type: 'peer-back'; readonly callId: CallId; readonly userId: UserId; readonly flows: boolean }
  | { readonly type: 'peer-shows'; readonly callId: CallId; readonly userId: UserId; readonly sent: MediaState }
  | { readonly type: 'peer-media'; readonly userId: UserId; readonly up: boolean }
  | { readonly type: 'spoke'; readonly speaking: readonly UserId[] }
  | { readonly type: 'link'; readonly up: boolean }
  | { readonly type: 'slow' };

export const kNoCall: CallSlice = { call: null, incoming: null };

/** Which phase may follow which; `none` is no call. The tests walk every sequence of events against it. */
export const kPhasesAfter: Readonly<Record<CallPhase | 'none', readonly (CallPhase | 'none')[]>> = {
  none: ['outgoing', 'connecting'],
  outgoing: ['connecting', 'ended'],
  // Media may come up while the socket is away.
  connecting: ['in-call', 'reconnecting', 'ended'],
  'in-call': ['reconnecting', 'ended'],
  reconnecting: ['in-call', 'ended'],
  ended: ['none', 'outgoing', 'connecting'],
};

function phaseOf(call: CallFacts): CallPhase {
  if (call.endReason !== null) return 'ended';
  if (!call.answered) return 'outgoing';
  if (!call.mediaSeen) return 'connecting';
  return call.linkLost || allLost(call.participants) ? 'reconnecting' : 'in-call';
}

/** Who started it; once they left, who is in it for longest. */
function isHost(call: CallFacts): boolean {
  if (call.otherId === call.myId || call.role === 'caller') return true;
  if (!call.group || call.joinedAt === null || call.participants.some((each) => each.userId === call.otherId)) return false;
  return call.participants.every((each) => call.joinedAt !== null && call.joinedAt <= each.joinedAt);
}

/** What follows from the facts. */
function settled(call: CallFacts): CallFacts {
  const phase = phaseOf(call);
  return {
    ...call, phase,
    host: isHost(call),
    slow: call.slow && phase === 'connecting',
    reconnectingMine: phase === 'reconnecting' && (call.linkLost || !call.participants.every((each) => each.away)),
  };
}

function fresh(dialled: Dialled, role: CallFacts['role'], callId: CallId | null): CallFacts {
  return {
    attempt: dialled.attempt, phase: 'outgoing', id: callId, conversationId: dialled.conversationId, type: dialled.callType, role, group: dialled.group,
    otherId: dialled.otherId, progress: 'created', startedAt: null, endReason: null, endDetail: null, retryAfterSeconds: null, requestId: null,
    durationSeconds: null, reconnectingMine: false, slow: false, participants: [], activeSpeaker: null, host: false,
    myId: dialled.myId, joinedAt: null, answered: role === 'callee', linkLost: false, mediaSeen: false,
  };
}

/** What the server says of the call that is mine. It may have become another one: the start answered the other's call. */
function shown(call: CallFacts, said: ServerCall): CallFacts {
  if (said.status !== 'calling' && said.status !== 'connected') return over(call, endFor(call.myId, said));
  const answered = call.answered || said.status === 'connected';
  const mine = said.participants.find((each) => each.userId === call.myId);
  return {
    ...call, id: said.id, answered, type: said.type,
    conversationId: said.conversationId ?? call.conversationId,
    role: said.callerId === call.myId ? 'caller' : 'callee',
    otherId: said.callerId === call.myId ? said.recipientId ?? call.otherId : said.callerId,
    progress: said.hasRung && !answered ? 'ringing' : call.progress,
    startedAt: said.startedAt ?? call.startedAt,
    joinedAt: mine?.joinedAt ?? call.joinedAt,
    participants: answered ? withOther(call, said, peersOf(said, call.myId, call.participants)) : call.participants,
  };
}

/** In a call of two the other is there as soon as it is answered, whatever the order of the news. */
function withOther(call: CallFacts, said: ServerCall, peers: readonly Peer[]): readonly Peer[] {
  if (call.group || peers.length > 0 || said.status !== 'connected') return peers;
  return call.participants.length > 0 ? call.participants : [aPeer(call.otherId, said.startedAt ?? '', null)];
}

function over(call: CallFacts, end: CallEnd): CallFacts {
  return {
    ...call, endReason: end.reason, endDetail: end.detail, retryAfterSeconds: end.retryAfterSeconds, requestId: end.requestId,
    durationSeconds: end.durationSeconds ?? call.durationSeconds, participants: [], activeSpeaker: null,
  };
}

function progressed(call: CallFacts, state: RingProgress, reachable: boolean): CallFacts {
  const progress = reachable || state === 'ringing' ? state : 'unreachable';
  return kProgress.indexOf(progress) > kProgress.indexOf(call.progress) || call.progress === 'created' ? { ...call, progress } : call;
}

function answering(slice: CallSlice, { attempt, myId }: Extract<CallEvent, { type: 'answering' }>): CallSlice {
  const { incoming } = slice;
  if (incoming === null) return slice;
  const dialled = { attempt, myId, conversationId: incoming.conversationId, otherId: incoming.callerId, callType: incoming.type, group: incoming.group };
  const call = fresh(dialled, 'callee', incoming.id);
  return { call: { ...call, participants: [aPeer(incoming.callerId, '', null)] }, incoming: null };
}

function resumed({ attempt, call: said, myId, progress }: Extract<CallEvent, { type: 'resumed' }>): CallFacts {
  const group = said.recipientId === null;
  const otherId = said.callerId === myId ? said.recipientId ?? said.callerId : said.callerId;
  const dialled = { attempt, myId, conversationId: said.conversationId, otherId, callType: said.type, group };
  return shown({ ...fresh(dialled, 'callee', said.id), answered: false, progress }, said);
}

function spoke(call: CallFacts, speaking: readonly UserId[]): CallFacts {
  const participants = call.participants.map((each) => {
    const speaks = speaking.includes(each.userId);
    return each.speaking === speaks ? each : { ...each, speaking: speaks };
  });
  const loudest = speaking.find((each) => participants.some((one) => one.userId === each));
  return { ...call, participants, activeSpeaker: loudest ?? call.activeSpeaker };
}

/** Of a call that goes on. Events about another call than mine change nothing. */
function about(call: CallFacts, event: CallEvent): CallFacts {
  switch (event.type) {
    case 'named':
      return progressed(shown(call, event.call), 'created', event.call.reachable);
    case 'progressed':
      return event.callId === call.id && !call.answered ? progressed(call, event.state, event.reachable) : call;
    case 'shown':
      return shown(call, event.call);
    case 'over':
      return event.callId === null || event.callId === call.id ? over(call, event.end) : call;
    case 'peer-joined':
      if (event.callId !== call.id || event.userId === call.myId) return call;
      return { ...call, participants: addPeer(call.participants, aPeer(event.userId, event.at, event.sent)) };
    case 'peer-left':
      return event.callId === call.id ? { ...call, participants: removePeer(call.participants, event.userId) } : call;
    case 'peer-away':
      return event.callId === call.id ? { ...call, participants: changePeer(call.participants, event.userId, { away: true }) } : call;
    case 'peer-back':
      if (event.callId !== call.id) return call;
      return { ...call, participants: changePeer(call.participants, event.userId, { away: false, ...(!event.flows && call.mediaSeen && { media: 'lost' }) }) };
    case 'peer-shows': {
      if (event.callId !== call.id) return call;
      const { audio, video, screen } = event.sent;
      return { ...call, participants: changePeer(call.participants, event.userId, { muted: !audio, camera: video, screen }) };
    }
    case 'peer-media': {
      const known = call.participants.find((each) => each.userId === event.userId);
      if (known === undefined || (!event.up && known.media === 'none')) return call;
      const media = event.up ? 'up' : 'lost';
      return { ...call, mediaSeen: call.mediaSeen || event.up, participants: changePeer(call.participants, event.userId, { media }) };
    }
    case 'spoke':
      return spoke(call, event.speaking);
    case 'link':
      return call.linkLost === !event.up ? call : { ...call, linkLost: !event.up };
    case 'slow':
      return { ...call, slow: true };
    case 'dialled': case 'joining': case 'rang': case 'sound-held': case 'answering': case 'ring-over': case 'resumed': case 'put-away':
      return call;
  }
}

/** Of an end that is shown: the server may know it better than the button that was pressed. */
function afterTheEnd(call: CallFacts, event: CallEvent): CallFacts {
  if (event.type === 'over' && event.callId === call.id && (call.endReason === 'hangup' || call.endReason === 'cancelled'))
    return over(call, event.end);
  return call;
}

export function callStep(slice: CallSlice, event: CallEvent): CallSlice {
  const free = slice.call === null || slice.call.phase === 'ended';
  switch (event.type) {
    case 'dialled':
      return free ? { ...slice, call: settled(fresh(event, 'caller', null)) } : slice;
    case 'joining':
      return free ? { incoming: null, call: settled(fresh(event, 'callee', event.callId)) } : slice;
    case 'resumed':
      return free ? { ...slice, call: settled(resumed(event)) } : slice;
    case 'answering': {
      const next = free ? answering(slice, event) : slice;
      return next === slice || next.call === null ? slice : { ...next, call: settled(next.call) };
    }
    case 'rang':
      return slice.call?.id === event.incoming.id ? slice : { ...slice, incoming: { ...event.incoming, soundBlocked: slice.incoming?.soundBlocked ?? false } };
    case 'sound-held':
      if (slice.incoming === null || slice.incoming.soundBlocked === event.held) return slice;
      return { ...slice, incoming: { ...slice.incoming, soundBlocked: event.held } };
    case 'ring-over':
      return slice.incoming?.id === event.callId ? { ...slice, incoming: null } : slice;
    case 'put-away':
      return slice.call?.phase === 'ended' ? { ...slice, call: null } : slice;
    default: {
      if (slice.call === null) return slice;
      const call = slice.call.phase === 'ended' ? afterTheEnd(slice.call, event) : about(slice.call, event);
      return call === slice.call ? slice : { ...slice, call: settled(call) };
    }
  }
}
