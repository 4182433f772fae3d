// Calls between clients of different kinds: native with seed 003, JSON with msgpack.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { about, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { sharedServer } from './harness/server.mjs';
import { aUser, candidate, kAnswer, kOffer } from './harness/user.mjs';

const server = sharedServer({ before, after });

/** Somebody of seed 003 and somebody native; the guest is found by name, as REST finds people. */
async function aMixedPair() {
  const alice = await aPerson(server.url);
  const aliceSocket = await aSocket(alice);
  const guest = await aUser(server.url);
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
