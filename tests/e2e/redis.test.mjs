// What other programs read of the server in Redis: the calls that ring, and who is online (SPEC C-18).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, aPerson, ask, aSocket, done, leave } from './harness/accounts.mjs';
import { anAdmin } from './harness/operators.mjs';
import { startRedis } from './harness/redis.mjs';
import { kDatabases, aRestartableServer } from './harness/restartable.mjs';
import { eventually, quietFor, within } from './harness/wait.mjs';

const kTime = { timeout: 120_000 };
const kRing = 30; // of a call of the dialect `token`
const kOnline = 'chat:online_users';
const [[, onSqlite], [, onPostgres]] = kDatabases;

let redis, kept, world, admin;
before(async () => {
  redis = await startRedis();
  kept = await onSqlite();
  world = await aRestartableServer([...kept.args, '--virtual-time'], { env: { REDIS_URL: redis.url } });
  admin = await anAdmin(kept.args);
});
after(async () => {
  await world?.stop();
  await redis?.stop();
  await kept?.remove();
});

const key = (room) => `call:pending:${room}`;
const record = async (room, from = redis) => {
  const text = await from.ask('GET', key(room));
  return text === '' ? null : JSON.parse(text);
};
const later = (seconds) => advance(world.url, seconds * 1000);
const isOnline = async ({ id }, from = redis) => (await from.members()).includes(id);
const comes = (person) => eventually(() => isOnline(person), `${person.name} in ${kOnline}`);
const goes = (person, deadline) => eventually(async () => !(await isOnline(person)), `${person.name} out of ${kOnline}`, deadline);
const appears = (room, from = redis) => eventually(() => record(room, from), 'the key of the pending call');
// R-000-13: within a second
const disappears = (room, from = redis) => eventually(async () => !(await record(room, from)), 'no key of a pending call', 1000);

async function aCrew(urls) {
  const [ann, ben] = await Promise.all(urls.map((url) => aPerson(url)));
  for (const person of [ann, ben]) person.app = await aSocket(person, { auth: { dialect: 'token' } });
  const { body } = await ann.post('/api/conversations', { kind: 'direct', userId: ben.id });
  return { ann, ben, room: body.data.id };
}
const aCrewHere = () => aCrew([world.url, world.url]);
/** As the apps do: the token first, then the call. */
async function starts({ ann, room }) {
  assert.equal((await ann.get(`/api/call/token?conversationId=${room}`)).status, 200);
  return done(ann.app, 'call-started', { conversationId: room });
}

// R-000-10, R-000-11, R-000-12, R-000-13, R-000-16, J-7.1
test('a call that rings has a key with a TTL, which is the view of administrators, until it is answered', kTime, async () => {
  const crew = await aCrewHere();
  const { ann, ben, room } = crew;
  assert.equal(await record(room), null);
  const call = await starts(crew);
  await ben.app.next('incoming-call');
  const shown = await appears(room);
  assert.deepEqual(shown, { callerId: ann.id, calleeIds: [ben.id], startedAt: Math.floor(Date.parse(call.createdAt) / 1000), status: 'ringing' });
  const { body } = await ask(world.url, '/user/login', { method: 'POST', body: { username: admin.name, password: admin.password } });
  assert.deepEqual((await ask(world.url, `/api/admin/calls/pending/${room}`, { token: body.token })).body.data, shown);
  const left = await redis.ttl(key(room));
  assert.ok(left >= kRing && left <= kRing + 60, `${left} s`);
  await done(ben.app, 'call-accept', { conversationId: room });
  await disappears(room);
  ann.app.emit('call-end', { conversationId: room });
  await ben.app.next('call-ended');
  assert.equal(await record(room), null);
  leave(ann.app, ben.app);
});

// R-000-13
for (const [way, act] of Object.entries({
  'the other declines': ({ ben, room }) => ben.app.emit('call-reject', { conversationId: room }),
  'the caller cancels': ({ ann, room }) => ann.app.emit('call-cancel', { conversationId: room }),
  'nobody answers': () => later(kRing),
}))
  test(`the key is gone once ${way}`, kTime, async () => {
    const crew = await aCrewHere();
    await starts(crew);
    await appears(crew.room);
    await act(crew);
    await disappears(crew.room);
    leave(crew.ann.app, crew.ben.app);
  });

// R-000-40, K16
test('users are in the set while they are connected, and for the grace when their transport is lost', kTime, async () => {
  const ann = await aPerson(world.url);
  const first = await aSocket(ann);
  await comes(ann);
  const second = await aSocket(ann);
  leave(first);
  await quietFor([], [], 300);
  assert.ok(await isOnline(ann), 'there is another session');
  second.io.engine.close();
  await quietFor([], [], 300);
  assert.ok(await isOnline(ann), 'the grace runs on the clock of the domain, which stands still');
  await later(3);
  await goes(ann);
  const third = await aSocket(ann);
  await comes(ann);
  leave(third);
  await goes(ann);
});

// C-18: no call waits for Redis, and none fails.
test('calls go on while Redis is away, and all is there once it is back', kTime, async () => {
  const early = await aCrewHere();
  await starts(early);
  await appears(early.room);
  await redis.stop();
  const crew = await aCrewHere();
  await within(starts(crew), 'a call while Redis is away', 1000);
  await crew.ben.app.next('incoming-call');
  await done(early.ben.app, 'call-accept', { conversationId: early.room });
  await world.logged('Redis is away', ({ level, msg }) => level === 'warn' && msg.startsWith('Redis is away'));
  await redis.start();
  await appears(crew.room);
  assert.equal(await record(early.room), null);
  for (const person of [crew.ann, crew.ben, early.ann, early.ben]) await comes(person);
  await world.logged('Redis is back', ({ msg }) => msg === 'Redis is back');
  await done(crew.ben.app, 'call-accept', { conversationId: crew.room });
  await disappears(crew.room);
  leave(...[crew, early].flatMap(({ ann, ben }) => [ann.app, ben.app]));
});

// R-000-12, R-000-40
test('a server that is killed leaves a key that expires, and nobody online for ever', kTime, async () => {
  const crew = await aCrewHere();
  const call = await starts(crew);
  await appears(crew.room);
  await comes(crew.ben);
  await world.kill();
  const left = await redis.ttl(key(crew.room));
  assert.ok(left > 0 && left <= kRing + 60, `${left} s`);
  assert.ok((await redis.ttl(kOnline)) > 0, 'even if no server is left');
  await world.start();
  for (const person of [crew.ann, crew.ben]) await goes(person, 30_000);
  assert.ok(await record(crew.room), 'the call was taken over, and still rings');
  await later(kRing);
  await disappears(crew.room);
  assert.equal((await ask(world.url, `/api/calls/${call.id}`, { token: crew.ann.token })).body.data.status, 'missed');
});

// C-18, R-001-88
test('the password of Redis is in no line of the log', kTime, async () => {
  for (const form of [redis.password, encodeURIComponent(redis.password)]) assert.ok(!world.server.output().includes(form));
});

// R-000-10, R-000-40: on one database and one Redis.
test('two servers write one set, and the key of a call is gone wherever it is answered', kTime, async () => {
  const shared = await onPostgres();
  const own = await startRedis();
  const servers = [];
  try {
    for (let i = 0; i < 2; ++i) servers.push(await aRestartableServer(shared.args, { env: { REDIS_URL: own.url } }));
    const crew = await aCrew(servers.map(({ url }) => url));
    for (const person of [crew.ann, crew.ben]) await eventually(() => isOnline(person, own), `${person.name} online`);
    const call = await starts(crew);
    await appears(crew.room, own);
    const { status, body } = await crew.ben.responds(call, 'accept');
    assert.equal(status, 200, JSON.stringify(body));
    await disappears(crew.room, own);
    await servers[1].kill();
    await eventually(async () => !(await isOnline(crew.ben, own)), 'ben offline', 30_000);
    assert.ok(await isOnline(crew.ann, own));
    leave(crew.ann.app, crew.ben.app);
    servers[0].server.signal('SIGTERM');
    await servers[0].server.exit;
    assert.equal(await own.ask('EXISTS', kOnline), '0', 'who drains takes its users out');
  } finally {
    for (const { server } of servers) server.signal('SIGKILL');
    await own.stop();
    await shared.remove();
  }
});

// SPEC 0
test('SIGINT does not wait for a Redis that is silent', kTime, async () => {
  const own = await startRedis();
  const data = await onSqlite();
  const stopped = await aRestartableServer(data.args, { env: { REDIS_URL: own.url } });
  try {
    await stopped.logged('Redis is there', ({ msg }) => msg === 'Redis is there');
    own.child.kill('SIGSTOP');
    await within(stopped.stop(), 'the end of the server', 1500);
  } finally {
    stopped.server.signal('SIGKILL');
    await own.stop();
    await data.remove();
  }
});
