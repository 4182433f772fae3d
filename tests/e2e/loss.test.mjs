// Leaving and being lost. An explicit leave ends a call at once; a lost transport has a grace (C-21: 5 s ringing, 3 s connected)
// in which the client may return as the same socket without the peer noticing.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { sharedServer } from './harness/server.mjs';
import { startProxy } from './harness/proxy.mjs';
import { aCall, aConnectedCall, aName, assertTalking, aUser, candidate, connectUser, everybodyLeaves, kServerEvents } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after });
afterEach(() => everybodyLeaves(server));

const noCalls = () => eventually(async () => (await server.health()).activeCalls === 0, 'no active calls');
const returning = { options: { reconnection: true, reconnectionDelay: 50, randomizationFactor: 0 } };
const sides = (pair, side) => (side === 'caller' ? [pair.caller, pair.callee] : [pair.callee, pair.caller]);

/** The transport breaks; resolves once the same socket is connected again. */
async function loseAndReturn(user, meanwhile = () => {}) {
  user.loseTransport();
  await user.next('disconnect');
  await meanwhile();
  await user.next('connect');
}

async function assertEndsBetween(begin, peer, least, most, event = 'call_ended') {
  const heard = await peer.next(event, most);
  const took = Date.now() - begin;
  assert.ok(took >= least && took <= most, `${event} after ${took} ms instead of ${least}…${most}`);
  return heard;
}

for (const side of ['caller', 'callee']) {
  // R-003-32, C-21, X-13
  test(`connected: a ${side} who disconnects ends the call at once`, async () => {
    const [leaver, peer] = sides(await aConnectedCall(server.url), side);
    leaver.leave();
    assert.equal((await peer.next('call_ended', 1000)).from, leaver.name);
    await noCalls();
  });

  // R-003-32, C-21, X-13
  test(`connected: a ${side} whose transport is lost ends the call after 3 s of grace`, async () => {
    const [lost, peer] = sides(await aConnectedCall(server.url), side);
    const begin = Date.now();
    lost.loseTransport();
    const heard = await assertEndsBetween(begin, peer, 2500, 4000);
    assert.equal(heard.from, lost.name);
    assert.ok(heard.reason?.length > 0, 'the reason of an end that was no hang-up');
    await noCalls();
  });

  // X-13, T-19
  for (const transports of [['websocket'], ['polling']]) {
    test(`connected, ${transports}: a ${side} who reconnects within the grace keeps the call, several times in a row`, async () => {
      const pair = await aConnectedCall(server.url, { options: { ...returning.options, transports } });
      const [lost, peer] = sides(pair, side);
      for (let round = 0; round < 4; ++round) {
        await loseAndReturn(lost);
        assert.equal(lost.socket.recovered, true, `round ${round}`);
        await assertTalking(pair);
      }
      await quietFor([peer, lost], ['call_ended', 'call_failed', 'call_timeout'], 3500);
      peer.end(lost);
      assert.deepEqual(await lost.next('call_ended'), { from: peer.name });
    });
  }
}

// R-003-33, X-11
test('ringing: a caller who disconnects stops the ringing at once', async () => {
  const { caller, callee } = await aCall(server.url);
  caller.leave();
  assert.equal((await callee.next('call_ended', 1000)).from, caller.name);
  await noCalls();
});

// R-003-33, X-11
test('ringing: a caller whose transport is lost stops ringing after 5 s of grace', async () => {
  const { caller, callee } = await aCall(server.url);
  const begin = Date.now();
  caller.loseTransport();
  const heard = await assertEndsBetween(begin, callee, 4500, 6000);
  assert.ok(heard.reason?.length > 0);
});

//
test('ringing: a caller who reconnects within the grace is not noticed by the callee', async () => {
  const { caller, callee } = await aCall(server.url, returning);
  await loseAndReturn(caller);
  await quietFor([callee], kServerEvents, 6000);
  callee.answer(caller);
  await caller.next('call_answered');
  await assertTalking({ caller, callee });
});

// R-003-33, X-12
test('ringing: a callee who disconnects ends the call for the caller at once', async () => {
  const { caller, callee } = await aCall(server.url);
  callee.leave();
  await eventually(() => caller.all('call_failed').length + caller.all('call_ended').length > 0, 'the caller to be told', 1000);
  await noCalls();
});

// R-003-33, X-12
test('ringing: a callee whose transport is lost ends the call for the caller after 5 s of grace', async () => {
  const { caller, callee } = await aCall(server.url);
  const begin = Date.now();
  callee.loseTransport();
  await eventually(() => caller.all('call_failed').length + caller.all('call_ended').length > 0, 'the caller to be told', 6000);
  assert.ok(Date.now() - begin >= 4500, `told after ${Date.now() - begin} ms`);
});

//
test('ringing: a callee who reconnects is rung again and can answer', async () => {
  const { caller, callee } = await aCall(server.url, returning);
  await loseAndReturn(callee);
  await callee.next('incoming_call');
  callee.answer(caller);
  await caller.next('call_answered');
  await assertTalking({ caller, callee });
});

// C-21: what was sent meanwhile is replayed in order, once.
test('recovery replays the events sent meanwhile', async () => {
  const { caller, callee } = await aConnectedCall(server.url, { options: { ...returning.options, reconnectionDelay: 700 } });
  await assertTalking({ caller, callee });
  await loseAndReturn(callee, () => {
    for (let n = 0; n < 30; ++n) caller.ice(callee, n);
  });
  assert.equal(callee.socket.recovered, true);
  const wanted = Array.from({ length: 30 }, (_, n) => candidate(n).candidate);
  const heard = () => callee.all('ice_candidate').map((each) => each.candidate.candidate).slice(1);
  await eventually(() => heard().length >= 30, 'the missed candidates');
  await quietFor([callee], ['ice_candidate'], 500);
  assert.deepEqual(heard(), wanted);
});

test('recovery works before the first event, and several times in a row', async () => {
  const user = connectUser(server.url, returning);
  await user.next('connect');
  const { id } = user.socket;
  for (let round = 0; round < 4; ++round) {
    await loseAndReturn(user);
    assert.equal(user.socket.recovered, true, `round ${round}`);
    assert.equal(user.socket.id, id);
  }
  await user.register();
});

test('a recovered user is still registered', async () => {
  const [alice, bob] = [await aUser(server.url, returning), await aUser(server.url)];
  await loseAndReturn(alice);
  assert.equal(alice.socket.recovered, true);
  await eventually(async () => (await server.users()).includes(alice.name), `${alice.name} in the list`, 1000);
  bob.call(alice);
  await alice.next('incoming_call');
});

test('an explicit leave cannot be recovered', async () => {
  const alice = await aUser(server.url);
  alice.socket.disconnect();
  alice.socket.connect();
  await alice.next('connect');
  assert.notEqual(alice.socket.recovered, true);
  assert.deepEqual(await server.users(), []);
});

// the client reconnects before the server sees its old connection fail.
test('a socket that returns while its old connection seems alive replaces it; the late close of the old one is ignored', async () => {
  const proxy = await startProxy(server.url);
  try {
    const alice = await aUser(proxy.url, returning);
    const bob = await aUser(server.url);
    alice.call(bob);
    await bob.next('incoming_call');
    bob.answer(alice);
    await alice.next('call_answered');
    proxy.freeze();
    await loseAndReturn(alice);
    assert.equal(alice.socket.recovered, true);
    proxy.dropFrozen();
    await assertTalking({ caller: alice, callee: bob });
    await quietFor([bob], ['call_ended'], 4000);
    assert.deepEqual((await server.users()).sort(), [alice.name, bob.name].sort());
  } finally {
    proxy.stop();
  }
});

// R-003-24, R-003-27, C-11
test('a new login of the same user disconnects the old one with a reason', async () => {
  const name = aName('alice');
  const old = await aUser(server.url, { name });
  const bob = await aUser(server.url);
  const fresh = await aUser(server.url, { name });
  assert.ok((await old.next('force_disconnect')).reason.length > 0);
  await old.next('disconnect');
  assert.deepEqual((await server.users()).sort(), [name, bob.name].sort());
  bob.call(fresh);
  await fresh.next('incoming_call');
  assert.deepEqual(old.all('incoming_call'), []);
});

// R-003-28
test('the old login\'s late close does not unregister the new one', async () => {
  const proxy = await startProxy(server.url);
  try {
    const name = aName('alice');
    await aUser(proxy.url, { name });
    proxy.freeze();
    const fresh = await aUser(server.url, { name });
    const bob = await aUser(server.url);
    await quietFor([fresh], ['force_disconnect', 'disconnect'], 1500);
    proxy.dropFrozen();
    await quietFor([fresh], ['force_disconnect', 'disconnect']);
    assert.deepEqual((await server.users()).sort(), [name, bob.name].sort());
    bob.call(fresh);
    await fresh.next('incoming_call');
  } finally {
    proxy.stop();
  }
});

// X-17, R-003-27: the new device takes over the call, because the grace is running and it is the same user.
test('a new login during a call takes over the call', async () => {
  const { caller, callee } = await aConnectedCall(server.url);
  const fresh = await aUser(server.url, { name: caller.name });
  await caller.next('force_disconnect');
  await assertTalking({ caller: fresh, callee });
  await quietFor([callee], ['call_ended'], 4000);
  fresh.end(callee);
  assert.deepEqual(await callee.next('call_ended'), { from: fresh.name });
});

// after a crash of the page there is no socket to recover, but the user is the same.
test('a page reloaded within the grace can continue its call', async () => {
  const { caller, callee } = await aConnectedCall(server.url);
  caller.loseTransport();
  await eventually(async () => !(await server.users()).includes(caller.name), 'the loss to be noticed');
  const fresh = await aUser(server.url, { name: caller.name });
  await assertTalking({ caller: fresh, callee });
});
