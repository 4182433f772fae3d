// The native dialect (SPEC 2.4): sessions that return, several devices, races of two callers, lost networks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { about, advance, aPair, aPerson, aSocket, done, leave, loggedInAgain } from './harness/accounts.mjs';
import { anAdmin, assertInvariants } from './harness/operators.mjs';
import { sharedServer } from './harness/server.mjs';
import { candidate, connectUser, kOffer } from './harness/user.mjs';
import { eventually, quietFor, within } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time'] });

const later = (seconds) => advance(server.url, seconds * 1000);
const loseNetwork = (socket) => socket.io.engine.close();

async function notDone(socket, event, payload, code) {
  const answer = await socket.does(event, payload);
  assert.deepEqual([answer.success, answer.error?.code], [false, code], JSON.stringify(answer));
  return answer;
}

/** Alice's call rings at Bob's. */
async function ringing(more = {}) {
  const pair = await aPair(server.url);
  const call = await done(pair.aliceSocket, 'call.start', { recipientId: pair.bob.id, callType: 'video', ...more });
  await pair.bobSocket.next('call.incoming');
  return { ...pair, call };
}

async function connected() {
  const pair = await ringing();
  await done(pair.bobSocket, 'call.accept', { callId: pair.call.id });
  await pair.aliceSocket.next('call.accepted');
  return pair;
}

const statusOf = async (person, call) => (await person.reads(call)).body.data;
const peerState = (state) => (event) => event.state === state;

// SPEC 2.4
test('every server event has a number, a time and a version, without a gap', async () => {
  const { alice, call, aliceSocket, bobSocket } = await connected();
  await done(aliceSocket, 'call.end', { callId: call.id });
  await bobSocket.next('call.ended');
  for (const socket of [aliceSocket, bobSocket]) {
    const events = socket.log.map(([, payload]) => payload);
    assert.ok(events.every(({ v, ts }) => v === 1 && !Number.isNaN(new Date(ts).getTime())), JSON.stringify(events[0]));
    const seqs = events.map(({ seq }) => seq);
    assert.deepEqual(seqs, seqs.map((_, i) => seqs[0] + i), 'dense seq');
    const callSeqs = events.filter((event) => event.callId === call.id && event.callSeq).map(({ callSeq }) => callSeq);
    assert.deepEqual(callSeqs, [...callSeqs].sort((a, b) => a - b), 'callSeq rises');
  }
  assert.equal(aliceSocket.session.userId, alice.id);
  assert.equal(aliceSocket.session.dialect, 'native');
  leave(aliceSocket, bobSocket);
});

// T-01, T-07, T-16, terminal events of SPEC 0
test('a call started, accepted and ended by sockets ends once at every session', async () => {
  const { alice, bob, call, aliceSocket, bobSocket } = await connected();
  const tablet = await aSocket(bob);
  await later(7);
  assert.equal((await done(bobSocket, 'call.end', { callId: call.id })).status, 'ended');
  for (const socket of [aliceSocket, bobSocket, tablet]) {
    const ended = await socket.next('call.ended', about(call));
    assert.deepEqual([ended.endedBy, ended.endReason, ended.duration], [bob.id, 'hangup', 7]);
  }
  await quietFor([aliceSocket, bobSocket, tablet], ['call.ended', 'call.missed', 'call.cancelled'], 300);
  for (const socket of [aliceSocket, bobSocket, tablet]) assert.equal(socket.all('call.ended').length, 1);
  await notDone(aliceSocket, 'call.accept', { callId: call.id }, 'CALL_NOT_FOUND');
  await notDone(tablet, 'call.accept', { callId: call.id }, 'CALL_NOT_RINGING');
  assert.equal((await statusOf(alice, call)).status, 'ended');
  leave(aliceSocket, bobSocket, tablet);
});

// T-10, terminal events of SPEC 0
test('a call that its caller cancels ends at every session of both users, without a missed event', async () => {
  const { alice, call, aliceSocket, bobSocket } = await ringing();
  await done(aliceSocket, 'call.cancel', { callId: call.id });
  for (const socket of [aliceSocket, bobSocket]) assert.equal((await socket.next('call.cancelled', about(call))).endReason, 'cancelled');
  await quietFor([aliceSocket, bobSocket], ['call.cancelled', 'call.missed', 'call.ended'], 300);
  const { status, endReason } = await statusOf(alice, call);
  assert.deepEqual([status, endReason], ['missed', 'cancelled']);
  leave(aliceSocket, bobSocket);
});

// T-11, SPEC 2.8.2
test('a callee who ends a ringing call cancels it, and the caller gets missed', async () => {
  const { alice, bob, call, aliceSocket, bobSocket } = await ringing();
  await done(bobSocket, 'call.end', { callId: call.id });
  assert.equal((await aliceSocket.next('call.missed', about(call))).endReason, 'cancelled');
  const { status, endReason, endedBy } = await statusOf(alice, call);
  assert.deepEqual([status, endReason, endedBy], ['missed', 'cancelled', bob.id]);
  leave(aliceSocket, bobSocket);
});

//
test('when one device answers or declines, the others are notified that it happened elsewhere', async () => {
  for (const [word, told] of [['call.accept', 'call.answered_elsewhere'], ['call.reject', 'call.declined_elsewhere']]) {
    const { bob, call, aliceSocket, bobSocket } = await ringing();
    const tablet = await aSocket(bob, { auth: { deviceId: 'tablet' } });
    await tablet.next('call.incoming');
    await done(tablet, word, { callId: call.id });
    assert.equal((await bobSocket.next(told, about(call))).by.deviceId, 'tablet');
    assert.deepEqual(tablet.all(told), []);
    await notDone(bobSocket, 'call.accept', { callId: call.id }, 'CALL_NOT_RINGING');
    leave(aliceSocket, bobSocket, tablet);
  }
});

//
test('when two devices accept at the same time, one gets the call', async () => {
  for (let round = 0; round < 20; ++round) {
    const { alice, bob, call, aliceSocket, bobSocket } = await ringing();
    const tablet = await aSocket(await loggedInAgain(bob));
    await tablet.next('call.incoming');
    const answers = await Promise.all([bobSocket, tablet].map((socket) => socket.does('call.accept', { callId: call.id })));
    assert.equal(answers.filter(({ success }) => success).length, 1, JSON.stringify(answers));
    assert.equal(answers.find(({ success }) => !success).error.code, 'CALL_NOT_RINGING');
    const loser = answers[0].success ? tablet : bobSocket;
    await loser.next('call.answered_elsewhere', about(call));
    await aliceSocket.next('call.accepted', about(call));
    assert.equal(aliceSocket.all('call.accepted').length, 1);
    assert.equal((await statusOf(alice, call)).startedAt, answers.find(({ success }) => success).data.startedAt);
    leave(aliceSocket, bobSocket, tablet);
  }
});

// SPEC 2.8.1, T-26
test('a repeat by the same session gets the same answer; by another session a refusal', async () => {
  const { bob, call, aliceSocket, bobSocket } = await connected();
  assert.equal((await done(bobSocket, 'call.accept', { callId: call.id })).status, 'connected');
  const tablet = await aSocket(bob);
  await notDone(tablet, 'call.accept', { callId: call.id }, 'CALL_NOT_RINGING');
  assert.equal(aliceSocket.all('call.accepted').length, 1);
  leave(aliceSocket, bobSocket, tablet);
});

//
test('a native user who calls their caller back is connected to the ringing call', async () => {
  const { alice, call, aliceSocket, bobSocket } = await ringing({ offer: kOffer });
  const answer = await bobSocket.does('call.start', { recipientId: alice.id, callType: 'audio', glare: 'connect' });
  assert.equal(answer.success, true, JSON.stringify(answer));
  assert.deepEqual([answer.data.id, answer.data.status, answer.data.callType], [call.id, 'connected', 'audio']);
  assert.equal((await bobSocket.next('call.glare', about(call))).role, 'answerer');
  assert.equal((await aliceSocket.next('call.accepted', about(call))).call.callType, 'audio');
  leave(aliceSocket, bobSocket);
});

//
test('a user who calls back by REST is refused because the peer is already calling', async () => {
  const { alice, bob, call, aliceSocket, bobSocket } = await ringing();
  const { status, body } = await bob.calls(alice);
  assert.equal(status, 400);
  assert.equal(body.error.code, 'CALLER_BUSY');
  assert.deepEqual(body.data, { callId: call.id, glare: true });
  await eventually(() => bobSocket.all('call.incoming').length === 2, 'the dialog to be raised again');
  leave(aliceSocket, bobSocket);
});

// X-11, T-13
test('a caller who returns within the grace was never away; one who does not cancels the call', async () => {
  const { alice, call, aliceSocket, bobSocket } = await ringing();
  loseNetwork(aliceSocket);
  await later(3);
  const again = await aSocket(alice, { auth: { sessionId: aliceSocket.session.sessionId, lastSeq: aliceSocket.log.at(-1)[1].seq } });
  await later(10);
  assert.equal((await statusOf(alice, call)).status, 'calling');
  assert.deepEqual(bobSocket.all('call.cancelled'), []);
  loseNetwork(again);
  await eventually(async () => {
    await later(1);
    return (await statusOf(alice, call)).status === 'missed';
  }, 'the grace to be over');
  assert.equal((await bobSocket.next('call.cancelled', about(call))).endReason, 'caller_disconnected');
  leave(bobSocket);
});

// T-13, X-11: explicit leave
test('a caller who leaves on purpose cancels the call at once', async () => {
  const { alice, call, aliceSocket, bobSocket } = await ringing();
  aliceSocket.disconnect();
  assert.equal((await bobSocket.next('call.cancelled', about(call))).endReason, 'caller_disconnected');
  assert.equal((await statusOf(alice, call)).endReason, 'caller_disconnected');
  leave(bobSocket);
});

// X-12, T-14
test('a callee who reconnects is rung for the remaining time; one who does not is unreachable', async () => {
  const { alice, bob, call, aliceSocket, bobSocket } = await ringing();
  const { ringExpiresAt } = await bobSocket.next('call.incoming');
  loseNetwork(bobSocket);
  await later(2);
  const again = await aSocket(bob);
  assert.equal((await again.next('call.incoming', about(call))).ringExpiresAt, ringExpiresAt);
  loseNetwork(again);
  await eventually(async () => {
    await later(1);
    return (await statusOf(alice, call)).status === 'missed';
  }, 'the grace to be over');
  assert.equal((await aliceSocket.next('call.missed', about(call))).endReason, 'unreachable');
  leave(aliceSocket);
});

// X-13, T-18, T-19
test('a participant who returns within the grace continues the call and gets the signals sent meanwhile', async () => {
  const { alice, bob, call, aliceSocket, bobSocket } = await connected();
  loseNetwork(bobSocket);
  await aliceSocket.next('call.peer_state', peerState('reconnecting'));
  const queued = await aliceSocket.does('call.signal', { callId: call.id, kind: 'candidate', payload: candidate(1) });
  assert.deepEqual([queued.success, queued.data], [true, { queued: true }], JSON.stringify(queued));  // SPEC 2.8.14
  const again = await aSocket(bob, { auth: { sessionId: bobSocket.session.sessionId, lastSeq: bobSocket.log.at(-1)[1].seq } });
  await aliceSocket.next('call.peer_state', peerState('reconnected'));
  assert.deepEqual((await again.next('call.signal')).payload, candidate(1));
  await later(120);
  assert.equal((await statusOf(alice, call)).status, 'connected');
  leave(aliceSocket, again);
});

// T-20
test('a participant who does not return ends the call, as of the moment of the loss', async () => {
  const { alice, call, aliceSocket, bobSocket } = await connected();
  await later(10);
  loseNetwork(bobSocket);
  await aliceSocket.next('call.peer_state', peerState('reconnecting'));
  await later(60);
  const ended = await aliceSocket.next('call.ended', about(call));
  assert.deepEqual([ended.endReason, ended.duration], ['connection_lost', 10]);
  assert.equal((await statusOf(alice, call)).duration, 10);
  leave(aliceSocket);
});

//
test('when both are lost, the call ended when the first was lost', async () => {
  const { alice, bob, call, aliceSocket, bobSocket } = await connected();
  await later(4);
  loseNetwork(bobSocket);
  await aliceSocket.next('call.peer_state', peerState('reconnecting'));
  await later(1);
  loseNetwork(aliceSocket);
  await eventually(async () => {
    await later(1);
    return (await statusOf(alice, call)).status === 'ended';
  }, 'the graces to be over');
  const { endReason, duration } = await statusOf(bob, call);
  assert.deepEqual([endReason, duration], ['connection_lost', 4]);
});

//
test('media reported as alive keeps the call through a longer loss of signaling', async () => {
  const { alice, call, aliceSocket, bobSocket } = await connected();
  loseNetwork(bobSocket);
  await aliceSocket.next('call.peer_state', peerState('reconnecting'));
  await done(aliceSocket, 'call.media', { callId: call.id, audio: true, video: true, screen: false, alive: true });
  await later(100);
  assert.equal((await statusOf(alice, call)).status, 'connected');
  await later(60);
  assert.equal((await statusOf(alice, call)).endReason, 'connection_lost');
  leave(aliceSocket);
});

//
test('a session resumed on a new socket replaces the old socket, whose late close changes nothing', async () => {
  const { alice, bob, call, aliceSocket, bobSocket } = await connected();
  const { sessionId } = bobSocket.session;
  const again = await aSocket(bob, { auth: { sessionId, lastSeq: 0 } });
  assert.equal(again.session.sessionId, sessionId);
  if (bobSocket.connected) loseNetwork(bobSocket);
  await eventually(() => !bobSocket.connected, 'the old socket to end');
  await later(60);
  assert.equal((await statusOf(alice, call)).status, 'connected');
  assert.deepEqual(aliceSocket.all('call.ended'), []);
  leave(aliceSocket, again);
});

// T-12, terminal events of SPEC 0, `session.resume`
test('a session that reconnects gets what it missed, with the same callSeq', async () => {
  const { bob, call, aliceSocket, bobSocket } = await ringing();
  const tablet = await aSocket(bob);
  const { sessionId } = bobSocket.session;
  const lastSeq = bobSocket.log.at(-1)[1].seq;
  loseNetwork(bobSocket);
  await later(61);
  const missed = await tablet.next('call.missed', about(call));
  const again = await aSocket(bob);
  const { data } = await again.does('session.resume', { sessionId, lastSeq });
  assert.equal(typeof data.resumed, 'boolean');
  const told = await eventually(() => again.all('call.missed').find(about(call)) ?? [data.snapshot, ...again.all('call.snapshot')].find((seen) => seen?.callSeqs?.[call.id]),
    'the missed call', 3000);
  assert.equal(told.callSeq ?? told.callSeqs[call.id], missed.callSeq);
  leave(aliceSocket, tablet, again);
});

// SPEC 2.8.13, 2.8.15
test('call.sync returns the call to a participant and nothing to a stranger', async () => {
  const { alice, call, aliceSocket, bobSocket } = await connected();
  const { calls, callSeqs } = await done(aliceSocket, 'call.sync', { callId: call.id });
  assert.deepEqual([calls.length, calls[0].id, calls[0].status], [1, call.id, 'connected']);
  assert.ok(callSeqs[call.id] >= 2);
  assert.deepEqual((await done(bobSocket, 'call.sync', {})).calls.map(({ id }) => id), [call.id]);
  const mallory = await aSocket(await aPerson(server.url));
  await notDone(mallory, 'call.sync', { callId: call.id }, 'CALL_NOT_FOUND');
  for (const event of ['call.accept', 'call.reject']) await notDone(mallory, event, { callId: call.id }, 'CALL_NOT_FOUND');
  for (const event of ['call.end', 'call.cancel', 'call.media', 'call.quality'])
    await notDone(mallory, event, { callId: call.id, ...(event === 'call.media' && { audio: true, video: true, screen: false, alive: true }), ...(event === 'call.quality' && { samples: [{ rttMs: 10 }] }) }, 'NOT_PARTICIPANT');
  assert.equal((await statusOf(alice, call)).status, 'connected');
  leave(aliceSocket, bobSocket, mallory);
});

// SPEC 0: --dev opens the signaling dialect, not the API
test('a native socket without a credential may connect but every call command is refused', async () => {
  const guest = connectUser(server.url, { options: { auth: { dialect: 'native' } } });
  await guest.next('connect');
  for (const event of ['call.start', 'call.accept', 'call.end', 'call.sync']) {
    const answer = await within(guest.socket.emitWithAck(event, {}), `an answer to ${event}`);
    assert.equal(answer.success, false, event);
  }
  guest.leave();
});

// I-1 to I-9
test('after all of this the invariants hold', async () => {
  await later(200);
  await assertInvariants(server.url, await anAdmin(['--data', server.data]));
});
