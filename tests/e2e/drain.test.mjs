// Stops and restarts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectRaw } from './harness/raw.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { startServer } from './harness/server.mjs';
import { aPerson, aSocket } from './harness/accounts.mjs';
import { aConnectedCall, assertTalking, aUser, connectUser, everybodyLeaves } from './harness/user.mjs';
import { eventually, within } from './harness/wait.mjs';

// SPEC 0, R-003-44
test('SIGTERM drains: clients are disconnected, and the exit status is 0', async () => {
  const server = await startServer();
  const { caller, callee } = await aConnectedCall(server.url);
  const polling = await aUser(server.url, { options: { transports: ['polling'] } });
  await server.stop('SIGTERM');
  await Promise.all([caller, callee, polling].map((user) => user.next('disconnect')));
  await everybodyLeaves();
});

test('SIGINT exits at once with status 0', async () => {
  const server = await startServer();
  await aConnectedCall(server.url);
  const begin = Date.now();
  await server.stop('SIGINT');
  assert.ok(Date.now() - begin < 3000);
  await everybodyLeaves();
});

test('a second SIGTERM while draining does no harm', async () => {
  const server = await startServer();
  await aConnectedCall(server.url);
  server.signal('SIGTERM');
  await server.stop('SIGTERM');
  await everybodyLeaves();
});

// R-004-45
for (const signal of ['SIGTERM', 'SIGKILL']) {
  test(`after a restart (${signal}) clients reconnect without user action, and can call`, async () => {
    const first = await startServer();
    const options = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };
    const users = [connectUser(first.url, { options }), connectUser(first.url, { options: { ...options, transports: ['polling', 'websocket'] } })];
    // Like any client: register on each connect.
    for (const user of users) {
      user.socket.on('connect', () => user.emit('register_user', { userId: user.name }));
    }
    await Promise.all(users.map((user) => user.next('user_registered')));
    if (signal === 'SIGTERM') await first.stop('SIGTERM');
    else first.signal('SIGKILL');
    await within(first.exit, 'the end of the first server');
    const second = await startServer({ listen: `127.0.0.1:${first.port}` });
    await Promise.all(users.map((user) => user.next('user_registered')));
    await eventually(async () => (await second.users()).length === 2, 'both registered');
    users[0].call(users[1]);
    await users[1].next('incoming_call');
    await everybodyLeaves(second);
    await second.stop();
  });
}

// One listener per port: the lesson of R-004-60.
test('a second server on the same port does not start', async () => {
  const first = await startServer();
  await assert.rejects(startServer({ listen: `127.0.0.1:${first.port}` }), /did not become ready/);
  await first.stop();
});

// X-27, R-003-44: found by black-box acceptance. For a moment before the connections close, REST and sockets say why they refuse.
test('SIGTERM: while draining, REST and both dialects refuse a start, and running calls go on', async () => {
  const server = await startServer({ args: ['--drain-notice', '3'] });
  const { caller, callee } = await aConnectedCall(server.url);
  const [ann, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const socket = await aSocket(ann);
  server.signal('SIGTERM');
  await socket.next('server.draining');
  const rest = await ann.post('/api/calls', { recipientId: bob.id, callType: 'audio' });
  assert.deepEqual([rest.status, rest.body.error.code], [503, 'DRAINING']);
  const native = await socket.does('call.start', { recipientId: bob.id, callType: 'audio' });
  assert.equal(native.error.code, 'DRAINING');
  const eve = await aUser(server.url);
  eve.call({ name: caller.name });
  assert.match((await eve.next('call_failed')).error, /restart/);
  assert.equal((await fetch(server.url + '/readyz')).status, 503);
  await assertTalking({ caller, callee });
  await server.stop('SIGTERM');
  await everybodyLeaves();
});

// a request whose body stops half-way delays the end of the drain by ten seconds, which is longer than a grace.
test('SIGTERM ends no call, neither one that waits for a half-sent body nor one that rings', { timeout: 60_000 }, async () => {
  const kept = kDatabases[0][1]();
  const world = await aRestartableServer(kept.args);
  await aConnectedCall(world.url);
  const [ringing, rung] = [await aUser(world.url), await aUser(world.url)];
  ringing.call(rung);
  await rung.next('incoming_call');
  const slow = await connectRaw(world.url);
  slow.send('POST /user/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"user');
  world.server.signal('SIGTERM');
  assert.equal((await world.server.exit).code, 0);
  const legs = await kept.sql("SELECT status || ' ' || state FROM calls JOIN call_participants ON callId = id");
  assert.deepEqual(legs.split('\n').sort(), ['calling joined', 'calling notified', 'connected joined', 'connected joined']);
  await everybodyLeaves();
  slow.destroy();
  await kept.remove();
});
