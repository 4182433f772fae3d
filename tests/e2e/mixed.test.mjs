// Calls between clients of different kinds: native with seed 003, JSON with msgpack.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { about, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { aUser, candidate, kAnswer, kOffer } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after });

/** Somebody of seed 003 and somebody native; the guest is found by name, as REST finds people. */
async function aMixedPair({ url } = server) {
  const alice = await aPerson(url);
  const aliceSocket = await aSocket(alice);
  const guest = await aUser(url);
  const { data } = (await alice.get(`/api/users?q=${guest.name}`)).body;
  const { id } = (data.users ?? data).find(({ username }) => username === guest.name);
  return { alice, aliceSocket, guest, guestId: id };
}

// Issue 3, item 5
test('a native client calls a client of seed 003, who answers and hangs up', async () => {
  const { alice, aliceSocket, guest, guestId } = await aMixedPair();
  const call = await done(aliceSocket, 'call.start', { recipientId: guestId, callType: 'video', offer: kOffer });
  assert.deepEqual(await guest.next('incoming_call'), { from: alice.name, offer: kOffer });
  guest.answer(alice);
  assert.deepEqual((await aliceSocket.next('call.accepted', about(call))).answer, kAnswer);
  guest.ice(alice, 7);
  assert.deepEqual((await aliceSocket.next('call.signal', ({ kind }) => kind === 'candidate')).payload, candidate(7));
  guest.end(alice);
  assert.equal((await aliceSocket.next('call.ended', about(call))).endedBy, guestId);
  guest.leave();
  leave(aliceSocket);
});

// Issue 3, item 5
test('a client of seed 003 calls a native client, who answers and hangs up', async () => {
  const { alice, aliceSocket, guest } = await aMixedPair();
  guest.call(alice);
  const { call, offer, caller } = await aliceSocket.next('call.incoming');
  assert.deepEqual([offer, caller.username], [kOffer, guest.name]);
  await done(aliceSocket, 'call.accept', { callId: call.id, answer: kAnswer });
  assert.deepEqual(await guest.next('call_answered'), { from: alice.name, answer: kAnswer });
  guest.ice(alice, 8);
  assert.deepEqual((await aliceSocket.next('call.signal', ({ kind }) => kind === 'candidate')).payload, candidate(8));
  await done(aliceSocket, 'call.end', { callId: call.id });
  assert.equal((await guest.next('call_ended')).from, alice.name);
  guest.leave();
  leave(aliceSocket);
});

// Issue 3, J-2.11
test('two native clients and one of seed 003 cannot mesh, and the caller is told before anybody is rung', async () => {
  const { alice, aliceSocket, guest, guestId } = await aMixedPair();
  const ben = await aPerson(server.url);
  const benSocket = await aSocket(ben);
  const start = { recipientIds: [ben.id, guestId], callType: 'video', ring: 'immediate' };
  const refusal = await aliceSocket.does('call.start', start);
  assert.deepEqual([refusal.success, refusal.error.code, refusal.data], [false, 'MEDIA_INCOMPATIBLE', { userIds: [guestId] }]);
  assert.match(refusal.error.message, /only with a client for calls of two; ask them to open another client/);
  assert.equal((await alice.post('/api/calls', start)).status, 409);
  await quietFor([benSocket], ['call.incoming'], 200);
  assert.deepEqual(guest.all('incoming_call'), []);
  assert.deepEqual((await alice.get('/api/calls/history')).body.data.calls, []);
  guest.leave();
  let call;
  await eventually(async () => (call = (await aliceSocket.does('call.start', start)).data)?.id, 'a start without the guest, who is gone');
  await benSocket.next('call.incoming', about(call));
  await done(aliceSocket, 'call.end', { callId: call.id });
  leave(aliceSocket, benSocket);
});

// SPEC 2.5, J-8.1
test('a call at a provider does not ring a client of seed 003', async () => {
  const agora = await startServer({
    env: { AGORA_APP_ID: '970CA35de60c44645bbae8a215061b33', AGORA_APP_CERT: '5CFd2fd1755d40ecb72977518be15d3b', MEDIA_PROVIDER: 'agora' },
  });
  try {
    const { aliceSocket, guest, guestId } = await aMixedPair(agora);
    const refusal = await aliceSocket.does('call.start', { recipientId: guestId, callType: 'video', offer: kOffer });
    assert.deepEqual([refusal.error.code, refusal.data], ['MEDIA_INCOMPATIBLE', { userIds: [guestId] }]);
    assert.deepEqual(guest.all('incoming_call'), []);
    const other = await aUser(agora.url);
    other.call(guest);
    assert.deepEqual((await guest.next('incoming_call')).offer, kOffer, 'among themselves they go on as ever');
    guest.answer(other);
    await other.next('call_answered');
    guest.leave();
    other.leave();
    leave(aliceSocket);
  } finally {
    await agora.stop();
  }
});

//
test('a client of seed 003 who calls back gets busy, and is rung again', async () => {
  const [alice, bob] = [await aUser(server.url), await aUser(server.url)];
  alice.call(bob);
  await bob.next('incoming_call');
  bob.call(alice);
  assert.equal((await bob.next('call_busy')).targetUser, alice.name);
  assert.deepEqual(await bob.next('incoming_call'), { from: alice.name, offer: kOffer });
  bob.answer(alice);
  await alice.next('call_answered');
  alice.leave();
  bob.leave();
});

// SPEC 2.4
test('clients with the official msgpack parser complete a call, with unchanged values', async () => {
  const { default: parser } = await import('socket.io-msgpack-parser');
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  await assert.rejects(aSocket({ ...alice, token: 'bad' }, { parser }), /Authentication error/);
  // Also with a client with the default parser, and by polling.
  for (const options of [{ parser }, { parser, transports: ['polling'] }, {}]) await havePackedCall(alice, bob, { parser }, options);
});

async function havePackedCall(alice, bob, aliceOptions, bobOptions) {
  const [aliceSocket, bobSocket] = [await aSocket(alice, aliceOptions), await aSocket(bob, bobOptions)];
  const call = await done(aliceSocket, 'call.start', { recipientId: bob.id, callType: 'video' });
  await bobSocket.next('call.incoming');
  await done(bobSocket, 'call.accept', { callId: call.id, answer: kAnswer });
  assert.deepEqual((await aliceSocket.next('call.accepted')).answer, kAnswer);
  const payload = { sdp: 'ü€😀', list: [1, -1, 1.5, null, true] };
  await done(aliceSocket, 'call.signal', { callId: call.id, kind: 'offer', payload });
  assert.deepEqual((await bobSocket.next('call.signal')).payload, payload);
  await done(aliceSocket, 'call.end', { callId: call.id });
  await bobSocket.next('call.ended');
  leave(aliceSocket, bobSocket);
}
