// My own media in a call: the switches, and telling the others what I send (SPEC S5).
import type { CallActions } from '../state/actions.ts';
import type { MediaSlice } from '../state/media.ts';
import type { MediaState } from '../wire/call_shapes.ts';
import type { CallStore } from './calls_store.ts';
import { keepDevices } from './calls_memo.ts';
import type { CallMedia } from './calls_media.ts';
import type { CallStreams } from './calls_streams.ts';
import { browserStorage } from './storage.ts';

type OwnActions = Pick<CallActions, 'setMuted' | 'setCamera' | 'setScreen' | 'retryMedia' | 'dismissMediaError' | 'chooseDevice' | 'loadDevices'>;

const sentOf = (media: MediaSlice): MediaState =>
  ({ audio: !media.muted && !media.missing.microphone, video: media.camera, screen: media.screen });
const same = (one: MediaState, other: MediaState): boolean =>
  one.audio === other.audio && one.video === other.video && one.screen === other.screen;

/** Tells the server what I send when the call is answered, when its media is up, and whenever that changes. */
function report(callStore: CallStore): void {
  let told: { readonly attempt: number; readonly sent: MediaState; readonly alive: boolean } | null = null;
  const tell = (): void => {
    const call = callStore.activeCall();
    if (call === null || call.id === null || !call.answered || call.startedAt === null) return;
    const next = { attempt: call.attempt, sent: sentOf(callStore.media()), alive: call.mediaSeen };
    if (told?.attempt === next.attempt && same(told.sent, next.sent) && told.alive === next.alive) return;
    told = next;
    void callStore.ctx.link.ask('call.media', { callId: call.id, ...next.sent, ...(next.alive && { alive: true }) }).then((answer) => {
      // It did not arrive: the next change, such as that the link is back, tells it.
      if (told === next && !answer.ok && answer.error.code === 'NETWORK') told = null;
    });
  };
  callStore.onChange(tell);
  callStore.onMedia(tell);
}

export function makeOwn(callStore: CallStore, callMedia: CallMedia, streams: CallStreams, lifetime: AbortSignal): OwnActions {
  let watching = false;
  report(callStore);

  async function listDevices(): Promise<void> {
    const chunk = await callMedia.load();
    const list = async (): Promise<void> => callStore.mediaHappened({ type: 'devices', ...await chunk.listDevices() });
    if (lifetime.aborted) return;
    if (!watching) lifetime.addEventListener('abort', chunk.watchDevices(() => void list()));
    watching = true;
    await list();
  }
  // Their names are known as soon as one is open.
  callStore.onMedia((now, before) => { if (before.asking && !now.asking) void listDevices().catch(() => {}); });

  return {
    setMuted(muted) {
      callStore.mediaHappened({ type: 'muted', on: muted });
      void callMedia.engine()?.own.setMuted(muted);
    },
    setCamera(on) {
      // It is on when its picture is there; off at once.
      if (!on) callStore.mediaHappened({ type: 'camera', on });
      void callMedia.engine()?.own.setCamera(on);
    },
    setScreen: (on) => void callMedia.engine()?.own.setScreen(on),
    retryMedia(kind) {
      const own = callMedia.engine()?.own;
      if (kind === 'speaker') return callStore.mediaHappened({ type: 'dismissed', kind });
      if (kind === 'screen') return void own?.setScreen(true);
      if (own === undefined) streams.retryPreview(kind);
      else void own.retry(kind);
    },
    dismissMediaError: (kind) => callStore.mediaHappened({ type: 'dismissed', kind }),
    chooseDevice(kind, id) {
      callStore.mediaHappened({ type: 'chosen', kind, id });
      keepDevices(callStore.media().chosen, browserStorage());
      if (kind === 'speaker') return;
      void callMedia.engine()?.own.choose(kind, id);
      streams.choosePreview(kind, id);
    },
    loadDevices: () => listDevices().catch(() => {}),
  };
}
