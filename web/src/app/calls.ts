// Calls, as the entry has them: thin. What they do is in a chunk of its own (calls_client.ts), which is loaded on idle, at the first press, by
// the first ring, and after a reload in a call. What the server says of calls meanwhile waits for it, in order.
import type { CallActions, Preview, Streams } from '../state/actions.ts';
import { sessionWords } from '../ui/words/session.en.ts';
import { hasMemo } from './calls_memo.ts';
import { kForever, type Context } from './context.ts';

export interface Calls extends CallActions {
  readonly streams: Streams;
  playRingtone(): void;
  playTestSound(): void;
  /** Loads the chunks of calls, and the addresses of the ICE servers, so that the first call does not wait. */
  prepare(): void;
  /** At log-out: leaves the call, closes media, stops timers. */
  forgetCalls(): void;
}

const kEvents = ['call.incoming', 'call.progress', 'call.accepted', 'call.answered_elsewhere', 'call.declined_elsewhere', 'call.glare',
  'call.signal', 'call.peer_state', 'call.media', 'call.rejected', 'call.cancelled', 'call.missed', 'call.ended', 'call.snapshot'];
const kMostWaiting = 300;

interface Waiting {
  readonly event: string;
  readonly payload: never;
}

/** A link whose listeners hear what came before them by `replay`. */
function replaying(ctx: Context, waiting: readonly Waiting[]): { readonly ctx: Context; replay(): void } {
  const heard: { readonly event: string; readonly tell: (payload: never) => void }[] = [];
  const link: Context['link'] = {
    ...ctx.link,
    on(event, tell) {
      heard.push({ event, tell });
      return ctx.link.on(event, tell);
    },
  };
  return {
    ctx: { ...ctx, link },
    replay() { for (const { event, payload } of waiting) for (const each of heard) if (each.event === event) each.tell(payload); },
  };
}

/** `lifetime`: when it ends, nothing listens any more. */
export function makeCalls(ctx: Context, lifetime: AbortSignal = kForever): Calls {
  let whole: Calls | null = null;
  let loading: Promise<Calls> | null = null;
  let gestured = false;
  let waiting: Waiting[] = [];
  const watchers = new Set<() => void>();
  const gesture = (): void => { gestured = true; };
  for (const sign of ['pointerdown', 'keydown'] as const) window.addEventListener(sign, gesture, { capture: true, once: true, passive: true, signal: lifetime });

  async function make(): Promise<Calls> {
    const { makeAllCalls } = await import('./calls_client.ts');
    if (lifetime.aborted) throw new Error('the client was closed meanwhile');
    const late = replaying(ctx, waiting);
    whole = makeAllCalls(late.ctx, gestured, lifetime);
    for (const stop of stops) stop();
    late.replay();
    waiting = [];
    whole.streams.watch(() => { for (const each of watchers) each(); });
    return whole;
  }

  function load(): Promise<Calls> {
    loading ??= make().catch((error: unknown) => {
      loading = null;  // the network was away: the next press tries again
      throw error;
    });
    return loading;
  }

  const stops = kEvents.map((event) => ctx.link.on(event, (payload: never) => {
    if (waiting.length < kMostWaiting) waiting.push({ event, payload });
    if (event === 'call.incoming') void load().catch(() => {});
  }));
  if (hasMemo()) void load().catch(() => {});

  function doing(act: (calls: Calls) => unknown): void {
    if (whole !== null) act(whole);
    else void load().then(act, () => ctx.toast({ kind: 'error', text: sessionWords.away }));
  }

  function preview(devices: { camera: boolean; microphone: boolean }): Preview {
    let open: Preview | null = null;
    let stopped = false;
    const seen = new Set<() => void>();
    doing((calls) => {
      if (stopped) return;
      open = calls.streams.preview(devices);
      open.watch(() => { for (const each of seen) each(); });
    });
    return {
      stream: () => open?.stream() ?? null,
      level: () => open?.level() ?? 0,
      watch(changed) {
        seen.add(changed);
        return () => seen.delete(changed);
      },
      stop() {
        stopped = true;
        open?.stop();
      },
    };
  }

  return {
    startCall: (conversation, type) => doing((calls) => calls.startCall(conversation, type)),
    callUser: (user, type) => doing((calls) => calls.callUser(user, type)),
    joinCall: (conversation, type) => doing((calls) => calls.joinCall(conversation, type)),
    accept: (type) => doing((calls) => calls.accept(type)),
    decline: () => doing((calls) => calls.decline()),
    hangUp: () => doing((calls) => calls.hangUp()),
    endForAll: () => doing((calls) => calls.endForAll()),
    closeEnd: () => doing((calls) => calls.closeEnd()),
    callAgain: () => doing((calls) => calls.callAgain()),
    setMuted: (muted) => doing((calls) => calls.setMuted(muted)),
    setCamera: (on) => doing((calls) => calls.setCamera(on)),
    setScreen: (on) => doing((calls) => calls.setScreen(on)),
    retryMedia: (kind) => doing((calls) => calls.retryMedia(kind)),
    dismissMediaError: (kind) => doing((calls) => calls.dismissMediaError(kind)),
    chooseDevice: (kind, id) => doing((calls) => calls.chooseDevice(kind, id)),
    loadDevices: async () => load().then((calls) => calls.loadDevices(), () => undefined),
    watchQuality: (open) => doing((calls) => calls.watchQuality(open)),
    playRingtone: () => doing((calls) => calls.playRingtone()),
    playTestSound: () => doing((calls) => calls.playTestSound()),
    prepare: () => void load().then((calls) => calls.prepare(), () => undefined),
    forgetCalls() {
      whole?.forgetCalls();
      waiting = [];
    },
    streams: {
      own: (kind) => whole?.streams.own(kind) ?? null,
      remote: (user, kind) => whole?.streams.remote(user, kind) ?? null,
      level: (user) => whole?.streams.level(user) ?? 0,
      preview,
      watch(changed) {
        watchers.add(changed);
        return () => watchers.delete(changed);
      },
    },
  };
}
