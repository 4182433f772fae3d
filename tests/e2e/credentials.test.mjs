// Where a request and a handshake may carry their credential, and who must have one (SPEC 1.5 "Authentication", C-14).
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aPerson, ask, handshake } from './harness/accounts.mjs';
import { launchReady, sharedServer, startServer } from './harness/server.mjs';

const server = sharedServer({ before, after });
const folder = mkdtempSync(join(tmpdir(), 'belfry-credentials-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// R-004-09
test('in production the cookie is HttpOnly, Secure and SameSite', async () => {
  const place = ['serve', '--listen', '127.0.0.1:0', '--data', join(folder, 'production')];
  const hardened = await launchReady(place, { env: { NODE_ENV: 'production', CORS_ORIGINS: 'https://yourdomain.com' } });
  const { headers } = await ask(hardened.url, '/user/sign-up', { method: 'POST', body: { username: 'ann', password: 'long enough' } });
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

// R-004-59: an axios client `withCredentials`, whose origin is listed. Browsers send the cookie if its site is ours (SameSite).
test('a client of a listed origin logs in and stays logged in', async () => {
  const origin = 'https://app.example';
  const listed = await startServer({ env: { CORS_ORIGINS: origin } });
  try {
    const person = await aPerson(listed.url);
    const allows = ({ headers }) => [headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')];
    const preflight = await fetch(`${listed.url}/api/user/login`, {
      method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
    assert.deepEqual(allows(preflight), [origin, 'true']);
    const login = await ask(listed.url, '/api/user/login', { method: 'POST', headers: { origin }, body: { email: person.name, password: person.password } });
    assert.deepEqual([login.status, ...allows(login)], [200, origin, 'true']);
    const headers = { origin, cookie: login.headers.get('set-cookie').split(';')[0] };
    const check = await ask(listed.url, '/api/user/check', { headers });
    assert.deepEqual([check.status, ...allows(check), check.body.user._id], [200, origin, 'true', person.id]);
    const update = await ask(listed.url, '/api/user/update', { method: 'POST', headers, body: { name: 'Mia' } });
    assert.deepEqual([update.status, ...allows(update)], [200, origin, 'true']);
    assert.equal(await handshake(listed.url, { extraHeaders: headers }), 'connect');
    assert.equal((await ask(listed.url, '/api/user/update', { method: 'POST', headers: { ...headers, origin: 'https://other.example' }, body: { name: 'x' } })).status, 403);
  } finally {
    await listed.stop();
  }
});

// R-004-13, SPEC 0
test('a page of another origin cannot use the cookie, even in trial mode', async () => {
  const person = await aPerson(server.url);
  const cookie = person.cookie.split(';')[0];
  for (const origin of ['https://evil.example', 'null'])
    for (const [method, path] of [['POST', '/user/update'], ['GET', '/user/logout'], ['GET', '/message/markread/nobody'], ['POST', '/message/send']]) {
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
