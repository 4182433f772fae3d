// The others in a call: who is in it, how they are connected, what they send.
import type { MediaState, ServerCall } from '../wire/call_shapes.ts';
import type { Participant, UserId } from './model.ts';

export interface Peer extends Participant {
  /** The server waits for them: `call.peer_state reconnecting`. */
  readonly away: boolean;
  /** Of our connection to them; `none`: it has not been up yet. */
  readonly media: 'none' | 'up' | 'lost';
  readonly joinedAt: string;
}

function settled(peer: Peer): Peer {
  const connection = peer.away || peer.media === 'lost' ? 'reconnecting' : peer.media === 'up' ? 'connected' : 'connecting';
  return peer.connection === connection ? peer : { ...peer, connection };
}

export function aPeer(userId: UserId, joinedAt: string, sent: MediaState | null): Peer {
  return {
    userId, joinedAt, away: false, media: 'none', connection: 'connecting', speaking: false,
    muted: sent !== null && !sent.audio, camera: sent?.video ?? false, screen: sent?.screen ?? false,
  };
}

export function changePeer(peers: readonly Peer[], userId: UserId, change: Partial<Peer>): readonly Peer[] {
  return peers.map((each) => (each.userId === userId ? settled({ ...each, ...change }) : each));
}

export function addPeer(peers: readonly Peer[], peer: Peer): readonly Peer[] {
  if (peers.some((each) => each.userId === peer.userId)) return changePeer(peers, peer.userId, { joinedAt: peer.joinedAt, away: false });
  return [...peers, peer];
}

export const removePeer = (peers: readonly Peer[], userId: UserId): readonly Peer[] => peers.filter((each) => each.userId !== userId);

/** Those whom the server counts as in the call, without me. Who was here before keeps what is known of our connection to them. */
export function peersOf(call: ServerCall, me: UserId, before: readonly Peer[]): readonly Peer[] {
  const there = call.participants.filter((each) => each.userId !== me && (each.state === 'joined' || each.state === 'suspended'));
  return there.map((party) => {
    const joinedAt = party.joinedAt ?? call.startedAt ?? call.createdAt;
    const known = before.find((each) => each.userId === party.userId) ?? aPeer(party.userId, joinedAt, party.media);
    const sent = party.media === null ? {} : { muted: !party.media.audio, camera: party.media.video, screen: party.media.screen };
    return settled({ ...known, ...sent, joinedAt, away: party.state === 'suspended' });
  });
}

/** None of the others can be heard any more; false if there are none, for they may still be rung. */
export const allLost = (peers: readonly Peer[]): boolean =>
  peers.length > 0 && peers.every((each) => each.away || each.media === 'lost');
