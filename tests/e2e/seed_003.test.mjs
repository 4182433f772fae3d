// The real clients of seed 003 work unmodified (SPEC 2.12, W-003-01 to W-003-12): the phone of harness/phone.mjs, and pages that
// write descriptions as objects and trickle. With each other and other dialects:
// seed_003_each_other.test.mjs; pages that are loaded again: seed_003_reload.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { io as newest } from 'sio';
import { io as v40 } from 'sio40';
import { advance } from './harness/accounts.mjs';
import { aPhone, gathered, kAnswerText, kOfferText, readByPhone } from './harness/phone.mjs';
import { sharedServer } from './harness/server.mjs';
import { kKinds as kWrites } from './harness/transcripts.mjs';
import { aName, aUser, candidate, connectUser, kAnswer, kOffer } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time'] });
/** Those who write descriptions as objects, and the published client, which writes text. */
const kKinds = { pages: aUser, phones: aPhone };
const kEnd = ['call_failed', 'call_busy', 'call_ended', 'call_declined', 'call_timeout'];

/** The acknowledgement; by a callback, since clients before 4.6 have no emitWithAck. */
const asked = (user, event, payload) => new Promise((resolve) => user.emit(event, payload, resolve));
const heardOf = (user, events) => user.log.filter(([event]) => events.includes(event));
/** What was sent to these before has come by then. */
async function settled(...users) {
  for (let round = 0; round < 3; ++round) for (const user of users) await asked(user, 'nothing', {});
}

for (const [version, client] of Object.entries({ '4.0.2': v40, '4.8.4': newest })) {
  // W-01, W-003-01, W-003-02, R-003-07, R-003-08, R-003-14, R-003-15
  test(`client ${version}: two phones call each other with text and candidates`, async () => {
    const options = { transports: ['polling', 'websocket'] };  // the app's library polls first
    const [alice, bob] = [await aPhone(server.url, { client, options }), await aPhone(server.url, { client, options })];
    alice.call(bob);
    const ring = await bob.next('incoming_call');
    assert.deepEqual(ring, { from: alice.name, offer: kOfferText, iceCandidates: gathered(1, 2) });
    readByPhone(ring, 'offer');
    bob.answer(alice);
    const answer = await alice.next('call_answered');
    assert.deepEqual(answer, { from: bob.name, answer: kAnswerText, iceCandidates: gathered(3) });
    readByPhone(answer, 'answer');
    alice.leave();
    assert.deepEqual(await bob.next('call_ended'), { from: alice.name, reason: 'disconnected' });
    bob.leave();
  });

  // W-003-01, W-003-02, R-003-07, R-003-08, R-003-14, R-003-15
  test(`client ${version}: a page that writes objects gets objects, and no key that was not sent`, async () => {
    const [alice, bob] = [await aUser(server.url, { client }), await aUser(server.url, { client })];
    alice.call(bob);
    assert.deepEqual(await bob.next('incoming_call'), { from: alice.name, offer: kOffer });
    bob.emit('answer_call', { to: alice.name, from: bob.name, answer: kAnswer, iceCandidates: [] });
    assert.deepEqual(await alice.next('call_answered'), { from: bob.name, answer: kAnswer, iceCandidates: [] });
    alice.end(bob);
    assert.deepEqual(await bob.next('call_ended'), { from: alice.name });
    alice.leave();
    bob.leave();
  });
}

// W-01, W-003-01, W-003-02, W-003-05: what the published client does on each connect, and how its calls end. It reads no call_ended.
test('a phone that reconnects registers again, is called, declines, rings out, and calls back', async () => {
  const [alice, bob] = [await aPhone(server.url), await aPhone(server.url, { options: { transports: ['polling', 'websocket'], reconnection: true, reconnectionDelay: 10, reconnectionAttempts: 5 } })];
  bob.socket.on('connect', () => bob.emit('register_user', { userId: bob.name }));
  bob.loseTransport();
  await bob.next('disconnect');
  await bob.next('connect');
  assert.equal((await bob.next('user_registered')).success, true);
  alice.call(bob, []);
  assert.deepEqual(readByPhone(await bob.next('incoming_call'), 'offer'), { from: alice.name, sdp: kOfferText, candidates: [] });
  bob.decline(alice);
  assert.deepEqual(await alice.next('call_declined'), { from: bob.name });
  alice.call(bob);
  readByPhone(await bob.next('incoming_call'), 'offer');
  await advance(server.url, 30_000);
  assert.deepEqual(await alice.next('call_timeout'), { user: bob.name });
  await bob.next('call_ended');
  bob.call(alice);
  readByPhone(await alice.next('incoming_call'), 'offer');
  alice.answer(bob);
  assert.deepEqual(readByPhone(await bob.next('call_answered'), 'answer'), { from: alice.name, sdp: kAnswerText, candidates: gathered(3) });
  await settled(alice, bob);
  assert.deepEqual([...alice.all('call_failed'), ...bob.all('call_failed')], []);
  alice.leave();
  bob.leave();
});

// --- what comes in -----------------------------------------------------------------------------------------------------

// W-003-01, W-003-02
test('descriptions and candidates of other forms are refused in words', async () => {
  const [alice, bob] = [await aUser(server.url), await aUser(server.url)];
  const size = 256 * 1024;
  const text = (length) => 'v'.repeat(length);
  const one = gathered(1)[0];
  const refused = [
    { offer: '' }, { offer: null }, {}, { offer: 7 }, { offer: true }, { offer: [kOfferText] }, { offer: 'v=0\0' },
    { offer: text(size - 1) }, { offer: { sdp: text(size) } }, { offer: Buffer.from('v=0') }, { offer: { sdp: Buffer.from('v=0') } },
    ...[null, {}, '[]', 7, true, ['candidate:1'], [null], [[]], Array(65).fill(one), [{ candidate: text(size) }], [{ candidate: Buffer.from('c') }]]
      .map((iceCandidates) => ({ offer: kOfferText, iceCandidates })),
  ];
  for (const more of refused) {
    alice.emit('make_call', { to: bob.name, from: alice.name, ...more });
    const { error, targetUser } = await alice.next('call_failed');
    assert.match(error, /^(Field '(offer|iceCandidates)'|The payload must be JSON)/);
    assert.equal(targetUser, bob.name);
  }
  alice.emit('make_call', { to: bob.name, from: alice.name, offer: 'v=0\ud800' });
  assert.match((await alice.next('call_failed')).error, /not Unicode|SDP text/);
  await settled(bob);
  assert.deepEqual(bob.all('incoming_call'), []);
  alice.emit('make_call', { to: bob.name, from: alice.name, offer: text(size - 2), iceCandidates: Array(64).fill(one) });
  const ring = await bob.next('incoming_call');
  assert.deepEqual([ring.offer.length, ring.iceCandidates.length], [size - 2, 64]);
  alice.leave();
  bob.leave();
});

// W-003-01, W-003-02
test('an answer of another form is refused in words, and the call still rings', async () => {
  const [alice, bob] = [await aUser(server.url), await aUser(server.url)];
  alice.call(bob);
  await bob.next('incoming_call');
  const big = 'v'.repeat(256 * 1024);
  for (const more of [{}, ...['', null, 7, true, [kAnswerText], 'v=0\0', big, { sdp: big }, Buffer.from('v=0')].map((answer) => ({ answer })),
    ...[null, {}, '[]', ['candidate:1'], Array(65).fill({})].map((iceCandidates) => ({ answer: kAnswerText, iceCandidates }))]) {
    bob.emit('answer_call', { to: alice.name, from: bob.name, ...more });
    const { error, targetUser } = await bob.next('call_failed');
    assert.match(error, /^(Field '(answer|iceCandidates)'|The payload must be JSON)/);
    assert.equal(targetUser, alice.name);
  }
  bob.emit('answer_call', { to: alice.name, from: bob.name, answer: kAnswerText });
  await alice.next('call_answered');
  assert.equal(alice.all('call_answered').length, 1);
  alice.leave();
  bob.leave();
});

for (const [kind, make] of Object.entries(kKinds)) {
  // R-003-31, R-003-14
  test(`twenty candidates right behind the offer all arrive, in order, before the answer: ${kind}`, async () => {
    const [alice, bob] = [await make(server.url), await make(server.url)];
    alice.call(bob);
    for (let n = 1; n <= 20; ++n) alice.ice(bob, n);
    assert.deepEqual(await bob.next('incoming_call'), { from: alice.name, ...kWrites[kind].offer });
    for (let n = 1; n <= 20; ++n) assert.deepEqual(await bob.next('ice_candidate'), { from: alice.name, candidate: candidate(n) });
    bob.answer(alice);
    assert.deepEqual(await alice.next('call_answered'), { from: bob.name, ...kWrites[kind].answer });
    await settled(alice, bob);
    assert.equal(bob.all('ice_candidate').length, 20);
    assert.equal(bob.log.findIndex(([event]) => event === 'incoming_call') < bob.log.findIndex(([event]) => event === 'ice_candidate'), true);
    alice.leave();
    bob.leave();
  });
}

for (const [kind, make] of Object.entries(kKinds)) {
  // W-003-06
  test(`candidates before their call are answered by no event and follow the ring: ${kind}`, async () => {
    const [alice, bob] = [await make(server.url), await make(server.url)];
    for (const n of [1, 2]) {
      const { success } = await asked(alice, 'ice_candidate', { to: bob.name, from: alice.name, candidate: candidate(n) });
      assert.equal(success, false);
    }
    alice.call(bob);
    alice.ice(bob, 3);
    for (const n of [1, 2, 3]) assert.deepEqual(await bob.next('ice_candidate'), { from: alice.name, candidate: candidate(n) });
    assert.deepEqual(heardOf(bob, ['incoming_call', 'ice_candidate']).map(([event]) => event), ['incoming_call', 'ice_candidate', 'ice_candidate', 'ice_candidate']);
    assert.deepEqual(heardOf(alice, kEnd), []);
    alice.leave();
    bob.leave();
  });
}

for (const [kind, make] of Object.entries(kKinds)) {
  // W-003-06
  test(`of candidates before their call 64 are kept, for ten seconds: ${kind}`, async () => {
    const [alice, bob] = [await make(server.url), await make(server.url)];
    alice.ice(bob, 1);
    await settled(alice);
    await advance(server.url, 10_000);
    for (let n = 100; n < 200; ++n) alice.ice(bob, n);
    await settled(alice);
    await advance(server.url, 9_900);
    alice.call(bob);
    await bob.next('incoming_call');
    await eventually(() => bob.all('ice_candidate').length >= 64, '64 candidates');
    await settled(alice, bob);
    assert.deepEqual(bob.all('ice_candidate').map((heard) => heard.candidate), Array.from({ length: 64 }, (_, n) => candidate(100 + n)));
    alice.leave();
    bob.leave();
  });
}

for (const [kind, make] of Object.entries(kKinds)) {
  // W-003-07
  test(`ending or declining without a call is answered by no event, however often and by whomever: ${kind}`, async () => {
    const [alice, bob] = [await make(server.url), await make(server.url)];
    const both = (event) => Promise.all([asked(alice, event, { to: bob.name, from: alice.name }), asked(bob, event, { to: alice.name, from: bob.name })]);
    const failed = ({ success }) => success === false;
    for (const event of ['end_call', 'decline_call']) assert.ok((await both(event)).every(failed), `${event} before any call`);
    alice.call(bob);
    await bob.next('incoming_call');
    bob.answer(alice);
    await alice.next('call_answered');
    const acks = await both('end_call');
    assert.ok(acks.some(({ success }) => success), 'one of them ended it');
    for (const event of ['end_call', 'decline_call']) assert.ok((await both(event)).every(failed), `${event} after the call`);
    await settled(alice, bob);
    assert.deepEqual([...alice.all('call_failed'), ...bob.all('call_failed')], []);
    assert.ok(alice.all('call_ended').length + bob.all('call_ended').length <= 1, 'who hung up first hears nothing');
    alice.emit('end_call', { to: bob.name, from: bob.name });
    assert.match((await alice.next('call_failed')).error, /'from'/);
    alice.emit('end_call', { from: alice.name });
    assert.match((await alice.next('call_failed')).error, /'to'/);
    alice.leave();
    bob.leave();
  });
}

for (const [kind, make] of Object.entries(kKinds)) {
  // W-003-07: pages clean up without knowing whether they have a name still.
  test(`cleaning up without a name is answered by no event, calling and answering are refused: ${kind}`, async () => {
    const [alice, bob] = [await make(server.url), await make(server.url)];
    const cleanUp = async (user) => {
      for (const event of ['end_call', 'decline_call', 'ice_candidate']) {
        assert.equal((await asked(user, event, { to: bob.name, from: user.name, candidate: candidate(1) })).success, false, event);
      }
      assert.equal((await asked(user, 'logout_user', { userId: user.name })).success, false);
      assert.deepEqual(heardOf(user, ['call_failed']), []);
      user.emit('make_call', { to: bob.name, from: user.name, ...kWrites[kind].offer });
      user.emit('answer_call', { to: bob.name, from: user.name, ...kWrites[kind].answer });
      for (let each = 0; each < 2; ++each) assert.match((await user.next('call_failed')).error, /register_user/);
    };
    alice.logout();
    await alice.next('logout_success');
    await cleanUp(alice);
    const nobody = connectUser(server.url);
    await nobody.next('connect');
    await cleanUp(nobody);
    await settled(bob);
    assert.deepEqual(heardOf(bob, ['incoming_call', 'call_answered', 'ice_candidate', ...kEnd]), []);
    for (const user of [alice, bob, nobody]) user.leave();
  });
}

// --- candidates --------------------------------------------------------------------------------------------------------

// W-003-09
test('a candidate may be text, and null or left out at the end, and has at most 16 KiB', async () => {
  const [alice, bob] = [await aUser(server.url), await aUser(server.url)];
  alice.call(bob);
  await bob.next('incoming_call');
  const line = candidate(1).candidate;
  // `undefined` is left out on the way: a page that sends `e.candidate?.toJSON()`.
  for (const value of [line, '', null, undefined, candidate(1)]) alice.emit('ice_candidate', { to: bob.name, from: alice.name, candidate: value });
  for (const value of [line, '', null, null, candidate(1)]) assert.deepEqual(await bob.next('ice_candidate'), { from: alice.name, candidate: value });
  for (const value of [true, 7, [line]]) {
    alice.emit('ice_candidate', { to: bob.name, from: alice.name, candidate: value });
    assert.match((await alice.next('call_failed')).error, /Field 'candidate'/);
  }
  const largest = 'c'.repeat(16 * 1024 - 2);  // with its quotes
  alice.emit('ice_candidate', { to: bob.name, from: alice.name, candidate: `${largest}c` });
  assert.match((await alice.next('call_failed')).error, /Field 'candidate' is too large/);
  alice.emit('ice_candidate', { to: bob.name, from: alice.name, candidate: largest });
  assert.deepEqual(await bob.next('ice_candidate'), { from: alice.name, candidate: largest });
  alice.leave();
  bob.leave();
});

for (const [kind, make] of Object.entries(kKinds)) {
  // W-003-11
  test(`\`from\` may be left out of each event: ${kind}`, async () => {
    const { offer, answer } = kWrites[kind];
    const [alice, bob] = [await make(server.url), await make(server.url)];
    alice.emit('make_call', { to: bob.name, ...offer });
    assert.deepEqual(await bob.next('incoming_call'), { from: alice.name, ...offer });
    alice.emit('ice_candidate', { to: bob.name, candidate: candidate(1) });
    assert.deepEqual(await bob.next('ice_candidate'), { from: alice.name, candidate: candidate(1) });
    bob.emit('answer_call', { to: alice.name, ...answer });
    assert.deepEqual(await alice.next('call_answered'), { from: bob.name, ...answer });
    alice.emit('end_call', { to: bob.name });
    assert.deepEqual(await bob.next('call_ended'), { from: alice.name });
    bob.emit('make_call', { to: alice.name, ...offer });
    await alice.next('incoming_call');
    alice.emit('decline_call', { to: bob.name });
    assert.deepEqual(await bob.next('call_declined'), { from: alice.name });
    bob.emit('make_call', { to: alice.name, from: aName('forged'), ...offer });
    assert.match((await bob.next('call_failed')).error, /'from'/);
    alice.leave();
    bob.leave();
  });
}

// --- what is said ------------------------------------------------------------------------------------------------------

for (const [kind, make] of Object.entries(kKinds)) {
  // W-003-04
  test(`logging out is confirmed on a socket that stays, once the name is free: ${kind}`, async () => {
    const alice = await make(server.url);
    alice.logout();
    assert.deepEqual(await alice.next('logout_success', 1000), { userId: alice.name });
    assert.ok(!(await server.users()).includes(alice.name));
    assert.equal(alice.socket.connected, true);
    await alice.register();
    alice.leave();
  });
}

for (const [kind, make] of Object.entries(kKinds)) {
  // W-003-05, R-003-17, R-003-19
  test(`a time-out is told to both, and to the callee that it is over: ${kind}`, async () => {
    const [alice, bob] = [await make(server.url), await make(server.url)];
    alice.call(bob);
    await bob.next('incoming_call');
    await advance(server.url, 30_000);
    assert.deepEqual(await alice.next('call_timeout'), { user: bob.name });
    await bob.next('call_ended');
    await settled(alice, bob);
    assert.deepEqual(heardOf(bob, kEnd), [['call_timeout', { user: alice.name }], ['call_ended', { from: alice.name, reason: 'timeout' }]]);
    assert.deepEqual(heardOf(alice, kEnd), [['call_timeout', { user: bob.name }]]);
    alice.leave();
    bob.leave();
  });
}

async function lose(user) {
  user.loseTransport();
  await eventually(async () => !(await server.users()).includes(user.name), 'the loss to be noticed');
  await advance(server.url, 5_000);
}
const kWaysToGo = {
  'who disconnects': [(user) => user.socket.disconnect(), 'disconnected'],
  'who logs out': [(user) => user.logout(), 'logged out'],
  'who is lost': [lose, 'disconnected'],
};
for (const [who, [go, reason]] of Object.entries(kWaysToGo)) {
  for (const [kind, make] of Object.entries(kKinds)) {
    for (const [state, side] of [['ringing', 'caller'], ['ringing', 'callee'], ['connected', 'caller'], ['connected', 'callee']]) {
      // W-003-08, R-003-17
      test(`${state}: a ${side} ${who} is told to the other as "${reason}": ${kind}`, async () => {
        const [caller, callee] = [await make(server.url), await make(server.url)];
        caller.call(callee);
        await callee.next('incoming_call');
        if (state === 'connected') {
          callee.answer(caller);
          await caller.next('call_answered');
        }
        const [leaver, other] = side === 'caller' ? [caller, callee] : [callee, caller];
        await go(leaver);
        assert.deepEqual(await other.next('call_ended'), { from: leaver.name, reason });
        caller.leave();
        callee.leave();
      });
    }
  }
}

for (const [kind, make] of Object.entries(kKinds)) {
  // W-003-10
  test(`refusals are in the words of the work, the own call first: ${kind}`, async () => {
    const [alice, bob, carol] = [await make(server.url), await make(server.url), await make(server.url)];
    const fails = async (user, to) => {
      user.emit('make_call', { to, from: user.name, ...kWrites[kind].offer });
      const { error, targetUser } = await user.next('call_failed');
      assert.equal(targetUser, to);
      return error;
    };
    assert.equal(await fails(alice, aName('nobody')), 'User not found or offline');
    alice.call(bob);
    await bob.next('incoming_call');
    bob.answer(alice);
    await alice.next('call_answered');
    for (const to of [carol.name, bob.name, aName('nobody')]) assert.equal(await fails(alice, to), 'You are already in a call');
    assert.equal(await fails(bob, alice.name), 'You are already in a call');
    for (const user of [alice, bob, carol]) user.leave();
  });
}

// W-003-12
test('a name is not taken from who has it by another spelling', async () => {
  const stem = aName('ab');
  const first = connectUser(server.url, { name: stem });
  await first.next('connect');
  first.emit('register_user', { userId: ` ${stem}!` });
  assert.deepEqual(await first.next('user_registered'), { success: true, userId: stem });
  const second = connectUser(server.url, { name: stem });
  await second.next('connect');
  for (const userId of [stem, `${stem} `]) {
    second.emit('register_user', { userId });
    const { success, error } = await second.next('user_registered');
    assert.deepEqual([success, error], [false, 'Somebody with another spelling has this name']);
  }
  await settled(first);
  assert.deepEqual([first.all('force_disconnect'), first.socket.connected], [[], true]);
  second.emit('register_user', { userId: ` ${stem}!` });
  assert.equal((await second.next('user_registered')).success, true);
  await first.next('force_disconnect');
  second.leave();
  first.leave();
});
