// Browser media of which a test says what happens. Stubbed as globals: the code under test makes its connections and opens its devices itself.
import { vi } from 'vitest';

let made = 0;

export class FakeTrack extends EventTarget {
  enabled = true;
  muted = false;
  readyState: 'live' | 'ended' = 'live';
  contentHint = '';
  readonly clones: FakeTrack[] = [];
  constructor(readonly kind: 'audio' | 'video', readonly label: string = kind) { super(); }
  clone(): FakeTrack {
    const clone = Object.assign(new FakeTrack(this.kind, this.label), { enabled: this.enabled });
    this.clones.push(clone);
    return clone;
  }
  stop(): void { this.readyState = 'ended'; }
  /** The device is unplugged. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeStream {
  constructor(readonly tracks: readonly FakeTrack[] = []) {}
  getTracks(): readonly FakeTrack[] { return this.tracks; }
}

class FakeSender {
  track: FakeTrack | null = null;
  replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }
  setStreams(): void {}
  getParameters(): { encodings: object[] } { return { encodings: [] }; }
  setParameters(): Promise<void> { return Promise.resolve(); }
}

export class FakeTransceiver {
  direction = 'recvonly';
  readonly sender = new FakeSender();
  readonly receiver: { readonly track: FakeTrack };
  constructor(kind: 'audio' | 'video') { this.receiver = { track: new FakeTrack(kind) }; }
}

interface Described {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

const linesOf = (sdp: string): ('audio' | 'video')[] => [...sdp.matchAll(/^m=(audio|video)$/gm)].map(([, kind]) => (kind === 'audio' ? 'audio' : 'video'));

/** Of a client that is not ours: one voice and one picture. */
export const foreignOffer = (certificate: string): Described => ({ type: 'offer', sdp: `a=fingerprint:${certificate}\nm=audio\nm=video\n` });

export class FakeConnection {
  static all: FakeConnection[] = [];
  readonly id = `connection-${++made}`;
  signalingState = 'stable';
  connectionState = 'new';
  iceConnectionState = 'new';
  localDescription: Described | null = null;
  remoteDescription: Described | null = null;
  readonly candidates: unknown[] = [];
  restarts = 0;
  received = 0;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  ontrack: ((event: object) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  #lanes: FakeTransceiver[] = [];
  #described = 0;

  constructor(readonly configuration: object = {}) { FakeConnection.all.push(this); }

  addTransceiver(kind: 'audio' | 'video'): FakeTransceiver {
    const lane = new FakeTransceiver(kind);
    lane.direction = 'sendrecv';
    this.#lanes.push(lane);
    return lane;
  }
  getTransceivers(): FakeTransceiver[] { return this.#lanes; }

  setLocalDescription(): Promise<void> {
    this.#open();
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    const lines = this.#lanes.map((each) => `m=${each.receiver.track.kind}\n`).join('');
    this.localDescription = { type, sdp: `${++this.#described} a=\na=fingerprint:${this.id}\n${lines}` };
    this.signalingState = type === 'answer' ? 'stable' : 'have-local-offer';
    this.onicecandidate?.({ candidate: { candidate: `candidate of ${this.id}`, toJSON: () => ({ candidate: `candidate of ${this.id}`, sdpMid: '0' }) } });
    return Promise.resolve();
  }

  setRemoteDescription(description: Described): Promise<void> {
    this.#open();
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') return Promise.reject(new Error('no offer to answer'));
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    if (description.type === 'offer') for (const kind of linesOf(description.sdp).slice(this.#lanes.length)) this.#lanes.push(new FakeTransceiver(kind));
    return Promise.resolve();
  }

  addIceCandidate(candidate: unknown): Promise<void> {
    this.candidates.push(candidate);
    return Promise.resolve();
  }
  restartIce(): void { this.restarts += 1; }
  getStats(): Promise<Map<string, object>> {
    return Promise.resolve(new Map([['transport', { type: 'transport', bytesReceived: this.received }]]));
  }
  close(): void { this.connectionState = this.signalingState = 'closed'; }
  #open(): void { if (this.signalingState === 'closed') throw new Error('closed'); }

  become(state: 'connected' | 'disconnected' | 'failed'): void {
    this.connectionState = this.iceConnectionState = state;
    this.onconnectionstatechange?.();
  }
}

type Gum = (constraints: { audio?: unknown; video?: unknown }) => Promise<FakeStream>;

/** What `getUserMedia` does; a test may say another. Its answer to whatever is asked for is a track of each. */
export interface FakeDevices extends EventTarget {
  getUserMedia: Gum;
  getDisplayMedia: () => Promise<FakeStream>;
  enumerateDevices: () => Promise<readonly { kind: string; deviceId: string; label: string }[]>;
  readonly opened: FakeTrack[];
}

export function stubMedia(permissions: Readonly<Record<string, string>> = { camera: 'granted', microphone: 'granted' }): FakeDevices {
  FakeConnection.all = [];
  const opened: FakeTrack[] = [];
  const open = (...tracks: FakeTrack[]): FakeStream => {
    opened.push(...tracks);
    return new FakeStream(tracks);
  };
  const devices: FakeDevices = Object.assign(new EventTarget(), {
    opened,
    getUserMedia: ({ audio, video }: { audio?: unknown; video?: unknown }) =>
      Promise.resolve(open(...(audio ? [new FakeTrack('audio')] : []), ...(video ? [new FakeTrack('video')] : []))),
    getDisplayMedia: () => Promise.resolve(open(new FakeTrack('video', 'screen'))),
    enumerateDevices: () => Promise.resolve([]),
  });
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  vi.stubGlobal('MediaStream', FakeStream);
  Object.defineProperty(globalThis.navigator, 'mediaDevices', { value: devices, configurable: true });
  Object.defineProperty(globalThis.navigator, 'permissions', {
    value: { query: ({ name }: { name: string }) => Promise.resolve({ state: permissions[name] ?? 'prompt' }) }, configurable: true,
  });
  return devices;
}

export const refuse = (name: string, message = ''): Promise<never> => Promise.reject(new DOMException(message, name));

/** What every microphone that is on hears, 0 to 1. */
export function stubLoudness(loudness: () => number): void {
  vi.stubGlobal('AudioContext', class {
    createAnalyser() { return { getFloatTimeDomainData: (samples: Float32Array) => void samples.fill(loudness()) }; }
    createMediaStreamSource() { return { connect() {}, disconnect() {} }; }
    close() { return Promise.resolve(); }
  });
}
