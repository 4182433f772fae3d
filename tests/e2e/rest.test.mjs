// What curl, probes, other web origins and misconfigured clients get over plain HTTP.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, afterEach, before, test } from 'node:test';
import { promisify } from 'node:util';
import { sharedServer, startServer } from './harness/server.mjs';
import { aUser, connectUser, everybodyLeaves } from './harness/user.mjs';

const server = sharedServer({ before, after });
afterEach(() => everybodyLeaves(server));
const run = promisify(execFile);
const kIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

// R-003-01, R-003-03
test('GET / has exactly the members of the health document', async () => {
  const answer = await fetch(server.url, { headers: { Accept: '*/*' } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  const { timestamp, ...rest } = await answer.json();
  assert.deepEqual(rest, { status: 'WebRTC Signaling Server Running', connectedUsers: 0, activeCalls: 0 });
  assert.match(timestamp, kIso);
  assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 5000);
});

// R-003-04
test('GET /users names every user', async () => {
  for (const name of ['charlie', 'alice', 'bob']) await aUser(server.url, { name });
  const { connectedUsers, totalUsers, ...rest } = await server.json('/users');
  assert.deepEqual([connectedUsers.sort(), totalUsers, rest], [['alice', 'bob', 'charlie'], 3, {}]);
});

// R-003-51, R-003-03
test('the curl lines of the README work unchanged', async () => {
  const health = await run('curl', [server.url]);
  assert.equal(JSON.parse(health.stdout).status, 'WebRTC Signaling Server Running');
  const users = await run('curl', [`${server.url}/users`]);
  assert.deepEqual(JSON.parse(users.stdout), { connectedUsers: [], totalUsers: 0 });
  const head = await run('curl', ['-s', '-i', `${server.url}/`]);
  assert.match(head.stdout, /^HTTP\/1\.1 200 /);
});

// C-15
test('GET / shows browsers the page and probes the document', async () => {
  const page = await fetch(server.url, { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, redirect: 'manual' });
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type'), /^text\/html/);
  assert.match(page.headers.get('vary'), /accept\b(?!-)/i);
});

test('/healthz, /readyz and /version are JSON whatever the Accept header', async () => {
  for (const path of ['/healthz', '/readyz', '/version']) {
    const answer = await fetch(server.url + path, { headers: { Accept: 'text/html' } });
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('content-type'), /^application\/json/, path);
    await answer.json();
  }
  assert.equal((await server.json('/version')).name, 'belfry');
});

// R-003-55, R-003-39
test('GET /metrics has CPU, memory, sockets, requests with their latencies, users and calls', async () => {
  await aUser(server.url);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  for (const wanted of [/^process_cpu_seconds_total \S+/m, /^process_resident_memory_bytes \S+/m, /_requests_total\{.*\} \d/m, /_seconds_bucket\{le=/m,
    /connections?\S* \d/m, /users\S* 1$/m, /calls\S* 0$/m]) {
    assert.match(text, wanted);
  }
});

test('answers have a request id', async () => {
  assert.ok((await fetch(`${server.url}/healthz`)).headers.get('x-request-id'));
});

test('HEAD is GET without its body', async () => {
  const answer = await fetch(`${server.url}/users`, { method: 'HEAD' });
  assert.deepEqual([answer.status, await answer.text()], [200, '']);
});

test('an unknown address is a 404 in JSON', async () => {
  const answer = await fetch(`${server.url}/nothing/here`);
  assert.equal(answer.status, 404);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  assert.ok((await answer.json()).message.length > 0);
});

test('a wrong method is a 405 in JSON that names the allowed ones', async () => {
  for (const path of ['/', '/users', '/healthz', '/metrics', '/version']) {
    const answer = await fetch(server.url + path, { method: 'DELETE' });
    assert.equal(answer.status, 405, path);
    assert.match(answer.headers.get('allow'), /GET/, path);
    assert.equal((await answer.json()).error.code, 'METHOD_NOT_ALLOWED', path);
  }
});

test('a path cannot climb out of a folder that is served', async () => {
  for (const path of ['../../../../etc/passwd', '%2e%2e/%2e%2e/etc/passwd', '..%2f..%2fetc/passwd', '%00', '..%5c..%5cetc']) {
    const { stdout } = await run('curl', ['-s', '--path-as-is', '-w', '\n%{http_code}', `${server.url}/avatars/${path}`]);
    assert.match(stdout, /\n(404|400)$/, path);
    assert.doesNotMatch(stdout, /root:/, path);
  }
});

const preflight = (url, path, origin) => fetch(url + path, {
  method: 'OPTIONS',
  headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' },
});

// R-003-42, C-17
test('in dev mode any origin may send credentials, and is echoed', async () => {
  for (const path of ['/', '/users', '/socket.io/?EIO=4&transport=polling']) {
    const answer = await preflight(server.url, path, 'https://anyone.example');
    assert.ok([200, 204].includes(answer.status), path);
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://anyone.example', path);
    assert.equal(answer.headers.get('access-control-allow-credentials'), 'true', path);
    assert.match(answer.headers.get('access-control-allow-methods'), /GET.*POST/, path);
    assert.match(answer.headers.get('vary'), /origin/i, path);
  }
  const plain = await fetch(`${server.url}/users`, { headers: { Origin: 'https://anyone.example' } });
  assert.equal(plain.headers.get('access-control-allow-origin'), 'https://anyone.example');
});

// R-003-43, C-17
test('with a list of origins only those are allowed, by REST and in the handshake', async () => {
  const listed = await startServer({ env: { CORS_ORIGINS: 'https://yourdomain.com,capacitor://localhost' } });
  try {
    for (const path of ['/users', '/socket.io/?EIO=4&transport=polling']) {
      for (const origin of ['https://yourdomain.com', 'capacitor://localhost']) {
        const answer = await fetch(listed.url + path, { headers: { Origin: origin } });
        assert.equal(answer.headers.get('access-control-allow-origin'), origin, path);
        assert.equal((await preflight(listed.url, path, origin)).headers.get('access-control-allow-origin'), origin, path);
      }
      for (const origin of ['https://evil.example', 'https://yourdomain.com.evil.example', 'http://yourdomain.com', 'null']) {
        assert.equal((await fetch(listed.url + path, { headers: { Origin: origin } })).headers.get('access-control-allow-origin'), null, path);
        assert.equal((await preflight(listed.url, path, origin)).headers.get('access-control-allow-origin'), null, path);
      }
    }
    const asked = (origin) => connectUser(listed.url, { options: { extraHeaders: { Origin: origin } } });
    await asked('https://yourdomain.com').next('connect');
    await asked('https://evil.example').next('connect_error');
  } finally {
    await everybodyLeaves(listed);
    await listed.stop();
  }
});

// R-003-57
test('a client at a wrong path gets the right one', async () => {
  for (const path of ['/socketio/?EIO=4&transport=polling', '/ws/socket.io/?EIO=4&transport=polling', '/signal/?EIO=4&transport=websocket']) {
    const answer = await fetch(server.url + path);
    assert.equal(answer.status, 404, path);
    const text = JSON.stringify(await answer.json());
    assert.ok(text.includes(`${server.url}/socket.io/`), text);
    assert.match(text, /4\.x/);
  }
});

// R-003-57
test('a client of an unknown protocol version gets the known ones', async () => {
  for (const query of ['EIO=2&transport=polling', 'EIO=5&transport=polling', 'transport=polling']) {
    const answer = await fetch(`${server.url}/socket.io/?${query}`);
    assert.equal(answer.status, 400, query);
    assert.match((await answer.json()).message, /EIO=4/, query);
  }
});

// R-003-57
test('an unknown transport is refused with a message', async () => {
  const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=flash`);
  assert.equal(answer.status, 400);
  assert.match((await answer.json()).message, /polling.*websocket/);
});

// R-003-44: a proxy adds these headers; they change nothing for the client.
test('forwarded headers affect neither polling nor websocket', async () => {
  const extraHeaders = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'app.example' };
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    await aUser(server.url, { options: { transports, extraHeaders } });
  }
});
