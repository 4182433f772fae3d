// The media of the call that goes on, and the signals to and from it. The engine is in a chunk of its own. Signals that come before there is
// an engine, or before the call was accepted here, wait; so do ours until the server has named the call.
import { addSample, kNoQuality } from '../state/quality.ts';
import type { CallId, UserId } from '../state/model.ts';
import type * as engineChunk from '../media/engine.ts';
import type { Engine, Sample } from '../media/engine.ts';
import type { Signal, SignalKind } from '../media/peer.ts';
import type { CallStore } from './calls_store.ts';
import type { IceServers } from './calls_ice.ts';

export type EngineChunk = typeof engineChunk;

export interface CallMedia {
  /** The chunk; asked for once. */
  load(): Promise<EngineChunk>;
  engine(): Engine | null;
  /** The engine of the call that goes on; null: it ended while the chunk was loaded. */
  open(): Promise<Engine | null>;
  /** Our signals may go: the server knows the call, and that I am in it. */
  release(callId: CallId): void;
  /** Another call than the one that our signals were meant for (glare). */
  dropUnsent(): void;
  arrived(callId: CallId, from: UserId, signal: Signal): void;
  /** The offer that came with the ring. */
  offered(callId: CallId, from: UserId, offer: unknown): void;
  /** Hands over what waited for this call. */
  drain(callId: CallId): void;
  forget(callId: CallId): void;
  /** They say what they send, which is believed more than their tracks. */
  told(user: UserId): void;
  watchQuality(open: boolean): void;
  /** The newest `gen` that was sent, and the one to go on from. */
  gen(): number;
  startGen(gen: number): void;
  close(): void;
  onChange(changed: () => void): void;
  /** I speak, and am muted. */
  onMutedSpeech(heard: () => void): void;
}

const kMostWaiting = 300;
interface Arrived {
  readonly from: UserId;
  readonly signal: Signal;
}

const kKinds: readonly SignalKind[] = ['offer', 'answer', 'candidate', 'candidates_end', 'restart'];
export const signalKindFrom = (word: string): SignalKind | null => kKinds.find((each) => each === word) ?? null;

export function makeCallMedia(callStore: CallStore, ice: IceServers): CallMedia {
  const { ctx } = callStore;
  let chunk: Promise<EngineChunk> | null = null;
  let engine: Engine | null = null;
  let callId: CallId | null = null;
  let watched = false;
  let [gen, firstGen] = [0, 0];
  let quality = kNoQuality;
  let unsent: { to: UserId; signal: Signal & { gen: number } }[] = [];
  const waiting = new Map<CallId, Arrived[]>();
  const watchers: (() => void)[] = [];
  const speechWatchers: (() => void)[] = [];
  const shows = new Set<UserId>();

  const changed = (): void => { for (const each of watchers) each(); };

  function send(to: UserId, signal: Signal & { readonly gen: number }): void {
    const counted = { ...signal, gen: signal.gen + firstGen };
    gen = Math.max(gen, counted.gen);
    if (callId === null) unsent.push({ to, signal: counted });
    else void ctx.link.ask('call.signal', { callId, toUserId: to, ...counted });
  }

  function sampled(sample: Sample): void {
    const call = callStore.activeCall();
    if (call === null) return;
    const { fps, ...shown } = sample;
    quality = addSample(quality, shown, !call.group && (call.participants[0]?.camera ?? false));
    const next = quality;
    ctx.store.change(() => ({ quality: next }));
    if (callId === null) return;
    const { at: ts, rttMs, lossPercent: packetLoss, jitterMs, bitrateKbps, resolution, path: candidateType } = shown;
    const all = { ts, rttMs, packetLoss, jitterMs, bitrateKbps, resolution, fps, candidateType };
    const known = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
    void ctx.link.ask('call.quality', { callId, samples: [known] });
  }

  /** What their track tells, of who never says what they send. */
  function seen(user: UserId, { camera }: { camera: boolean }): void {
    const call = callStore.activeCall();
    if (call?.id && !shows.has(user)) callStore.happened({ type: 'peer-shows', callId: call.id, userId: user, sent: { audio: true, video: camera, screen: false } });
  }

  function make({ Engine: Made, kWatchedMs }: EngineChunk, myId: UserId): Engine {
    const made = new Made(myId, callStore.media().chosen, {
      clock: ctx.clock, newId: ctx.newId, iceServers: ice.now, online: () => ctx.link.state() === 'online',
      tell: callStore.mediaHappened, send, sampled, seen, changed,
      media: (userId, up) => callStore.happened({ type: 'peer-media', userId, up }),
      spoke: (speaking) => callStore.happened({ type: 'spoke', speaking }),
      spokeMuted: () => { for (const each of speechWatchers) each(); },
    });
    if (watched) made.sampleEvery(kWatchedMs);
    return made;
  }

  const load = (): Promise<EngineChunk> => {
    chunk ??= import('../media/engine.ts').catch((error: unknown) => {
      chunk = null;
      throw error;
    });
    return chunk;
  };

  return {
    load,
    engine: () => engine,
    async open() {
      const [loaded] = await Promise.all([load(), ice.ready()]);
      const [now, myId] = [callStore.activeCall(), callStore.myId()];
      if (now === null || myId === null) return null;
      engine ??= make(loaded, myId);
      return engine;
    },
    release(id) {
      callId = id;
      for (const { to, signal } of unsent.splice(0)) void ctx.link.ask('call.signal', { callId: id, toUserId: to, ...signal });
    },
    dropUnsent() { unsent = []; },
    arrived(id, from, signal) {
      if (engine !== null && callStore.activeCall()?.id === id) return engine.mesh.take(from, signal);
      const kept = waiting.get(id) ?? [];
      if (kept.length < kMostWaiting) waiting.set(id, [...kept, { from, signal }]);
    },
    offered(id, from, offer) {
      if (offer !== null) waiting.set(id, [{ from, signal: { kind: 'offer', payload: offer } }]);
    },
    drain(id) {
      const kept = waiting.get(id) ?? [];
      waiting.delete(id);
      for (const { from, signal } of kept) engine?.mesh.take(from, signal);
    },
    forget(id) { waiting.delete(id); },
    told(user) { shows.add(user); },
    watchQuality(open) {
      watched = open;
      void load().then(({ kSampleMs, kWatchedMs }) => engine?.sampleEvery(watched ? kWatchedMs : kSampleMs)).catch(() => {});
    },
    gen: () => gen,
    startGen(first) { firstGen = gen = first; },
    close() {
      engine?.close();
      engine = null;
      callId = null;
      unsent = [];
      shows.clear();
      [gen, firstGen] = [0, 0];
      quality = kNoQuality;
      ctx.store.change(() => ({ quality: kNoQuality }));
      changed();
    },
    onChange: (tell) => void watchers.push(tell),
    onMutedSpeech: (heard) => void speechWatchers.push(heard),
  };
}
