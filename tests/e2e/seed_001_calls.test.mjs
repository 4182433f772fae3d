// The published clients of seed 001 work unmodified (SPEC 2.12, W-001-01 to W-001-05): their calls, from the ring to its end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { about, advance, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { aPage as aChatPage } from './harness/chat_page.mjs';
import { aPhone, gathered, kOfferText } from './harness/phone.mjs';
import { sharedServer } from './harness/server.mjs';
import { aUser, candidate, kAnswer, kOffer } from './harness/user.mjs';
import { aPage, kClients, rings, twoPages } from './harness/page.mjs';
import { quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time'] });
const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** As its pages do: started and answered by REST. */
async function inCall(pages) {
  const [alice, bob] = pages ?? (await twoPages(server.url));
  const call = await rings(alice, bob);
  await bob.responds(call, 'accept');
  await alice.next('call.response', about({ id: call.id }));
  return { alice, bob, call };
}

// W-01, W-001-01, W-001-03
for (const [version, client] of Object.entries(kClients)) {
  test(`client ${version}: two pages of seed 001 have a whole call`, async () => {
    const [alice, bob] = await twoPages(server.url, { caller: { client }, callee: { client } });
    const call = await rings(alice, bob);
    assert.deepEqual([call.callerId, call.caller.username, call.callType], [alice.id, alice.name, 'video']);
    await bob.responds(call, 'accept');
    const response = await alice.next('call.response');
    assert.deepEqual([response.callId, response.response, response.accepted], [call.id, 'accept', true]);
    assert.equal(response.call.recipient.username, bob.name);
    assert.match(response.timestamp, kTime);

    alice.emit('webrtc_offer', { targetUserId: bob.id, signal: kOffer });
    for (const n of [1, 2, 3]) alice.emit('webrtc_ice_candidate', { targetUserId: bob.id, signal: candidate(n) });
    const offer = await bob.next('webrtc_offer');
    assert.deepEqual([offer.from, offer.signal, offer.callId], [alice.id, kOffer, call.id]);
    assert.match(offer.timestamp, kTime);
    bob.emit('webrtc_ice_candidate', { targetUserId: alice.id, signal: candidate(9) });  // before its answer
    bob.emit('webrtc_answer', { targetUserId: alice.id, signal: kAnswer });
    const answer = await alice.next('webrtc_answer');
    assert.deepEqual([answer.from, answer.signal], [bob.id, kAnswer]);
    await bob.next('webrtc_ice_candidate', ({ signal }) => signal.candidate === candidate(3).candidate);
    assert.deepEqual(bob.all('webrtc_ice_candidate').map(({ signal }) => signal), [1, 2, 3].map(candidate));
    assert.deepEqual((await alice.next('webrtc_ice_candidate')).signal, candidate(9));

    assert.equal((await alice.ends(call)).status, 200);
    alice.emit('call_ended', { callId: call.id, to: bob.id });
    for (const page of [alice, bob]) assert.equal((await page.next('call.ended')).callId, call.id);
    // W-001-11: the entry of the call, beside the message and in it
    for (const page of [alice, bob]) {
      const { message, messageType, content, metadata } = await page.next('message.new');
      assert.deepEqual({ messageType, content, metadata }, { messageType: 'call', content: message.text,
        metadata: { callId: call.id, callType: 'video', callStatus: 'completed', callDuration: message.call.duration } });
      assert.deepEqual([message.messageType, message.metadata], [messageType, metadata]);
    }
    await quietFor([alice, bob], ['error', 'call.response', 'call.ended'], 300);
    assert.equal(bob.all('call.ended').length, 1);
    alice.leave();
    bob.leave();
  });
}

// W-001-01
test('a rejection is a call.response to the caller, and not to a socket that names its dialect', async () => {
  const [alice, bob] = await twoPages(server.url);
  const native = await aSocket(alice);
  const call = await rings(alice, bob);
  await bob.responds(call, 'reject');
  const { response, accepted, call: rejected } = await alice.next('call.response');
  assert.deepEqual([response, accepted, rejected.status], ['reject', false, 'rejected']);
  await native.next('call.rejected');
  await quietFor([bob, native], ['call.response', 'call.ended', 'authenticated'], 300);
  assert.deepEqual([native, bob].map((each) => each.all('call.response').length), [0, 0]);
  assert.deepEqual(native.all('authenticated'), []);
  alice.leave();
  bob.leave();
  leave(native);
});

// W-001-01
test('a page that names its user in the query is no web session', async () => {
  const alice = await aPerson(server.url);
  const socket = await aChatPage(alice);
  await socket.next('getonline');
  await quietFor([socket], ['authenticated'], 300);
  assert.deepEqual(socket.all('authenticated'), []);
  leave(socket);
});

// W-001-01: the callee answers with another device than the page that rings
test('the caller gets call.response whichever device of the callee answers', async () => {
  const [alice, bob] = await twoPages(server.url);
  const phone = await aSocket(bob);
  for (const [event, response] of [['call.accept', 'accept'], ['call.reject', 'reject']]) {
    const call = await rings(alice, bob);
    await phone.next('call.incoming', ({ call: { id } }) => id === call.id);
    await done(phone, event, { callId: call.id });
    assert.equal((await alice.next('call.response', about(call))).response, response);
    if (response === 'accept') assert.equal((await alice.ends(call)).status, 200);
  }
  alice.leave();
  bob.leave();
  leave(phone);
});

// W-001-02
test('the callee of a cancelled ring gets call.ended within a second', async () => {
  const [alice, bob] = await twoPages(server.url);
  const call = await rings(alice, bob);
  const begun = Date.now();
  await alice.ends(call);
  const ended = await bob.next('call.ended');
  assert.ok(Date.now() - begun < 1000);
  assert.deepEqual([ended.callId, ended.endedBy, ended.call.status], [call.id, alice.id, 'missed']);
  assert.match(ended.timestamp, kTime);
  await bob.next('call.cancelled');
  await quietFor([alice, bob], ['call.ended'], 300);
  assert.deepEqual([alice, bob].map((page) => page.all('call.ended').length), [0, 1]);
  alice.leave();
  bob.leave();
});

// W-001-02, SPEC 2.12 reading 5
test('the callee of a ring that times out gets call.ended without an ender', async () => {
  const [alice, bob] = await twoPages(server.url);
  const call = await rings(alice, bob);
  await advance(server.url, 60_500);
  const ended = await bob.next('call.ended');
  assert.deepEqual([ended.callId, ended.endedBy ?? null], [call.id, null]);
  for (const page of [alice, bob]) assert.equal((await page.next('call.missed')).callId, call.id);
  alice.leave();
  bob.leave();
});

// W-01, W-001-03: the two name the same members differently
test('the mobile client and the web client of seed 001 connect', async () => {
  const [alice, bob] = await twoPages(server.url, { caller: { transports: ['websocket'] } });
  const { call } = await inCall([alice, bob]);
  const sdp = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n';
  alice.emit('webrtc_offer', { callId: call.id, sdp, recipientId: bob.id });
  const offer = await bob.next('webrtc_offer');
  assert.deepEqual([offer.signal, offer.sdp, offer.callerId], [{ type: 'offer', sdp }, sdp, alice.id]);
  bob.emit('webrtc_answer', { targetUserId: alice.id, signal: kAnswer });
  const answer = await alice.next('webrtc_answer');
  assert.deepEqual([answer.callId, answer.sdp, answer.callerId], [call.id, kAnswer.sdp, alice.id]);
  alice.emit('webrtc_ice_candidate', { callId: call.id, candidate: candidate(1), targetUserId: bob.id });
  assert.deepEqual((await bob.next('webrtc_ice_candidate')).signal, candidate(1));
  bob.emit('webrtc_ice_candidate', { targetUserId: alice.id, signal: candidate(2) });
  assert.deepEqual((await alice.next('webrtc_ice_candidate')).candidate, candidate(2));
  alice.leave();
  bob.leave();
});

// W-001-03
test('a page renegotiates in its call, with and without the call\'s id', async () => {
  const { alice, bob, call } = await inCall();
  for (const [n, more] of [[1, {}], [2, { callId: call.id }]]) {
    const signal = { ...kOffer, sdp: `${kOffer.sdp}a=round:${n}\r\n` };
    alice.emit('webrtc_offer', { targetUserId: bob.id, signal, ...more });
    await bob.next('webrtc_offer', (event) => event.signal.sdp === signal.sdp);
    bob.emit('webrtc_answer', { targetUserId: alice.id, signal: { ...kAnswer, round: n }, ...more });
    await alice.next('webrtc_answer', (event) => event.signal.round === n);
  }
  alice.leave();
  bob.leave();
});

// W-001-03, SPEC 2.12 reading 5: both ways between a page and the other dialects
test('a page and a native socket get each other\'s signals under their own names', async () => {
  const [alice, carol] = [await aPage(await aPerson(server.url)), await aPerson(server.url)];
  const carolSocket = await aSocket(carol);
  const { body } = await alice.calls(carol);
  await done(carolSocket, 'call.accept', { callId: body.data.id });
  await alice.next('call.response');
  alice.emit('webrtc_offer', { targetUserId: carol.id, signal: kOffer });
  const offer = await carolSocket.next('call.signal');
  assert.deepEqual([offer.kind, offer.payload, offer.from], ['offer', kOffer, alice.id]);
  await done(carolSocket, 'call.signal', { callId: body.data.id, kind: 'answer', payload: kAnswer });
  await done(carolSocket, 'call.signal', { callId: body.data.id, kind: 'candidate', payload: candidate(4) });
  assert.deepEqual((await alice.next('webrtc_answer')).signal, kAnswer);
  assert.deepEqual((await alice.next('webrtc_ice_candidate')).signal, candidate(4));
  await quietFor([carolSocket], ['webrtc_offer', 'call_mute'], 200);
  alice.leave();
  leave(carolSocket);
});

// W-001-03
test('a page calls a client of seed 003', async () => {
  const alice = await aPage(await aPerson(server.url));
  const guest = await aUser(server.url);
  const { data } = (await alice.get(`/api/users?q=${guest.name}`)).body;
  const { id } = (data.users ?? data).find(({ username }) => username === guest.name);
  await alice.calls({ id });
  alice.emit('webrtc_offer', { targetUserId: id, signal: kOffer });
  assert.deepEqual(await guest.next('incoming_call'), { from: alice.name, offer: kOffer });
  guest.answer(alice);
  assert.equal((await alice.next('call.response')).response, 'accept');
  assert.deepEqual((await alice.next('webrtc_answer')).signal, kAnswer);
  alice.emit('webrtc_ice_candidate', { targetUserId: id, signal: candidate(5) });
  assert.deepEqual(await guest.next('ice_candidate'), { from: alice.name, candidate: candidate(5) });
  guest.ice(alice, 6);
  assert.deepEqual((await alice.next('webrtc_ice_candidate')).signal, candidate(6));
  alice.leave();
  guest.leave();
});

// W-001-03, W-003-02: the phone sends its offer with the start, as text, and its candidates with it
test('a phone of seed 003 calls a page', async () => {
  const phone = await aPhone(server.url);
  const bob = await aPage(await aPerson(server.url));
  phone.call(bob);
  const { call } = await bob.next('call.incoming');
  const offer = await bob.next('webrtc_offer');
  assert.deepEqual([offer.signal, offer.callId], [{ type: 'offer', sdp: kOfferText }, call.id]);
  await bob.next('webrtc_ice_candidate', ({ signal }) => signal.candidate === gathered(2)[0].candidate);
  assert.deepEqual(bob.all('webrtc_ice_candidate').map(({ signal }) => signal), gathered(1, 2));
  await bob.responds(call, 'accept');
  bob.emit('webrtc_answer', { targetUserId: offer.from, signal: kAnswer });
  assert.equal((await phone.next('call_answered')).answer, kAnswer.sdp);
  bob.leave();
  phone.leave();
});

// W-001-03: a native caller sends its offer with the start
test('a native socket calls a page', async () => {
  const [carol, bob] = [await aPerson(server.url), await aPage(await aPerson(server.url))];
  const socket = await aSocket(carol);
  await done(socket, 'call.start', { recipientId: bob.id, callType: 'video', offer: kOffer });
  const { call } = await bob.next('call.incoming');
  const offer = await bob.next('webrtc_offer');
  assert.deepEqual([offer.from, offer.signal, offer.callId], [carol.id, kOffer, call.id]);
  await bob.responds(call, 'accept');
  bob.emit('webrtc_answer', { targetUserId: carol.id, signal: kAnswer });
  assert.deepEqual((await socket.next('call.signal', ({ kind }) => kind === 'answer')).payload, kAnswer);
  bob.leave();
  leave(socket);
});

// W-001-03
test('a signal to a stranger, to oneself or into the call of others is an error at its sender only', async () => {
  const { alice, bob, call } = await inCall();
  const stranger = await aPage(await aPerson(server.url));
  const nobody = '018f3c1e-7b2a-7cde-9abc-0123456789ab';
  for (const payload of [
    { targetUserId: stranger.id, signal: kOffer },
    { targetUserId: alice.id, signal: kOffer },
    { targetUserId: nobody, signal: kOffer },
    { targetUserId: stranger.id, callId: call.id, signal: kOffer },
    { targetUserId: bob.id, callId: nobody, signal: kOffer },
  ]) {
    const before = alice.all('error').length;
    alice.emit('webrtc_offer', payload);
    await alice.next('error', () => alice.all('error').length > before);
    const { type, message } = alice.all('error').at(-1);
    assert.equal(type, 'TARGET_OFFLINE', JSON.stringify(payload));
    assert.equal(typeof message, 'string');
  }
  stranger.emit('webrtc_offer', { targetUserId: bob.id, signal: kOffer });
  stranger.emit('webrtc_offer', { callId: call.id, signal: kOffer });
  await stranger.next('error', () => stranger.all('error').length === 2);
  await quietFor([alice, bob, stranger], ['webrtc_offer', 'call.signal'], 300);
  assert.deepEqual([alice, bob, stranger].map((page) => page.all('webrtc_offer').length), [0, 0, 0]);
  for (const page of [alice, bob, stranger]) page.leave();
});

// W-001-03
test('a malformed signal is refused, and the next good one passes', async () => {
  const { alice, bob } = await inCall();
  const big = 'x'.repeat(256 * 1024);
  const bad = [[], {}, 'text', null, { targetUserId: 7, signal: kOffer }, { targetUserId: bob.id }, { targetUserId: bob.id, signal: null },
    { targetUserId: bob.id, sdp: '' }, { targetUserId: bob.id, signal: big }, { targetUserId: bob.id, signal: Buffer.from('binary') }];
  for (const payload of bad) {
    const before = alice.all('error').length;
    alice.emit('webrtc_offer', payload);
    await alice.next('error', () => alice.all('error').length > before);
    assert.equal(alice.all('error').at(-1).type, 'VALIDATION_FAILED');
  }
  alice.emit('webrtc_offer', { targetUserId: bob.id, signal: { type: 'offer', sdp: 'a\u0000b' } });
  assert.equal((await bob.next('webrtc_offer')).signal.sdp, 'a\u0000b');
  assert.equal(bob.all('webrtc_offer').length, 1);
  alice.leave();
  bob.leave();
});

// W-001-01, W-001-02: a page that comes back without recovery does not know call.snapshot
for (const outcome of ['accept', 'reject', 'cancel', 'end']) {
  test(`a page that was away gets what its dialog needs: ${outcome}`, async () => {
    const [alice, bob] = await twoPages(server.url);
    const call = await rings(alice, bob);
    if (outcome === 'end') await bob.responds(call, 'accept');
    const away = outcome === 'accept' || outcome === 'reject' ? alice : bob;
    away.socket.io.reconnection(false);
    away.socket.io.engine.close();
    if (away === alice) await bob.responds(call, outcome);
    else assert.equal((await alice.ends(call)).status, 200);
    const back = await aPage(away);
    const event = away === alice ? 'call.response' : 'call.ended';
    const got = await back.next(event, ({ callId }) => callId === call.id);
    assert.equal(got.response, away === alice ? outcome : undefined);
    await quietFor([back], [event], 200);
    assert.equal(back.all(event).length, 1);
    for (const page of [back, away === alice ? bob : alice]) page.leave();
  });
}

// W-001-03, W-003-03: the page offers only when it is accepted
for (const [form, answer] of [['text', (sdp) => sdp], ['an object', (sdp) => ({ type: 'answer', sdp })]]) {
  test(`a page calls a client of seed 003 that writes ${form}, and renegotiates`, async () => {
    const page = await aPage(await aPerson(server.url));
    const bob = await aPerson(server.url);
    const phone = await aPhone(server.url, { name: bob.name, options: { auth: { token: bob.token, dialect: 'signaling' } } });
    const { body } = await page.post('/api/calls', { recipientId: bob.id, callType: 'audio' });
    assert.ok(body.data.id);
    await advance(server.url, 2000);
    assert.equal((await phone.next('incoming_call')).offer, null);
    phone.emit('answer_call', { to: page.name, from: phone.name, answer: answer('none yet') });
    await page.next('call.response');
    for (const round of [1, 2]) {
      page.emit('webrtc_offer', { targetUserId: bob.id, signal: { type: 'offer', sdp: `offer ${round}` } });
      const { offer } = await phone.next('incoming_call');
      assert.deepEqual(offer, form === 'text' ? `offer ${round}` : { type: 'offer', sdp: `offer ${round}` });
      phone.emit('answer_call', { to: page.name, from: phone.name, answer: answer(`answer ${round}`) });
      await page.next('webrtc_answer', ({ signal }) => signal.sdp === `answer ${round}`);
    }
    assert.equal(page.all('webrtc_answer').length, 2);
    page.leave();
    phone.leave();
  });
}

// W-001-03, W-003-01, W-003-09
test('a signal of a wrong type reaches no dialect', async () => {
  const { alice, bob } = await inCall();
  const before = () => alice.all('error').length;
  const refused = async (event, payload) => {
    const known = before();
    alice.emit(event, { targetUserId: bob.id, ...payload });
    await alice.next('error', () => before() > known);
    assert.equal(alice.all('error').at(-1).type, 'VALIDATION_FAILED');
  };
  for (const value of [5, true, [], {}, '', { type: 'answer', sdp: 5 }]) await refused('webrtc_answer', { signal: value });
  for (const value of [5, true, []]) await refused('webrtc_ice_candidate', { candidate: value });
  await refused('webrtc_ice_candidate', {});
  await quietFor([bob], ['webrtc_answer', 'webrtc_ice_candidate', 'call.signal'], 200);
  assert.deepEqual(bob.all('call.signal'), []);
  alice.leave();
  bob.leave();
});

// W-001-05
test('mute and video reach the peer, also before any description', async () => {
  const { alice, bob } = await inCall();
  for (const event of ['call_mute', 'call_unmute', 'call_video_on', 'call_video_off']) {
    for (const [from, to] of [[alice, bob], [bob, alice]]) {
      from.emit(event, { targetUserId: to.id });
      const { from: sender, timestamp } = await to.next(event);
      assert.equal(sender, from.id);
      assert.match(timestamp, kTime);
    }
  }
  alice.leave();
  bob.leave();
});

// W-001-05
test('call_ended ends the call for a participant and is refused to a stranger', async () => {
  const { alice, bob, call } = await inCall();
  const stranger = await aPage(await aPerson(server.url));
  const refused = await new Promise((resolve) => stranger.emit('call_ended', { callId: call.id, to: bob.id }, resolve));
  assert.equal(refused.success, false);
  alice.emit('call_ended', { callId: call.id, to: bob.id });
  assert.equal((await bob.next('call.ended')).endedBy, alice.id);
  for (const [page, to] of [[alice, bob], [bob, alice]]) {
    const again = await new Promise((resolve) => page.emit('call_ended', { callId: call.id, to: to.id }, resolve));
    assert.equal(again.success, true);
  }
  await quietFor([alice, bob], ['error', 'call.ended'], 200);
  for (const page of [alice, bob, stranger]) page.leave();
});

// W-001-05
test('a page gets authenticated at connect and pong for its heartbeat', async () => {
  const person = await aPerson(server.url);
  const page = await aPage(person);
  const { userId, username, timestamp } = await page.next('authenticated');
  assert.deepEqual([userId, username], [person.id, person.name]);
  assert.match(timestamp, kTime);
  page.emit('heartbeat');
  assert.match((await page.next('pong')).timestamp, kTime);
  page.leave();
});
