// What becomes of a call of seed 003's clients when a page is loaded again, or when the server is killed (SPEC 2.12, T-18).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aPhone, gathered, kOfferText } from './harness/phone.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { sharedServer } from './harness/server.mjs';
import { aUser, candidate, kOffer } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after });
const [[, onSqlite]] = kDatabases;
const kEnd = ['call_failed', 'call_busy', 'call_ended', 'call_declined', 'call_timeout'];

const heardOf = (user, events) => user.log.filter(([event]) => events.includes(event));
/** What was sent to these before has come by then. */
async function settled(...users) {
  for (let round = 0; round < 3; ++round) for (const user of users) await new Promise((resolve) => user.emit('nothing', {}, resolve));
}

// W-003-01, W-003-02, R-003-31: a callee whose socket comes anew is rung with all of it again.
test('a phone that registers again while it rings gets the offer and its candidates again', async () => {
  const [alice, bob] = [await aPhone(server.url), await aPhone(server.url)];
  alice.call(bob);
  await bob.next('incoming_call');
  const again = await aPhone(server.url, { name: bob.name });
  assert.deepEqual(await again.next('incoming_call'), { from: alice.name, offer: kOfferText, iceCandidates: gathered(1, 2) });
  again.answer(alice);
  await alice.next('call_answered');
  alice.leave();
  again.leave();
});

// W-003-01: a server that was killed has stored it as it was.
test('text and candidates outlive the server', async () => {
  const kept = onSqlite();
  const world = await aRestartableServer(kept.args);
  const [alice, bob] = [await aPhone(world.url), await aPhone(world.url)];
  alice.call(bob);
  await bob.next('incoming_call');
  await world.crash();
  const again = await aPhone(world.url, { name: bob.name });
  assert.deepEqual(await again.next('incoming_call'), { from: alice.name, offer: kOfferText, iceCandidates: gathered(1, 2) });
  again.leave();
  await world.stop();
  kept.remove();
});

/** The page of `user` is loaded again: its transport is lost, and a new page registers the name. */
async function loadedAgain(user) {
  user.loseTransport();
  await eventually(async () => !(await server.users()).includes(user.name), 'the loss to be noticed');
  return aUser(server.url, { name: user.name });
}
/** A call between two and a third user; `page` is the side whose page will be loaded again. */
async function callOf(side, state) {
  const [caller, callee, carol] = [await aUser(server.url), await aUser(server.url), await aUser(server.url)];
  caller.call(callee);
  await callee.next('incoming_call');
  if (state === 'connected') {
    callee.answer(caller);
    await caller.next('call_answered');
  }
  return { page: side === 'caller' ? caller : callee, peer: side === 'caller' ? callee : caller, carol };
}

for (const [side, state, reason] of [['caller', 'ringing', { reason: 'cancelled' }], ['caller', 'connected', {}], ['callee', 'connected', {}]]) {
  // T-18: it has kept the call, of which it shows nothing.
  test(`${state}: the page of a ${side} that was loaded again and dials somebody else hangs up its earlier call`, async () => {
    const { page, peer, carol } = await callOf(side, state);
    const again = await loadedAgain(page);
    again.call(carol);
    again.ice(carol, 1);
    assert.deepEqual(await carol.next('incoming_call'), { from: page.name, offer: kOffer });
    assert.deepEqual(await carol.next('ice_candidate'), { from: page.name, candidate: candidate(1) });
    assert.deepEqual(await peer.next('call_ended'), { from: page.name, ...reason });
    carol.answer(again);
    await again.next('call_answered');
    assert.deepEqual(heardOf(again, kEnd), []);
    for (const user of [again, peer, carol]) user.leave();
  });
}

// T-18
test('a page that was loaded again keeps its call while it dials nobody, and once it takes part in it', async () => {
  const { page, peer, carol } = await callOf('callee', 'connected');
  const again = await loadedAgain(page);
  await settled(again, peer);
  assert.deepEqual(heardOf(peer, kEnd), []);
  again.ice(peer, 2);
  assert.deepEqual(await peer.next('ice_candidate'), { from: page.name, candidate: candidate(2) });
  again.call(carol);
  assert.deepEqual(await again.next('call_failed'), { error: 'You are already in a call', targetUser: carol.name });
  await settled(peer, carol);
  assert.deepEqual([heardOf(peer, kEnd), carol.all('incoming_call')], [[], []]);
  for (const user of [again, peer, carol]) user.leave();
});
