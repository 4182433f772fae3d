// The events of a call at both users, and at third users who interfere.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { sharedServer } from './harness/server.mjs';
import { aCall, aConnectedCall, aName, assertTalking, aUser, candidate, connectUser, everybodyLeaves, kOffer, kServerEvents } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after });
afterEach(() => everybodyLeaves(server));

const activeCalls = async () => (await server.health()).activeCalls;
const noCalls = () => eventually(async () => (await activeCalls()) === 0, 'no active calls');

async function assertTheyCanCallAgain(caller, callee) {
  caller.call(callee);
  assert.deepEqual(await callee.next('incoming_call'), { from: caller.name, offer: kOffer });
  callee.answer(caller);
  assert.equal((await caller.next('call_answered')).from, callee.name);
  caller.end(callee);
  assert.equal((await callee.next('call_ended')).from, caller.name);
}

// R-003-02
test('GET / counts users and calls', async () => {
  const { caller, callee } = await aCall(server.url);
  const carol = await aUser(server.url);
  const { connectedUsers, activeCalls: calls } = await server.health();
  assert.deepEqual([connectedUsers, calls], [3, 1]);
  caller.end(callee);
  await callee.next('call_ended');
  await noCalls();
  [caller, callee, carol].forEach((user) => user.leave());
  await eventually(async () => (await server.health()).connectedUsers === 0, '0 users', 1000);
});

// R-003-25, R-003-12
test('the list of users is correct within a second of register, logout, disconnect and loss', async () => {
  const users = await Promise.all(['a', 'b', 'c', 'd'].map((stem) => aUser(server.url, { name: aName(stem) })));
  const names = () => server.users();
  const [stays, logsOut, leaves, isLost] = users;
  assert.deepEqual(new Set(await names()), new Set(users.map((user) => user.name)));
  logsOut.logout();
  leaves.leave();
  isLost.loseTransport();
  await eventually(async () => (await names()).join() === stays.name, `only ${stays.name}`, 1000);
});

// R-003-13
test('a registration is confirmed once', async () => {
  const alice = await aUser(server.url);
  await quietFor([alice], kServerEvents);
  assert.equal(alice.all('user_registered').length, 1);
});

// R-003-48
test('a user id keeps only letters, digits, _ and -', async () => {
  const user = connectUser(server.url);
  user.emit('register_user', { userId: 'al<i>ce!_-9' });
  assert.deepEqual(await user.next('user_registered'), { success: true, userId: 'alice_-9' });
  assert.deepEqual(await server.users(), ['alice_-9']);
  user.name = 'alice_-9';
});

// R-003-48
test('a user id without a valid character is refused', async () => {
  const user = connectUser(server.url);
  user.emit('register_user', { userId: '<!>' });
  assert.equal((await user.next('user_registered')).success, false);
  assert.deepEqual(await server.users(), []);
});

// R-003-26
test('users with similar names never get each other\'s calls', async () => {
  const [bob, bob2, Bob, alice] = await Promise.all(['bob', 'bob2', 'Bob', 'alice'].map((name) => aUser(server.url, { name })));
  alice.call(bob);
  await bob.next('incoming_call');
  alice.ice(bob, 1);
  await bob.next('ice_candidate');
  alice.end(bob);
  await bob.next('call_ended');
  alice.call(bob2);
  await bob2.next('incoming_call');
  await quietFor([bob, Bob], kServerEvents);
  assert.deepEqual(Bob.all('incoming_call'), []);
});

// R-003-09, R-003-16, R-003-34
test('a declined call is over, and both users can call again at once', async () => {
  const { caller, callee } = await aCall(server.url);
  callee.decline(caller);
  callee.call(caller);  // at once: the user who declines gets no confirmation
  assert.deepEqual(await caller.next('call_declined'), { from: callee.name });
  await caller.next('incoming_call');
  caller.decline(callee);
  assert.deepEqual(await callee.next('call_declined'), { from: caller.name });
  await assertTheyCanCallAgain(caller, callee);
  assert.deepEqual([...callee.all('call_failed'), ...callee.all('call_busy')], []);
});

// R-003-10, R-003-17, R-003-34
for (const side of ['caller', 'callee']) {
  test(`a hang-up by the ${side} ends the call for the peer, without a reason, and both can call again at once`, async () => {
    const pair = await aConnectedCall(server.url);
    const [one, other] = side === 'caller' ? [pair.caller, pair.callee] : [pair.callee, pair.caller];
    one.end(other);
    one.call(other);  // at once: the user who hangs up gets no confirmation
    assert.deepEqual(await other.next('call_ended'), { from: one.name });
    await other.next('incoming_call');
    other.decline(one);
    assert.deepEqual(await one.next('call_declined'), { from: other.name });
    await assertTheyCanCallAgain(other, one);
    assert.deepEqual([...one.all('call_failed'), ...one.all('call_busy')], []);
  });
}

// R-003-17
test('when the caller gives up, the ringing stops', async () => {
  const { caller, callee } = await aCall(server.url);
  caller.end(callee);
  assert.equal((await callee.next('call_ended')).from, caller.name);
  await noCalls();
  await assertTheyCanCallAgain(caller, callee);
});

// R-003-20
test('calling a user who is in a call gets busy, and nobody else is notified', async () => {
  const pair = await aConnectedCall(server.url);
  const alice = await aUser(server.url);
  for (const target of [pair.caller, pair.callee]) {
    alice.call(target);
    assert.deepEqual(await alice.next('call_busy'), { targetUser: target.name });
  }
  await quietFor([pair.caller, pair.callee], kServerEvents);
  await assertTalking(pair);
});

// R-003-21
test('a user who is being rung or who is calling is busy too', async () => {
  const pair = await aCall(server.url);
  const alice = await aUser(server.url);
  for (const target of [pair.caller, pair.callee]) {
    alice.call(target);
    assert.deepEqual(await alice.next('call_busy'), { targetUser: target.name });
  }
  await quietFor([pair.caller, pair.callee], kServerEvents);
});

// R-003-22, C-10
test('calling a user who is not connected fails at once, with a message', async () => {
  const alice = await aUser(server.url);
  alice.emit('make_call', { to: 'zoe', from: alice.name, offer: kOffer });
  const { error, targetUser } = await alice.next('call_failed', 1000);
  assert.equal(targetUser, 'zoe');
  assert.ok(error.length > 0);
  assert.equal(await activeCalls(), 0);
});

test('calling oneself fails', async () => {
  const alice = await aUser(server.url);
  alice.call(alice);
  assert.equal((await alice.next('call_failed')).targetUser, alice.name);
  assert.deepEqual(alice.all('incoming_call'), []);
});

test('a second call by a user in a call fails, and the first goes on', async () => {
  const pair = await aConnectedCall(server.url);
  const carol = await aUser(server.url);
  pair.caller.call(carol);
  await eventually(() => pair.caller.all('call_failed').length + pair.caller.all('call_busy').length === 1, 'a refusal');
  await quietFor([carol], kServerEvents);
  await assertTalking(pair);
});

//
test('glare: the second caller gets busy and the first call rings again; one answer connects both', async () => {
  const [a, b] = [await aUser(server.url), await aUser(server.url)];
  a.call(b);
  await b.next('incoming_call');
  b.call(a, { type: 'offer', sdp: 'from b' });
  assert.deepEqual(await b.next('call_busy'), { targetUser: a.name });
  assert.deepEqual(await b.next('incoming_call'), { from: a.name, offer: kOffer });
  assert.deepEqual(a.all('incoming_call'), []);
  assert.equal(await activeCalls(), 1);
  b.answer(a);
  assert.equal((await a.next('call_answered')).from, b.name);
  await assertTalking({ caller: a, callee: b });
});

//
test('glare with both starts in flight leaves exactly one call and no deadlock', async () => {
  const [a, b] = [await aUser(server.url), await aUser(server.url)];
  a.call(b);
  b.call(a);
  const loser = await eventually(() => [a, b].find((user) => user.all('call_busy').length > 0), 'one to hear busy');
  const winner = loser === a ? b : a;
  assert.deepEqual(winner.all('call_busy'), []);
  await loser.next('incoming_call');
  loser.answer(winner);
  await winner.next('call_answered');
  assert.equal(await activeCalls(), 1);
});

// R-003-35, R-003-23
test('a client cannot send events in another user\'s name', async () => {
  const pair = await aConnectedCall(server.url);
  const mallory = await aUser(server.url);
  const forged = { to: pair.callee.name, from: pair.caller.name };
  const attempts = [
    ['make_call', { ...forged, offer: kOffer }],
    ['answer_call', { ...forged, answer: kOffer }],
    ['decline_call', forged],
    ['end_call', forged],
    ['ice_candidate', { ...forged, candidate: candidate(666) }],
  ];
  for (const [event, payload] of attempts) {
    mallory.emit(event, payload);
    const { error, targetUser } = await mallory.next('call_failed');
    assert.ok(error.length > 0, event);
    assert.equal(targetUser, pair.callee.name, event);
  }
  mallory.emit('logout_user', { userId: pair.caller.name });
  await mallory.next('call_failed');
  await quietFor([pair.caller, pair.callee], kServerEvents);
  await assertTalking(pair);
});

test('a stranger cannot end, answer, decline or signal in a call under their own name', async () => {
  const pair = await aCall(server.url);
  const mallory = await aUser(server.url);
  for (const target of [pair.caller, pair.callee]) {
    mallory.answer(target);
    await mallory.next('call_failed');
    // W-003-06, W-003-07: by no event
    for (const event of ['end_call', 'decline_call', 'ice_candidate']) {
      const payload = { to: target.name, from: mallory.name, ...(event === 'ice_candidate' && { candidate: candidate(1) }) };
      assert.equal((await mallory.socket.emitWithAck(event, payload)).success, false);
    }
  }
  assert.equal(mallory.all('call_failed').length, 2);
  await quietFor([pair.caller, pair.callee], kServerEvents);
});

test('the caller cannot answer their own call', async () => {
  const { caller, callee } = await aCall(server.url);
  caller.answer(callee);
  await caller.next('call_failed');
  assert.deepEqual(caller.all('call_answered'), []);
  callee.answer(caller);
  await caller.next('call_answered');
});

// R-003-36
for (const [event, fields] of Object.entries({ make_call: { offer: kOffer }, answer_call: { answer: kOffer } })) {
  test(`${event} before register_user is refused with a message`, async () => {
    const bob = await aUser(server.url);
    const nobody = connectUser(server.url, { name: aName('nobody') });
    nobody.emit(event, { to: bob.name, from: nobody.name, ...fields });
    assert.ok((await nobody.next('call_failed')).error.length > 0);
    await quietFor([bob], kServerEvents, 500);
    await nobody.register();
  });
}

// R-003-12
test('logout ends the call for the peer at once and removes the user from the list', async () => {
  const { caller, callee } = await aConnectedCall(server.url);
  caller.logout();
  assert.equal((await callee.next('call_ended', 1000)).from, caller.name);
  assert.deepEqual(await server.users(), [callee.name]);
  caller.call(callee);
  await caller.next('call_failed');  // logged out, but still connected
  await caller.register();
  await assertTheyCanCallAgain(caller, callee);
});

// R-003-23, R-003-31, X-31
test('candidates sent with the offer arrive behind it, in order and unchanged', async () => {
  const [alice, bob] = [await aUser(server.url), await aUser(server.url)];
  alice.call(bob);
  for (let n = 0; n < 20; ++n) alice.ice(bob, n);
  alice.emit('ice_candidate', { to: bob.name, from: alice.name, candidate: null });  // the end of candidates
  for (let n = 0; n < 20; ++n) assert.deepEqual(await bob.next('ice_candidate'), { from: alice.name, candidate: candidate(n) });
  assert.deepEqual(await bob.next('ice_candidate'), { from: alice.name, candidate: null });
  const heard = bob.log.map(([event]) => event);
  assert.ok(heard.indexOf('incoming_call') < heard.indexOf('ice_candidate'));
});

//
test('the callee\'s candidates reach the caller only after the answer', async () => {
  const { caller, callee } = await aCall(server.url);
  for (let n = 0; n < 20; ++n) callee.ice(caller, n);
  callee.answer(caller);
  await caller.next('call_answered');
  for (let n = 0; n < 20; ++n) assert.deepEqual(await caller.next('ice_candidate'), { from: callee.name, candidate: candidate(n) });
  const heard = caller.log.map(([event]) => event);
  assert.ok(heard.indexOf('call_answered') < heard.indexOf('ice_candidate'));
});
