// How loud somebody is. Of others the browser knows it by itself (RTCRtpReceiver.getSynchronizationSources); of the own microphone an
// AudioContext measures it.
import type { UserId } from '../state/model.ts';
import type { Clock } from '../wire/ports.ts';
import type { Peer } from './peer.ts';

/** 0 to 1: speech is near .05, and a level of .3 is loud. */
const kSpeech = 0.02;
const kScale = 4;
/** So that a pause between two words does not end it. */
const kHoldMs = 600;
const kEveryMs = 100;
/** Sources older than this say nothing of now. */
const kStaleMs = 500;

export const isSpeech = (level: number): boolean => level > kSpeech * kScale;

export class Meter {
  #context: AudioContext | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #analyser: AnalyserNode | null = null;
  #samples = new Float32Array(512);
  #track: MediaStreamTrack | null = null;

  listenTo(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#source?.disconnect();
    this.#source = null;
    this.#track = track;
    if (track === null || typeof AudioContext === 'undefined') return;
    this.#context ??= new AudioContext();
    this.#analyser ??= Object.assign(this.#context.createAnalyser(), { fftSize: 512 });
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
  }

  level(): number {
    if (this.#analyser === null || this.#track === null || !this.#track.enabled) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const each of this.#samples) sum += each * each;
    return Math.min(1, Math.sqrt(sum / this.#samples.length) * kScale);
  }

  close(): void {
    this.listenTo(null);
    void this.#context?.close();
    this.#context = null;
    this.#analyser = null;
  }
}

export function levelOf(peer: Peer | null, now: number): number {
  const receiver = peer?.receiver('voice') ?? null;
  if (receiver === null || typeof receiver.getSynchronizationSources !== 'function') return 0;
  const [source] = receiver.getSynchronizationSources();
  if (source === undefined || now - source.timestamp > kStaleMs) return 0;
  return Math.min(1, (source.audioLevel ?? 0) * kScale);
}

/** Tells who speaks, the loudest first, whenever that changes. */
export function watchSpeakers(peers: () => readonly Peer[], clock: Clock, tell: (speaking: readonly UserId[]) => void): () => void {
  const heardAt = new Map<UserId, number>();
  let told = '';
  return clock.every(kEveryMs, () => {
    const now = clock.now();
    const loud = new Map<UserId, number>();
    for (const peer of peers()) {
      // Its clock is that of performance.timeOrigin.
      const level = levelOf(peer, performance.timeOrigin + performance.now());
      loud.set(peer.userId, level);
      if (isSpeech(level)) heardAt.set(peer.userId, now);
    }
    const speaking = [...loud.keys()].filter((user) => now - (heardAt.get(user) ?? -Infinity) < kHoldMs);
    const names = [...speaking].sort().join();
    if (names === told) return;
    told = names;
    tell(speaking.sort((one, other) => (loud.get(other) ?? 0) - (loud.get(one) ?? 0)));
  });
}
