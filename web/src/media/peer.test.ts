// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeClock, settled } from '../wire/fakes_for_tests.ts';
import { FakeConnection, foreignOffer, stubMedia } from './fakes_for_tests.ts';
import { kAgainMs, kLostMs, Peer, type Signal } from './peer.ts';

beforeEach(() => { stubMedia(); });

let ids = 0;

/** One side, with what it sends. */
function aSide(userId: string, polite: boolean) {
  const clock = fakeClock();
  const sent: (Signal & { gen: number })[] = [];
  const media: boolean[] = [];
  let reachable = true;
  const mine: FakeConnection[] = [];
  const newConnection = (): RTCPeerConnection => {
    const connection = new RTCPeerConnection();
    mine.push(...FakeConnection.all.slice(-1));
    return connection;
  };
  const own = { microphone: null, camera: null, screen: null };
  const peer = new Peer(userId, polite, {
    clock, newId: () => `id-${++ids}`, newConnection, own: () => own,
    send: (signal) => sent.push(signal), media: (up) => media.push(up), changed() {}, reachable: () => reachable,
  });
  return {
    peer, clock, sent, media, mine,
    now: (): FakeConnection => mine.at(-1) ?? new FakeConnection(),
    take: (...kinds: string[]) => { const some = sent.filter((each) => kinds.includes(each.kind)); sent.splice(0); return some; },
    setReachable: (is: boolean) => { reachable = is; },
  };
}

type Side = ReturnType<typeof aSide>;

/** Carries what each has sent to the other, until nobody says anything. */
async function converse(one: Side, other: Side): Promise<void> {
  for (let round = 0; round < 10; ++round) {
    await settled();
    const [from, to] = [one.sent.splice(0), other.sent.splice(0)];
    if (from.length + to.length === 0) return;
    for (const each of from) other.peer.take(each);
    for (const each of to) one.peer.take(each);
  }
}

async function connected(): Promise<{ ann: Side; ben: Side }> {
  const ann = aSide('ben', false);
  const ben = aSide('ann', true);
  ann.peer.sendOffer();
  await converse(ann, ben);
  ann.now().become('connected');
  ben.now().become('connected');
  return { ann, ben };
}

describe('the first negotiation', () => {
  it('has all m-lines, so that tracks need no other one', async () => {
    const { ann, ben } = await connected();
    for (const side of [ann, ben]) {
      expect(side.now().getTransceivers().map((each) => [each.receiver.track.kind, each.direction])).toEqual([['audio', 'sendrecv'], ['video', 'sendrecv'], ['video', 'sendrecv']]);
      expect(side.now().signalingState).toBe('stable');
      expect(side.media).toEqual([true]);
      expect(side.now().candidates).toHaveLength(1);
    }
  });

  it('keeps candidates that come before their description', async () => {
    const ben = aSide('ann', true);
    ben.peer.take({ kind: 'candidate', payload: { candidate: 'early', sdpMid: '0' } });
    ben.peer.take({ kind: 'offer', payload: foreignOffer('A') });
    await settled();
    expect(ben.now().candidates).toEqual([{ candidate: 'early', sdpMid: '0', sdpMLineIndex: null }]);
  });

  it('answers bare SDP text, candidates as text, and one voice and one picture', async () => {
    const ben = aSide('ann', true);
    ben.peer.take({ kind: 'offer', payload: foreignOffer('A').sdp });
    ben.peer.take({ kind: 'candidate', payload: 'candidate:1' });
    await settled();
    expect(ben.take('answer')).toHaveLength(1);
    expect(ben.now().getTransceivers().map((each) => each.direction)).toEqual(['sendrecv', 'sendrecv']);
    expect(ben.peer.ours).toBe(false);
  });

  it('of two at once is that of the impolite', async () => {
    const [ann, ben] = [aSide('ben', false), aSide('ann', true)];
    ann.peer.sendOffer();
    ben.peer.sendOffer();
    await converse(ann, ben);
    expect(ann.now().signalingState).toBe('stable');
    expect(ben.now().signalingState).toBe('stable');
    expect(ann.mine).toHaveLength(1);  // the polite side began anew
    expect(ben.now().remoteDescription?.sdp).toContain(ann.now().id);
  });

  it('is passed over when the answer is for a page that has gone', async () => {
    const ann = aSide('ben', false);
    ann.peer.sendOffer();
    await settled();
    ann.peer.take({ kind: 'answer', payload: { type: 'answer', sdp: 'x', belfry: { from: 'b', to: 'another' } } });
    await settled();
    expect(ann.now().signalingState).toBe('have-local-offer');
  });
});

describe('a peer that reloads', () => {
  it('gets a new connection, and the old one is closed', async () => {
    const { ann } = await connected();
    const reloaded = aSide('ann', true);
    reloaded.peer.sendOffer();
    const before = ann.now();
    await converse(ann, reloaded);
    expect(before.signalingState).toBe('closed');
    expect(ann.now()).not.toBe(before);
    expect(ann.now().signalingState).toBe('stable');
    expect(ann.media).toEqual([true, false]);
  });

  it('is told by its certificate, if it is no client of ours', async () => {
    const ben = aSide('ann', true);
    ben.peer.take({ kind: 'offer', payload: foreignOffer('A') });
    await settled();
    const first = ben.now();
    ben.peer.take({ kind: 'offer', payload: foreignOffer('A') });
    await settled();
    expect(ben.now()).toBe(first);
    ben.peer.take({ kind: 'offer', payload: foreignOffer('B') });
    await settled();
    expect(first.signalingState).toBe('closed');
  });
});

describe('ICE', () => {
  it('starts anew when the way was lost for 2 s, and again while it stays lost', async () => {
    const { ann } = await connected();
    ann.now().become('disconnected');
    expect(ann.media).toEqual([true, false]);
    ann.clock.move(kLostMs - 1);
    await settled();
    expect(ann.now().restarts).toBe(0);
    ann.clock.move(1);
    await settled();
    expect(ann.take('offer')).toMatchObject([{ gen: 1 }]);
    ann.clock.move(kAgainMs);
    await settled();
    expect(ann.now().restarts).toBe(1);  // the first one is not answered yet
  });

  it('does not start anew when it mends itself', async () => {
    const { ann } = await connected();
    ann.now().become('disconnected');
    ann.now().become('connected');
    ann.clock.move(kLostMs * 2);
    await settled();
    expect([ann.now().restarts, ann.media]).toEqual([0, [true, false, true]]);
  });

  it('starts anew at once when it has failed', async () => {
    const { ann, ben } = await connected();
    ann.now().become('failed');
    ann.clock.move(0);
    await converse(ann, ben);
    expect(ann.now().restarts).toBe(1);
    expect(ben.mine).toHaveLength(1);  // the same connection
  });

  it('does not start anew while nobody could hear of it', async () => {
    const { ann } = await connected();
    ann.setReachable(false);
    ann.peer.restart();
    await settled();
    expect(ann.take('offer')).toEqual([]);
  });

  it('counts on over a new connection, since the server drops what is of an older one', async () => {
    const { ann, ben } = await connected();
    ann.peer.restart();
    await converse(ann, ben);
    const reloaded = aSide('ann', true);
    reloaded.peer.sendOffer();
    await settled();
    for (const each of reloaded.sent.splice(0)) ann.peer.take(each);
    await settled();
    expect(ann.take('answer')).toMatchObject([{ gen: 1 }]);
  });

  it('of both at once does not end in a deadlock', async () => {
    const { ann, ben } = await connected();
    ann.peer.restart();
    ben.peer.restart();
    await converse(ann, ben);
    expect([ann.now().signalingState, ben.now().signalingState]).toEqual(['stable', 'stable']);
  });
});

describe('media', () => {
  it('flows if more of it has come after a moment', async () => {
    const { ann } = await connected();
    const flows = ann.peer.flows();
    await settled();
    ann.now().received = 10;
    ann.clock.move(400);
    expect(await flows).toBe(true);
  });

  it('is closed with its tracks', async () => {
    const { ann } = await connected();
    ann.peer.close();
    expect(ann.now().signalingState).toBe('closed');
    expect(ann.now().getTransceivers().every((each) => each.receiver.track.readyState === 'ended')).toBe(true);
    ann.peer.sendOffer();
    await settled();
    expect(ann.take('offer')).toEqual([]);
  });
});
