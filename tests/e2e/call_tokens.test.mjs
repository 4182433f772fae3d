// Tokens for the media of a call (SPEC J-3): who gets them, what they let their holder do, and for how long.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { aPerson, aSocket, advance, ask, done, leave } from './harness/accounts.mjs';
import { aRoom, fetches, joins, ok, refused, startsServers } from './harness/call_tokens.mjs';
import { anAdmin } from './harness/operators.mjs';
import { aRestartableServer } from './harness/restartable.mjs';
import { launch } from './harness/server.mjs';
import { quietFor } from './harness/wait.mjs';

const serverWith = startsServers({ after });

// R-000-02, R-000-03, R-000-05, R-000-06, R-000-09
test('tokens and joins are heard by nobody and make no call', async () => {
  const server = await serverWith({});
  const { ann, bob, room } = await aRoom(server.url);
  const socket = await aSocket(bob);
  const { token } = ok(await fetches(ann, room));
  for (let i = 0; i < 50; ++i) ok(await fetches(ann, room));
  ok(await joins(ann, token));
  ok(await ann.post('/api/call/token', { channelName: room }).then(({ status, body }) => ({ status, body: { data: body.data.attributes } })));
  await quietFor([socket], ['incoming-call', 'call.incoming', 'call.progress', 'call-progress']);
  assert.deepEqual(socket.log.map(([event]) => event).filter((event) => event !== 'session.ready' && event !== 'authenticated'), []);
  for (const person of [ann, bob]) assert.deepEqual((await person.get('/api/calls/active')).body.data.calls, []);
});

// R-000-24, R-000-27, R-000-34, R-000-49, R-000-50, R-002-11
test('strangers are refused alike, and everybody within limits', async () => {
  const server = await serverWith({ RATE_LIMIT_TOKEN_MAX: '3' });
  const { ann, bob, dan, room } = await aRoom(server.url);
  const shape = ({ status, body }) => JSON.stringify([status, body.message, { ...body.error, requestId: 0 }]);
  assert.equal(shape(await fetches(dan, room)), shape(await fetches(dan, randomUUID())));
  refused(await fetches(dan, randomUUID()), 403, 'NOT_PARTICIPANT');
  for (let i = 0; i < 7; ++i) refused(await fetches(dan, randomUUID()), 429, 'RATE_LIMITED');
  refused(await fetches(ann, 'x'), 400, 'VALIDATION_FAILED');
  for (let left = 2; left >= 0; --left) {
    const answer = await fetches(ann, room);
    ok(answer);
    assert.deepEqual([answer.headers.get('ratelimit-limit'), answer.headers.get('ratelimit-remaining')], ['3', `${left}`]);
  }
  const limited = await fetches(ann, room);
  refused(limited, 429, 'RATE_LIMITED');
  for (const name of ['retry-after', 'ratelimit-reset']) assert.ok(Number(limited.headers.get(name)) > 0, name);
  ok(await fetches(bob, room));
});

// R-002-10
test('the limit and its window are settings', async () => {
  const server = await serverWith({ RATE_LIMIT_TOKEN_MAX: '7', RATE_LIMIT_TOKEN_WINDOW_MS: '10000' }, ['--virtual-time']);
  const { ann, room } = await aRoom(server.url);
  for (let i = 0; i < 7; ++i) ok(await fetches(ann, room));
  refused(await fetches(ann, room), 429, 'RATE_LIMITED');
  await advance(server.url, 10_000);
  ok(await fetches(ann, room));
});

// R-000-52, R-000-34, R-002-04, J-3.4, C-03: a token guards the join
test('a native token lets its holder join until it expires, and is no session credential', async () => {
  const server = await serverWith({ TOKEN_TTL_SECONDS: '3600' }, ['--virtual-time']);
  const { ann, bob, room } = await aRoom(server.url);
  const { token, expiresIn, uid } = ok(await fetches(bob, room));
  assert.equal(expiresIn, 3600);
  const joined = ok(await joins(bob, token));
  assert.deepEqual({ ...joined, participants: joined.participants.sort() },
    { conversationId: room, callId: null, channel: room, uid, mediaMode: 'p2p', participants: [ann.id, bob.id].sort() });
  for (const wrong of [token, `${token}x`, ann.token, 'x']) refused(await joins(ann, wrong), 403, 'TOKEN_INVALID');
  for (const bearer of [token, undefined, 'x']) assert.equal((await ask(server.url, `/api/call/token?conversationId=${room}`, { token: bearer })).status, 401);
  await advance(server.url, 3_590_000);
  ok(await joins(bob, token));
  await advance(server.url, 15_000);
  const expired = await joins(bob, token);
  refused(expired, 403, 'TOKEN_EXPIRED');
  assert.deepEqual(expired.body.data, { renew: true });
  const fresh = ok(await fetches(bob, room)).token;
  ok(await ask(server.url, `/api/conversations/${room}/members/${bob.id}`, { method: 'DELETE', token: bob.token }));
  refused(await joins(bob, fresh), 403, 'NOT_PARTICIPANT');
});

// J-3.4
test('a native socket presents its token as the route does, and no call notices it', async () => {
  const server = await serverWith({ TOKEN_TTL_SECONDS: '60', RATE_LIMIT_TOKEN_RENEW_MAX: '2' }, ['--virtual-time']);
  const { ann, bob, room } = await aRoom(server.url);
  const [annSocket, bobSocket] = [await aSocket(ann), await aSocket(bob)];
  const notJoined = async (socket, token, code) => {
    const answer = await socket.does('call.join', { token });
    assert.deepEqual([answer.success, answer.error?.code], [false, code], JSON.stringify(answer));
    return answer;
  };
  const call = await done(annSocket, 'call.start', { conversationId: room, callType: 'audio', ring: 'immediate' });
  await bobSocket.next('call.incoming');
  const { token, uid } = ok(await fetches(bob, room));
  const joined = await done(bobSocket, 'call.join', { token });
  assert.deepEqual(joined, ok(await joins(bob, token)));
  assert.deepEqual([joined.conversationId, joined.callId, joined.channel, joined.uid, joined.mediaMode], [room, call.id, room, uid, 'p2p']);
  assert.deepEqual(joined.participants.sort(), [ann.id, bob.id].sort());
  assert.equal((await ann.reads(call)).body.data.status, 'calling');
  for (const wrong of [token, `${token}x`, ann.token]) await notJoined(annSocket, wrong, 'TOKEN_INVALID');
  // Both ways count in one limit, four times that of renewals.
  for (let i = 3; i < 8; ++i) refused(await joins(ann, token), 403, 'TOKEN_INVALID');
  assert.ok((await notJoined(annSocket, token, 'RATE_LIMITED')).error.retryAfterMs > 0);
  await advance(server.url, 60_000);
  assert.deepEqual((await notJoined(bobSocket, token, 'TOKEN_EXPIRED')).data, { renew: true });
  const fresh = ok(await fetches(bob, room)).token;
  ok(await ask(server.url, `/api/conversations/${room}/members/${bob.id}`, { method: 'DELETE', token: bob.token }));
  await notJoined(bobSocket, fresh, 'NOT_PARTICIPANT');
  assert.deepEqual(annSocket.all('call.accepted'), []);
  leave(annSocket, bobSocket);
});

// R-000-53, R-000-54, R-000-55, J-3.6, J-3.7, C-03
test('a call outlives its tokens, and a client that renews when it is told always has a good one', async () => {
  const server = await serverWith({ TOKEN_TTL_SECONDS: '60', RATE_LIMIT_CALL_MAX: '1', RATE_LIMIT_TOKEN_MAX: '1' }, ['--virtual-time']);
  const [ann, bob, dan] = await Promise.all([aPerson(server.url), aPerson(server.url), aPerson(server.url)]);
  const [phone, tablet] = [await aSocket(ann), await aSocket(ann), await aSocket(bob)];
  const call = (await ann.calls(bob)).body.data;
  ok(await bob.responds(call, 'accept'));
  let token = ok(await ann.post(`/api/calls/${call.id}/token`));
  const once = ok(await bob.post(`/api/calls/${call.id}/token`));
  ok(await joins(bob, once.token));
  for (let renewals = 1; renewals <= 4; ++renewals) {
    await advance(server.url, 39_000);
    assert.equal(phone.all('call.token_expiring').length, renewals - 1, 'not before');
    await advance(server.url, 1_000);
    for (const socket of [phone, tablet]) {
      const { expiresAt } = await socket.next('call.token_expiring', (event) => event.callId === call.id && event.expiresAt === token.expiresAt);
      assert.equal(socket.all('call.token_expiring').length, renewals);
      assert.equal(expiresAt, token.expiresAt);
    }
    const next = ok(await ann.post(`/api/calls/${call.id}/token`));
    assert.ok(Date.parse(next.expiresAt) > Date.parse(token.expiresAt));
    token = next;
    ok(await joins(ann, token.token));
  }
  refused(await joins(bob, once.token), 403, 'TOKEN_EXPIRED');
  const { status, participants } = (await bob.reads(call)).body.data;
  assert.deepEqual([status, participants.map(({ state }) => state)], ['connected', ['joined', 'joined']], 'bob, who did not renew, is still in it');
  refused(await dan.post(`/api/calls/${call.id}/token`), 403, 'NOT_PARTICIPANT');
  refused(await dan.post(`/api/calls/${randomUUID()}/token`), 403, 'NOT_PARTICIPANT');
  ok(await ann.ends(call));
  refused(await ann.post(`/api/calls/${call.id}/token`), 400, 'CALL_NOT_ACTIVE');
});

// R-002-17, J-3.4
test('a server that serves tokens alone may restart between two requests', { timeout: 60_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'belfry-tokens-'));
  const world = await aRestartableServer(['--data', data]);
  let alone;
  try {
    const { ann, room } = await aRoom(world.url);
    await world.stop();
    alone = await aRestartableServer(['--data', data, '--role=token']);
    const asAnn = (path, more = {}) => ask(alone.url, path, { token: ann.token, ...more });
    const { token } = ok(await asAnn(`/api/call/token?conversationId=${room}`));
    await alone.crash();
    ok(await asAnn('/api/call/join', { method: 'POST', body: { token } }));
    for (const path of ['/api/auth/session', '/api/ice-servers', '/healthz', '/metrics']) assert.equal((await asAnn(path)).status, 200, path);
    for (const path of ['/api/calls/active', '/api/conversations', '/socket.io/?EIO=4&transport=polling']) assert.equal((await asAnn(path)).status, 404, path);
    await alone.stop();
  } finally {
    for (const each of [world, alone]) each?.server.signal('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
});

// R-002-21, J-7.3, J-7.5
test('each token and each refusal is one line in the log and one in the numbers, without the token', async () => {
  const server = await serverWith({});
  const { ann, dan, room } = await aRoom(server.url);
  const { token } = ok(await ann.get(`/api/call/token?conversationId=${room}`, { headers: { 'x-request-id': 'issue-1' } }));
  await dan.get(`/api/call/token?conversationId=${room}`, { headers: { 'x-request-id': 'refusal-1' } });
  const line = async (id) => {
    const { ts, msg, ...record } = await server.logged(id, ({ requestId }) => requestId === id);
    assert.ok(ts && msg);
    return record;
  };
  assert.deepEqual(await line('issue-1'), {
    level: 'info', event: 'token.issued', userId: ann.id, conversationId: room, channel: room, provider: 'native', ttl: 300, outcome: 'issued', requestId: 'issue-1',
  });
  assert.deepEqual(await line('refusal-1'), {
    level: 'warn', event: 'token.refused', userId: dan.id, conversationId: room, channel: null, outcome: 'NOT_PARTICIPANT', requestId: 'refusal-1',
  });
  assert.ok(!server.output().includes(token));
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(metrics, /belfry_tokens_issued_total\{provider="native"\} 1\b/);
  assert.match(metrics, /belfry_tokens_refused_total\{reason="NOT_PARTICIPANT"\} 1\b/);
});

// R-000-56, R-002-07, J-3.8, C-03
test('a long token life works and is warned about; one outside the bounds stops the start', async () => {
  for (const ttl of ['59', '28801']) {
    const run = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--database', 'memory:'], { env: { TOKEN_TTL_SECONDS: ttl } });
    assert.equal((await run.exit).code, 2, run.output());
  }
  const server = await serverWith({ TOKEN_TTL_SECONDS: '28800' });
  const { ann, room } = await aRoom(server.url);
  assert.equal(ok(await fetches(ann, room)).expiresIn, 28_800);
  await server.logged('the warning', ({ level, setting }) => level === 'warn' && setting === 'token.ttl');
  const admin = await anAdmin(['--data', server.data]);
  const { token } = (await ask(server.url, '/user/login', { method: 'POST', body: { username: admin.name, password: admin.password } })).body;
  const { findings } = ok(await ask(server.url, '/api/admin/config/lint', { token }));
  const [finding] = findings.filter(({ setting }) => setting === 'token.ttl');
  assert.equal(finding.level, 'warn');
  assert.match(finding.message, /more than an hour/);
  assert.equal((await ann.get('/api/admin/config/lint')).status, 403);
});
