// Calls in conversations and groups, between stock socket.io clients and by REST, on SQLite and on PostgreSQL (SPEC J-2, J-1.7).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { about, advance, aPerson, aSocket, ask, done, leave } from './harness/accounts.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const kTime = { timeout: 120_000 };
const kHeard = ['call.incoming', 'call.missed', 'call.ended', 'call.cancelled', 'call.rejected', 'call.accepted'];

const ok = ({ status, body }, expected = 200) => {
  assert.equal(status, expected, JSON.stringify(body));
  return body.data;
};
const refused = ({ status, body }, expected, code) => {
  assert.deepEqual([status, body.error?.code], [expected, code], JSON.stringify(body));
  return body;
};
async function notDone(socket, event, payload, code) {
  const answer = await socket.does(event, payload);
  assert.deepEqual([answer.success, answer.error?.code], [false, code], JSON.stringify(answer));
  return answer;
}
const hears = (socket, event, times) => eventually(() => socket.all(event).length === times, `${event} ${times} times at ${socket.name}`);
const states = ({ participants }) => participants.map(({ state }) => state).sort();
const leg = ({ participants }, { id }) => participants.find(({ userId }) => userId === id);

/** ann, ben, cid and eve in one group, each with a native socket. */
async function aCrew(world) {
  const people = [];
  for (let i = 0; i < 4; ++i) {
    const person = await aPerson(world.url);
    person.socket = await aSocket(person);
    person.put = (path) => ask(world.url, path, { method: 'PUT', token: person.token });
    person.patch = (path, body) => ask(world.url, path, { method: 'PATCH', token: person.token, body });
    person.del = (path) => ask(world.url, path, { method: 'DELETE', token: person.token });
    people.push(person);
  }
  const [ann, ...others] = people;
  const group = ok(await ann.post('/api/conversations', { kind: 'group', memberIds: others.map(({ id }) => id) }), 201);
  return { people, group };
}

function onEach(title, body) {
  for (const [name, make] of kDatabases)
    test(`${title}, on ${name}`, kTime, async () => {
      const kept = await make();
      let world;
      try {
        world = await aRestartableServer([...kept.args, '--virtual-time']);
        const { people, group } = await aCrew(world);
        await body({ world, people, group, later: (seconds) => advance(world.url, seconds * 1000) });
        leave(...people.map(({ socket }) => socket));
        await world.stop();
      } finally {
        world?.server.signal('SIGKILL');
        await kept.remove();
      }
    });
}

// J-2.1, J-2.2, J-2.5, J-2.9, J-2.12, J-2.13, R-001-83, R-000-38
onEach('four people meet in their group, one declines, one leaves, and the host ends it', async ({ people, group }) => {
  const [ann, ben, cid, eve] = people;
  const call = await done(ann.socket, 'call.start', { groupId: group.id, callType: 'video' });
  assert.deepEqual([call.groupId, call.conversationId, call.recipientId], [group.id, group.id, null]);
  assert.deepEqual([call.ringPolicy, call.reachable, call.participants.length], ['onCallerReady', true, 4]);
  assert.equal((await ann.socket.next('call.progress', about(call))).state, 'created');
  await quietFor([ben.socket, cid.socket, eve.socket], kHeard, 200);
  assert.deepEqual(ok(await ben.get('/api/calls/active')).calls, []);
  await done(ann.socket, 'call.ready', { callId: call.id });
  await hears(ann.socket, 'call.progress', 2);
  for (const { socket } of [ben, cid, eve]) assert.equal((await socket.next('call.incoming', about(call))).call.groupId, group.id);
  assert.equal(ok(await ben.get('/api/calls/active')).calls[0].id, call.id);

  await done(ben.socket, 'call.ringing', { callId: call.id });
  assert.equal((await ann.socket.next('call.progress', ({ state }) => state === 'ringing')).userId, ben.id);
  await done(ben.socket, 'call.accept', { callId: call.id });
  assert.equal((await ann.socket.next('call.accepted', about(call))).by.userId, ben.id);
  await done(cid.socket, 'call.accept', { callId: call.id });
  assert.equal((await ann.socket.next('call.accepted', ({ by }) => by.userId === cid.id)).call.status, 'connected');
  assert.deepEqual([(await ben.socket.next('call.peer_state', about(call))).userId], [cid.id]);
  await done(eve.socket, 'call.reject', { callId: call.id });
  const declined = await ann.socket.next('call.rejected', about(call));
  assert.deepEqual([declined.by.userId, declined.final, declined.reason, declined.call.status], [eve.id, false, 'declined', 'connected']);
  await notDone(eve.socket, 'call.accept', { callId: call.id }, 'CALL_NOT_RINGING');

  await done(ben.socket, 'call.signal', { callId: call.id, kind: 'offer', payload: { sdp: 'o' }, toUserId: cid.id });
  assert.equal((await cid.socket.next('call.signal', about(call))).from, ben.id);
  await notDone(ben.socket, 'call.signal', { callId: call.id, kind: 'offer', payload: { sdp: 'o' } }, 'NOT_PARTICIPANT');

  await done(ben.socket, 'call.end', { callId: call.id });
  assert.equal((await ben.socket.next('call.ended', about(call))).call.status, 'connected');
  assert.equal((await cid.socket.next('call.peer_state', ({ state }) => state === 'left')).userId, ben.id);
  await done(ann.socket, 'call.end', { callId: call.id });
  for (const { socket } of [ann, cid]) assert.equal((await socket.next('call.ended', about(call))).call.status, 'ended');
  const read = ok(await eve.get(`/api/calls/${call.id}`));
  assert.deepEqual([leg(read, eve).leaveReason, leg(read, ben).leaveReason, leg(read, cid).leaveReason], ['declined', 'hangup', 'hangup']);
  for (const person of people) assert.equal(ok(await person.get('/api/calls/history')).calls[0].id, call.id);
});

// J-1.4, J-2.1
onEach('a start names one conversation that it may name, by REST and by socket', async ({ world, people, group }) => {
  const [ann, ben] = people;
  const stranger = await aPerson(world.url);
  for (const id of [group.id, randomUUID()]) {
    const { message } = refused(await stranger.post('/api/calls', { groupId: id, callType: 'audio' }), 403, 'NOT_PARTICIPANT');
    assert.equal(message, 'You are not a participant in this conversation');
  }
  const direct = ok(await ann.post('/api/conversations', { kind: 'direct', userId: ben.id }), 201);
  const wrong = refused(await ann.post('/api/calls', { groupId: direct.id, callType: 'audio' }), 400, 'VALIDATION_FAILED');
  assert.deepEqual(wrong.error.details.map(({ field }) => field), ['groupId']);
  const both = refused(await ann.post('/api/calls', { groupId: group.id, recipientId: ben.id, callType: 'audio' }), 400, 'VALIDATION_FAILED');
  assert.deepEqual(both.error.details.map(({ field }) => field).sort(), ['groupId', 'recipientId']);
  const none = refused(await ann.post('/api/calls', { callType: 'audio' }), 400, 'VALIDATION_FAILED');
  assert.deepEqual(none.error.details.map(({ field }) => field), ['recipientId']);
  await notDone(ann.socket, 'call.start', { groupId: group.id, conversationId: group.id, callType: 'audio' }, 'VALIDATION_FAILED');
  const call = ok(await ann.post('/api/calls', { conversationId: direct.id, callType: 'audio' }), 201);
  assert.deepEqual([call.recipientId, call.conversationId, call.groupId], [ben.id, direct.id, null]);
  await ben.socket.next('call.incoming', about(call));
  ok(await ann.ends(call));
  const free = ok(await ann.post('/api/calls', { recipientIds: people.slice(1).map(({ id }) => id), callType: 'audio' }), 201);
  assert.deepEqual([free.recipientId, free.conversationId, free.participants.length], [null, null, 4]);
  for (const { socket } of people.slice(1)) await socket.next('call.incoming', about(free));
  ok(await ann.ends(free));
});

// J-1.5, J-1.7
onEach('a block and a ring mode keep a call from who does not want it', async ({ people, group, later }) => {
  const [ann, ben, cid, eve] = people;
  ok(await ben.put(`/api/users/${ann.id}/block`));
  for (const [caller, callee] of [[ann, ben], [ben, ann]]) refused(await caller.calls(callee), 400, 'USER_INACTIVE');
  ok(await cid.patch(`/api/conversations/${group.id}/members/me`, { ringMode: 'none' }));
  const call = ok(await ann.post('/api/calls', { groupId: group.id, callType: 'audio' }), 201);
  await eve.socket.next('call.incoming', about(call));
  assert.deepEqual(states(call), ['invited', 'invited', 'joined', 'notified']);
  assert.deepEqual([ben, cid].map(({ socket }) => socket.all('call.incoming').length), [0, 0]);
  await done(cid.socket, 'call.accept', { callId: call.id });
  await later(70);
  await eve.socket.next('call.missed', about(call));
  await quietFor([ben.socket], kHeard, 200);
  ok(await ann.ends(call));
});

// J-2.3, J-2.4
onEach('a busy member is not disturbed, and a conversation has one call', async ({ people, group }) => {
  const [ann, ben, cid, eve] = people;
  const other = ok(await ben.calls(cid), 201);
  await cid.socket.next('call.incoming', about(other));
  const call = await done(ann.socket, 'call.start', { groupId: group.id, callType: 'audio', ring: 'immediate' });
  assert.deepEqual([leg(call, ben).state, leg(call, cid).state], ['busy', 'busy']);
  const busy = await ann.socket.next('call.rejected', about(call));
  assert.deepEqual([busy.reason, busy.final], ['busy', false]);
  await eve.socket.next('call.incoming', about(call));
  const { data } = await notDone(eve.socket, 'call.start', { groupId: group.id, callType: 'audio' }, 'CALLER_BUSY');
  assert.deepEqual(data, { callId: call.id, glare: true });
  await hears(eve.socket, 'call.incoming', 2);
  ok(await ben.ends(other));
  await done(ann.socket, 'call.end', { callId: call.id });
  await eve.socket.next('call.cancelled', about(call));
});

// J-2.10, X-28, X-29, S17
onEach('who is removed, deactivated or leaves is out, and the others go on', async ({ world, people, group }) => {
  const [ann, ben, cid, eve] = people;
  const call = ok(await ann.post('/api/calls', { groupId: group.id, callType: 'audio' }), 201);
  for (const { socket } of [ben, cid]) await done(socket, 'call.accept', { callId: call.id });
  await eve.socket.next('call.incoming', about(call));
  ok(await ann.del(`/api/conversations/${group.id}/members/${eve.id}`));
  assert.equal((await eve.socket.next('call.cancelled', about(call))).endReason, 'kicked');
  ok(await ann.del(`/api/conversations/${group.id}/members/${ben.id}`));
  assert.equal((await ben.socket.next('call.ended', about(call))).endReason, 'kicked');
  for (const { id } of [eve, ben]) await cid.socket.next('call.peer_state', ({ state, userId }) => state === 'left' && userId === id);
  const read = ok(await ann.get(`/api/calls/${call.id}`));
  assert.deepEqual([read.status, leg(read, ben).leaveReason], ['connected', 'kicked']);
  await world.command(['user', 'set-status', cid.name, 'blocked']);
  assert.equal((await ann.socket.next('call.ended', about(call))).call.status, 'ended');
});

// J-2.9, S17
onEach('the host may leave a call to the others, and the longest joined is the next', async ({ people, group, later }) => {
  const [ann, ben, cid] = people;
  const call = ok(await ann.post('/api/calls', { groupId: group.id, callType: 'audio' }), 201);
  for (const { socket } of [ben, cid]) {
    await done(socket, 'call.accept', { callId: call.id });
    await later(1);
  }
  assert.equal(ok(await ann.post(`/api/calls/${call.id}/leave`)).status, 'connected');
  assert.equal((await ben.socket.next('call.peer_state', ({ state }) => state === 'left')).userId, ann.id);
  await done(ben.socket, 'call.end', { callId: call.id });
  await cid.socket.next('call.ended', about(call));
});
