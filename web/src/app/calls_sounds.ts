// What is heard: the ringtone, the ringback, and one stroke when a call is answered or ends (DESIGN §9, §14).
import { Ring } from '../media/ring.ts';
import { soundOf, strokeOf } from '../state/call_follows.ts';
import type { CallStore } from './calls_store.ts';

const kHintStaysMs = 500;

export interface Sounds {
  sample(): void;
  test(): void;
}

export function makeSounds(callStore: CallStore, gestured: boolean, lifetime: AbortSignal): Sounds {
  const { store, clock } = callStore.ctx;
  const ring = new Ring({
    clock,
    gestured,
    volume: () => store.getState().settings.ringtoneVolume,
    tell(sound) {
      if (store.getState().sound !== sound) store.change(() => ({ sound }));
      if (sound === 'blocked') callStore.happened({ type: 'sound-held', held: true });
      // The gesture that lets it sound may be a press on Accept, which must not move away under it with the hint.
      else clock.after(kHintStaysMs, () => { if (store.getState().sound !== 'blocked') callStore.happened({ type: 'sound-held', held: false }); });
    },
  });

  lifetime.addEventListener('abort', () => ring.close());

  function follow(): void {
    const wanted = soundOf(callStore.calls());
    const { ringHere, doNotDisturb } = store.getState().settings;
    ring.want(wanted === 'ringtone' && (!ringHere || doNotDisturb) ? 'none' : wanted);
  }

  callStore.onChange((now, before) => {
    follow();
    const [is, was] = [now.call, before.call];
    if (is === null || was === null || is.phase === was.phase) return;
    if (was.phase === 'outgoing' && is.phase === 'connecting') ring.strike('accepted');
    const stroke = is.phase === 'ended' && is.endReason !== null ? strokeOf(is.endReason) : null;
    if (stroke !== null) ring.strike(stroke);
  });
  store.subscribe((now, before) => { if (now.settings !== before.settings) follow(); });

  return { sample: () => ring.sample(), test: () => ring.test() };
}
