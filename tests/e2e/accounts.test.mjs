// Identity on the wire: accounts, sessions, credentials of other issuers (SPEC 1.5 "Authentication", C-14).
import assert from 'node:assert/strict';
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { io } from 'sio';
import { aPerson, ask, aSocket, loggedInAgain } from './harness/accounts.mjs';
import { connectRaw } from './harness/raw.mjs';
import { launch, sharedServer, startServer } from './harness/server.mjs';
import { eventually, within } from './harness/wait.mjs';

const server = sharedServer({ before, after });
const folder = mkdtempSync(join(tmpdir(), 'belfry-accounts-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const post = (path, body, options = {}) => ask(server.url, path, { method: 'POST', body, ...options });

/** How a handshake ends: 'connect', or the message of connect_error. */
async function handshake(url, options) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, ...options });
  try {
    return await within(new Promise((resolve) => {
      socket.once('connect', () => resolve('connect'));
      socket.once('connect_error', (error) => resolve(error.message));
    }), 'the handshake');
  } finally {
    socket.disconnect();
  }
}

// R-004-01, R-004-08, SPEC 2.8.5
test('sign-up returns the user and a token, and sets an HTTP-only cookie', async () => {
  const answer = await post('/user/sign-up', { username: 'ann', email: 'Ann@Example.com', password: 'long enough' });
  assert.equal(answer.status, 201);
  const { data, id, username, email, token } = answer.body;
  assert.deepEqual([data.user.id, data.user.username, data.token, username, email], [id, 'ann', token, 'ann', 'ann@example.com']);
  assert.match(answer.headers.get('set-cookie'), /HttpOnly/);
  assert.ok(!JSON.stringify(answer.body).includes('argon2'));
});

// R-004-01
test('a user of seed 004 signs up with a name only', async () => {
  const answer = await post('/user/sign-up', { name: 'Mary Poppins', email: 'mary@example.com', password: 'long enough' });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  assert.match(answer.body.username, /^[a-zA-Z0-9_-]{1,64}$/);
  assert.equal(answer.body.name, 'Mary Poppins');
});

// R-004-02
test('a username or address that is taken is refused', async () => {
  const taken = await aPerson(server.url);
  const again = await post('/user/sign-up', { username: taken.name, email: 'other@example.com', password: 'long enough' });
  assert.deepEqual([again.status, again.body.error.code, again.body.error.details[0].field], [409, 'DUPLICATE', 'username']);
  const address = await post('/user/sign-up', { username: 'unheardof', email: `${taken.name.toUpperCase()}@example.com`, password: 'long enough' });
  assert.deepEqual([address.status, address.body.error.details[0].field], [409, 'email']);
});

test('sign-up reports every fault at once', async () => {
  const { status, body } = await post('/user/sign-up', { username: 'al<i>ce', email: 'nowhere', password: 'short' });
  assert.equal(status, 400);
  const once = await post('/user/sign-up', { username: 'fine', email: 'nowhere', password: 'long enough' });
  assert.deepEqual(once.body.error.details.map(({ field }) => field), ['email']);
  assert.ok(body.error.details.length >= 1);
});

// R-004-03
test('a wrong password and an unknown user get the same answer', async () => {
  const person = await aPerson(server.url);
  const answers = [await post('/user/login', { email: `${person.name}@example.com`, password: 'not this one' }),
    await post('/user/login', { email: 'nobody@example.com', password: 'not this one' })];
  for (const { status } of answers) assert.equal(status, 401);
  assert.equal(answers[0].body.message, answers[1].body.message);
  assert.equal((await post('/user/login', { username: person.name, password: person.password })).status, 200);
});

// R-004-04, R-004-05, R-002-06
test('logging out ends the cookie, the token and the live sockets at once, of that login only', async () => {
  const person = await aPerson(server.url);
  const other = await loggedInAgain(person);
  const [phone, tablet] = [await aSocket(person), await aSocket(other)];
  const cookie = person.cookie.split(';')[0];
  assert.equal((await ask(server.url, '/user/check', { headers: { cookie } })).body.id, person.id);
  const left = await person.get('/user/logout');
  assert.equal(left.status, 200);
  assert.match(left.headers.get('set-cookie'), /Max-Age=0/);
  for (const options of [{ token: person.token }, { headers: { cookie } }]) {
    const { status, body } = await ask(server.url, '/user/check', options);
    assert.deepEqual([status, body.error.code], [401, 'TOKEN_REVOKED']);
  }
  await eventually(() => phone.disconnected, 'the socket of that login being closed');
  assert.ok(tablet.connected);
  assert.equal((await other.get('/user/check')).status, 200);
  assert.equal(await handshake(server.url, { auth: { token: person.token } }), 'Authentication error');
  tablet.disconnect();
});

test('logging out everywhere ends every login', async () => {
  const person = await aPerson(server.url);
  const other = await loggedInAgain(person);
  assert.equal((await other.get('/api/sessions')).body.data.sessions.length, 2);
  assert.equal((await person.get('/api/sessions', { method: 'DELETE' })).status, 200);
  for (const each of [person, other]) assert.equal((await each.get('/api/auth/session')).status, 401);
});

// T-22, 2.8.11
test('a call without sockets ends with the login of a participant', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const other = await loggedInAgain(ben);
  const connected = async () => {
    const { data: call } = (await ann.calls(ben)).body;
    assert.equal((await ben.responds(call, 'accept')).status, 200);
    return call;
  };
  const ended = (call) => eventually(async () => (await ann.reads(call)).body.data.endReason, 'the end of the call');
  const first = await connected();
  assert.equal((await ben.post('/api/auth/refresh')).status, 200);
  assert.equal((await ann.reads(first)).body.data.status, 'connected', 'a refresh goes on with the login');
  assert.equal((await other.get('/api/sessions', { method: 'DELETE' })).status, 200);
  assert.equal(await ended(first), 'token_revoked');
  Object.assign(ben, await loggedInAgain(ben));
  const second = await connected();
  assert.equal((await ben.post('/api/auth/logout')).status, 200);
  assert.equal(await ended(second), 'hangup');
});

test('a refreshed session gets a new token, and the old one is void', async () => {
  const person = await aPerson(server.url);
  const { status, body } = await person.post('/api/auth/refresh');
  assert.equal(status, 200);
  assert.notEqual(body.token, person.token);
  assert.equal((await person.get('/api/auth/session')).status, 401);
  assert.equal((await ask(server.url, '/api/auth/session', { token: body.token })).body.data.userId, person.id);
});

// R-004-06, R-001-71
test('others see a changed profile, but no address and no hash', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  await ann.post('/user/update', { name: 'Ann the Great', avatar: 'https://example.com/ann.png' });
  const seen = (await ben.get(`/api/users?q=${ann.name}`)).body.data.users[0];
  assert.deepEqual([seen.id, seen.name, seen.avatar], [ann.id, 'Ann the Great', 'https://example.com/ann.png']);
  assert.ok(!('email' in seen) && !JSON.stringify(seen).includes('argon2'));
  assert.equal((await ann.post('/user/update', { avatar: 'javascript:alert(1)' })).status, 400);
});

// R-004-07
test('the list of people has all other users, and shows who is online', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const phone = await aSocket(ben);
  const { users } = (await ann.get('/user/getusers?limit=100')).body;
  assert.ok(!users.some(({ id }) => id === ann.id));
  assert.equal(users.find(({ id }) => id === ben.id)?.online, true);
  phone.disconnect();
});

// R-004-09
test('in production the cookie is HttpOnly, Secure and SameSite', async () => {
  const place = ['serve', '--listen', '127.0.0.1:0', '--data', join(folder, 'production')];
  const hardened = launch(place, { env: { NODE_ENV: 'production', CORS_ORIGINS: 'https://yourdomain.com' } });
  const url = await within(hardened.ready, 'the server');
  const { headers } = await ask(url, '/user/sign-up', { method: 'POST', body: { username: 'ann', password: 'long enough' } });
  assert.match(headers.get('set-cookie'), /HttpOnly; SameSite=Lax; Max-Age=\d+; Secure/);
  hardened.signal('SIGINT');
  assert.equal((await hardened.exit).code, 0);
});

// R-004-12
test('without a session every protected route is 401', async () => {
  const { paths } = (await ask(server.url, '/api/openapi.json')).body;
  const open = /^\/(user\/(sign-up|login)|api\/auth\/(signup|register|login)|api\/openapi.json|docs)$/;
  for (const [path, methods] of Object.entries(paths))
    for (const method of Object.keys(methods)) {
      if (open.test(path)) continue;
      const { status } = await ask(server.url, path.replace(/\{[^}]*\}/g, '018f3c1e-7b2a-7cde-9abc-0123456789ab'), {
        method: method.toUpperCase(), ...(method !== 'get' && method !== 'delete' && { body: {} }) });
      assert.equal(status, 401, `${method} ${path}`);
    }
});

// R-004-13, SPEC 0
test('a page of another origin cannot use the cookie, even in trial mode', async () => {
  const person = await aPerson(server.url);
  const cookie = person.cookie.split(';')[0];
  for (const origin of ['https://evil.example', 'null'])
    for (const [method, path] of [['POST', '/user/update'], ['GET', '/user/logout']]) {
      const { status, body } = await ask(server.url, path, { method, headers: { cookie, origin }, ...(method === 'POST' && { body: { name: 'x' } }) });
      assert.deepEqual([status, body.error.code], [403, 'ORIGIN_NOT_ALLOWED'], `${method} ${path} from ${origin}`);
    }
  const own = await ask(server.url, '/user/update', { method: 'POST', headers: { cookie, origin: server.url }, body: { name: 'mine' } });
  assert.equal(own.status, 200);
});

// W-04, K57, R-004-55
test('in a trial a page of the developer\'s own machine may use the cookie', async () => {
  const person = await aPerson(server.url);
  const cookie = person.cookie.split(';')[0];
  const update = (origin) => ask(server.url, '/api/users/me', { method: 'PATCH', body: { name: 'Mia' }, headers: { cookie, origin } });
  for (const origin of ['http://localhost:5173', 'http://127.0.0.1:4173']) {
    assert.equal((await update(origin)).status, 200, origin);
    assert.equal(await handshake(server.url, { extraHeaders: { cookie, origin } }), 'connect', origin);
  }
  for (const origin of ['http://localhost.evil.example', 'http://localhost:5173.evil.example', 'null']) {
    assert.equal((await update(origin)).status, 403, origin);
    assert.notEqual(await handshake(server.url, { extraHeaders: { cookie, origin } }), 'connect', origin);
  }
});

// R-003-46, C-14
test('a handshake accepts the token, the cookie or the header, and refuses invalid ones', async () => {
  const person = await aPerson(server.url);
  assert.equal(await handshake(server.url, { auth: { token: person.token } }), 'connect');
  assert.equal(await handshake(server.url, { extraHeaders: { authorization: `Bearer ${person.token}` } }), 'connect');
  assert.equal(await handshake(server.url, { extraHeaders: { cookie: person.cookie.split(';')[0] } }), 'connect');
  assert.equal(await handshake(server.url, { auth: { token: `${person.token}x` } }), 'Authentication error');
  assert.equal(await handshake(server.url, { auth: { token: 7 } }), 'Authentication error');
});

// R-003-46, R-003-05
test('where credentials are required, a handshake without one is refused', async () => {
  const required = await startServer({ args: ['--auth-mode', 'required'] });
  assert.equal(await handshake(required.url, {}), 'Authentication error');
  const person = await aPerson(required.url);
  assert.equal(await handshake(required.url, { auth: { token: person.token } }), 'connect');
  assert.equal((await ask(required.url, '/users')).status, 401);
  assert.equal((await ask(required.url, '/users', { token: person.token })).status, 200);
  await required.stop();
});

// SPEC 0: "the name of an account with a password is refused without its credential"
test('a client cannot register the name of an account without its token', async () => {
  const person = await aPerson(server.url);
  const stranger = io(server.url, { transports: ['websocket'], forceNew: true });
  stranger.emit('register_user', { userId: person.name });
  const [refused] = await within(once(stranger, 'user_registered'), 'the refusal');
  assert.equal(refused.success, false);
  const owner = io(server.url, { transports: ['websocket'], forceNew: true, auth: { token: person.token } });
  owner.emit('register_user', { userId: person.name });
  const [registered] = await within(once(owner, 'user_registered'), 'the registration');
  assert.deepEqual(registered, { success: true, userId: person.name });
  stranger.disconnect();
  owner.disconnect();
});

// SPEC 0
test('a name of the open mode becomes a guest that the API finds', async () => {
  const guest = io(server.url, { transports: ['websocket'], forceNew: true });
  guest.emit('register_user', { userId: 'a_guest' });
  await within(once(guest, 'user_registered'), 'the registration');
  const person = await aPerson(server.url);
  const [found] = (await person.get('/api/users?q=a_guest')).body.data.users;
  assert.equal(found.username, 'a_guest');
  const { data } = (await person.calls(found)).body;
  assert.equal(data.status, 'calling');
  assert.equal((await person.ends(data)).status, 200);
  guest.disconnect();
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

// R-004-52
test('a session stays valid after a secret is rotated, while the settings name the old secret', async () => {
  const [old, fresh] = ['a'.repeat(16) + 'b'.repeat(16), 'c'.repeat(16) + 'd'.repeat(16)];
  const data = join(folder, 'rotation');
  const run = async (env, use) => {
    const running = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--data', data], { env });
    const url = await within(running.ready, 'the server');
    const result = await use(url);
    running.signal('SIGINT');
    await running.exit;
    return result;
  };
  const person = await run({ JWT_SECRET: old }, (url) => aPerson(url));
  const check = (url) => ask(url, '/api/auth/session', { token: person.token });
  assert.equal((await run({ JWT_SECRET: fresh, JWT_SECRET_PREVIOUS: old }, check)).status, 200);
  assert.equal((await run({ JWT_SECRET: fresh }, check)).status, 401);
});

// SPEC 0
test('a generated secret is stored for its owner only, so that tokens survive a restart', async () => {
  const data = join(folder, 'kept');
  const start = async () => {
    const running = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--data', data]);
    return { running, url: await within(running.ready, 'the server') };
  };
  const first = await start();
  const person = await aPerson(first.url);
  first.running.signal('SIGKILL');
  await first.running.exit;
  const second = await start();
  assert.equal((await ask(second.url, '/api/auth/session', { token: person.token })).status, 200);
  assert.equal(statSync(join(data, 'session-secret')).mode & 0o777, 0o600);
  assert.ok(!second.running.output().includes(readFileSync(join(data, 'session-secret'), 'utf8').trim()));
  second.running.signal('SIGINT');
  await second.running.exit;
});

// R-004-53
test('production refuses to start with a placeholder as secret', async () => {
  for (const secret of ['your_long_random_secret', 'short']) {
    const refused = launch(['serve', '--listen', '127.0.0.1:0', '--data', folder], { env: { JWT_SECRET: secret } });
    assert.notEqual((await refused.exit).code, 0);
    assert.match(refused.output(), /openssl rand/);
  }
});

// R-004-50
test('a malformed line in an env file is reported and skipped', async () => {
  const file = join(folder, 'env');
  writeFileSync(file, 'LOG_LEVEL=info\nTWILIO_AUTH_TOKEN\nCALL_TIMEOUT_SECONDS=20\n');
  const running = await startServer({ args: ['--env-file', file] });
  await running.logged('the warning', ({ level, about }) => level === 'warn' && about?.includes(':2:'));
  await running.stop();
});

// R-002-05, R-002-04
test('tokens of an external issuer are accepted: shared secret, RS256 and ES256, each by its own key', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'r1', alg: 'RS256', use: 'sig' }, { ...ec.publicKey.export({ format: 'jwk' }), kid: 'e1', alg: 'ES256', use: 'sig' }] };
  const issuer = createServer((request, response) => response.end(JSON.stringify(jwks))).listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  const secret = 'an issuer secret of thirty-two bytes';
  const running = await startServer({
    args: ['--auth-jwks-url', `http://127.0.0.1:${issuer.address().port}/keys`, '--auth-external-secret', secret, '--auth-issuer', 'https://issuer.example', '--auth-audience', 'authenticated'],
  });
  const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const claims = (more) => ({ sub: '0f8fad5b-d9cb-469f-a165-70867728950e', iss: 'https://issuer.example', aud: 'authenticated', exp: Math.floor(Date.now() / 1000) + 300, email: 'ext.user@example.com', ...more });
  const sign = { HS256: (text) => createHmac('sha256', secret).update(text).digest('base64url'),
    RS256: (text) => createSign('RSA-SHA256').update(text).sign(rsa.privateKey, 'base64url'),
    ES256: (text) => createSign('SHA256').update(text).sign({ key: ec.privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url') };
  const token = (alg, more = {}, kid) => {
    const text = `${encode({ alg, typ: 'JWT', ...(kid && { kid }) })}.${encode(claims(more))}`;
    return `${text}.${sign[alg](text)}`;
  };
  const who = (presented) => ask(running.url, '/api/auth/session', { token: presented });
  await eventually(async () => (await who(token('RS256', {}, 'r1'))).status === 200, 'the keys being fetched');
  for (const good of [token('HS256'), token('RS256', {}, 'r1'), token('ES256', {}, 'e1')])
    assert.equal((await who(good)).body.data.userId, '0f8fad5b-d9cb-469f-a165-70867728950e');
  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  const forgedText = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'r1' })}.${encode(claims({}))}`;
  const forged = `${forgedText}.${createHmac('sha256', publicPem).update(forgedText).digest('base64url')}`;
  const none = `${encode({ alg: 'none' })}.${encode(claims({}))}.`;
  for (const bad of [forged, none, token('RS256', { iss: 'https://other.example' }, 'r1'), token('RS256', { aud: 'somebody' }, 'r1'), token('ES256', { exp: 1000 }, 'e1')])
    assert.equal((await who(bad)).status, 401);
  const person = await aPerson(running.url);
  const call = await ask(running.url, '/api/calls', { method: 'POST', token: token('HS256'), body: { recipientId: person.id, callType: 'audio' } });
  assert.equal(call.status, 201, JSON.stringify(call.body));
  issuer.close();
  await running.stop();
});

// Otherwise an issuer that names the id of an account here could act as that account.
test('a token of another issuer is never accepted for an account with a password, whatever its subject', async () => {
  const secret = 'an issuer secret of thirty-two bytes';
  const running = await startServer({ args: ['--auth-external-secret', secret] });
  await running.logged('the warning that any issuer and audience will do', ({ level, about }) => level === 'warn' && about?.includes('JWT_AUDIENCE'));
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (sub) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub, exp: Math.floor(Date.now() / 1000) + 300 })}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const owner = await aPerson(running.url);
  const stolen = await ask(running.url, '/api/users/me', { token: token(owner.id) });
  assert.deepEqual([stolen.status, stolen.body.error.code], [401, 'UNAUTHENTICATED']);
  await running.logged('why', ({ level, reason }) => level === 'warn' && reason === 'the subject is an account with a password');
  const socket = io(running.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token: token(owner.id) } });
  await within(once(socket, 'disconnect'), 'the socket being closed');
  const own = await ask(running.url, '/api/users/me', { token: token('0f8fad5b-d9cb-469f-a165-70867728950e') });
  assert.equal(own.status, 200, 'its own people are let in');
  await running.stop();
});

// R-002-06
test('log out everywhere ends tokens of another issuer and their sockets for good; a login right after it works', async () => {
  const database = `sqlite:${join(folder, 'everywhere.db')}`;
  const secret = 'an issuer secret of thirty-two bytes';
  const own = '5f1c0a7b9d3e4f60718293a4b5c6d7e8f';
  const args = ['--database', database, '--auth-external-secret', secret, '--auth-secret', own];
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims, key = secret) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iat: Math.floor(Date.now() / 1000) - 1, exp: Math.floor(Date.now() / 1000) + 300, ...claims })}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
  const status = async (url, presented) => (await ask(url, '/api/auth/session', { token: presented })).status;
  const first = await startServer({ args });
  const [one, other] = ['one', 'other'].map((jti) => token({ sub: 'auth0|42', jti }));
  const socket = await aSocket({ url: first.url, token: other });
  const gone = once(socket, 'disconnect');
  assert.equal((await ask(first.url, '/api/sessions', { method: 'DELETE', token: one })).status, 200);
  await within(gone, 'the socket of the other token being closed');
  const person = await aPerson(first.url);
  const minted = token({ sub: person.id, jti: '0f8fad5b-d9cb-469f-a165-70867728950e', username: person.name }, own);
  assert.equal(await status(first.url, minted), 200);
  assert.equal((await ask(first.url, '/api/auth/logout', { method: 'POST', token: minted })).status, 200);
  assert.equal((await ask(first.url, '/api/sessions', { method: 'DELETE', token: person.token })).status, 200);
  const fresh = await loggedInAgain(person);
  const expected = async (url) => assert.deepEqual(await Promise.all([one, other, minted, person.token, fresh.token].map((each) => status(url, each))), [401, 401, 401, 401, 200]);
  await expected(first.url);
  await first.stop();
  const again = await startServer({ args });
  await expected(again.url);
  await again.stop();
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
