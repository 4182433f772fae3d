// Starting a call. A call of two rings at once, with an offer: its m-lines are there before the devices are, and the tracks follow. A group
// rings when the devices are open, or have failed for good (SPEC S10).
import { anEnd, endOfRefusal } from '../state/call_end.ts';
import type { CallType, ConversationId, UserId } from '../state/model.ts';
import { callFrom, type ServerCall } from '../wire/call_shapes.ts';
import { hear } from '../wire/events.ts';
import { flag } from '../wire/json.ts';
import type { Answer } from '../wire/ports.ts';
import type { CallStore } from './calls_store.ts';
import type { EndRequests } from './calls_end_requests.ts';
import type { CallMedia } from './calls_media.ts';

export interface Whom {
  readonly conversationId: ConversationId | null;
  readonly otherId: UserId;
  readonly group: boolean;
}

/** Longer than the server rings for a call of ours, which is 45 s (docs/protocol/native.md). */
const kRingsForMs = 60_000;

/** What this browser lacks for calls, as `endDetail` says it. */
function lacking(): 'NO_WEBRTC' | 'NOT_SECURE' | null {
  if (!window.isSecureContext) return 'NOT_SECURE';
  return typeof RTCPeerConnection === 'undefined' ? 'NO_WEBRTC' : null;
}

export function makeStart(callStore: CallStore, callMedia: CallMedia, endRequests: EndRequests): (whom: Whom, callType: CallType) => Promise<void> {
  const { ctx } = callStore;

  /** Starts of which no answer came. The other may be rung all the same, and would answer a caller who knows nothing of it. */
  let lost: { readonly whom: Whom; readonly at: number }[] = [];
  function isLost(call: ServerCall): boolean {
    if (call.status !== 'calling' || call.callerId !== callStore.myId() || call.id === callStore.activeCall()?.id) return false;
    return lost.some(({ whom: { conversationId, otherId }, at }) => ctx.clock.now() - at < kRingsForMs
      && (conversationId === null ? call.recipientId === otherId : call.conversationId === conversationId));
  }
  hear(ctx.link, 'call.snapshot', ({ calls }) => {
    for (const call of calls) if (isLost(call)) endRequests.send('call.cancel', call.id);
    lost = [];
  });

  const end = (detail: string): void => callStore.happened({ type: 'over', callId: null, end: anEnd('failed', { detail }) });

  async function ask(whom: Whom, callType: CallType, offer: unknown): Promise<Answer<unknown>> {
    const target = whom.conversationId === null ? { recipientId: whom.otherId } : { conversationId: whom.conversationId };
    const how = whom.group ? { ring: 'onCallerReady' } : { ring: 'immediate', glare: 'connect', ...(offer !== null && { offer }) };
    return ctx.link.ask<unknown>('call.start', { ...target, callType, ...how });
  }

  function refused(error: Extract<Answer<unknown>, { ok: false }>['error']): void {
    callStore.happened({ type: 'over', callId: null, end: endOfRefusal(error) });
    // Their call rings here: its dialog says all.
    if (error.code === 'CALLER_BUSY' && flag(error.data, 'glare')) callStore.happened({ type: 'put-away' });
  }

  /** The attempt that the answer is for is not shown any more: it was cancelled before it had a name. */
  function tooLate(call: ServerCall): void { endRequests.send('call.cancel', call.id); }

  function named(call: ServerCall): void {
    callStore.happened({ type: 'named', call });
    if (call.glare) callStore.happened({ type: 'ring-over', callId: call.id });
    callMedia.release(call.id);
    callMedia.drain(call.id);
  }

  return async (whom, callType) => {
    const myId = callStore.myId();
    if (myId === null || callStore.activeCall() !== null) return;
    callStore.mediaHappened({ type: 'reset', muted: false, camera: callType === 'video' });
    const attempt = callStore.nextAttempt();
    const mine = (): boolean => callStore.isOn(attempt);
    callStore.happened({ type: 'dialled', attempt, myId, callType, ...whom });
    const lacks = lacking();
    if (lacks !== null) return end(lacks);
    const engine = await callMedia.open().catch(() => null);
    if (!mine()) return;
    if (engine === null) return end('NETWORK');  // the chunk could not be loaded
    const { camera, muted } = callStore.media();
    const opened = engine.open({ camera, microphone: true }, muted);
    const offer = whom.group ? null : await engine.mesh.firstOffer(whom.otherId);
    if (!mine()) return;
    const answer = await ask(whom, callType, offer);
    const call = answer.ok ? callFrom(answer.data) : null;
    if (!answer.ok && answer.error.code === 'NETWORK') lost.push({ whom, at: ctx.clock.now() });
    if (!mine()) return call === null ? undefined : tooLate(call);
    if (!answer.ok) return refused(answer.error);
    if (call === null) return end('INTERNAL');
    named(call);
    if (!whom.group) return;
    await opened;
    if (callStore.activeCall()?.id === call.id) void ctx.link.ask('call.ready', { callId: call.id });
  };
}
