// Tokens for the media of a call (SPEC J-3), read with the vendors' own packages; and the token routes of seeds 000 and 002.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { TokenVerifier } from 'livekit-server-sdk';
import { aPerson, aSocket, advance, ask, done, leave } from './harness/accounts.mjs';
import { anAdmin } from './harness/operators.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { launch, startServer } from './harness/server.mjs';
import { quietFor } from './harness/wait.mjs';

const require = createRequire(import.meta.url);
const { AccessToken2, ServiceRtc } = require('agora-token/src/AccessToken2.js');
const { AccessToken } = require('agora-access-token/src/AccessToken.js');

const kAgora = { AGORA_APP_ID: '970CA35de60c44645bbae8a215061b33', AGORA_APP_CERT: '5CFd2fd1755d40ecb72977518be15d3b' };
const kLivekit = { LIVEKIT_URL: 'wss://media.example', LIVEKIT_API_KEY: 'APIkey', LIVEKIT_API_SECRET: 'a livekit secret of 32 bytes size' };

const servers = [];
after(() => Promise.all(servers.map((server) => server.stop())));
async function serverWith(env, args = []) {
  const server = await startServer({ env, args });
  servers.push(server);
  return server;
}

const ok = ({ status, body }) => {
  assert.equal(status, 200, JSON.stringify(body));
  return body.data;
};
const refused = ({ status, body }, expected, code) => assert.deepEqual([status, body.error?.code], [expected, code], JSON.stringify(body));
const fetches = async (person, room, more = '') => person.get(`/api/call/token?conversationId=${room}${more}`);
const joins = (person, token) => person.post('/api/call/join', { token });

/** Ann and Bob in a conversation, and Dan outside. */
async function aRoom(url) {
  const [ann, bob, dan] = await Promise.all([aPerson(url), aPerson(url), aPerson(url)]);
  const { body } = await ann.post('/api/conversations', { kind: 'group', memberIds: [bob.id] });
  return { ann, bob, dan, room: body.data.id };
}

/** What the vendor's package reads in a "007" token whose signature it has checked. */
function readAgora(token) {
  const read = new AccessToken2('', '', 0, 0);
  assert.ok(read.from_string(token), 'the vendor reads it');
  assert.ok(read.verifySignature(kAgora.AGORA_APP_CERT), 'and finds the signature good');
  assert.ok(!read.verifySignature(kAgora.AGORA_APP_CERT.replace('5', '6')));
  const [service] = read.getServices(1);
  return { appId: `${read.appId}`, issued: read.issueTs, life: read.expire, channel: `${service.__channel_name}`, uid: `${service.__uid}`, privileges: { ...service.__privileges } };
}

// R-000-30, R-000-31, J-3.2, J-3.3
test("a token of Agora is what the vendor's package expects", async () => {
  const server = await serverWith({ ...kAgora, MEDIA_PROVIDER: 'agora', TOKEN_TTL_SECONDS: '120' });
  const { ann, room } = await aRoom(server.url);
  const answer = ok(await fetches(ann, room));
  assert.equal(answer.appId, kAgora.AGORA_APP_ID);
  assert.deepEqual([answer.channel, answer.uid, answer.uidType, answer.expiresIn], [room, ann.id, 'string', 120]);
  const read = readAgora(answer.token);
  assert.deepEqual({ ...read, issued: 0 }, { appId: kAgora.AGORA_APP_ID, issued: 0, life: 120, channel: room, uid: ann.id, privileges: { 1: 86400, 2: 86400, 3: 86400, 4: 86400 } });
  assert.ok(Math.abs(read.issued * 1000 + 120_000 - Date.parse(answer.expiresAt)) <= 1000);
  const subscriber = ok(await fetches(ann, room, '&role=subscriber&uidType=numeric'));
  assert.equal(readAgora(subscriber.token).uid, `${subscriber.uid}`);
  assert.deepEqual(readAgora(subscriber.token).privileges, { 1: 86400 });
  // The vendor writes the same bytes for the same facts.
  const theirs = new AccessToken2(kAgora.AGORA_APP_ID, kAgora.AGORA_APP_CERT, read.issued, 120);
  const parsed = new AccessToken2('', '', 0, 0);
  parsed.from_string(answer.token);
  theirs.salt = parsed.salt;
  const service = new ServiceRtc(room, ann.id);
  for (const right of [1, 2, 3, 4]) service.add_privilege(right, 86400);
  theirs.add_service(service);
  const reread = new AccessToken2('', '', 0, 0);
  reread.from_string(theirs.build());
  assert.deepEqual(reread.__signature, parsed.__signature);
  // R-002-01
  assert.ok(!server.output().includes(kAgora.AGORA_APP_CERT) && !JSON.stringify(answer).includes(kAgora.AGORA_APP_CERT));
});

test("an old SDK's token of Agora is what the vendor's old package makes", async () => {
  const server = await serverWith({ ...kAgora, AGORA_TOKEN_VERSION: '006' });
  const { ann, room } = await aRoom(server.url);
  const { token } = ok(await fetches(ann, room, '&provider=agora'));
  const read = new AccessToken();
  assert.ok(read.fromString(token));
  const theirs = new AccessToken(kAgora.AGORA_APP_ID, kAgora.AGORA_APP_CERT, room, ann.id);
  Object.assign(theirs, { salt: read.salt, ts: read.ts, messages: read.messages });
  assert.equal(theirs.build(), token);
  assert.deepEqual(Object.keys(read.messages), ['1', '2', '3', '4']);
});

// J-3.2, J-3.3
test("a token of LiveKit is good for the vendor's verifier", async () => {
  const server = await serverWith({ ...kLivekit, MEDIA_PROVIDER: 'livekit' });
  const { ann, room } = await aRoom(server.url);
  const answer = ok(await fetches(ann, room));
  assert.deepEqual([answer.appId, answer.sfuUrl, answer.provider], ['APIkey', kLivekit.LIVEKIT_URL, 'livekit']);
  const claims = await new TokenVerifier(kLivekit.LIVEKIT_API_KEY, kLivekit.LIVEKIT_API_SECRET).verify(answer.token);
  assert.equal(claims.sub, ann.id);
  assert.deepEqual(claims.video, { roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true });
  await assert.rejects(new TokenVerifier(kLivekit.LIVEKIT_API_KEY, 'another secret').verify(answer.token));
  refused(await fetches(ann, room, '&provider=agora'), 400, 'VALIDATION_FAILED');
});

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

// J-8.1, J-2.11, J-3.4, J-3.6, X-23
for (const [name, make] of kDatabases)
  test(`a call is at the provider of its caller's token, and so is who answers it, on ${name}`, { timeout: 120_000 }, async () => {
    const kept = await make();
    let world;
    try {
      world = await aRestartableServer([...kept.args, '--virtual-time'], { env: { ...kAgora, ...kLivekit, MEDIA_PROVIDER: 'livekit' } });
      const { ann, bob, room } = await aRoom(world.url);
      const native = ok(await fetches(bob, room, '&provider=native'));
      await advance(world.url, 300_000);
      ok(await fetches(ann, room));
      ok(await fetches(ann, room, '&provider=agora'));
      const made = await ann.post('/api/calls', { conversationId: room, callType: 'audio' });
      assert.deepEqual([made.status, made.body.data.mediaMode], [201, 'external'], JSON.stringify(made.body));
      const call = made.body.data;
      ok(await fetches(ann, room, '&provider=native'));
      const theirs = ok(await bob.get(`/api/call/token?callId=${call.id}`));
      assert.deepEqual([theirs.provider, readAgora(theirs.token).channel], ['agora', room]);
      ok(await bob.responds(call, 'accept'));
      for (const person of [ann, bob]) assert.equal(ok(await person.post(`/api/calls/${call.id}/token`)).provider, 'agora');
      assert.equal(ok(await bob.post(`/api/calls/${call.id}/token`, { provider: 'native' })).provider, 'native');
      refused(await joins(bob, native.token), 403, 'TOKEN_EXPIRED');
      assert.equal(ok(await joins(ann, ok(await fetches(ann, room, '&provider=native')).token)).mediaMode, 'external');
      assert.equal(await kept.sql(`SELECT "provider" || ' ' || "mediaMode" FROM calls WHERE "conversationId" IS NOT NULL`), 'agora external');
      await world.crash();
      const later = (path, method = 'GET') => ask(world.url, path, { method, token: ann.token });
      assert.equal(ok(await later(`/api/calls/${call.id}`)).mediaMode, 'external');
      assert.equal(ok(await later(`/api/calls/${call.id}/token`, 'POST')).provider, 'agora');
      assert.equal(ok(await later('/api/calls/active')).calls[0].mediaMode, 'external');
      ok(await later(`/api/calls/${call.id}/end`, 'POST'));
      const plain = await ask(world.url, '/api/calls', { method: 'POST', token: ann.token, body: { recipientId: bob.id, callType: 'audio' } });
      assert.equal(plain.body.data.mediaMode, 'external', 'MEDIA_PROVIDER');
      assert.equal(ok(await later(`/api/calls/${plain.body.data.id}/token`, 'POST')).provider, 'livekit');
      await world.stop();
    } finally {
      world?.server.signal('SIGKILL');
      await kept.remove();
    }
  });

// J-2.11
test('a group call at a provider is never full', async () => {
  const server = await serverWith({ ...kAgora, CALL_MESH_MAX: '2' });
  const people = await Promise.all([0, 1, 2].map(() => aPerson(server.url)));
  const [ann, bob, dan] = people;
  const room = (await ann.post('/api/conversations', { kind: 'group', memberIds: [bob.id, dan.id] })).body.data.id;
  const rings = async () => (await ann.post('/api/calls', { conversationId: room, callType: 'audio' })).body.data;
  const mesh = await rings();
  assert.equal(mesh.mediaMode, 'p2p');
  ok(await bob.responds(mesh, 'accept'));
  refused(await dan.responds(mesh, 'accept'), 409, 'CALL_FULL');
  ok(await ann.ends(mesh));
  ok(await fetches(ann, room, '&provider=agora'));
  const call = await rings();
  assert.equal(call.mediaMode, 'external');
  for (const person of [bob, dan]) ok(await person.responds(call, 'accept'));
  refused(await bob.post(`/api/calls/${call.id}/signal`, { kind: 'offer', payload: {}, to: dan.id }), 409, 'MEDIA_INCOMPATIBLE');
});

// SPEC 2.5: "both sides on that provider"
test('a callee whose token is of another provider is not rung', async () => {
  const server = await serverWith({ ...kAgora, ...kLivekit });
  const { ann, bob, room } = await aRoom(server.url);
  const socket = await aSocket(bob);
  ok(await fetches(ann, room, '&provider=agora'));
  ok(await fetches(bob, room, '&provider=livekit'));
  const answer = await ann.post('/api/calls', { conversationId: room, callType: 'audio' });
  refused(answer, 409, 'MEDIA_INCOMPATIBLE');
  assert.deepEqual(answer.body.data, { userIds: [bob.id] });
  await quietFor([socket], ['call.incoming']);
  ok(await fetches(bob, room, '&provider=agora'));
  assert.equal((await ann.post('/api/calls', { conversationId: room, callType: 'audio' })).status, 201);
  await socket.next('call.incoming');
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

// W-000-01
test("seed 000's app gets its token in its own form", async () => {
  const server = await serverWith({ ...kAgora, MEDIA_PROVIDER: 'agora', RATE_LIMIT_TOKEN_MAX: '3' });
  const { ann, dan, room } = await aRoom(server.url);
  for (const path of ['/api/call/token', '/api/v1/call/token']) {
    const { status, body } = await ann.post(path, { channelName: room, role: 'publisher', userId: ann.id });
    assert.equal(status, 200);
    assert.deepEqual([body.code, body.success, typeof body.message], [200, true, 'string']);
    assert.deepEqual(Object.keys(body.data.attributes).sort(), ['appId', 'channelName', 'token']);
    assert.deepEqual([body.data.attributes.appId, body.data.attributes.channelName], [kAgora.AGORA_APP_ID, room]);
    const { uid, channel } = readAgora(body.data.attributes.token);
    assert.deepEqual([uid, channel], ['', room], 'that app joins as user 0');
  }
  const stranger = await dan.post('/api/v1/call/token', { channelName: room });
  assert.deepEqual([stranger.status, stranger.body.code, stranger.body.message], [400, 400, 'You are not a participant in this conversation']);
  assert.deepEqual(stranger.body.error, [{ path: 'channelName', message: 'You are not a participant in this conversation' }]);
  assert.equal((await ann.post('/api/v1/call/token', {})).status, 400);
  ok(await fetches(ann, room));
  assert.equal((await ann.post('/api/v1/call/token', { channelName: room })).status, 429, 'one limit for both');
});

// W-01, W-002-01, W-002-02, W-002-03, W-002-04
test("seed 002's client gets its token with the session of its own issuer", async () => {
  const secret = 'an issuer secret of thirty-two bytes';
  const server = await serverWith({ ...kAgora, JWT_EXTERNAL_SECRET: secret, TOKEN_TTL_SECONDS: '120', RATE_LIMIT_TOKEN_IP_MAX: '20', SUPABASE_URL: 'https://x.supabase.co', CLIENT_ORIGIN: 'https://farm.example' });
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = (claims) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ aud: 'authenticated', exp: Math.floor(Date.now() / 1000) + 300, ...claims })}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const [ann, bob, dan] = [randomUUID(), randomUUID(), randomUUID()];
  const channel = `call_${[ann, bob].sort().join('_')}_${Date.now()}`;
  const uidOf = (id) => parseInt(id.replaceAll('-', '').slice(0, 10), 16);
  const asks = (sub, query, token = sub && signed({ sub })) => ask(server.url, `/api/token?${new URLSearchParams(query)}`, { token, headers: { origin: 'https://farm.example' } });
  for (const user of [ann, bob]) {
    const { status, body, headers } = await asks(user, { channel, uid: uidOf(user), role: 'publisher' });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual({ ...body, token: '', expiresAt: '' }, { appId: kAgora.AGORA_APP_ID, token: '', channel, uid: uidOf(user), expiresAt: '', ttl: 120 });
    assert.ok(Math.abs(Date.parse(body.expiresAt) - Date.now() - 120_000) < 5000);
    assert.deepEqual([readAgora(body.token).uid, readAgora(body.token).channel], [`${uidOf(user)}`, channel]);
    assert.equal(headers.get('ratelimit-limit'), '20');
    assert.equal(headers.get('access-control-allow-origin'), 'https://farm.example');
  }
  const answers = async (expected, error, ...question) => {
    const { status, body } = await asks(...question);
    assert.deepEqual([status, body], [expected, { error }]);
  };
  await answers(403, 'You are not a participant in this call', dan, { channel, uid: uidOf(dan) });
  await answers(400, 'Missing channel or uid parameter', ann, { channel });
  await answers(400, 'Missing channel or uid parameter', ann, { uid: 7 });
  await answers(401, 'Missing or invalid Authorization header', undefined, { channel, uid: 7 });
  await answers(401, 'Invalid or expired token', undefined, { channel, uid: 7 }, 'x');
  await answers(401, 'Invalid or expired token', ann, { channel, uid: 7 }, signed({ sub: ann, exp: 1 }));
  await server.logged('the variable that is not used', ({ about }) => about?.includes('SUPABASE_URL'));
  for (let i = 0; i < 12; ++i) await asks(ann, { channel, uid: 7 });
  assert.equal((await asks(ann, { channel, uid: 7 })).status, 429);
  const health = await server.json('/health');
  assert.equal(health.status, 'ok');
  assert.ok(!Number.isNaN(Date.parse(health.timestamp)));
});

// W-002-01
test('without the settings of Agora the route of seed 002 says so', async () => {
  const ann = await aPerson((await serverWith({})).url);
  const { status, body } = await ann.get('/api/token?channel=x&uid=7');
  assert.deepEqual([status, body], [500, { error: 'Server configuration error' }]);
});

// W-002-05
test('nothing answers at the addresses of Supabase', async () => {
  const server = await serverWith({ ...kAgora, SUPABASE_URL: 'https://x.supabase.co' });
  const ann = await aPerson(server.url);
  const kTheirs = ['/rest/v1/', '/rest/v1/calls?select=*', '/rest/v1/rpc/accept', '/auth/v1/token?grant_type=password', '/auth/v1/user', '/auth/v1/signup',
    '/realtime/v1/websocket?apikey=x&vsn=1.0.0', '/storage/v1/object', '/functions/v1/push'];
  for (const path of kTheirs)
    for (const method of ['GET', 'POST']) {
      const { status } = await ann[method.toLowerCase()](path);
      assert.equal(status, 404, `${method} ${path}`);
    }
  const page = readFileSync(new URL('../../docs/migrating/002.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## What is not offered'));
  for (const word of ['PostgREST', 'Supabase Realtime', 'Supabase Auth', '`/rest/v1/`', '`/realtime/v1/`', '`/auth/v1/`', '404']) assert.ok(section.includes(word), word);
});

// W-002-05
test("the statuses of seed 002's table each have one of ours", async () => {
  const page = readFileSync(new URL('../../docs/migrating/002.md', import.meta.url), 'utf8');
  const read = Object.fromEntries([...page.matchAll(/`(\w+)` = `(\w+)`/g)].map(([, theirs, ours]) => [theirs, ours]));
  assert.deepEqual(read, { ringing: 'calling', accepted: 'connected', in_progress: 'connected', ended: 'ended', missed: 'missed', declined: 'rejected' });
  const { body } = await ask((await serverWith({})).url, '/api/openapi.json');
  const statuses = body.components.schemas.Call.properties.status.enum;
  assert.deepEqual([...new Set(Object.values(read))].sort(), [...statuses].sort());
});
