// Rows of seed 001 about calls that need a server with settings of its own or its log: limits, strict ends, log records, callers
// who may not call, pages out of range.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, aPerson, aSocket, leave } from './harness/accounts.mjs';
import { operate } from './harness/operators.mjs';
import { startServer } from './harness/server.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

/** A test with a server and two people of its own. */
function withServer(title, options, body) {
  test(title, async () => {
    const server = await startServer(options);
    try {
      await body(server, await aPerson(server.url), await aPerson(server.url));
    } finally {
      await server.stop();
    }
  });
}

// R-001-89
withServer('five starts a minute, and the sixth when the minute is over', { args: ['--virtual-time', '--rate-limit-call-max', '5'] }, async (server, alice, bob) => {
  for (let n = 0; n < 5; ++n) await alice.ends((await alice.calls(bob)).body.data);
  const sixth = await alice.calls(bob);
  assert.deepEqual([sixth.status, sixth.body.error.code], [429, 'RATE_LIMITED']);
  assert.ok(Number(sixth.headers.get('retry-after')) <= 60);
  assert.equal((await bob.calls(alice)).status, 201, 'others have their own five');
  await advance(server.url, 121_000);
  assert.equal((await alice.calls(bob)).status, 201);
});

// S9, C-21
withServer('a page that has said it closes frees its peer after eight seconds, and others after thirty', { args: ['--virtual-time'] }, async (server, alice, bob) => {
  for (const [says, kept, over] of [[true, 7000, 1500], [false, 29_000, 1500]]) {
    const [here, page] = [await aSocket(alice), await aSocket(bob)];
    const call = (await alice.calls(bob)).body.data;
    await page.does('call.accept', { callId: call.id });
    if (says) assert.equal((await bob.post(`/api/calls/${call.id}/away`)).status, 200);
    page.io.engine.close();
    await here.next('call.peer_state', ({ state }) => state === 'reconnecting');
    await advance(server.url, kept);
    assert.equal((await alice.reads(call)).body.data.status, 'connected');
    await advance(server.url, over);
    assert.equal((await here.next('call.ended')).endReason, 'connection_lost');
    assert.equal((await bob.post(`/api/calls/${call.id}/away`)).status, 400);
    leave(here, page);
  }
});

// S5
withServer('the peer is shown what one sends, when it changes', {}, async (server, alice, bob) => {
  const [here, there] = [await aSocket(alice), await aSocket(bob)];
  const call = (await alice.calls(bob)).body.data;
  await there.does('call.accept', { callId: call.id });
  await there.does('call.media', { callId: call.id, audio: true, video: true, screen: false, alive: true });
  const { userId, audio, video, screen, callId } = await here.next('call.media');
  assert.deepEqual({ userId, audio, video, screen, callId }, { userId: bob.id, audio: true, video: true, screen: false, callId: call.id });
  for (let i = 0; i < 2; ++i) await there.does('call.media', { callId: call.id, audio: false, video: true });
  await here.next('call.media', (media) => media.audio === false);
  await quietFor([there], ['call.media'], 200);
  assert.equal(here.all('call.media').length, 2);
  const now = { audio: false, video: true, screen: false };
  const mediaOf = ({ participants }) => Object.fromEntries(participants.map((each) => [each.userId, each.mediaState]));
  assert.deepEqual(mediaOf((await alice.reads(call)).body.data), { [alice.id]: null, [bob.id]: now });
  assert.deepEqual(mediaOf((await alice.get('/api/calls/active')).body.data.calls[0]), { [alice.id]: null, [bob.id]: now });
  const later = await aSocket(alice);
  assert.deepEqual(mediaOf((await later.next('call.snapshot')).calls[0]), { [alice.id]: null, [bob.id]: now });
  await here.does('call.media', { callId: call.id, audio: true, video: false, screen: true });
  const { body: { data: ended } } = await alice.ends(call);
  assert.deepEqual(mediaOf(ended), { [alice.id]: null, [bob.id]: null });
  assert.deepEqual(mediaOf((await there.next('call.ended')).call), { [alice.id]: null, [bob.id]: null });
  leave(here, there, later);
});

// R-001-55
withServer('where ends are strict, a ringing call cannot be ended', { env: { CALL_STRICT_END: 'true' } }, async (server, alice, bob) => {
  const call = (await alice.calls(bob)).body.data;
  const { status, body } = await alice.ends(call);
  assert.deepEqual([status, body.message], [400, "Cannot end call that hasn't started"]);
  assert.equal((await alice.reads(call)).body.data.status, 'calling');
  assert.equal((await bob.responds(call, 'accept')).status, 200);
  assert.equal((await alice.ends(call)).status, 200);
});

// R-001-57, R-001-58, R-001-59
withServer('a call leaves three records in the log', { args: ['--virtual-time'] }, async (server, alice, bob) => {
  const call = (await alice.calls(bob)).body.data;
  await bob.responds(call, 'accept');
  await advance(server.url, 9_000);
  await alice.ends(call);
  const unanswered = (await alice.calls(bob)).body.data;
  await advance(server.url, 61_000);
  const records = (msg, { id }) => server.records().filter((record) => record.msg === msg && record.callId === id);
  const only = async (msg, which) => {
    await server.logged(msg, (record) => record.msg === msg && record.callId === which.id);
    assert.equal(records(msg, which).length, 1);
    assert.ok(!Number.isNaN(new Date(records(msg, which)[0].timestamp).getTime()));
    return records(msg, which)[0];
  };
  const { callerId, recipientId, callType } = await only('Call initiated', call);
  assert.deepEqual([callerId, recipientId, callType], [alice.id, bob.id, 'video']);
  const answered = await only('Call response', call);
  assert.deepEqual([answered.recipientId, answered.response, answered.newStatus], [bob.id, 'accept', 'connected']);
  const ended = await only('Call ended', call);
  assert.deepEqual([ended.userId, ended.duration, ended.status], [alice.id, 9, 'ended']);
  assert.equal((await only('Call ended', unanswered)).status, 'missed');
  assert.deepEqual(records('Call response', unanswered), []);
});

// R-001-59
withServer('an end by nobody has no user in its record', { args: ['--virtual-time'] }, async (server, alice, bob) => {
  const { id } = (await alice.calls(bob)).body.data;
  await advance(server.url, 61_000);
  assert.equal((await server.logged('the end', ({ msg, callId }) => msg === 'Call ended' && callId === id)).userId, null);
});

// R-001-62, R-001-63, X-28
withServer('who is blocked while a call rings is out of it, and can neither call nor be called', {}, async (server, alice, bob) => {
  const phone = await aSocket(bob);
  const call = (await alice.calls(bob)).body.data;
  await operate(['user', 'set-status', alice.name, 'blocked', '--data', server.data]);
  await eventually(async () => (await bob.reads(call)).body.data.status === 'missed', 'the call to be over');
  assert.equal((await bob.reads(call)).body.data.endReason, 'user_deactivated');
  assert.equal((await phone.next('call.cancelled')).callId, call.id);
  assert.ok([401, 403].includes((await alice.calls(bob)).status));
  const { status, body } = await bob.calls(alice);
  assert.deepEqual([status, body.message], [400, 'Cannot call inactive or blocked user']);
  await quietFor([phone], ['call.incoming'], 300);
  leave(phone);
});

// R-001-70, R-001-72 to R-001-75
withServer('history has pages, and refuses pages that cannot be', {}, async (server, alice, bob) => {
  const carol = await aPerson(server.url);
  for (let n = 0; n < 25; ++n) await alice.ends((await (n % 2 ? alice.calls(bob) : alice.calls(carol))).body.data);
  await bob.ends((await bob.calls(carol)).body.data);
  const page = async (query) => (await alice.get(`/api/calls/history${query}`)).body.data;
  const first = await page('');
  assert.deepEqual([first.calls.length, first.pagination.page, first.pagination.limit, first.pagination.total, first.pagination.totalPages], [20, 1, 20, 25, 2]);
  const second = await page('?page=2');
  assert.equal(second.calls.length, 5);
  const order = [...first.calls, ...second.calls].map(({ createdAt, id }) => createdAt + id);
  assert.deepEqual(order, [...order].sort().reverse());
  assert.equal(new Set(order).size, 25);
  const beyond = await page('?page=3');
  assert.deepEqual([beyond.calls, beyond.pagination.total], [[], 25]);
  assert.equal((await page('?limit=1000')).pagination.limit, 100);
  for (const query of ['page=0', 'page=-1', 'page=abc', 'limit=0'])
    assert.equal((await alice.get(`/api/calls/history?${query}`)).status, 400, query);
});
