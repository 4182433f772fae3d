// Answering a call, joining one that goes on, and coming back to one after a reload. `call.accept` goes at once, so that the other devices fall
// silent; media opens beside it (SPEC S20).
import { anEnd, endOfLateAccept } from '../state/call_end.ts';
import type { CallType, ConversationId, UserId } from '../state/model.ts';
import { callFrom, type ServerCall } from '../wire/call_shapes.ts';
import { list, member } from '../wire/json.ts';
import type { Engine } from '../media/engine.ts';
import type { CallStore } from './calls_store.ts';
import type { CallMemo } from './calls_memo.ts';
import type { EndRequests } from './calls_end_requests.ts';
import type { CallMedia } from './calls_media.ts';

export interface Answering {
  accept(callType: CallType): Promise<void>;
  join(callId: string, conversationId: ConversationId, callType: CallType): Promise<void>;
  /** False: that call is over, or this page is not in it. */
  resume(memo: CallMemo): Promise<boolean>;
  /** The link is back: asks for what was not answered, and what the call has become meanwhile. */
  linkBack(): Promise<void>;
}

const othersIn = (call: ServerCall, me: UserId): UserId[] =>
  call.participants.filter((each) => each.userId !== me && (each.state === 'joined' || each.state === 'suspended')).map((each) => each.userId);

export function makeAnswering(callStore: CallStore, callMedia: CallMedia, endRequests: EndRequests): Answering {
  const { ctx } = callStore;
  /** The accept that the server has not answered. */
  let unanswered: { readonly attempt: number; readonly callId: string } | null = null;

  async function ask(attempt: number, callId: string): Promise<void> {
    unanswered = { attempt, callId };
    const answer = await ctx.link.ask<unknown>('call.accept', { callId });
    if (!answer.ok && answer.error.code === 'NETWORK') return;  // asked again when the link is back
    if (unanswered?.attempt === attempt) unanswered = null;
    if (!callStore.isOn(attempt)) return;
    if (!answer.ok) {
      const met = callFrom(member(answer.error.data, 'call'));
      return callStore.happened({ type: 'over', callId, end: endOfLateAccept(answer.error, met, callStore.myId() ?? '') });
    }
    const call = callFrom(answer.data);
    if (call !== null) callStore.happened({ type: 'shown', call });
    callMedia.release(callId);
  }

  /** The chunk could not be loaded. Nobody is to wait for somebody who can neither be heard nor seen. */
  function withoutMedia(callId: string): void {
    endRequests.send(callStore.activeCall()?.group ? 'call.leave' : 'call.end', callId);
    callStore.happened({ type: 'over', callId, end: anEnd('failed', { detail: 'NETWORK' }) });
  }

  async function enter(attempt: number, callId: string): Promise<void> {
    const asked = ask(attempt, callId);
    const engine = await callMedia.open().catch(() => null);
    if (!callStore.isOn(attempt)) return;
    if (engine === null) return withoutMedia(callId);
    void engine.open({ camera: callStore.media().camera, microphone: true }, callStore.media().muted);
    callMedia.drain(callId);
    await asked;
    const call = callStore.activeCall();
    // Whoever called offers, however late: an app may make its offer only now. In a group, those who are there do.
    if (call?.group && callStore.isOn(attempt)) for (const each of call.participants) engine.mesh.awaitOffer(each.userId, false);
  }

  function reset(callType: CallType): void { callStore.mediaHappened({ type: 'reset', muted: false, camera: callType === 'video' }); }

  /** The page before has gone with its connections: I offer new ones to all who are there. */
  function reconnect(engine: Engine, call: ServerCall, me: UserId): void {
    callMedia.release(call.id);
    const others = call.status === 'connected' ? othersIn(call, me) : call.recipientId === null ? [] : [call.recipientId];
    for (const each of others) engine.mesh.offerTo(each);
    callMedia.drain(call.id);
  }

  async function found(callId: string): Promise<ServerCall | null> {
    const answer = await ctx.link.ask<unknown>('call.sync', { callId });
    if (!answer.ok) return null;
    return list(answer.data, 'calls', callFrom).find((each) => each.id === callId) ?? null;
  }

  function isMine(call: ServerCall, me: UserId): boolean {
    const part = call.participants.find((each) => each.userId === me);
    if (call.status === 'calling') return call.callerId === me;
    return call.status === 'connected' && (part?.state === 'joined' || part?.state === 'suspended');
  }

  return {
    async accept(callType) {
      const { incoming } = callStore.calls();
      const myId = callStore.myId();
      if (incoming === null || myId === null || callStore.activeCall() !== null) return;
      const attempt = callStore.nextAttempt();
      reset(callType);
      callStore.happened({ type: 'answering', attempt, myId });
      await enter(attempt, incoming.id);
    },
    async join(callId, conversationId, callType) {
      const myId = callStore.myId();
      if (myId === null || callStore.activeCall() !== null) return;
      const attempt = callStore.nextAttempt();
      reset(callType);
      callStore.happened({ type: 'joining', attempt, myId, callId, conversationId, callType, group: true, otherId: '' });
      await enter(attempt, callId);
    },
    async resume(memo) {
      const myId = callStore.myId();
      const call = myId === null ? null : await found(memo.callId);
      if (myId === null || call === null || !isMine(call, myId) || callStore.activeCall() !== null) return false;
      const attempt = callStore.nextAttempt();
      callStore.mediaHappened({ type: 'reset', muted: memo.muted, camera: memo.camera });
      callStore.happened({ type: 'resumed', attempt, call, myId, progress: memo.progress });
      const engine = await callMedia.open().catch(() => null);
      if (engine === null || !callStore.isOn(attempt)) return true;
      callMedia.startGen(memo.gen + 1);
      const opened = engine.open({ camera: memo.camera, microphone: true }, memo.muted);
      reconnect(engine, call, myId);
      if (call.status !== 'calling' || call.recipientId !== null) return true;
      await opened;
      if (callStore.isOn(attempt)) void ctx.link.ask('call.ready', { callId: call.id });
      return true;
    },
    async linkBack() {
      const call = callStore.activeCall();
      if (call === null || call.id === null) return;
      if (unanswered?.attempt === call.attempt) return ask(unanswered.attempt, unanswered.callId);
      const now = await found(call.id);
      if (now === null || !callStore.isOn(call.attempt)) return;
      callStore.happened({ type: 'shown', call: now });
      if (call.answered) callMedia.engine()?.mesh.restart();
    },
  };
}
