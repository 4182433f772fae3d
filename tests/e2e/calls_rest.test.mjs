// Rows of seed 001 that the QA report does not cover: parallel starts, history, statistics, audit, quality, idempotency.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aPair, aPerson, advance, ask, aSocket } from './harness/accounts.mjs';
import { launch, sharedServer } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time'] });

async function finished(caller, callee, { seconds = 0, how = 'end', type = 'video' } = {}) {
  const { data: call } = (await caller.calls(callee, { callType: type })).body;
  if (how === 'reject') return (await callee.responds(call, 'reject')).body.data;
  if (how === 'end') await callee.responds(call, 'accept');
  if (seconds) await advance(server.url, seconds * 1000);
  return (await caller.ends(call)).body.data;
}

// R-001-38
test('a hundred parallel starts make one call', async () => {
  const { alice, bob, aliceSocket, bobSocket } = await aPair(server.url);
  const answers = await Promise.all(Array.from({ length: 100 }, () => alice.calls(bob)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.ok(answers.every(({ status }) => [201, 400, 429].includes(status)));
  await bobSocket.next('call.incoming');
  assert.equal((await alice.get('/api/calls/active')).body.data.calls.length, 1);
  assert.equal(bobSocket.all('call.incoming').length, 1);
  aliceSocket.disconnect();
  bobSocket.disconnect();
});

// R-001-39, X-09
test('when two users call the same person at once, one call succeeds', async () => {
  for (let round = 0; round < 20; ++round) {
    const [alice, bob, carol] = [await aPerson(server.url), await aPerson(server.url), await aPerson(server.url)];
    const answers = await Promise.all([alice.calls(bob), carol.calls(bob)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 400]);
    assert.equal((await bob.get('/api/calls/active')).body.data.calls.length, 1);
  }
});

// R-001-22
test('a caller who was away when the call was answered is notified on return', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const { data: call } = (await alice.calls(bob)).body;
  await bob.responds(call, 'accept');
  const phone = await aSocket(alice);
  const { calls, callSeqs } = await phone.next('call.snapshot');
  assert.deepEqual([calls[0].id, calls[0].status, callSeqs[call.id]], [call.id, 'connected', calls[0].version]);
  phone.disconnect();
});

// R-002-19
test('both sides see a change, by whichever path it was made', async () => {
  const { alice, bob, aliceSocket, bobSocket } = await aPair(server.url);
  const { data: call } = (await alice.calls(bob)).body;
  await bobSocket.next('call.incoming');
  await bob.responds(call, 'accept');
  for (const socket of [aliceSocket, bobSocket]) assert.equal((await socket.next('call.accepted')).callId, call.id);
  await alice.ends(call);
  for (const socket of [aliceSocket, bobSocket]) assert.equal((await socket.next('call.ended')).callId, call.id);
  const { data: second } = (await bob.calls(alice)).body;
  await alice.responds(second, 'reject');
  await bobSocket.next('call.rejected', ({ callId }) => callId === second.id);
  await aliceSocket.next('call.declined_elsewhere', ({ callId }) => callId === second.id);
  aliceSocket.disconnect();
  bobSocket.disconnect();
});

// R-001-44...46
test('a user who connects after the ring sees a missed call and no ringing one', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  await alice.calls(bob);
  await advance(server.url, 300_000);
  const phone = await aSocket(bob);
  assert.equal((await bob.get('/api/calls/history?status=missed')).body.data.pagination.total, 1);
  assert.deepEqual(phone.all('call.incoming'), []);
  phone.disconnect();
});

// R-001-60, R-001-61, R-002-13
test('the audit records the events in order, with actors and a hash chain', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const call = await finished(alice, bob, { seconds: 3 });
  for (const reader of [alice, bob]) {
    const { entries } = (await reader.get(`/api/calls/${call.id}/audit`)).body.data;
    assert.deepEqual(entries.map(({ type }) => type), ['initiate', 'accept', 'end']);
    assert.deepEqual(entries.map(({ callSeq }) => callSeq), [1, 2, 3]);
    assert.deepEqual(entries.map(({ actorUserId }) => actorUserId), [alice.id, bob.id, alice.id]);
    for (let i = 1; i < entries.length; ++i) assert.equal(entries[i].prevHash, entries[i - 1].hash);
  }
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    assert.equal((await ask(server.url, `/api/calls/${call.id}/audit`, { method, token: alice.token })).status, 405);
});

// R-001-69...75
test('history lists one\'s own calls in pages, newest first, and shows people by name only', async () => {
  const [alice, bob, carol] = [await aPerson(server.url), await aPerson(server.url), await aPerson(server.url)];
  for (let n = 0; n < 25; ++n) await finished(n % 2 ? alice : bob, n % 2 ? bob : alice);
  await finished(bob, carol);
  const first = (await alice.get('/api/calls/history')).body.data;
  assert.deepEqual(first.pagination, { page: 1, limit: 20, total: 25, totalPages: 2 });
  assert.equal(first.calls.length, 20);
  for (const call of first.calls)
    for (const person of [call.caller, call.recipient]) assert.deepEqual(Object.keys(person).sort(), ['avatar', 'id', 'username']);
  const order = first.calls.map(({ createdAt, id }) => createdAt + id);
  assert.deepEqual(order, [...order].sort().reverse());
  assert.equal((await alice.get('/api/calls/history?page=2')).body.data.calls.length, 5);
  const beyond = (await alice.get('/api/calls/history?page=3')).body.data;
  assert.deepEqual([beyond.calls, beyond.pagination.total], [[], 25]);
  for (const bad of ['page=0', 'page=-1', 'page=abc', 'limit=0']) assert.equal((await alice.get(`/api/calls/history?${bad}`)).status, 400, bad);
  assert.equal((await alice.get('/api/calls/history?limit=1000')).body.data.pagination.limit, 100);
  const seen = [];
  for (let cursor = ''; cursor !== null;) {
    const { data } = (await alice.get(`/api/calls/history?limit=7${cursor && `&cursor=${cursor}`}`)).body;
    seen.push(...data.calls.map(({ id }) => id));
    cursor = data.nextCursor;
  }
  assert.equal(new Set(seen).size, 25);
  assert.equal(seen.length, 25);
  assert.equal((await alice.get('/api/calls/history?direction=outgoing')).body.data.pagination.total, 12);
});

// R-001-24, R-001-76, R-001-77, C-26
test('statistics are sums in seconds over the requested period', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  await finished(alice, bob, { seconds: 60 });
  await finished(bob, alice, { seconds: 120, type: 'audio' });
  await finished(alice, bob, { how: 'cancel' });
  await advance(server.url, 1000);
  const since = (await ask(server.url, '/test/clock')).body.data.now;
  await finished(bob, alice, { how: 'reject' });
  const { data } = (await alice.get('/api/calls/stats')).body;
  assert.deepEqual(data, { totalCalls: 4, totalDuration: 180, averageDuration: 90, missedCalls: 1, rejectedCalls: 1, incoming: 2, outgoing: 2, audioCalls: 1, videoCalls: 3 });
  assert.equal((await alice.get(`/api/calls/stats?from=${since}`)).body.data.totalCalls, 1);
  assert.equal((await alice.get(`/api/calls/stats?to=${since}`)).body.data.totalCalls, 3);
  assert.equal((await alice.get('/api/calls/stats?from=yesterday')).status, 400);
});

// R-001-81
test('quality samples become the call\'s metrics', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const { data: call } = (await alice.calls(bob)).body;
  await bob.responds(call, 'accept');
  const samples = [{ rttMs: 40, packetLoss: 0.5, jitterMs: 3, resolution: '1280x720' }, { rttMs: 60, packetLoss: 1.5, jitterMs: 5, resolution: '1280x720' }];
  assert.equal((await alice.post(`/api/calls/${call.id}/quality`, { samples })).status, 202);
  await alice.ends(call);
  const { qualityMetrics } = (await bob.reads(call)).body.data;
  assert.deepEqual([qualityMetrics.avgLatency, qualityMetrics.packetLoss, qualityMetrics.jitter, qualityMetrics.resolution], [50, 1, 4, '1280x720']);
  const silent = await finished(alice, bob);
  assert.deepEqual((await bob.reads(silent)).body.data.qualityMetrics, {});
});

// X-26, SPEC 2.1
test('an Idempotency-Key makes a retry harmless', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const headers = { 'idempotency-key': 'once' };
  const first = await alice.post('/api/calls', { recipientId: bob.id, callType: 'video' }, { headers });
  const again = await alice.post('/api/calls', { recipientId: bob.id, callType: 'video' }, { headers });
  assert.deepEqual([again.status, again.body], [201, first.body]);
  const other = await alice.post('/api/calls', { recipientId: bob.id, callType: 'audio' }, { headers });
  assert.deepEqual([other.status, other.body.error.code], [409, 'IDEMPOTENCY_CONFLICT']);
});

// C-04, C-25, C-26, R-001-91
test('every outcome has its status, its reason and its times', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const cancelled = await finished(alice, bob, { how: 'cancel' });
  assert.deepEqual([cancelled.status, cancelled.endReason, cancelled.duration], ['missed', 'cancelled', null]);
  const rejected = await finished(alice, bob, { how: 'reject' });
  assert.deepEqual([rejected.status, rejected.endReason, rejected.duration], ['rejected', 'declined', null]);
  const ended = await finished(alice, bob, { seconds: 2 });
  assert.deepEqual([ended.status, ended.endReason, ended.duration], ['ended', 'hangup', 2]);
  assert.ok(ended.updatedAt > ended.createdAt);
});

// C-01, R-001-42, SPEC 0
test('a caller may choose a ring time from five seconds to three minutes', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  for (const ringTimeoutSec of [4, 181, '30', 7.5]) assert.equal((await alice.calls(bob, { ringTimeoutSec })).status, 400);
  const { data: call } = (await alice.calls(bob, { ringTimeoutSec: 5 })).body;
  await advance(server.url, 4_999);
  assert.equal((await alice.reads(call)).body.data.status, 'calling');
  await advance(server.url, 1);
  assert.equal((await alice.reads(call)).body.data.status, 'missed');
});

// C-12: REST calls people by id; a client finds the id of a name through the API.
test('a person is found by name and called by id', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const { users } = (await alice.get(`/api/users?q=${bob.name}`)).body.data;
  assert.equal((await alice.calls(users[0])).status, 201);
  assert.equal((await alice.calls({ id: bob.name })).status, 400);
});

// R-001-97
test('the API describes itself to programs and to people', async () => {
  const document = (await ask(server.url, '/api/openapi.json')).body;
  assert.match(document.openapi, /^3\.1/);
  assert.ok(Object.keys(document.paths).includes('/api/calls/{id}/end'));
  const page = await ask(server.url, '/docs');
  assert.match(page.headers.get('content-type'), /text\/html/);
  assert.match(page.body, /\/api\/calls\/respond/);
});

// R-002-16
test('every setting can come from the environment and is shown with its source', async () => {
  const printed = launch(['serve', '--print-config'], { env: { PORT: '4321', JWT_SECRET: 'x'.repeat(16) + 'y'.repeat(20), CALL_TIMEOUT_SECONDS: '20', DATABASE_URL: 'memory:' } });
  assert.equal((await printed.exit).code, 0);
  const text = printed.out.join('\n');
  for (const line of [/listen +.*4321 +env/, /call\.timeout +20s +env/, /database +\(set\) +env/, /auth\.secret +\(set\) +env/]) assert.match(text, line);
  await eventually(() => true, 'nothing');
});
