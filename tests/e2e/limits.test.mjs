// Limits that settings define, each on a server of its own.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { aPerson, ask, aSocket } from './harness/accounts.mjs';
import { startServer } from './harness/server.mjs';
import { connectRaw, connectRawWebSocket } from './harness/raw.mjs';
import { aConnectedCall, aUser, connectUser, everybodyLeaves, kOffer } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const servers = [];
after(() => Promise.all(servers.map((server) => server.stop())));
async function serverWith(env) {
  const server = await startServer({ env });
  servers.push(server);
  return server;
}

// R-003-47, C-02
test('calls above the rate limit are refused, for that user only', async () => {
  const server = await serverWith({ RATE_LIMIT_CALL_MAX: '3' });
  const [alice, bob, carol] = [await aUser(server.url), await aUser(server.url), await aUser(server.url)];
  for (let n = 0; n < 3; ++n) {
    alice.call(bob);
    await bob.next('incoming_call');
    alice.end(bob);
    await bob.next('call_ended');
  }
  alice.call(bob);
  const { error, targetUser } = await alice.next('call_failed');
  assert.match(error, /rate.?limit/i);
  assert.equal(targetUser, bob.name);
  carol.call(bob);
  assert.equal((await bob.next('incoming_call')).from, carol.name);
  await everybodyLeaves(server);
});

test('calls are allowed again after the rate limit\'s window', async () => {
  const server = await serverWith({ RATE_LIMIT_CALL_MAX: '1', RATE_LIMIT_CALL_WINDOW_MS: '1500' });
  const alice = await aUser(server.url);
  const attempt = () => {
    alice.emit('make_call', { to: 'zoe', from: alice.name, offer: kOffer });
    return alice.next('call_failed');
  };
  assert.doesNotMatch((await attempt()).error, /rate/i);
  assert.match((await attempt()).error, /rate/i);
  await eventually(async () => !/rate/i.test((await attempt()).error), 'the window to pass');
  await everybodyLeaves(server);
});

test('one address cannot hold more connections than allowed, and can connect again after it closes some', async () => {
  const server = await serverWith({ BELFRY_CONNECTION_MAX_PER_ADDRESS: '8' });
  const held = [];
  for (let n = 0; n < 8; ++n) held.push(await connectRawWebSocket(server.url));
  const ninth = await connectRaw(server.url);
  ninth.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await ninth.gone();
  assert.doesNotMatch(ninth.text(), /^HTTP\/1\.1 200/);
  held.forEach((raw) => raw.destroy());
  await eventually(() => server.health().then(() => true, () => false), 'room again');
});

// SPEC 0: connectTimeout
test('a connection that joins no namespace is closed after connectTimeout; one that does stays', async () => {
  const server = await serverWith({ BELFRY_SOCKET_CONNECT_TIMEOUT: '1' });
  const begin = Date.now();
  const idle = await connectRawWebSocket(server.url);
  const user = connectUser(server.url);
  await user.next('connect');
  await idle.gone(4000);
  assert.ok(Date.now() - begin >= 900);
  await user.register();
  await everybodyLeaves(server);
});

test('the heartbeat closes a silent client and keeps one that answers', async () => {
  const server = await serverWith({ BELFRY_ENGINE_PING_INTERVAL: '300', BELFRY_ENGINE_PING_TIMEOUT: '200' });
  const silent = await connectRawWebSocket(server.url);
  silent.sendText('40');
  const user = await aUser(server.url);
  await silent.heard('2');
  await silent.gone(2000);
  await user.register();
  await everybodyLeaves(server);
});

// SPEC 0: a head within 10 s, a body within 30 s, settable
test('half a request head gets 408 and is closed; half a body too', async () => {
  const server = await serverWith({ BELFRY_HTTP_HEAD_TIMEOUT: '1', BELFRY_HTTP_BODY_TIMEOUT: '1' });
  const head = await connectRaw(server.url);
  head.send('GET / HTTP/1.1\r\nHost: x\r\nX-Half: ');
  const body = await connectRaw(server.url);
  const { sid } = JSON.parse((await (await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`)).text()).slice(1));
  body.send(`POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n40`);
  assert.equal(await head.status(), 408);
  assert.equal(await body.status(), 408);
  await Promise.all([head.gone(), body.gone()]);
});

// SPEC 0: unsent output above the limit closes a slow reader; X-13 for its call.
test('a slow reader is closed, and other clients are served meanwhile', { timeout: 60000 }, async () => {
  const server = await serverWith({ BELFRY_CONNECTION_MAX_UNSENT: '65536' });
  const slow = await connectRawWebSocket(server.url);
  slow.sendText('40');
  await slow.heard('40');
  slow.sendText('42["register_user",{"userId":"slow"}]');
  await slow.heard('42["user_registered"');
  const sender = await aUser(server.url);
  const pair = await aConnectedCall(server.url);
  sender.call({ name: 'slow' });
  await slow.heard('42["incoming_call"');
  slow.sendText(`42["answer_call",${JSON.stringify({ to: sender.name, from: 'slow', answer: kOffer })}]`);
  await sender.next('call_answered');
  slow.socket.pause();
  const filler = { candidate: 'x'.repeat(8000), sdpMid: '0', sdpMLineIndex: 0 };
  await eventually(() => {
    for (let n = 0; n < 100; ++n) sender.emit('ice_candidate', { to: 'slow', from: sender.name, candidate: filler });
    pair.caller.ice(pair.callee, 1);
    return sender.all('call_ended').length > 0;
  }, 'the end of the slow reader\'s call', 30000);
  await pair.callee.next('ice_candidate');
  slow.destroy();
  await everybodyLeaves(server);
});

// R-004-67, C-02
test('the eleventh login attempt within a minute is refused, with the standard headers', async () => {
  const limited = await startServer({ args: ['--rate-limit-login-max', '10'] });
  const person = await aPerson(limited.url);
  const tries = [];
  for (let n = 0; n < 11; ++n) tries.push(await ask(limited.url, '/user/login', { method: 'POST', body: { username: person.name, password: 'not this one' } }));
  assert.deepEqual(tries.map(({ status }) => status), [...Array(10).fill(401), 429]);
  const { headers, body } = tries[10];
  assert.equal(body.error.code, 'RATE_LIMITED');
  assert.deepEqual([headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')], ['10', '0']);
  assert.ok(Number(headers.get('retry-after')) > 0 && body.error.retryAfterMs > 0);
  await limited.stop();
});

// A client can send an X-Forwarded-For line of its own before the proxy's.
test('behind a proxy a client cannot choose its address by a header of its own', async () => {
  const limited = await startServer({ args: ['--trust-proxy', '--rate-limit-login-max', '3'] });
  const { name } = await aPerson(limited.url);
  const body = JSON.stringify({ username: name, password: 'not this one' });
  const guess = async (n) => {
    const raw = await connectRaw(limited.url);
    raw.send(['POST /user/login HTTP/1.1', 'Host: a', 'Connection: close', 'Content-Type: application/json',
      `Content-Length: ${body.length}`, `X-Forwarded-For: 10.0.0.${n}`, 'X-Forwarded-For: 203.0.113.9', '', body].join('\r\n'));
    return raw.status();
  };
  const answers = [];
  for (let n = 0; n < 5; ++n) answers.push(await guess(n));
  assert.deepEqual(answers, [401, 401, 401, 429, 429]);
  await limited.stop();
});

// R-003-47, R-001-90, C-02
test('starts by REST and by sockets count together', async () => {
  const limited = await startServer({ args: ['--rate-limit-call-max', '5'] });
  const [ann, ben] = [await aPerson(limited.url), await aPerson(limited.url)];
  const [phone, other] = [await aSocket(ann), await aSocket(ben)];
  for (let n = 0; n < 3; ++n) await ann.ends((await ann.calls(ben)).body.data);
  for (let n = 0; n < 2; ++n) {
    const { data } = await phone.does('call.start', { recipientId: ben.id, callType: 'audio' });
    await phone.does('call.end', { callId: data.id });
  }
  const sixth = await ann.calls(ben);
  assert.deepEqual([sixth.status, sixth.body.error.code], [429, 'RATE_LIMITED']);
  assert.ok(Number(sixth.headers.get('retry-after')) > 0);
  assert.equal((await phone.does('call.start', { recipientId: ben.id, callType: 'audio' })).error.code, 'RATE_LIMITED');
  phone.disconnect();
  other.disconnect();
  await limited.stop();
});
