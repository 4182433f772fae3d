// What an Idempotency-Key promises when the server is killed: the effect and the answer are stored together or not at all, on
// SQLite and on PostgreSQL (SPEC 2.1, X-05, X-26, J-8.7).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { aPerson, ask } from './harness/accounts.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';

const kTime = { timeout: 120_000 };

/** The requests of one person, at the server's present address. */
function voiceOf(world, { id, token }) {
  const post = (path, body, key) => ask(world.url, path, { method: 'POST', token, body, headers: key && { 'idempotency-key': key } });
  return {
    id,
    get: (path) => ask(world.url, path, { token }),
    end: (call) => post(`/api/calls/${call.id}/end`, {}),
    /** Requests whose every try has the same key. */
    calls: (peer, key, more = {}) => () => post('/api/calls', { recipientId: peer.id, callType: 'video', ...more }, key),
    dialsBack: (peer, key) => () => post('/api/calls', { recipientId: peer.id, callType: 'video', glare: 'connect' }, key),
    callsGroup: (peers, key) => () => post('/api/calls', { recipientIds: peers.map((each) => each.id), callType: 'video' }, key),
    opens: (peers, key) => () => post('/api/conversations', { kind: 'group', memberIds: peers.map((each) => each.id), title: 'Crew' }, key),
    groups: async () => (await ask(world.url, '/api/conversations', { token })).body.data.conversations,
  };
}

/** One test for each database, with four people on a server that `world.crash()` kills and starts again. */
function onEach(title, body) {
  for (const [name, make] of kDatabases)
    test(`${title}, on ${name}`, kTime, async () => {
      const kept = await make();
      let world;
      try {
        world = await aRestartableServer(kept.args);
        const people = [];
        for (let i = 0; i < 4; ++i) people.push(voiceOf(world, await aPerson(world.url)));
        await body({ kept, world, people });
        await world.stop();
      } finally {
        world?.server.signal('SIGKILL');
        await kept.remove();
      }
    });
}

/** From now on no key that begins with "refused" can be stored, until what it returns is called. The server runs no triggers on SQLite. */
async function refuseKeys({ name, sql }) {
  if (name === 'SQLite') {
    await sql(`CREATE INDEX no_keys ON idempotency_keys (abs("createdAt" * 0 - 9223372036854775807 - 1)) WHERE substr("key", 1, 7) = 'refused'`);
    return () => sql('DROP INDEX no_keys');
  }
  await sql(`CREATE FUNCTION no_keys() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no keys'; END $$;
    CREATE TRIGGER no_keys BEFORE INSERT ON idempotency_keys FOR EACH ROW WHEN (NEW."key" LIKE 'refused%') EXECUTE FUNCTION no_keys()`);
  return () => sql('DROP TRIGGER no_keys ON idempotency_keys; DROP FUNCTION no_keys()');
}
const aRefusedKey = () => `refused-${randomUUID()}`;

const facts = ({ status, body }) => ({ status, body });

/** Sends it, kills the server as soon as it has answered, and sends it again to the next one. */
async function sameAfterACrash(world, send, status) {
  const first = await send();
  await world.crash();
  const again = await send();
  assert.equal(first.status, status, JSON.stringify(first.body));
  assert.deepEqual(facts(again), facts(first));
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  return first.body.data;
}

// X-26, C-10
onEach('a start that is sent again after a crash gets the same answer', async ({ world, people: [ann, bob, cid] }) => {
  const call = await sameAfterACrash(world, ann.calls(bob, randomUUID()), 201);
  assert.equal(call.reachable, false);
  await ann.end(call);
  const group = await sameAfterACrash(world, ann.callsGroup([bob, cid], randomUUID()), 201);
  assert.equal(group.reachable, false);
  assert.equal((await ann.get('/api/calls/active')).body.data.calls.length, 1);
});

//
onEach('a start that answered a call and is sent again after a crash leaves it connected', async ({ world, people: [ann, bob] }) => {
  const call = (await ann.calls(bob, randomUUID())()).body.data;
  const joined = await sameAfterACrash(world, bob.dialsBack(ann, randomUUID()), 200);
  assert.deepEqual([joined.id, joined.glare, joined.status], [call.id, true, 'connected']);
  assert.equal((await ann.get(`/api/calls/${call.id}`)).body.data.status, 'connected');
});

// whatever is lost with the server, it is not the key alone.
onEach('a start does not answer a call whose key cannot be stored', async ({ kept, world, people: [ann, bob] }) => {
  const call = (await ann.calls(bob, randomUUID())()).body.data;
  const send = bob.dialsBack(ann, aRefusedKey());
  const allow = await refuseKeys(kept);
  await send();
  await world.kill();
  await allow();
  await world.start();
  const again = await send();
  assert.deepEqual([again.status, again.body.data?.id, again.body.data?.status], [200, call.id, 'connected'], JSON.stringify(again.body));
});

// J-8.7
onEach('a group that is asked for again after a crash is one group', async ({ kept, world, people: [ann, bob, cid] }) => {
  await sameAfterACrash(world, ann.opens([bob], randomUUID()), 201);
  assert.equal((await ann.groups()).length, 1);
  const send = ann.opens([bob, cid], aRefusedKey());
  const allow = await refuseKeys(kept);
  await send();
  await world.kill();
  await allow();
  await world.start();
  assert.equal((await send()).status, 201);
  assert.equal((await ann.groups()).length, 2);
});
