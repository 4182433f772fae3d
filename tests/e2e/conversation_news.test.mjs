// Changes of conversations, and calls in them, as their members see them: on SQLite and on PostgreSQL (SPEC K27 to K29, K39, K41 to K43).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPerson, ask, aSocket, leave } from './harness/accounts.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { eventually } from './harness/wait.mjs';

const kTime = { timeout: 120_000 };

/** One test for each database, with three people. */
function onEach(title, body) {
  for (const [name, make] of kDatabases)
    test(`${title}, on ${name}`, kTime, async () => {
      const kept = await make();
      let world;
      try {
        world = await aRestartableServer(kept.args);
        const people = [];
        for (let i = 0; i < 3; ++i) people.push(await aPerson(world.url));
        await body({ kept, world, people });
        await world.stop();
      } finally {
        world?.server.signal('SIGKILL');
        await kept.remove();
      }
    });
}

const in_ = (room, rest = '') => `/api/conversations/${room}${rest}`;
const send = (method) => (person, path, body) => ask(person.url, path, { method, token: person.token, body });
const [patch, del] = [send('PATCH'), send('DELETE')];
function ok({ status, body }, expected = 200) {
  assert.equal(status, expected, JSON.stringify(body));
  return body.data;
}
const refused = ({ status, body }, expected, code) => assert.deepEqual([status, body.error?.code], [expected, code], JSON.stringify(body));
const history = async (person, room) => ok(await person.get(in_(room, '/messages'))).messages;
const lines = (messages) => messages.map(({ seq, kind, text }) => `${seq} ${kind} ${text}`);
const roleOf = ({ members }, { id }) => members.find(({ userId }) => userId === id)?.role;
const about = (room) => ({ conversation, conversationId }) => (conversation?.id ?? conversationId) === room;
/** What a session heard of this conversation, as "event seq". */
const heard = (socket, room) => socket.log
  .filter(([, payload]) => about(room)(payload))
  .map(([event, { message }]) => (message ? `${event} ${message.seq}` : event));

// K28, K29, K41, K42, R-004-73
onEach('members hear of changes, who joins reads from there on, and who is removed hears nothing more', async ({ people: [ann, bob, cid] }) => {
  const sockets = [await aSocket(ann), await aSocket(bob), await aSocket(cid)];
  const [annSocket, bobSocket, cidSocket] = sockets;
  const { id: room } = ok(await ann.post('/api/conversations', { kind: 'group', title: 'Crew', memberIds: [bob.id] }), 201);
  for (const socket of [annSocket, bobSocket]) assert.equal((await socket.next('conversation.new')).conversation.title, 'Crew');
  ok(await ann.post(in_(room, '/messages'), { text: 'before' }), 201);
  ok(await ann.post(in_(room, '/members'), { userIds: [cid.id] }));
  const added = (await cidSocket.next('conversation.new')).conversation;
  assert.deepEqual([added.id, added.unreadCount, added.lastMessage.kind, added.lastMessage.seq], [room, 0, 'system', 2]);
  const updated = (await bobSocket.next('conversation.updated')).conversation;
  assert.deepEqual([updated.members.length, updated.unreadCount, updated.activeCallId], [3, undefined, null]);
  assert.ok(updated.members.every(({ username, name, avatar }) => username && name && avatar !== undefined));
  const [entry] = await history(cid, room);
  assert.deepEqual([entry.seq, entry.kind, entry.senderId, entry.callId, entry.call], [2, 'system', ann.id, null, null]);
  assert.match(entry.text, / added /);
  await bobSocket.next('message.new', ({ message }) => message.seq === 2);

  refused(await patch(bob, in_(room, `/members/${cid.id}`), { role: 'admin' }), 403, 'FORBIDDEN');
  refused(await patch(ann, in_(room, `/members/${ann.id}`), { role: 'member' }), 403, 'FORBIDDEN');
  assert.equal(roleOf(ok(await patch(ann, in_(room, `/members/${bob.id}`), { role: 'admin' })), bob), 'admin');
  const handed = ok(await patch(ann, in_(room, `/members/${bob.id}`), { role: 'owner' }));
  assert.deepEqual([roleOf(handed, bob), roleOf(handed, ann)], ['owner', 'admin']);
  refused(await del(ann, in_(room)), 403, 'FORBIDDEN');

  ok(await del(bob, in_(room, `/members/${cid.id}`)));
  ok(await bob.post(in_(room, '/messages'), { text: 'after' }), 201);
  ok(await patch(bob, in_(room), { title: 'Band' }));
  await annSocket.next('message.new', ({ message }) => message.seq === 7);
  await cidSocket.next('conversation.removed', about(room));
  assert.equal(heard(cidSocket, room).at(-1), 'conversation.removed');
  refused(await cid.get(in_(room, '/messages')), 403, 'NOT_PARTICIPANT');
  assert.deepEqual((await history(ann, room)).map(({ seq }) => seq), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(heard(annSocket, room).filter((each) => each.startsWith('message.new')), [1, 2, 3, 4, 5, 6, 7].map((seq) => `message.new ${seq}`));
  ok(await del(bob, in_(room)));
  for (const socket of [annSocket, bobSocket]) {
    await socket.next('conversation.removed', about(room));
    assert.equal(heard(socket, room).at(-1), 'conversation.removed');
  }
  leave(...sockets);
});

// K28, K45
onEach('who is blocked makes no direct conversation', async ({ people: [ann, bob, cid] }) => {
  const { id } = ok(await ann.post('/api/conversations', { kind: 'direct', userId: bob.id }), 201);
  for (const other of [ann, cid]) ok(await send('PUT')(bob, `/api/users/${other.id}/block`));
  assert.equal(ok(await ann.post('/api/conversations', { kind: 'direct', userId: bob.id })).id, id);
  refused(await cid.post('/api/conversations', { kind: 'direct', userId: bob.id }), 403, 'FORBIDDEN');
});

// K27, K29, K39, K43, R-004-80
onEach('calls of two stand in their direct conversation, and their ends outlive a crash there', async ({ kept, world, people: [ann, bob] }) => {
  const sockets = [await aSocket(ann), await aSocket(bob)];
  const [annSocket, bobSocket] = sockets;
  const missed = ok(await ann.calls(bob), 201);
  assert.ok(missed.conversationId, JSON.stringify(missed));
  const room = missed.conversationId;
  assert.equal(ok(await bob.get(in_(room))).activeCallId, missed.id);
  assert.equal((await bobSocket.next('call.incoming')).call?.conversationId ?? room, room);
  ok(await ann.ends(missed));
  const { message } = await bobSocket.next('message.new', about(room));
  assert.deepEqual([message.seq, message.kind, message.text, message.senderId, message.callId], [1, 'call', 'Missed video call', ann.id, missed.id]);
  assert.deepEqual({ ...message.call, endedAt: undefined },
    { id: missed.id, callType: 'video', status: 'missed', endReason: 'cancelled', duration: null, startedAt: null, endedAt: undefined });
  assert.deepEqual((await annSocket.next('message.new', about(room))).message, message);
  const { messageType, content, metadata } = message;  // W-001-11
  assert.deepEqual({ messageType, content, metadata }, { messageType: 'call', content: 'Missed video call',
    metadata: { callId: missed.id, callType: 'video', callStatus: 'missed', callDuration: 0 } });
  assert.deepEqual([(await bobSocket.next('unread.update', about(room))).unreadCount, annSocket.all('unread.update').length], [1, 0]);

  const declined = ok(await bob.calls(ann, { callType: 'audio' }), 201);
  assert.equal(declined.conversationId, room);
  ok(await ann.responds(declined, 'reject'));
  const answered = ok(await ann.calls(bob), 201);
  ok(await bob.responds(answered, 'accept'));
  ok(await bob.ends(answered));
  // The entry is there when the answer of the end is, and stays.
  leave(...sockets);
  await world.crash();
  const read = async (path) => ok(await ask(world.url, path, { token: bob.token }));
  const { messages, lastSeq } = await read(in_(room, '/messages'));
  assert.deepEqual(lines(messages), ['1 call Missed video call', '2 call Declined audio call', '3 call Video call, 0:00']);
  assert.equal(lastSeq, 3);
  assert.deepEqual((await read('/api/unread')).conversations, [{ conversationId: room, unreadCount: 1 }]);
  const [shown] = (await read('/api/conversations')).conversations;
  assert.deepEqual([shown.id, shown.kind, shown.lastMessage.callId, shown.activeCallId], [room, 'direct', answered.id, null]);
  await eventually(async () => (await kept.sql('SELECT count(*) FROM conversations')) === '1', 'one conversation');
});

// K27, X-26
onEach('a repeated start with an Idempotency-Key names the same conversation', async ({ people: [ann, bob] }) => {
  const direct = ok(await bob.post('/api/conversations', { kind: 'direct', userId: ann.id }), 201);
  const starts = () => ask(ann.url, '/api/calls', {
    method: 'POST', token: ann.token, body: { recipientId: bob.id, callType: 'audio' }, headers: { 'idempotency-key': 'ring-bob' } });
  const bobSocket = await aSocket(bob);
  const [first, again] = [await starts(), await starts()];
  assert.deepEqual([first.status, first.body.data.conversationId], [201, direct.id]);
  assert.deepEqual(again.body.data, first.body.data);
  leave(bobSocket);
});
