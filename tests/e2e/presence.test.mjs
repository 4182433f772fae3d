// Who is online, by GET /api/presence (SPEC J-7.2, K46), on the clock of the server.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { advance, aPerson, ask, aSocket, leave } from './harness/accounts.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { sharedServer } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

const kTime = { timeout: 120_000 };
const server = sharedServer({ before, after }, { args: ['--virtual-time'] });
const hasty = sharedServer({ before, after }, { args: ['--virtual-time'], env: { PRESENCE_GRACE_SECONDS: '0' } });

const presence = async (asker, ...people) => {
  const { status, body } = await asker.get(`/api/presence?ids=${people.map(({ id }) => id)}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.data.presence;
};
const entry = ({ id }, state, lastSeenAt = null) => ({ userId: id, state, lastSeenAt });
/** The server's time, `ms` later. */
const later = async ({ url }, ms) => (await advance(url, ms)).body.data.now;
const connected = async ({ url }, users) =>
  eventually(async () => (await ask(url, '/')).body.connectedUsers === users, `${users} users connected`);
const becomes = (asker, person, expected) =>
  eventually(async () => JSON.stringify(await presence(asker, person)) === JSON.stringify([expected]), JSON.stringify(expected));

for (const [name, make] of kDatabases)
  // J-7.2, K16, K46, S7
  test(`online, busy, in the grace, and last seen when the connection was lost, on ${name}`, kTime, async () => {
    const kept = await make();
    let world;
    try {
      world = await aRestartableServer([...kept.args, '--virtual-time']);
      const loggedIn = await later(world, 0);
      const [ann, ben, cid] = [await aPerson(world.url), await aPerson(world.url), await aPerson(world.url)];
      const nobody = { id: randomUUID() };
      assert.deepEqual(await presence(ann, nobody, cid, ben), [entry(nobody, 'offline'), entry(cid, 'offline', loggedIn), entry(ben, 'offline', loggedIn)]);
      const sockets = [await aSocket(ben), await aSocket(cid)];
      assert.deepEqual(await presence(ann, ben, cid), [entry(ben, 'online'), entry(cid, 'online')]);

      const { body } = await ben.calls(cid);
      assert.deepEqual(await presence(ann, ben, cid), [entry(ben, 'busy'), entry(cid, 'busy')]);
      assert.equal((await ben.post(`/api/calls/${body.data.id}/cancel`)).status, 200);
      assert.deepEqual(await presence(ann, ben, cid), [entry(ben, 'online'), entry(cid, 'online')]);

      const lost = await later(world, 60_000);
      sockets[0].io.engine.close();
      await connected(world, 1);
      await later(world, 2999);
      assert.deepEqual(await presence(ann, ben), [entry(ben, 'online')]);
      const left = await later(world, 1);
      await becomes(ann, ben, entry(ben, 'offline', lost));
      leave(sockets[1]);
      await becomes(ann, cid, entry(cid, 'offline', left));

      await world.crash();
      ann.url = world.url;
      assert.deepEqual(await presence(ann, ben, cid), [entry(ben, 'offline', lost), entry(cid, 'offline', left)]);
      await world.stop();
    } finally {
      world?.server.signal('SIGKILL');
      await kept.remove();
    }
  });

// K16
test('without a grace, who loses the connection is offline at once', kTime, async () => {
  const [ann, ben] = [await aPerson(hasty.url), await aPerson(hasty.url)];
  const socket = await aSocket(ben);
  const lost = await later(hasty, 1000);
  assert.deepEqual(await presence(ann, ben), [entry(ben, 'online')]);
  socket.io.engine.close();
  await becomes(ann, ben, entry(ben, 'offline', lost));
});

// K45
test('a block hides two users from each other, and from nobody else', kTime, async () => {
  const [ann, ben, cid] = [await aPerson(server.url), await aPerson(server.url), await aPerson(server.url)];
  const sockets = [await aSocket(ann), await aSocket(ben)];
  const block = (method) => ask(server.url, `/api/users/${ben.id}/block`, { method, token: ann.token });
  assert.equal((await block('PUT')).status, 200);
  for (const [one, other] of [[ann, ben], [ben, ann]]) assert.deepEqual(await presence(one, other), [entry(other, 'offline')]);
  assert.deepEqual(await presence(cid, ann, ben), [entry(ann, 'online'), entry(ben, 'online')]);
  assert.equal((await block('DELETE')).status, 200);
  assert.deepEqual(await presence(ben, ann), [entry(ann, 'online')]);
  leave(...sockets);
});

// K46
test('it takes one to a hundred ids, by commas, of a user who is logged in', kTime, async () => {
  const ann = await aPerson(server.url);
  const ids = (count) => Array.from({ length: count }, () => randomUUID());
  const hundred = ids(100);
  const { body } = await ann.get(`/api/presence?${new URLSearchParams({ ids: hundred.join() })}`);
  assert.deepEqual(body.data.presence, hundred.map((id) => entry({ id }, 'offline')));
  for (const query of ['', '?ids=', '?ids=ann', `?ids=${ann.id},`, `?ids=${ids(101)}`]) {
    const refused = await ann.get(`/api/presence${query}`);
    assert.deepEqual([refused.status, refused.body.error?.code], [400, 'VALIDATION_FAILED'], query.slice(0, 60));
  }
  assert.equal((await ask(server.url, `/api/presence?ids=${ann.id}`)).status, 401);
});
