// What has to happen in the course of a call without anybody asking for it: media closes at its end, the end is shown for a while, the page
// asks before it closes, and what a reload needs is left behind.
import type { CallSlice, CallFacts } from '../state/call.ts';
import { mediaOf } from '../state/call_follows.ts';
import { sayPageGoes } from '../wire/calls_api.ts';
import type { CallStore } from './calls_store.ts';
import { leaveMemo, takeMemo } from './calls_memo.ts';
import type { Answering } from './calls_answer.ts';
import type { CallMedia } from './calls_media.ts';

const kEndShownMs = 4_000;
const kSlowMs = 10_000;

const inCall = (call: CallFacts | null): boolean => call !== null && call.answered && call.phase !== 'ended';

export function followLifecycle(callStore: CallStore, callMedia: CallMedia, answering: Answering, lifetime: AbortSignal): void {
  const { ctx } = callStore;

  function timers(call: CallFacts, before: CallFacts | null): void {
    if (call.phase === before?.phase && call.attempt === before.attempt) return;
    const same = (phase: CallFacts['phase']): boolean => callStore.calls().call?.attempt === call.attempt && callStore.calls().call?.phase === phase;
    if (call.phase === 'ended') ctx.clock.after(kEndShownMs, () => { if (same('ended')) callStore.happened({ type: 'put-away' }); });
    if (call.phase === 'connecting') ctx.clock.after(kSlowMs, () => { if (same('connecting')) callStore.happened({ type: 'slow' }); });
  }

  /** The one place that closes media: the transition into `ended`. */
  function media(call: CallFacts | null, before: CallFacts | null): void {
    if (mediaOf(call) === 'closed' && mediaOf(before) !== 'closed') {
      callMedia.close();
      callStore.mediaHappened({ type: 'closed' });
    }
    if (call !== null && call.phase !== 'ended')
      callMedia.engine()?.keepAwake(call.answered && (call.type === 'video' || callStore.media().camera || call.participants.some((each) => each.camera || each.screen)));
  }

  // Only while it would cost something: a page with this listener is kept out of the browser's cache.
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
  function leaving(now: CallSlice, before: CallSlice): void {
    if (inCall(now.call) === inCall(before.call)) return;
    if (inCall(now.call)) window.addEventListener('beforeunload', ask);
    else window.removeEventListener('beforeunload', ask);
  }

  callStore.onChange((now, before) => {
    if (now.call !== before.call) {
      media(now.call, before.call);
      if (now.call !== null) timers(now.call, before.call);
      leaving(now, before);
    }
  });

  window.addEventListener('pagehide', () => {
    const call = callStore.activeCall();
    if (call === null || call.id === null) return;
    const { muted, camera } = callStore.media();
    leaveMemo({ callId: call.id, muted, camera, progress: call.progress, gen: callMedia.gen() });
    if (inCall(call)) sayPageGoes(ctx.rest, call.id);
  }, { signal: lifetime });
  // It was not unloaded after all.
  window.addEventListener('pageshow', (event) => { if (event.persisted) takeMemo(); }, { signal: lifetime });

  let memo = takeMemo();
  async function comeBack(): Promise<void> {
    if (memo === null || callStore.myId() === null || ctx.link.state() !== 'online') return;
    const left = memo;
    memo = null;
    await answering.resume(left);
  }

  ctx.link.onState((state) => {
    callStore.happened({ type: 'link', up: state === 'online' });
    if (state !== 'online') return;
    void comeBack();
    void answering.linkBack();
  });
  ctx.store.subscribe((now, before) => { if (now.me !== before.me) void comeBack(); });
  // This chunk may have come after the link was there.
  void comeBack();
}
