// A web application served by the server itself (SPEC W-02), and the client library beside its sockets (W-03).
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import timers from 'node:timers';
import vm from 'node:vm';
import { ask } from './harness/accounts.mjs';
import { launch, startServer } from './harness/server.mjs';
import { eventually, within } from './harness/wait.mjs';

const top = mkdtempSync(join(tmpdir(), 'belfry-site-'));
const site = join(top, 'dist');
const kPage = '<!doctype html><title>Theirs</title><script src="/assets/app.js"></script>';
const kLargest = 4 * 1024 * 1024 - 64 * 1024;  // connection.max_unsent, less the head of the answer
let server;

before(async () => {
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, 'index.html'), kPage);
  writeFileSync(join(site, 'assets', 'app.js'), 'document.title = "ran"');
  writeFileSync(join(site, 'sound.mp3'), 'ID3');
  writeFileSync(join(site, 'huge.bin'), '');
  truncateSync(join(site, 'huge.bin'), 1_000_000_000);
  writeFileSync(join(site, 'largest.bin'), Buffer.alloc(kLargest, 'x'));
  writeFileSync(join(top, 'secret.txt'), 'secret');
  mkdirSync(join(site, '.well-known'));
  writeFileSync(join(site, '.well-known', 'assetlinks.json'), '[]');
  writeFileSync(join(site, '.env'), 'secret');
  symlinkSync('../secret.txt', join(site, 'link.txt'));
  symlinkSync('..', join(site, 'up'));
  server = await startServer({ args: ['--static', site] });
});
after(async () => {
  await server?.stop();
  rmSync(top, { recursive: true, force: true });
});

const page = (path) => ask(server.url, path, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });

const memoryOf = ({ pid }) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** What comes back for a request line as it is written: fetch() tidies paths. */
function raw(line) {
  const { hostname, port } = new URL(server.url);
  return within(new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
    socket.on('data', (bytes) => (text += bytes)).on('error', reject).on('close', () => resolve(text));
  }), line);
}

// W-02
test('a web application runs with nothing in front of the server', async () => {
  for (const path of ['/', '/login', '/chat/some-id']) {
    const { status, body, headers } = await page(path);
    assert.deepEqual([status, body], [200, kPage], path);
    assert.equal(headers.get('cache-control'), 'no-cache');
    assert.equal(headers.get('content-security-policy'), "frame-ancestors 'self'");
  }
  const script = await ask(server.url, '/assets/app.js');
  assert.match(script.headers.get('content-type'), /javascript/);
  assert.equal(script.headers.get('cache-control'), 'public, max-age=86400');
  assert.equal((await ask(server.url, '/assets/app.js', { headers: { 'if-none-match': script.headers.get('etag') } })).status, 304);
  assert.equal((await ask(server.url, '/sound.mp3')).headers.get('content-type'), 'audio/mpeg');
});

// W-02, C-15, SPEC 2.11 S2
test('a web application takes no address of the server', async () => {
  assert.equal((await server.health()).status, 'WebRTC Signaling Server Running');
  assert.equal((await page('/api/nonsense')).status, 404);
  assert.equal((await page('/assets/missing.js')).status, 404);
  assert.equal((await page('/users')).status, 200);
  assert.match((await page('/users')).headers.get('content-type'), /json/);
  assert.equal((await page('/healthz')).body.status, 'ok');
});

// W-02
test('nothing outside the folder is served, and no file beyond the limit', async () => {
  for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/../../secret.txt', '/link.txt', '/up/secret.txt',
    '/huge.bin', '/dev/null', '/CON', '/NUL', '/proc/self/environ', '//etc/passwd']) {
    const answer = await raw(`GET ${path}`);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, path);
    assert.ok(!answer.includes('\r\n\r\nsecret'), path);
  }
  const why = new Map(server.records().filter(({ msg }) => msg === 'a file of the web application is not served').map((each) => [each.file, each.why]));
  assert.match(why.get('huge.bin'), /larger/);
  assert.match(why.get('link.txt'), /outside/);
  assert.match(why.get('up'), /link to a folder/);
  assert.match(why.get('.env'), /dot/);
  assert.equal(why.size, 4);
});

// W-02
test('a file that is left out is 404 for a browser too', async () => {
  for (const path of ['/huge.bin', '/.env', '/link.txt', '/up/secret.txt']) assert.equal((await page(path)).status, 404, path);
  assert.equal((await page('/huge')).body, kPage);
});

// W-02, RFC 8615
test('files below .well-known are served', async () => {
  assert.deepEqual((await ask(server.url, '/.well-known/assetlinks.json')).body, []);
});

// W-02, RFC 9110 13.1.2, 15.5.6
test('a file of the web application is read, and nothing else', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status, headers } = await ask(server.url, '/assets/app.js', { method });
    assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD, OPTIONS'], method);
  }
  assert.equal((await ask(server.url, '/assets/app.js', { headers: { 'if-none-match': '*' } })).status, 304);
});

// C-15, RFC 9110 12.5.1
test('the page is for those who name text/html and want it', async () => {
  for (const accept of ['text/html;q=0, */*', 'text/htmlx', 'application/json, text/html;q=0.1'])
    assert.equal((await ask(server.url, '/login', { headers: { accept } })).status, 404, accept);
  assert.equal((await ask(server.url, '/login', { headers: { accept: 'TEXT/HTML;q=0.4' } })).body, kPage);
});

// W-02
test('the largest file that is served arrives whole', async () => {
  const answer = await fetch(`${server.url}/largest.bin`);
  assert.equal((await answer.arrayBuffer()).byteLength, kLargest);
});

// W-02
test('a folder without index.html stops the start', async () => {
  for (const folder of [join(top, 'missing'), join(site, 'assets')]) {
    const run = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--data', join(top, 'data'), '--static', folder]);
    const { code } = await within(run.exit, 'the end');
    assert.notEqual(code, 0);
    assert.match(run.output(), /no index\.html/);
  }
});

// W-02
test('a folder with files of the server in it stops the start before anything is published', async () => {
  const app = mkdtempSync(join(top, 'app-'));
  writeFileSync(join(app, 'index.html'), kPage);
  writeFileSync(join(app, 'variables'), 'LOG_LEVEL=warn\n');
  for (const [args, what] of [
    [['--data', join(app, 'data')], /would publish the data folder .*--data/],
    [['--data', join(top, 'data'), '--env-file', join(app, 'variables')], /would publish the file of variables .*--env-file/],
  ]) {
    const run = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--static', app, ...args]);
    const { code } = await within(run.exit, 'the end');
    assert.notEqual(code, 0);
    assert.match(run.output(), what);
    assert.ok(!existsSync(join(app, 'data')));
  }
});

// SPEC 0: 100 readers that pipelined requests for the client library and never read cost 342 MB, for as long as they liked.
test('readers that do not read cost little, and are closed', async () => {
  const patient = await startServer({ args: ['--connection-unsent-timeout', '2s'] });
  const before = memoryOf(patient.child);
  const request = 'GET /socket.io/socket.io.js HTTP/1.1\r\nHost: x\r\n\r\n';
  // A paused socket of Node does not notice its end, so the server is asked.
  const readers = Array.from({ length: 100 }, () => {
    const socket = connect(patient.port, '127.0.0.1', () => socket.write(request.repeat(100)));
    return socket.pause().on('error', () => {});
  });
  let most = before;
  const look = setInterval(() => (most = Math.max(most, memoryOf(patient.child))), 20);
  const closed = async () => /belfry_slow_readers_closed_total 100\n/.test(await (await fetch(`${patient.url}/metrics`)).text());
  await eventually(closed, 'all of them to be closed', 20000);
  clearInterval(look);
  for (const socket of readers) socket.destroy();
  assert.ok(most - before < 100, `${Math.round(most - before)} MB`);
  await patient.stop();
});

// W-03
test('a server without its client library warns at start', async () => {
  const bare = await startServer({ args: ['--web', join(top, 'missing')] });
  await bare.logged('the warning', ({ level, msg }) => level === 'warn' && msg.startsWith('no client library to serve'));
  await bare.stop();
});

// W-03, R-003-52
test('the client library is the official one, and its script defines io', async () => {
  for (const name of ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.msgpack.min.js', 'socket.io.min.js.map']) {
    const answer = await fetch(`${server.url}/socket.io/${name}`, { headers: { origin: 'http://elsewhere.example' } });
    assert.equal(answer.status, 200, name);
    assert.equal(answer.headers.get('access-control-allow-origin'), 'http://elsewhere.example');
    const official = readFileSync(new URL(`./node_modules/sio/dist/${name}`, import.meta.url));
    assert.ok(official.equals(Buffer.from(await answer.arrayBuffer())), name);
    const again = await fetch(`${server.url}/socket.io/${name}`, { headers: { 'if-none-match': answer.headers.get('etag') } });
    assert.equal(again.status, 304);
  }
  const window = { ...timers, console };
  window.window = window.self = window.globalThis = window;
  vm.runInNewContext((await (await fetch(`${server.url}/socket.io/socket.io.js`)).text()), window);
  assert.equal(typeof window.io, 'function');
  assert.equal((await fetch(`${server.url}/socket.io/other.js`)).status, 404);
});
