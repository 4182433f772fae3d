// The m-lines of a connection. Ours are three from the first offer on: voice, camera, screen, each sendrecv, so that tracks come and go by
// replaceTrack() without another negotiation. Others' clients offer one voice and one picture at most: there the screen takes the
// camera's place.
import type { OwnTracks } from './own.ts';

export type LaneName = 'voice' | 'camera' | 'screen';

/** Of pictures in a mesh, each of which is sent once for each of the others. */
const kScreenKbps = 1500;
const cameraKbps = (others: number): number => (others <= 1 ? 1500 : others <= 3 ? 700 : 350);

export class Lanes {
  readonly #lanes = new Map<LaneName, RTCRtpTransceiver>();
  readonly #streams = new Map<LaneName, MediaStream>();
  /** All tracks belong to one stream, since seed clients show the stream of whichever track came last. */
  readonly #sent = new MediaStream();

  get(name: LaneName): RTCRtpTransceiver | null { return this.#lanes.get(name) ?? null; }

  /** Before the first offer. */
  open(pc: RTCPeerConnection): void {
    for (const name of ['voice', 'camera', 'screen'] as const)
      this.#lanes.set(name, pc.addTransceiver(name === 'voice' ? 'audio' : 'video', { direction: 'sendrecv', streams: [this.#sent] }));
  }

  /** After a remote offer: its first voice, its first and second picture. */
  adopt(pc: RTCPeerConnection): void {
    const there = pc.getTransceivers().filter((each) => each.direction !== 'stopped');
    const pictures = there.filter((each) => each.receiver.track.kind === 'video');
    const found: Record<LaneName, RTCRtpTransceiver | undefined> = {
      voice: there.find((each) => each.receiver.track.kind === 'audio'), camera: pictures[0], screen: pictures[1],
    };
    for (const name of ['voice', 'camera', 'screen'] as const) {
      const lane = found[name];
      if (lane === undefined || this.#lanes.get(name) === lane) continue;
      this.#lanes.set(name, lane);
      lane.direction = 'sendrecv';
      lane.sender.setStreams(this.#sent);
    }
  }

  send(own: OwnTracks, toOurs: boolean): void {
    const shown = toOurs ? own.camera : own.screen ?? own.camera;
    void this.#replace('voice', own.microphone);
    void this.#replace('camera', shown);
    void this.#replace('screen', toOurs ? own.screen : null);
  }

  async #replace(name: LaneName, track: MediaStreamTrack | null): Promise<void> {
    const sender = this.#lanes.get(name)?.sender;
    if (sender === undefined || sender.track === track) return;
    try {
      await sender.replaceTrack(track);
    } catch {
      // The connection was closed meanwhile, and its tracks with it.
    }
  }

  /** So that a mesh of eight fits into a home's upload. */
  async limit(others: number): Promise<void> {
    for (const [name, kbps] of [['camera', cameraKbps(others)], ['screen', kScreenKbps]] as const) {
      const sender = this.#lanes.get(name)?.sender;
      if (sender === undefined) continue;
      const parameters = sender.getParameters();
      const [encoding] = parameters.encodings;
      if (encoding === undefined || encoding.maxBitrate === kbps * 1000) continue;
      encoding.maxBitrate = kbps * 1000;
      try {
        await sender.setParameters(parameters);
      } catch {
        // Closed meanwhile, or a browser that sets no limit: it adapts by itself.
      }
    }
  }

  /** One stream for each, the same as long as the track is. */
  remote(name: LaneName): MediaStream | null {
    const track = this.#lanes.get(name)?.receiver.track;
    if (track === undefined || track.readyState === 'ended') return null;
    const known = this.#streams.get(name);
    if (known?.getTracks()[0] === track) return known;
    const stream = new MediaStream([track]);
    this.#streams.set(name, stream);
    return stream;
  }

  /** Remote tracks end with their connection; stopping them says so at once, and lets their decoders go. */
  close(): void {
    for (const lane of this.#lanes.values()) lane.receiver.track.stop();
    for (const stream of this.#streams.values()) for (const track of stream.getTracks()) track.stop();
    this.#lanes.clear();
    this.#streams.clear();
  }
}
