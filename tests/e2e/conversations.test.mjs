// Conversations, members and blocks over real HTTP, on SQLite and on PostgreSQL (SPEC J-1).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { aPerson, ask } from './harness/accounts.mjs';
import { operate, anAdmin } from './harness/operators.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';

const kTime = { timeout: 120_000 };
const kPath = '/api/conversations';

/** The requests of one person, at the server's present address. */
function voiceOf(world, { id, name, token }) {
  const send = (method) => (path, body, headers) => ask(world.url, path, { method, token, body, headers });
  const voice = { id, name, token, get: send('GET'), post: send('POST'), patch: send('PATCH'), put: send('PUT'), del: send('DELETE') };
  voice.groups = (others, more = {}) => voice.post(kPath, { kind: 'group', memberIds: others.map((each) => each.id), ...more });
  voice.meets = (other) => voice.post(kPath, { kind: 'direct', userId: other.id });
  voice.lists = async () => (await voice.get(`${kPath}?limit=100`)).body.data.conversations;
  return voice;
}

const ok = ({ status, body }, expected = 200) => {
  assert.equal(status, expected, JSON.stringify(body));
  return body.data;
};
const refused = ({ status, body }, expected, code) => assert.deepEqual([status, body.error?.code], [expected, code], JSON.stringify(body));
const roles = ({ members }) => Object.fromEntries(members.map(({ username, role }) => [username, role]));

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

// J-1.1, J-1.2, K28
onEach('a direct conversation is one, from either side and at once', async ({ kept, people: [ann, bob] }) => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? ann.meets(bob) : bob.meets(ann))));
  const ids = new Set(answers.map(({ body }) => body.data.id));
  assert.equal(ids.size, 1);
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.equal(answers.filter(({ status }) => status === 200).length, 19);
  const [conversation] = await bob.lists();
  assert.deepEqual(conversation, answers[0].body.data);
  assert.deepEqual([conversation.kind, conversation.title, conversation.lastSeq], ['direct', null, 0]);
  assert.deepEqual(roles(conversation), { [ann.name]: 'member', [bob.name]: 'member' });
  assert.equal(await kept.sql('SELECT count(*) FROM conversations'), '1');
  refused(await ann.post(`${kPath}/${conversation.id}/members`, { userIds: [ann.id] }), 400, 'VALIDATION_FAILED');
  refused(await ann.del(`${kPath}/${conversation.id}/members/${bob.id}`), 400, 'VALIDATION_FAILED');
});

// J-1.3, J-1.5
onEach('what was acknowledged outlives kill -9 between any two requests', async ({ world, people: [ann, bob, cid, eve] }) => {
  const steps = [];
  const group = ok(await ann.groups([bob, cid], { title: 'Crew' }), 201);
  const at = `${kPath}/${group.id}`;
  steps.push(() => ann.post(`${at}/members`, { userIds: [eve.id], role: 'admin' }));
  steps.push(() => eve.patch(at, { title: 'Decks', avatar: 'https://pictures.example/crew.png' }));
  steps.push(() => bob.patch(`${at}/members/me`, { ringMode: 'none' }));
  steps.push(() => eve.del(`${at}/members/${cid.id}`));
  steps.push(() => ann.del(`${at}/members/${ann.id}`));
  let last = group;
  for (const step of steps) {
    await world.crash();
    assert.deepEqual(ok(await bob.get(at)), last);
    last = ok(await step());
  }
  await world.crash();
  const [{ lastMessage, ...listed }, ...others] = await bob.lists();
  assert.deepEqual([{ ...listed, lastMessage: last.lastMessage }, ...others], [{ lastMessage: undefined, ...last }]);
  assert.deepEqual([lastMessage.kind, lastMessage.seq], ['system', last.lastSeq]);
  assert.deepEqual(roles(last), { [eve.name]: 'owner', [bob.name]: 'member' }, 'the admin follows the owner who left');
  assert.equal(last.members.find(({ userId }) => userId === bob.id).ringMode, 'none');
  for (const gone of [ann, cid]) {
    refused(await gone.get(at), 403, 'NOT_PARTICIPANT');
    assert.deepEqual(await gone.lists(), []);
  }
  ok(await eve.del(at));
  await world.crash();
  refused(await eve.get(at), 403, 'NOT_PARTICIPANT');
});

// J-1.4, R-000-27
onEach('a stranger gets the same answer for foreign, left and unknown conversations', async ({ people: [ann, bob, cid, eve] }) => {
  const foreign = ok(await ann.groups([bob]), 201).id;
  const left = ok(await ann.groups([eve, cid]), 201).id;
  ok(await eve.del(`${kPath}/${left}/members/${eve.id}`));
  const answers = new Set();
  for (const id of [foreign, left, randomUUID()])
    for (const answer of [
      await eve.get(`${kPath}/${id}`), await eve.del(`${kPath}/${id}`), await eve.patch(`${kPath}/${id}`, { title: 'mine' }),
      await eve.post(`${kPath}/${id}/members`, { userIds: [eve.id] }), await eve.post(`${kPath}/${id}/members`, { userIds: [randomUUID()] }),
      await eve.del(`${kPath}/${id}/members/${bob.id}`), await eve.del(`${kPath}/${id}/members/${eve.id}`),
      await eve.patch(`${kPath}/${id}/members/me`, { ringMode: 'all' }),
    ]) {
      const { requestId, ...error } = answer.body.error;
      assert.equal(typeof requestId, 'string');
      answers.add(JSON.stringify([answer.status, answer.body.message, error]));
    }
  assert.deepEqual([...answers].map((each) => JSON.parse(each).slice(0, 2)), [[403, 'You are not a participant in this conversation']]);
  refused(await eve.get(`${kPath}/nonsense`), 400, 'VALIDATION_FAILED');
});

// J-7.4, R-000-26
onEach('the audit has one entry for a stranger who asks again and again', async ({ kept, world, people: [ann, bob, , eve] }) => {
  const { id } = ok(await ann.groups([bob]), 201);
  const unknown = randomUUID();
  for (let i = 0; i < 5; ++i) for (const each of [id, unknown]) refused(await eve.get(`${kPath}/${each}`), 403, 'NOT_PARTICIPANT');
  refused(await eve.del(`${kPath}/${id}`), 403, 'NOT_PARTICIPANT');
  const { name, password } = await anAdmin(kept.args);
  const { body } = await ask(world.url, '/user/login', { method: 'POST', body: { username: name, password } });
  const audit = await ask(world.url, `/api/admin/audit?userId=${eve.id}`, { token: body.token });
  const entries = ok(audit).entries;
  assert.deepEqual(new Set(entries.map(({ payload }) => payload.conversationId)), new Set([id, unknown]));
  const minutes = new Set(entries.map(({ payload, createdAt }) => `${payload.conversationId} ${createdAt.slice(0, 16)}`));
  assert.equal(minutes.size, entries.length, 'at most one for each conversation and minute');
  assert.equal(entries[0].payload.door, 'readConversation');
  for (const entry of entries)
    assert.deepEqual([entry.type, entry.actorUserId, entry.callId, entry.hash], ['conversation.refused', eve.id, null, null]);
  assert.deepEqual(ok(await ask(world.url, `/api/admin/audit?userId=${ann.id}`, { token: body.token })).entries, []);
  assert.match(await operate(['audit', 'verify', ...kept.args]), /^0 records of 0 calls, 0 broken/);
});

// J-1.1, J-1.6, J-1.2
onEach('a group has up to a thousand members, and hostile bodies change nothing', async ({ kept, people: [ann, bob] }) => {
  const ids = Array.from({ length: 999 }, () => randomUUID());
  const postgres = kept.name === 'PostgreSQL';
  const columns = postgres ? '("id", "username")' : '("id", "username", "mediaUid", "createdAt", "updatedAt")';
  const rows = ids.map((id, i) => (postgres ? `('${id}', 'crew${i}')` : `('${id}', 'crew${i}', ${i + 1000}, 1, 1)`));
  await kept.sql(`INSERT INTO users ${columns} VALUES ${rows.join(',')}`);
  const group = ok(await ann.post(kPath, { kind: 'group', memberIds: [...ids, ...ids, ann.id] }), 201);
  assert.equal(group.members.length, 1000);
  assert.equal(group.members.filter(({ role }) => role === 'owner').length, 1);
  refused(await ann.post(`${kPath}/${group.id}/members`, { userIds: [bob.id] }), 400, 'VALIDATION_FAILED');
  const hostile = [
    { kind: 'group', memberIds: [...ids, bob.id] }, { kind: 'group', memberIds: [] }, { kind: 'group', memberIds: [ann.id] },
    { kind: 'group', memberIds: 'everyone' }, { kind: 'group', memberIds: [17] }, { kind: 'group', memberIds: [[bob.id]] },
    { kind: 'group', memberIds: { 0: bob.id } }, { kind: 'group', memberIds: [`{${bob.id}}`] }, { kind: 'group', memberIds: [` ${bob.id}`] },
    { kind: 'group', memberIds: [bob.id.replaceAll('-', '')] }, { kind: 'group', memberIds: [`urn:uuid:${bob.id}`] },
    { kind: 'group', memberIds: [bob.id], title: 'x'.repeat(201) }, { kind: 'group', memberIds: [bob.id], title: 'a\0b' },
    { kind: 'group', memberIds: [bob.id], title: ['x'] }, { kind: 'crowd', memberIds: [bob.id] }, { memberIds: [bob.id] }, { kind: 'group' },
    { kind: 'direct', memberIds: [ann.id] }, { kind: 'direct', memberIds: [bob.id, ids[0]] }, { kind: 'direct', userId: ann.id },
    { kind: 'direct', userId: "x' OR '1'='1" }, [], 'group', null,
  ];
  for (const body of hostile) refused(await ann.post(kPath, body), 400, 'VALIDATION_FAILED');
  for (const body of [{ kind: 'direct', userId: randomUUID() }, { kind: 'group', memberIds: [bob.id, randomUUID()] }])
    refused(await ann.post(kPath, body), 404, 'USER_NOT_FOUND');
  assert.equal((await ann.lists()).length, 1);
  const upper = ok(await ann.post(kPath, { kind: 'direct', userId: bob.id.toUpperCase() }), 201);
  assert.ok(upper.members.some(({ userId }) => userId === bob.id), 'answers are in lower case');
});

// J-1.2, J-8.7
onEach('pages meet each conversation once, and a key makes one', async ({ people: [ann, bob] }) => {
  const made = [];
  for (let i = 0; i < 7; ++i) made.unshift(ok(await ann.groups([bob], { title: `No. ${i}` }), 201).id);
  const seen = [];
  for (let cursor = null, turn = 0; turn === 0 || cursor; ++turn) {
    const { conversations, nextCursor } = ok(await ann.get(`${kPath}?limit=3${cursor ? `&cursor=${cursor}` : ''}`));
    seen.push(...conversations.map(({ id }) => id));
    cursor = nextCursor;
  }
  assert.deepEqual([...seen].sort(), [...made].sort());
  const { pagination } = ok(await ann.get(`${kPath}?limit=3&page=3`));
  assert.deepEqual(pagination, { page: 3, limit: 3, total: 7, totalPages: 3 });
  const key = { 'idempotency-key': randomUUID() };
  const body = { kind: 'group', memberIds: [bob.id] };
  const [one, two] = [await ann.post(kPath, body, key), await ann.post(kPath, body, key)];
  assert.deepEqual([two.status, two.body], [one.status, one.body]);
  refused(await ann.post(kPath, { ...body, title: 'other' }, key), 409, 'IDEMPOTENCY_CONFLICT');
  assert.equal((await ann.lists()).length, 8);
});

// J-1.7
onEach('a block is kept until it is taken back', async ({ kept, world, people: [ann, bob] }) => {
  assert.deepEqual(ok(await ann.put(`/api/users/${bob.id}/block`)), { userId: bob.id, blocked: true });
  await world.crash();
  assert.deepEqual(ok(await ann.put(`/api/users/${bob.id}/block`)), { userId: bob.id, blocked: true });
  assert.equal(await kept.sql('SELECT count(*) FROM blocks'), '1');
  assert.deepEqual(ok(await ann.del(`/api/users/${bob.id}/block`)), { userId: bob.id, blocked: false });
  assert.equal(await kept.sql('SELECT count(*) FROM blocks'), '0');
  refused(await ann.put(`/api/users/${ann.id}/block`), 400, 'VALIDATION_FAILED');
  refused(await ann.put(`/api/users/${randomUUID()}/block`), 404, 'USER_NOT_FOUND');
});
