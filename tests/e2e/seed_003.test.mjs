// The real clients of seed 003 work unmodified (SPEC 2.12, W-003-01 to W-003-12): the phone of harness/phone.mjs, pages that write
// descriptions as objects and trickle, and both beside clients of the other dialects.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { io as newest } from 'sio';
import { io as v40 } from 'sio40';
import { about, advance, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { aPhone, gathered, kAnswerText, kOfferText, readByPhone } from './harness/phone.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { sharedServer } from './harness/server.mjs';
import { kKinds as kWrites } from './harness/transcripts.mjs';
import { aName, aUser, candidate, connectUser, kAnswer, kOffer } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time'] });
const [[, onSqlite]] = kDatabases;
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

// --- each kind of client with each other ------------------------------------------------------------------------------

/** One who has been here before: the server knows how it writes descriptions. */
async function experienced(user, offer) {
  await asked(user, 'make_call', { to: aName('nobody'), from: user.name, offer });
  user.log.length = 0;
  return user;
}
const asObject = (type, sdp) => ({ type, sdp });
const signalsAt = (socket) => socket.all('call.signal').filter(({ kind }) => kind === 'candidate').map(({ payload }) => payload);

/** A native socket; `rest` does by REST what a socket may do too. */
async function nativeParty(doing) {
  const person = await aPerson(server.url);
  const socket = await aSocket(person);
  const idOf = async (peer) => peer.id ?? (await person.get(`/api/users?q=${peer.name}`)).body.data.users?.find(({ username }) => username === peer.name).id;
  const rest = async (path, body) => {
    const { status, body: answer } = await person.post(path, body);
    assert.ok(status < 300, `${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  };
  const party = { name: person.name, id: person.id, kind: 'object' };
  party.call = async (peer) => {
    const start = { recipientId: await idOf(peer), callType: 'audio', offer: kOffer };
    party.active = doing === 'rest' ? await rest('/api/calls', start) : await done(socket, 'call.start', start);
  };
  party.ring = async () => {
    const { call, offer } = await socket.next('call.incoming');
    party.active = call;
    return { description: offer, candidates: async (count) => (await eventually(() => signalsAt(socket).length >= count, 'candidates'), signalsAt(socket)) };
  };
  party.accept = () =>
    doing === 'rest'
      ? rest('/api/calls/respond', { callId: party.active.id, response: 'accept', answer: kAnswer })
      : done(socket, 'call.accept', { callId: party.active.id, answer: kAnswer });
  party.answered = async () => {
    const { answer } = await socket.next('call.accepted', about(party.active));
    return { description: answer, candidates: async (count) => (await eventually(() => signalsAt(socket).length >= count, 'candidates'), signalsAt(socket)) };
  };
  party.end = () => (doing === 'rest' ? rest(`/api/calls/${party.active.id}/end`, {}) : done(socket, 'call.end', { callId: party.active.id }));
  party.ended = () => socket.next('call.ended', about(party.active));
  party.leave = () => leave(socket);
  return party;
}

async function signalingParty(kind) {
  const user = kind === 'text' ? await experienced(await aPhone(server.url), kOfferText) : await aUser(server.url);
  const read = (payload, member, from) => {
    assert.equal(payload.from, from.name);
    if (kind === 'text') readByPhone(payload, member);
    return { description: payload[member], candidates: async () => payload.iceCandidates };
  };
  return {
    name: user.name,
    kind,
    call: async (peer) => ((user.peer = peer), user.call(peer)),
    ring: async (peer) => ((user.peer = peer), read(await user.next('incoming_call'), 'offer', peer)),
    accept: async () => user.answer(user.peer),
    answered: async () => read(await user.next('call_answered'), 'answer', user.peer),
    end: async () => user.end(user.peer),
    ended: () => user.next('call_ended'),
    leave: () => user.leave(),
  };
}

const kParties = {
  'a phone': () => signalingParty('text'),
  'a page': () => signalingParty('object'),
  'a native client': () => nativeParty('socket'),
  'a REST client': () => nativeParty('rest'),
};

/** What this one gets of what that one sent. */
function expectation(to, from, member) {
  const [text, object, candidates] = member === 'offer' ? [kOfferText, kOffer, gathered(1, 2)] : [kAnswerText, kAnswer, gathered(3)];
  const native = to.id !== undefined;
  if (from.kind === 'text') {
    // A page that has shown nothing gets the offer as it was sent; one that called with an object gets the answer as one.
    const asText = to.kind === 'text' || (!native && member === 'offer');
    return { description: asText ? text : asObject(member, text), candidates };
  }
  return { description: to.kind === 'text' ? object.sdp : object, candidates: to.kind === 'text' ? [] : native ? [] : undefined };
}

for (const [callerKind, makeCaller] of Object.entries(kParties)) {
  for (const [calleeKind, makeCallee] of Object.entries(kParties)) {
    // W-003-01, W-003-02, W-003-03
    test(`${callerKind} calls ${calleeKind}, who answers, and hangs up`, async () => {
      const [caller, callee] = [await makeCaller(), await makeCallee()];
      await caller.call(callee);
      for (const [what, to, from, member] of [[() => callee.ring(caller), callee, caller, 'offer'], [() => caller.answered(), caller, callee, 'answer']]) {
        const wanted = expectation(to, from, member);
        const heard = await what();
        assert.deepEqual(heard.description, wanted.description);
        assert.deepEqual(await heard.candidates(wanted.candidates?.length ?? 0), wanted.candidates);
        if (member === 'offer') await callee.accept();
      }
      await caller.end();
      await callee.ended();
      caller.leave();
      callee.leave();
    });
  }
}

// W-003-03
test('a phone that is rung by a browser after it had called one gets text', async () => {
  const [phone, page] = [await aPhone(server.url), await aUser(server.url)];
  phone.call(page);
  assert.deepEqual(await page.next('incoming_call'), { from: phone.name, offer: kOfferText, iceCandidates: gathered(1, 2) });
  page.answer(phone);
  assert.deepEqual(await phone.next('call_answered'), { from: page.name, answer: kAnswer.sdp, iceCandidates: [] });
  page.end(phone);
  await phone.next('call_ended');
  page.call(phone);
  assert.deepEqual(await phone.next('incoming_call'), { from: page.name, offer: kOffer.sdp, iceCandidates: [] });
  phone.leave();
  page.leave();
});

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

// --- a page that was loaded again --------------------------------------------------------------------------------------

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

// --- candidates --------------------------------------------------------------------------------------------------------

// W-003-09
test('a candidate may be text, and null or left out at the end', async () => {
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
