// All of calls, in the chunk that app/calls.ts loads on idle. The parts are beside this file: calls_store (the state), calls_news
// (the server), calls_start, calls_answer, calls_own (what is pressed), calls_media (media, in a chunk of its own), calls_lifecycle, calls_say and
// calls_sounds (what follows by itself).
import { anEnd } from '../state/call_end.ts';
import type { CallType, UserId } from '../state/model.ts';
import { callWords } from '../ui/words/call.en.ts';
import { makeAnswering } from './calls_answer.ts';
import type { Calls } from './calls.ts';
import { makeCallStore } from './calls_store.ts';
import { makeIceServers } from './calls_ice.ts';
import { followLifecycle } from './calls_lifecycle.ts';
import { keptDevices, type ChosenDevices } from './calls_memo.ts';
import { hearNews } from './calls_news.ts';
import { makeEndRequests } from './calls_end_requests.ts';
import { makeOwn } from './calls_own.ts';
import { makeCallMedia } from './calls_media.ts';
import { sayCalls } from './calls_say.ts';
import { makeSounds } from './calls_sounds.ts';
import { makeStart, type Whom } from './calls_start.ts';
import { makeStreams } from './calls_streams.ts';
import { kForever, type Context } from './context.ts';
import { browserStorage } from './storage.ts';

/** `gestured`: somebody has touched the page already, so it may sound. `lifetime`: when it ends, nothing listens any more. */
export function makeAllCalls(ctx: Context, gestured: boolean, lifetime: AbortSignal = kForever): Calls {
  const callStore = makeCallStore(ctx, callWords);
  const ice = makeIceServers(ctx);
  const callMedia = makeCallMedia(callStore, ice);
  const endRequests = makeEndRequests(ctx);
  const streams = makeStreams(callStore, callMedia);
  const own = makeOwn(callStore, callMedia, streams, lifetime);
  const start = makeStart(callStore, callMedia, endRequests);
  const answering = makeAnswering(callStore, callMedia, endRequests);
  const sounds = makeSounds(callStore, gestured, lifetime);
  sayCalls(callStore, callMedia);
  hearNews(callStore, callMedia, callWords.say);
  followLifecycle(callStore, callMedia, answering, lifetime);
  function choose(devices: ChosenDevices): void {
    for (const kind of ['camera', 'microphone', 'speaker'] as const) callStore.mediaHappened({ type: 'chosen', kind, id: devices[kind] });
  }
  choose(keptDevices(browserStorage()));

  function whom(conversationId: string): Whom | null {
    const conversation = ctx.store.getState().conversations[conversationId];
    const myId = callStore.myId();
    if (conversation === undefined || myId === null) return null;
    if (conversation.kind === 'group') return { conversationId, otherId: myId, group: true };
    return conversation.otherId === null ? null : { conversationId, otherId: conversation.otherId, group: false };
  }

  function startCall(conversationId: string, callType: CallType): void {
    const found = whom(conversationId);
    if (found !== null) void start(found, callType);
  }

  /** Their direct conversation, if it is known already; the server finds it otherwise. */
  function callUser(otherId: UserId, callType: CallType): void {
    const known = Object.values(ctx.store.getState().conversations).find((each) => each.kind === 'direct' && each.otherId === otherId);
    void start({ conversationId: known?.id ?? null, otherId, group: false }, callType);
  }

  function hangUp(all: boolean): void {
    const call = callStore.activeCall();
    if (call === null) return;
    const rung = call.phase === 'outgoing';
    if (call.id !== null) endRequests.send(rung ? 'call.cancel' : call.group && !all ? 'call.leave' : 'call.end', call.id);
    const since = call.startedAt === null ? null : Math.max(0, Math.floor((ctx.clock.now() - Date.parse(call.startedAt)) / 1000));
    callStore.happened({ type: 'over', callId: null, end: anEnd(rung ? 'cancelled' : 'hangup', { durationSeconds: rung ? null : since }) });
  }

  return {
    ...own,
    streams,
    startCall,
    callUser,
    joinCall(conversationId, callType) {
      const callId = ctx.store.getState().conversations[conversationId]?.activeCallId;
      if (callId) void answering.join(callId, conversationId, callType);
    },
    accept: (callType) => void answering.accept(callType),
    decline() {
      const { incoming } = callStore.calls();
      if (incoming === null) return;
      callMedia.forget(incoming.id);
      callStore.happened({ type: 'ring-over', callId: incoming.id });
      endRequests.send('call.reject', incoming.id);
    },
    hangUp: () => hangUp(false),
    endForAll: () => hangUp(true),
    closeEnd: () => callStore.happened({ type: 'put-away' }),
    callAgain() {
      const { call } = callStore.calls();
      if (call === null || call.phase !== 'ended') return;
      if (call.conversationId !== null) startCall(call.conversationId, call.type);
      else callUser(call.otherId, call.type);
    },
    watchQuality: (open) => callMedia.watchQuality(open),
    playRingtone: () => sounds.sample(),
    playTestSound: () => sounds.test(),
    prepare() {
      void callMedia.load().catch(() => {});
      void ice.ready();
    },
    forgetCalls() {
      hangUp(false);
      callStore.happened({ type: 'put-away' });
      const { incoming } = callStore.calls();
      if (incoming !== null) callStore.happened({ type: 'ring-over', callId: incoming.id });
      endRequests.forget();
      ice.forget();
      choose({ camera: null, microphone: null, speaker: null });
    },
  };
}
