// The media of one call: my tracks, a connection to each of the others, what is measured on them. The chunk that app/calls.ts loads on
// idle. One function closes all of it, close(); one place calls it, the transition into `ended`.
import type { MediaEvent } from '../state/media.ts';
import type { QualitySample, UserId } from '../state/model.ts';
import { words } from '../wire/json.ts';
import type { Clock } from '../wire/ports.ts';
import { watchDevices } from './device_list.ts';
import { levelOf, Meter, watchSpeakers } from './levels.ts';
import { Mesh } from './mesh.ts';
import { MutedSpeech } from './muted_speech.ts';
import type { Chosen, Wish } from './open.ts';
import { OwnMedia } from './own.ts';
import type { Peer, Signal } from './peer.ts';
import { measure, worstOf, type Counters } from './stats.ts';
import { keepScreenOn } from './wake_lock.ts';

export { listDevices, watchDevices } from './device_list.ts';
export { openPreview, type OpenPreview } from './preview.ts';

export interface Sample extends QualitySample {
  readonly fps: number | null;
}

export interface EnginePorts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly iceServers: () => readonly RTCIceServer[];
  readonly online: () => boolean;
  readonly tell: (event: MediaEvent) => void;
  readonly send: (to: UserId, signal: Signal & { readonly gen: number }) => void;
  readonly media: (user: UserId, up: boolean) => void;
  readonly spoke: (speaking: readonly UserId[]) => void;
  /** I speak, and am muted. */
  readonly spokeMuted: () => void;
  /** What somebody sends whose client does not say so. */
  readonly seen: (user: UserId, shows: { readonly camera: boolean }) => void;
  readonly sampled: (sample: Sample) => void;
  /** A stream came, went, or was replaced. */
  readonly changed: () => void;
}

export const kSampleMs = 5_000;
export const kWatchedMs = 2_000;

export class Engine {
  readonly own: OwnMedia;
  readonly mesh: Mesh;
  readonly #ports: EnginePorts;
  readonly #meter = new Meter();
  readonly #mutedSpeech: MutedSpeech;
  readonly #counters = new Map<Peer, Counters>();
  readonly #watched = new WeakSet<MediaStreamTrack>();
  #stops: (() => void)[] = [];
  #stopSampling: () => void = () => {};
  #stopWake: (() => void) | null = null;
  #closed = false;

  constructor(myId: UserId, chosen: Chosen, ports: EnginePorts) {
    this.#ports = ports;
    this.#mutedSpeech = new MutedSpeech(ports.clock, ports.spokeMuted);
    this.own = new OwnMedia(ports.clock, { tell: ports.tell, changed: () => this.#ownChanged() });
    this.mesh = new Mesh(myId, {
      clock: ports.clock, newId: ports.newId, own: () => this.own.tracks, send: ports.send, online: ports.online,
      newConnection: () => new RTCPeerConnection({ iceServers: [...ports.iceServers()], bundlePolicy: 'max-bundle' }),
      media: ports.media,
      changed: () => this.#remoteChanged(),
    });
    void this.own.choose('camera', chosen.camera);
    void this.own.choose('microphone', chosen.microphone);
    this.#stops = [
      watchSpeakers(() => this.mesh.peers, ports.clock, ports.spoke),
      watchDevices(() => this.own.devicesChanged()),
      watchNetwork(() => this.mesh.restart()),
    ];
    this.sampleEvery(kSampleMs);
  }

  open(wish: Wish, muted: boolean): Promise<void> { return this.own.open(wish, muted); }

  #ownChanged(): void {
    if (this.#closed) return;
    this.#meter.listenTo(this.own.tracks.microphone);
    this.#mutedSpeech.follow(this.own.tracks.microphone);
    this.mesh.tracksChanged();
    this.#ports.changed();
  }

  #remoteChanged(): void {
    for (const peer of this.mesh.peers) {
      const track = peer.receiver('camera')?.track;
      if (peer.ours || track === undefined || this.#watched.has(track)) continue;
      this.#watched.add(track);
      const tell = (): void => { if (!this.#closed) this.#ports.seen(peer.userId, { camera: !track.muted }); };
      track.addEventListener('mute', tell);
      track.addEventListener('unmute', tell);
      tell();
    }
    this.#ports.changed();
  }

  level(user: UserId | 'self'): number {
    return user === 'self' ? this.#meter.level() : levelOf(this.mesh.peer(user), performance.timeOrigin + performance.now());
  }

  keepAwake(on: boolean): void {
    if (on === (this.#stopWake !== null)) return;
    this.#stopWake?.();
    this.#stopWake = on ? keepScreenOn() : null;
  }

  sampleEvery(ms: number): void {
    this.#stopSampling();
    this.#stopSampling = this.#ports.clock.every(ms, () => void this.#sample());
  }

  async #sample(): Promise<void> {
    const at = this.#ports.clock.now();
    const measured = await Promise.all(this.mesh.peers.filter((each) => each.isUp).map(async (peer) => {
      const one = measure(asMap(await peer.connection.getStats()), this.#counters.get(peer) ?? null, at);
      this.#counters.set(peer, one.counters);
      return one;
    }));
    const sample = worstOf(measured.map((each) => each.sample), at);
    if (sample !== null && !this.#closed) this.#ports.sampled({ ...sample, fps: measured.find((each) => each.fps !== null)?.fps ?? null });
  }

  /** Every track stopped, every connection closed, the meters and the wake lock let go. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopSampling();
    for (const stop of this.#stops.splice(0)) stop();
    this.mesh.closeAll();
    this.own.closeAll();
    this.#meter.close();
    this.#mutedSpeech.close();
    this.keepAwake(false);
    this.#counters.clear();
    this.#ports.changed();
  }
}

function asMap(report: RTCStatsReport): ReadonlyMap<string, unknown> {
  const all = new Map<string, unknown>();
  report.forEach((value: unknown, key: string) => all.set(key, value));
  return all;
}

/** Another network, or the same one again. Returns how to stop. */
function watchNetwork(changed: () => void): () => void {
  const connection = 'connection' in navigator && navigator.connection instanceof EventTarget ? navigator.connection : null;
  let before = words(connection, 'type');
  // It tells of each new guess of the speed too; only another kind of network is news.
  const turned = (): void => {
    const now = words(connection, 'type');
    if (now !== before) changed();
    before = now;
  };
  window.addEventListener('online', changed);
  connection?.addEventListener('change', turned);
  return () => {
    window.removeEventListener('online', changed);
    connection?.removeEventListener('change', turned);
  };
}
