// Everybody else in a call, each with a Peer of their own.
import type { UserId } from '../state/model.ts';
import type { Clock } from '../wire/ports.ts';
import type { LaneName } from './lanes.ts';
import type { OwnTracks } from './own.ts';
import { Peer, type Signal } from './peer.ts';

export interface MeshPorts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newConnection: () => RTCPeerConnection;
  readonly own: () => OwnTracks;
  readonly send: (to: UserId, signal: Signal & { readonly gen: number }) => void;
  readonly media: (user: UserId, up: boolean) => void;
  readonly changed: () => void;
  readonly online: () => boolean;
}

/** Who answers after a start that carried an offer, and waits for an offer that it can see, as apps of seed 000 do, gets it again. */
export const kUnansweredMs = 1_500;
/** Where next to nothing is sent, it takes a while to see that it comes. */
const kLooks = 6;
/** As long as a newcomer waits for the offers of those who are there. */
export const kUnofferedMs = 4_000;

export class Mesh {
  readonly #peers = new Map<UserId, Peer>();
  readonly #away = new Set<UserId>();
  readonly #myId: UserId;
  readonly #ports: MeshPorts;

  constructor(myId: UserId, ports: MeshPorts) {
    this.#myId = myId;
    this.#ports = ports;
  }

  get peers(): readonly Peer[] { return [...this.#peers.values()]; }

  #peer(user: UserId): Peer {
    const known = this.#peers.get(user);
    if (known !== undefined) return known;
    const { clock, newId, newConnection, own, send, media, changed, online } = this.#ports;
    const peer = new Peer(user, this.#myId > user, {
      clock, newId, newConnection, own, changed,
      send: (signal) => send(user, signal),
      media: (up) => media(user, up),
      reachable: () => online() && !this.#away.has(user),
    });
    this.#peers.set(user, peer);
    for (const each of this.#peers.values()) each.limit(this.#peers.size);
    return peer;
  }

  /** The offer that goes with the start. */
  firstOffer(user: UserId): Promise<unknown> { return this.#peer(user).offer(); }

  /** They accepted: what they answered, if it came with that. */
  accepted(user: UserId, answer: unknown): void {
    const peer = this.#peer(user);
    if (answer !== null) return peer.take({ kind: 'answer', payload: answer });
    this.#ports.clock.after(kUnansweredMs, () => { if (this.#peers.get(user) === peer && !peer.described) peer.sendOffer(); });
  }

  /** They came into the call, or I came back to it: who was here offers (S6). */
  offerTo(user: UserId): void { this.#peer(user).sendOffer(); }

  /** I came into the call: they offer. */
  awaitOffer(user: UserId, patient: boolean): void {
    const peer = this.#peer(user);
    if (!patient) this.#ports.clock.after(kUnofferedMs, () => { if (this.#peers.get(user) === peer && !peer.described) peer.sendOffer(); });
  }

  take(user: UserId, signal: Signal): void { this.#peer(user).take(signal); }

  away(user: UserId): void { this.#away.add(user); }

  /** Whether their media has gone on, or comes anew. If not, they come with an offer, or it turns out to flow, or we look for another way. */
  async back(user: UserId): Promise<boolean> {
    this.#away.delete(user);
    const peer = this.#peers.get(user);
    if (peer === undefined) return false;
    const { connection } = peer;
    const flows = await peer.flows();
    if (peer.connection !== connection) return peer.isUp;
    if (!flows) this.#lookAgain(peer, connection, 0);
    return flows;
  }

  #lookAgain(peer: Peer, connection: RTCPeerConnection, times: number): void {
    this.#ports.clock.after(kUnansweredMs, () => {
      const same = (): boolean => this.#peers.get(peer.userId) === peer && peer.connection === connection;
      if (!same() || times === kLooks) return;
      void peer.flows().then((flows) => {
        if (!same()) return;
        if (flows) return this.#ports.media(peer.userId, true);
        peer.restart();
        this.#lookAgain(peer, connection, times + 1);
      });
    });
  }

  left(user: UserId): void {
    this.#away.delete(user);
    this.#peers.get(user)?.close();
    this.#peers.delete(user);
    for (const each of this.#peers.values()) each.limit(this.#peers.size);
  }

  /** The socket is back, or the network is another one. Others' clients negotiate again only where they must. */
  restart(): void { for (const peer of this.#peers.values()) if (peer.ours || !peer.isUp) peer.restart(); }

  tracksChanged(): void { for (const peer of this.#peers.values()) peer.tracksChanged(); }

  remote(user: UserId, name: LaneName): MediaStream | null { return this.#peers.get(user)?.remote(name) ?? null; }

  peer(user: UserId): Peer | null { return this.#peers.get(user) ?? null; }

  closeAll(): void {
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    this.#away.clear();
  }
}
