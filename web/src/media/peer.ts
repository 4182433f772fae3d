// One other person in a call: one RTCPeerConnection at a time, negotiated "perfectly" (W3C webrtc-pc, example 8): of two offers that meet, the
// polite side's gives way. A peer that reloaded comes with another connection, and gets a new one of ours. ICE starts anew when the way is
// lost, with the next `gen`. Signals are taken one after the other, in the order in which they came.
import type { UserId } from '../state/model.ts';
import type { Clock } from '../wire/ports.ts';
import { readCandidate, readDescription, writeDescription, type Description } from './description.ts';
import { Lanes, type LaneName } from './lanes.ts';
import type { OwnTracks } from './own.ts';

export type SignalKind = 'offer' | 'answer' | 'candidate' | 'candidates_end' | 'restart';
export interface Signal {
  readonly kind: SignalKind;
  readonly payload: unknown;
}

export interface PeerPorts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newConnection: () => RTCPeerConnection;
  readonly own: () => OwnTracks;
  /** `gen` counts restarts, and never falls: the server drops what is of an older one. */
  readonly send: (signal: Signal & { readonly gen: number }) => void;
  readonly media: (up: boolean) => void;
  /** A stream came or went. */
  readonly changed: () => void;
  /** Whether to try at all: not while the socket, or the other, is away. */
  readonly reachable: () => boolean;
}

/** ICE may mend a short loss by itself; longer, and it starts anew. */
export const kLostMs = 2_000;
/** Between two restarts, while it stays lost. */
export const kAgainMs = 5_000;

export class Peer {
  readonly userId: UserId;
  /** Whether the other takes a screen beside a camera: a client of ours. */
  ours = true;
  readonly #polite: boolean;
  readonly #ports: PeerPorts;
  #pc: RTCPeerConnection;
  #lanes = new Lanes();
  #id: string;
  #remoteId: string | null = null;
  #gen = 0;
  #early: (RTCIceCandidateInit | null)[] = [];
  #others = 1;
  #work: Promise<void> = Promise.resolve();
  #stopWaiting: (() => void) | null = null;
  #closed = false;

  constructor(userId: UserId, polite: boolean, ports: PeerPorts) {
    this.userId = userId;
    this.#polite = polite;
    this.#ports = ports;
    this.#id = ports.newId();
    this.#pc = this.#connect();
  }

  get connection(): RTCPeerConnection { return this.#pc; }
  /** An answer, or an offer, has come. */
  get described(): boolean { return this.#remoteId !== null; }
  get isUp(): boolean { return this.#pc.connectionState === 'connected'; }
  remote(name: LaneName): MediaStream | null { return this.#lanes.remote(name); }
  receiver(name: LaneName): RTCRtpReceiver | null { return this.#lanes.get(name)?.receiver ?? null; }

  #connect(): RTCPeerConnection {
    const pc = this.#ports.newConnection();
    pc.onicecandidate = ({ candidate }) => {
      if (pc !== this.#pc) return;
      if (candidate === null) this.#send('candidates_end', null);
      else if (candidate.candidate !== '') this.#send('candidate', candidate.toJSON());
    };
    pc.ontrack = () => { if (pc === this.#pc) this.#ports.changed(); };
    pc.onconnectionstatechange = () => { if (pc === this.#pc) this.#stateChanged(); };
    pc.oniceconnectionstatechange = () => { if (pc === this.#pc) this.#stateChanged(); };
    return pc;
  }

  /** Another connection in the place of the one before. */
  #anew(): void {
    this.#disconnect();
    this.#id = this.#ports.newId();
    this.#remoteId = null;
    this.#early = [];
    this.#lanes = new Lanes();
    this.#pc = this.#connect();
    this.#ports.changed();
  }

  #disconnect(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    const pc = this.#pc;
    pc.onicecandidate = pc.ontrack = pc.onconnectionstatechange = pc.oniceconnectionstatechange = null;
    pc.close();
    this.#lanes.close();
  }

  #send(kind: SignalKind, payload: unknown): void {
    if (!this.#closed) this.#ports.send({ kind, payload, gen: this.#gen });
  }

  #queue(work: () => Promise<void>): Promise<void> {
    // What fails is a description of another client that this browser cannot read, or a connection that closed on the way: media does not
    // come up then, and the call says so after 10 s.
    this.#work = this.#work.then(async () => { if (!this.#closed) await work(); }).catch(() => undefined);
    return this.#work;
  }

  // ---- offers and answers

  /** The first offer, as it goes with `call.start`. Its candidates follow by `send`. */
  async offer(): Promise<unknown> {
    let made: unknown = null;
    await this.#queue(async () => { made = await this.#describe(); });
    return made;
  }

  /** Offers, or repeats the offer that nobody has answered. */
  sendOffer(): void {
    void this.#queue(async () => this.#send('offer', await this.#describe()));
  }

  async #describe(): Promise<unknown> {
    const pc = this.#pc;
    if (pc.signalingState === 'stable') {
      if (this.#lanes.get('voice') === null && !this.described) this.#lanes.open(pc);
      this.#lanes.send(this.#ports.own(), this.ours);
      await pc.setLocalDescription();
      void this.#lanes.limit(this.#others);
    }
    return this.#written();
  }

  #written(): unknown {
    const local = this.#pc.localDescription;
    return local === null ? null : writeDescription(local, this.#id, this.#remoteId);
  }

  take({ kind, payload }: Signal): void {
    void this.#queue(async () => {
      switch (kind) {
        case 'offer': case 'answer': {
          const description = readDescription(kind, payload);
          if (description !== null) await (kind === 'offer' ? this.#takeOffer(description) : this.#takeAnswer(description));
          return;
        }
        case 'candidate': case 'candidates_end': return this.#takeCandidate(readCandidate(payload));
        case 'restart': return this.#restart();
      }
    });
  }

  async #takeOffer(offer: Description): Promise<void> {
    if (offer.to !== null && offer.to !== this.#id) return;  // for the page before this one
    const first = !this.described;
    const another = !first && offer.from !== this.#remoteId;
    const collides = this.#pc.signalingState !== 'stable';
    if (collides && !another && !this.#polite) {
      // Ours goes before theirs; if nobody has heard it (they have just come), it is time to say it again.
      if (first) this.#send('offer', this.#written());
      return;
    }
    if (another || (collides && first)) this.#takeAnother();
    this.#remoteId = offer.from;
    this.ours = offer.ours;
    await this.#pc.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
    this.#lanes.adopt(this.#pc);
    this.#lanes.send(this.#ports.own(), this.ours);
    await this.#takeEarly();
    await this.#pc.setLocalDescription();
    this.#send('answer', this.#written());
    void this.#lanes.limit(this.#others);
    this.#ports.changed();
  }

  #takeAnother(): void {
    const early = this.#early;
    const wasUp = this.isUp;
    this.#anew();
    this.#early = early;
    if (wasUp) this.#ports.media(false);
  }

  async #takeAnswer(answer: Description): Promise<void> {
    if (this.#pc.signalingState !== 'have-local-offer' || (answer.to !== null && answer.to !== this.#id)) return;
    this.#remoteId = answer.from;
    this.ours = answer.ours;
    await this.#pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
    this.#lanes.send(this.#ports.own(), this.ours);
    await this.#takeEarly();
    this.#ports.changed();
  }

  async #takeCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    if (this.#pc.remoteDescription === null) {
      this.#early.push(candidate);
      return;
    }
    try {
      await this.#pc.addIceCandidate(candidate ?? undefined);
    } catch {
      // Of a connection that is no more, or of a kind that this browser does not know: the others are enough.
    }
  }

  async #takeEarly(): Promise<void> {
    for (const candidate of this.#early.splice(0)) await this.#takeCandidate(candidate);
  }

  // ---- the way there

  #stateChanged(): void {
    const { connectionState, iceConnectionState } = this.#pc;
    if (connectionState === 'connected' && iceConnectionState !== 'disconnected') {
      this.#stopWaiting?.();
      this.#stopWaiting = null;
      return this.#ports.media(true);
    }
    const failed = connectionState === 'failed' || iceConnectionState === 'failed';
    if (!failed && connectionState !== 'disconnected' && iceConnectionState !== 'disconnected') return;
    this.#ports.media(false);
    this.#restartAfter(failed ? 0 : kLostMs);
  }

  #restartAfter(ms: number): void {
    if (this.#stopWaiting !== null && ms !== 0) return;
    this.#stopWaiting?.();
    this.#stopWaiting = this.#ports.clock.after(ms, () => {
      this.#stopWaiting = null;
      if (this.#closed || this.isUp) return;
      this.restart();
      this.#restartAfter(kAgainMs);
    });
  }

  /** Looks for another way, with the tracks that there are. Also when the socket, or the network, is another one. */
  restart(): void {
    void this.#queue(() => this.#restart());
  }

  async #restart(): Promise<void> {
    if (!this.#ports.reachable()) return;
    if (!this.described) {
      if (this.#pc.signalingState === 'have-local-offer') this.#send('offer', this.#written());
      return;
    }
    if (this.#pc.signalingState !== 'stable') return;  // the answer of the restart before is still due
    this.#gen += 1;
    this.#pc.restartIce();
    this.#send('offer', await this.#describe());
  }

  // ---- what goes over it

  tracksChanged(): void { this.#lanes.send(this.#ports.own(), this.ours); }

  limit(others: number): void {
    this.#others = others;
    void this.#lanes.limit(others);
  }

  /** Whether media still comes, measured over a moment: `reconnected` says nothing of it. */
  async flows(): Promise<boolean> {
    const before = await this.#received();
    await new Promise<void>((done) => { this.#ports.clock.after(400, done); });
    return this.isUp && await this.#received() > before;
  }

  /** Also what keeps the way open, for who sends neither voice nor picture. */
  async #received(): Promise<number> {
    let count = 0;
    if (this.#closed) return count;
    (await this.#pc.getStats()).forEach((each: { type: string; bytesReceived?: number; responsesReceived?: number }) => {
      if (each.type === 'transport') count += each.bytesReceived ?? 0;
      if (each.type === 'candidate-pair') count += each.responsesReceived ?? 0;
    });
    return count;
  }

  close(): void {
    this.#closed = true;
    this.#disconnect();
    this.#ports.changed();
  }
}
