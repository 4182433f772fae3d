// Who is online, as native sessions hear it (SPEC K45, K46, S7), on SQLite and on PostgreSQL. The grace is on the server's clock,
// which stands still; what is told comes in real time all the same.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { advance, aPerson, ask, aSocket, done, leave } from './harness/accounts.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { quietFor } from './harness/wait.mjs';

const kTime = { timeout: 120_000 };

/** One test for each database, with three people. */
function onEach(title, body) {
  for (const [name, make] of kDatabases)
    test(`${title}, on ${name}`, kTime, async () => {
      const kept = await make();
      let world;
      try {
        world = await aRestartableServer([...kept.args, '--virtual-time']);
        const people = [];
        for (let i = 0; i < 3; ++i) people.push(await aPerson(world.url));
        await body({ world, people });
        await world.stop();
      } finally {
        world?.server.signal('SIGKILL');
        await kept.remove();
      }
    });
}

const watch = (socket, ...people) => done(socket, 'presence.subscribe', { userIds: people.map(({ id }) => id) });
const becomes = (socket, { id }, state) => socket.next('presence.update', (update) => update.userId === id && update.state === state);
const isDense = (socket, from = 0) =>
  assert.deepEqual(socket.all('presence.update').map(({ version }) => version), socket.all('presence.update').map((_, i) => from + i + 1));

// K46, S7
onEach('online, away, busy and offline are told within a second, numbered without gaps', async ({ people: [ann, ben, cid] }) => {
  const [annSocket, benSocket] = [await aSocket(ann), await aSocket(ben)];
  const nobody = { id: randomUUID() };
  assert.deepEqual(await watch(annSocket, ben, cid, nobody), { version: 0, online: [ben.id] });
  const cidSocket = await aSocket(cid);
  assert.equal((await becomes(annSocket, cid, 'online')).lastSeenAt, null);
  assert.deepEqual(await done(benSocket, 'presence.set', { state: 'away' }), { state: 'away' });
  await becomes(annSocket, ben, 'away');
  const { body } = await ben.calls(cid);
  const begun = Date.now();
  await Promise.all([becomes(annSocket, ben, 'busy'), becomes(annSocket, cid, 'busy')]);
  assert.ok(Date.now() - begun < 1000, 'busy is told within a second');
  const late = await aSocket(ann);
  assert.deepEqual((await watch(late, ben)).online, [ben.id]);
  await becomes(late, ben, 'busy');
  assert.equal((await ben.post(`/api/calls/${body.data.id}/cancel`)).status, 200);
  await Promise.all([becomes(late, ben, 'away'), becomes(annSocket, cid, 'online')]);
  await done(benSocket, 'presence.set', { state: 'online' });
  await becomes(annSocket, ben, 'online');
  leave(cidSocket);
  assert.equal(typeof (await becomes(annSocket, cid, 'offline')).lastSeenAt, 'string');
  isDense(annSocket);
  isDense(late);
  leave(annSocket, benSocket, late);
});

// K16, K46
onEach('who loses the connection is told offline after the grace, and who is back within it is not told', async ({ world, people: [ann, ben] }) => {
  const [annSocket, benSocket] = [await aSocket(ann), await aSocket(ben)];
  await watch(annSocket, ben);
  benSocket.io.engine.close();
  const back = await aSocket(ben);
  back.io.engine.close();
  await quietFor([annSocket], ['presence.update']);
  await advance(world.url, 3000);
  await becomes(annSocket, ben, 'offline');
  isDense(annSocket);
  leave(annSocket);
});

// K45
onEach('a block hides two users from each other at once, also in lists of people', async ({ world, people: [ann, ben, cid] }) => {
  const sockets = [await aSocket(ann), await aSocket(ben), await aSocket(cid)];
  const [annSocket, benSocket, cidSocket] = sockets;
  await watch(annSocket, ben), await watch(benSocket, ann), await watch(cidSocket, ann, ben);
  const block = (method) => ask(world.url, `/api/users/${ben.id}/block`, { method, token: ann.token });
  const listed = async (who, { id, name }) =>
    (await who.get(`/api/users?q=${name}`)).body.data.users.find((each) => each.id === id).online;
  assert.equal((await block('PUT')).status, 200);
  assert.equal((await becomes(annSocket, ben, 'offline')).lastSeenAt, null);
  assert.equal((await becomes(benSocket, ann, 'offline')).lastSeenAt, null);
  assert.deepEqual([await listed(ann, ben), await listed(ben, ann), await listed(cid, ben)], [false, false, true]);
  await done(benSocket, 'presence.set', { state: 'away' });
  await becomes(cidSocket, ben, 'away');
  await quietFor([annSocket], ['presence.update']);
  assert.deepEqual((await watch(annSocket, ben)).online, []);
  assert.equal((await block('DELETE')).status, 200);
  await becomes(annSocket, ben, 'away');
  await becomes(benSocket, ann, 'online');
  isDense(annSocket);
  leave(...sockets);
});

// K46: a socket that recovers, and a new one that resumes the session of another.
onEach('a session that comes back gets a snapshot, and its numbers go on', async ({ people: [ann, ben, cid] }) => {
  const socket = await aSocket(ann, { reconnection: true, reconnectionDelay: 50, randomizationFactor: 0 });
  const benSocket = await aSocket(ben);
  await watch(socket, ben, cid);
  leave(benSocket);
  assert.equal((await becomes(socket, ben, 'offline')).version, 1);
  socket.io.engine.close();
  const snapshot = await socket.next('presence.snapshot');
  assert.equal(socket.recovered, true);
  assert.deepEqual([snapshot.version, snapshot.online], [1, []]);
  const cidSocket = await aSocket(cid);
  assert.equal((await becomes(socket, cid, 'online')).version, 2);
  const { sessionId } = socket.session;
  const later = await aSocket(ann);
  await done(later, 'session.resume', { sessionId, lastSeq: socket.log.at(-1)[1].seq });
  const resumed = await later.next('presence.snapshot');
  assert.deepEqual([resumed.version, resumed.online], [2, [cid.id]]);
  leave(cidSocket);
  assert.equal((await becomes(later, cid, 'offline')).version, 3);
  leave(later, socket);
});

// K46
onEach('the list is one to a thousand ids, and nobody says of oneself to be busy', async ({ people: [ann] }) => {
  const socket = await aSocket(ann);
  const ids = (count) => Array.from({ length: count }, () => randomUUID());
  assert.deepEqual(await done(socket, 'presence.subscribe', { userIds: ids(1000) }), { version: 0, online: [] });
  for (const [event, payload] of [['presence.subscribe', { userIds: ids(1001) }], ['presence.subscribe', { userIds: ['ann'] }],
    ['presence.subscribe', {}], ['presence.set', { state: 'busy' }], ['presence.set', {}]]) {
    const answer = await socket.does(event, payload);
    assert.deepEqual([answer.success, answer.error?.code], [false, 'VALIDATION_FAILED'], event);
  }
  leave(socket);
});

// docs/protocol/chat.md
onEach('who asks is told of new people and of new names, and nobody else is', async ({ world, people: [ann, ben] }) => {
  const [annSocket, benSocket] = [await aSocket(ann), await aSocket(ben)];
  assert.deepEqual(await done(annSocket, 'users.subscribe'), {});
  const told = (name) => annSocket.next('users.changed', ({ users }) => users.some((each) => each.username === name || each.name === name));
  const dora = await aPerson(world.url);
  const { users } = await told(dora.name);
  const { id, username, avatar, ...rest } = users.find((each) => each.id === dora.id);
  assert.deepEqual([id, username, typeof avatar], [dora.id, dora.name, 'string']);
  assert.deepEqual(Object.keys(rest), ['displayName', 'name']);
  const { status } = await ask(world.url, '/api/users/me', { method: 'PATCH', token: dora.token, body: { displayName: 'Dora the first' } });
  assert.equal(status, 200);
  await told('Dora the first');
  assert.deepEqual(benSocket.all('users.changed'), []);
  leave(annSocket, benSocket);
});
