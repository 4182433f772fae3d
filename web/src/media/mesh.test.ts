// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { fakeClock, settled } from '../wire/fakes_for_tests.ts';
import { FakeConnection, foreignOffer, stubMedia } from './fakes_for_tests.ts';
import { kUnansweredMs, kUnofferedMs, Mesh } from './mesh.ts';

beforeEach(() => { stubMedia(); });

function aMesh() {
  const clock = fakeClock();
  const [sent, media]: [string[], string[]] = [[], []];
  let last = 0;
  const mesh = new Mesh('me', {
    clock, newId: () => `id-${++last}`, newConnection: () => new RTCPeerConnection(), own: () => ({ microphone: null, camera: null, screen: null }),
    send: (to, { kind }) => { if (!kind.startsWith('candidate')) sent.push(`${kind} to ${to}`); },
    media: (user, up) => media.push(`${user} ${up ? 'up' : 'lost'}`), changed() {}, online: () => true,
  });
  const now = (): FakeConnection => FakeConnection.all.at(-1) ?? new FakeConnection();
  return { mesh, clock, sent, media, now };
}

async function met(certificate = 'A') {
  const stage = aMesh();
  stage.mesh.take('ben', { kind: 'offer', payload: foreignOffer(certificate) });
  await settled();
  stage.now().become('connected');
  return stage;
}

it('offers again to who accepted without an answer, as apps of seed 000 do', async () => {
  const { mesh, clock, sent } = aMesh();
  await mesh.firstOffer('ben');
  mesh.accepted('ben', null);
  clock.move(kUnansweredMs);
  await settled();
  expect(sent).toEqual(['offer to ben']);
});

it('offers to who is there, if they have not after a while', async () => {
  const { mesh, clock, sent } = aMesh();
  mesh.awaitOffer('ben', false);
  mesh.awaitOffer('cara', true);
  clock.move(kUnofferedMs);
  await settled();
  expect(sent).toEqual(['offer to ben']);
});

it('who came back with a new connection while it was looked at is there', async () => {
  const { mesh, clock, now } = await met();
  now().received = 1000;
  const back = mesh.back('ben');
  await settled();
  mesh.take('ben', { kind: 'offer', payload: foreignOffer('B') });
  await settled();
  now().become('connected');
  clock.move(400);
  expect(await back).toBe(true);
});

it('whose media comes a little later is there then', async () => {
  const { mesh, clock, media, now } = await met();
  const back = mesh.back('ben');
  await settled();
  clock.move(400);
  expect(await back).toBe(false);
  clock.move(kUnansweredMs);
  await settled();
  now().received = 1;
  clock.move(400);
  await settled();
  expect(media).toEqual(['ben up', 'ben up']);
});

it('who left has no connection any more', async () => {
  const { mesh, now } = await met();
  mesh.left('ben');
  expect([now().signalingState, mesh.peers.length]).toEqual(['closed', 0]);
});
