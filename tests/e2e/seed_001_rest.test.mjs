// What the clients of seed 001 ask by REST (SPEC W-001-04, W-001-06 to W-001-10), with the bodies that they send. Their sockets:
// seed_001_calls.test.mjs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { advance, aPerson, aSocket, ask } from './harness/accounts.mjs';
import { launch, launchReady, sharedServer, startServer } from './harness/server.mjs';
import { aPage } from './harness/page.mjs';
import { candidate, kAnswer, kOffer } from './harness/user.mjs';
import { within } from './harness/wait.mjs';

const server = sharedServer({ before, after });
const kPassword = 'likes calls 1';
let people = 0;

const post = (path, body, token, headers, url = server.url) => ask(url, path, { method: 'POST', body, token, headers });
const refresh = (refreshToken, url = server.url) => post('/api/auth/refresh', { refreshToken }, undefined, undefined, url);

/** Registered and logged in as a client of seed 001 does. */
async function entered(url = server.url) {
  const username = `messenger${process.pid}_${++people}`;
  const body = { username, email: `${username}@example.com`, password: kPassword, firstName: 'Mia', lastName: 'Lind' };
  assert.equal((await post('/api/auth/register', body, undefined, undefined, url)).status, 201);
  const login = await post('/api/auth/login', { identifier: username, password: kPassword }, undefined, undefined, url);
  assert.equal(login.status, 200, JSON.stringify(login.body));
  return { url, username, login: login.body, ...login.body.data };
}

// W-001-06
test('a client of seed 001 registers, logs in, reads its user, refreshes and logs out', async () => {
  const { csrfToken } = (await ask(server.url, '/api/csrf-token')).body;
  assert.match(csrfToken, /^[0-9a-f]{64}$/);
  const { username, login, user, tokens, session } = await entered();
  assert.equal(login.success, true);
  assert.equal(typeof login.message, 'string');
  assert.deepEqual([user.username, user.firstName, user.lastName], [username, 'Mia', 'Lind']);
  assert.equal(login.data.token, tokens.accessToken);
  assert.equal(login.username, username);
  assert.ok(session.id && Date.parse(session.expiresAt) > Date.now());

  const me = await ask(server.url, '/api/auth/me', { token: tokens.accessToken, headers: { 'x-csrf-token': csrfToken } });
  assert.deepEqual([me.status, me.body.success, me.body.data.user.id], [200, true, user.id]);
  const refreshed = await post('/api/auth/refresh', { refreshToken: tokens.refreshToken }, undefined, { 'x-csrf-token': csrfToken });
  assert.equal(refreshed.status, 200);
  const next = refreshed.body.data.tokens;
  assert.notEqual(next.refreshToken, tokens.refreshToken);
  assert.equal((await ask(server.url, '/api/auth/me', { token: next.accessToken })).status, 200);
  assert.equal((await post('/api/auth/logout', { refreshToken: next.refreshToken }, next.accessToken)).status, 200);
  assert.equal((await ask(server.url, '/api/auth/me', { token: next.accessToken })).status, 401);
  assert.equal((await refresh(next.refreshToken)).status, 401);
});

// W-001-06
test('a refresh token that is used twice ends its family with its sockets, and no other login', async () => {
  const { username, tokens } = await entered();
  const laptop = (await post('/api/auth/login', { identifier: username, password: kPassword })).body.data.tokens;
  const thief = (await refresh(tokens.refreshToken)).body.data.tokens;
  const page = await aPage({ url: server.url, name: username, token: thief.accessToken }, { reconnection: false });
  const closed = new Promise((resolve) => page.socket.once('disconnect', resolve));
  const owner = await refresh(tokens.refreshToken);
  assert.deepEqual([owner.status, owner.body.error.code], [401, 'TOKEN_REVOKED']);
  await within(closed, 'the end of the thief\'s socket');
  assert.equal((await refresh(thief.refreshToken)).status, 401);
  assert.equal((await ask(server.url, '/api/auth/me', { token: thief.accessToken })).status, 401);
  assert.equal((await ask(server.url, '/api/auth/me', { token: laptop.accessToken })).status, 200);
  assert.equal((await refresh(laptop.refreshToken)).status, 200);
});

// W-001-06
test('two refreshes at once with one token end its family', async () => {
  const { tokens } = await entered();
  const answers = await Promise.all([refresh(tokens.refreshToken), refresh(tokens.refreshToken)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
  const won = answers.find(({ status }) => status === 200).body.data.tokens;
  assert.equal((await refresh(won.refreshToken)).status, 401);
  assert.equal((await ask(server.url, '/api/auth/me', { token: won.accessToken })).status, 401);
});

// W-001-06, R-004-04
test('a logout that races a refresh leaves nothing of the session', async () => {
  for (let run = 0; run < 20; ++run) {
    const { tokens } = await entered();
    const [renewed, left] = await Promise.all([refresh(tokens.refreshToken), post('/api/auth/logout', {}, tokens.accessToken)]);
    if (left.status === 401) continue;  // the refresh was first, so this token was no longer good, and the client knows it
    assert.equal(left.status, 200);
    if (renewed.status !== 200) continue;
    const next = renewed.body.data.tokens;
    assert.equal((await ask(server.url, '/api/auth/me', { token: next.accessToken })).status, 401);
    assert.equal((await refresh(next.refreshToken)).status, 401);
  }
});

// T-22, 2.8.11
for (const [what, act, endReason] of [
  ['a refresh token that is used twice', async (mia) => { for (let use = 0; use < 2; ++use) await refresh(mia.tokens.refreshToken); }, 'token_revoked'],
  ['a logout', (mia) => post('/api/auth/logout', {}, mia.tokens.accessToken), 'hangup'],
])
  test(`${what} ends the call of its session as ${endReason}`, async () => {
    const [mia, bob] = await Promise.all([entered(), aPerson(server.url)]);
    const page = await aPage({ url: server.url, name: mia.username, token: mia.tokens.accessToken }, { reconnection: false });
    const phone = await aSocket(bob);
    const { id } = (await bob.calls(mia.user)).body.data;
    await page.next('call.incoming');
    const answer = await post('/api/calls/respond', { callId: id, response: 'accept' }, mia.tokens.accessToken);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    await act(mia);
    const ended = await phone.next('call.ended');
    assert.deepEqual([ended.endReason, ended.endedBy], [endReason, endReason === 'hangup' ? mia.user.id : null]);
    phone.disconnect();
  });

// W-001-06
test('a restart keeps refresh tokens, and that they were used', async () => {
  const data = mkdtempSync(join(tmpdir(), 'belfry-e2e-'));
  const start = () => launchReady(['serve', '--dev', '--listen', '127.0.0.1:0', '--data', data]);
  const stop = async (running) => {
    running.signal('SIGKILL');
    await running.exit;
  };
  let running = await start();
  try {
    const { tokens } = await entered(running.url);
    const next = (await refresh(tokens.refreshToken, running.url)).body.data.tokens;
    await stop(running);
    running = await start();
    const later = await refresh(next.refreshToken, running.url);
    assert.equal(later.status, 200);
    assert.equal((await refresh(tokens.refreshToken, running.url)).status, 401);
    assert.equal((await refresh(later.body.data.tokens.refreshToken, running.url)).status, 401);
  } finally {
    await stop(running);
    rmSync(data, { recursive: true, force: true });
  }
});

// W-001-06
test('the database does not contain the refresh token itself', async () => {
  const { tokens } = await entered();
  const { readFileSync, readdirSync } = await import('node:fs');
  for (const file of readdirSync(server.data).filter((name) => name.startsWith('belfry.db')))
    assert.ok(!readFileSync(join(server.data, file)).includes(tokens.refreshToken), file);
});

// W-001-04, W-001-07 to W-001-10
test('the call service gets the members that the pages of seed 001 read', async () => {
  const [alice, bob] = [await entered(), await entered()];
  const as = ({ tokens }, path, body) => (body === undefined ? ask(server.url, path, { token: tokens.accessToken }) : post(path, body, tokens.accessToken));
  const credentials = (await as(alice, '/api/calls/turn-credentials')).body;
  assert.equal(credentials.success, true);
  assert.ok(Array.isArray(credentials.data.iceServers));
  assert.ok(credentials.data.expiresAt * 1000 > Date.now() && credentials.data.ttl > 0);

  const started = await as(alice, '/api/calls', { recipientId: bob.user.id, callType: 'audio' });
  assert.equal(started.status, 201);
  const { id } = started.body.data;
  assert.equal(started.body.data.durationSeconds, 0);
  const accepted = await as(bob, '/api/calls/respond', { callId: id, action: 'accept' });
  assert.deepEqual([accepted.status, accepted.body.message], [200, 'Call accepted successfully']);
  const ended = await as(alice, `/api/calls/${id}/end`, {});
  assert.deepEqual([ended.status, ended.body.message], [200, 'Call ended successfully']);
  assert.equal(ended.body.data.durationSeconds, ended.body.data.duration);
  const second = (await as(alice, '/api/calls', { recipientId: bob.user.id, callType: 'video' })).body.data;
  assert.equal((await as(bob, '/api/calls/respond', { callId: second.id, response: 'reject' })).body.message, 'Call rejected successfully');
  assert.equal((await as(alice, `/api/calls/${second.id}/end`, {})).status, 400);  // the pages log it and go on

  const list = await as(alice, '/api/calls?page=1&limit=20');
  assert.equal(list.status, 200);
  assert.deepEqual(list.body.calls.map((call) => call.id), [second.id, id]);
  assert.deepEqual(list.body.calls, list.body.data.calls);
});

// W-01, W-001-01 to W-001-06: from the registration to the hang-up, in the order of the web client and with its headers
test('the web client of seed 001 registers, logs in, calls, is answered and hangs up; then cancels, and is rejected', async () => {
  const [alice, bob] = [await entered(), await entered()];
  const enters = async ({ username, tokens, user }) => {
    assert.equal((await ask(server.url, '/api/auth/me', { token: tokens.accessToken })).body.data.user.id, user.id);
    const { csrfToken } = (await ask(server.url, '/api/csrf-token', { token: tokens.accessToken })).body;
    const page = await aPage({ url: server.url, name: username, token: tokens.accessToken });
    page.sends = (path, body) => post(path, body, tokens.accessToken, { 'x-csrf-token': csrfToken, origin: 'http://localhost:5173' });
    return page;
  };
  const [caller, callee] = [await enters(alice), await enters(bob)];
  const dials = async (callType) => {
    const { status, body } = await caller.sends('/api/calls', { recipientId: bob.user.id, callType });
    assert.equal(status, 201);
    const { call } = await callee.next('call.incoming', (event) => event.call.id === body.data.id);
    assert.deepEqual([call.callerId, call.caller.username, call.callType], [alice.user.id, alice.username, callType]);
    return call;
  };

  const call = await dials('video');
  assert.equal((await callee.sends('/api/calls/respond', { callId: call.id, response: 'accept' })).status, 200);
  assert.equal((await caller.next('call.response')).call.recipient.username, bob.username);
  const { iceServers } = (await ask(server.url, '/api/calls/turn-credentials', { token: alice.tokens.accessToken })).body.data;
  assert.ok(Array.isArray(iceServers));
  for (const [from, to, event, signal] of [[caller, callee, 'webrtc_offer', kOffer], [callee, caller, 'webrtc_answer', kAnswer], [caller, callee, 'webrtc_ice_candidate', candidate(1)], [callee, caller, 'webrtc_ice_candidate', candidate(2)]]) {
    const [mine, theirs] = from === caller ? [alice.user.id, bob.user.id] : [bob.user.id, alice.user.id];
    from.emit(event, { targetUserId: theirs, signal });
    const heard = await to.next(event);
    assert.deepEqual([heard.from, heard.signal], [mine, signal]);
  }
  assert.equal((await caller.sends(`/api/calls/${call.id}/end`)).status, 200);
  caller.emit('call_ended', { callId: call.id, to: bob.user.id });
  assert.equal((await callee.next('call.ended')).callId, call.id);
  assert.equal((await ask(server.url, `/api/calls/${call.id}`, { token: bob.tokens.accessToken })).body.data.status, 'ended');

  const cancelled = await dials('audio');
  assert.equal((await caller.sends(`/api/calls/${cancelled.id}/end`, {})).status, 200);
  await callee.next('call.ended', ({ callId }) => callId === cancelled.id);
  assert.equal((await callee.sends('/api/calls/respond', { callId: cancelled.id, response: 'reject' })).status, 400, 'which the dialog takes for "already ended"');

  const rejected = await dials('audio');
  assert.equal((await callee.sends('/api/calls/respond', { callId: rejected.id, response: 'reject' })).status, 200);
  assert.equal((await caller.next('call.response', ({ callId }) => callId === rejected.id)).response, 'reject');
  for (const page of [caller, callee]) {
    assert.deepEqual(page.all('error'), []);
    page.leave();
  }
});

// W-01: the client's interceptor
test('a client of seed 001 whose access token ran out refreshes it and asks again', async () => {
  const short = await startServer({ args: ['--virtual-time', '--auth-session-ttl', '60s'] });
  try {
    const { tokens } = await entered(short.url);
    const me = (token) => ask(short.url, '/api/auth/me', { token });
    assert.equal((await me(tokens.accessToken)).status, 200);
    await advance(short.url, 61_000);
    assert.equal((await me(tokens.accessToken)).status, 401);
    const { accessToken } = (await refresh(tokens.refreshToken, short.url)).body.data.tokens;
    assert.equal((await me(accessToken)).status, 200);
  } finally {
    await short.stop();
  }
});

test('logins, refreshes and signals have the settings that the page for seed 001 names, unless set otherwise', async () => {
  const printed = launch(['serve', '--print-config'], { env: { JWT_SECRET: 'y'.repeat(16) + 'x'.repeat(16) } });
  assert.equal((await printed.exit).code, 0);
  const text = printed.out.join('\n');
  for (const [name, value] of [['auth.session_ttl', `${7 * 86400}s`], ['auth.refresh_ttl', `${30 * 86400}s`], ['rate_limit.signal_max', '200'], ['rate_limit.signal_window', '10s']])
    assert.match(text, new RegExp(`^${name.replace('.', '\\.')} +${value} +default$`, 'm'));
  const set = launch(['serve', '--print-config'], { env: { JWT_SECRET: 'x'.repeat(16) + 'y'.repeat(16), SESSION_TTL_SECONDS: '3600', REFRESH_TTL_SECONDS: '7200' } });
  assert.equal((await set.exit).code, 0);
  for (const line of [/^auth\.session_ttl +3600s +env$/m, /^auth\.refresh_ttl +7200s +env$/m]) assert.match(set.out.join('\n'), line);
  const short = launch(['serve', '--print-config'], { env: { JWT_SECRET: 'x'.repeat(16) + 'y'.repeat(15) } });
  assert.notEqual((await short.exit).code, 0);
});

test('the messenger of seed 001 is not here: its routes are 404', async () => {
  const { tokens } = await entered();
  for (const path of ['contacts', 'groups', 'notification-settings', 'encryption/keys', 'messages', 'messages/conversations'])
    assert.equal((await ask(server.url, `/api/${path}`, { token: tokens.accessToken })).status, 404, path);
});

// W-001-06, R-004-01
test('an account made by one seed\'s sign-up logs in by the other\'s', async () => {
  const person = await aPerson(server.url);
  const login = await post('/api/auth/login', { identifier: `${person.name}@example.com`.toLowerCase(), password: person.password });
  assert.equal(login.body.data.user.id, person.id);
  const { username } = await entered();
  assert.equal((await post('/user/login', { username, password: kPassword })).status, 200);
});
