// The web client as the server serves it (SPEC 2.11 S2, S3, S16): what scripts/build left in web/app beside the binary, or in app/ of BELFRY_WEB.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask } from './harness/accounts.mjs';
import { startServer } from './harness/server.mjs';

const kBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
let server, page;

before(async () => {
  server = await startServer();
  page = await ask(server.url, '/', { headers: kBrowser });
  assert.match(String(page.body), /<div id="root"/, 'the client is not built; build it with: scripts/build');
});
after(() => server?.stop());

const filesIn = (html) => [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);

// R-004-56, C-15
test('every address of a page is the client, and programs still get the status', async () => {
  for (const path of ['/login', '/signup', '/c/0192f3c0-11aa-7000-8000-000000000001', '/call/new', '/videocall', '/settings/devices', '/no/such/page']) {
    const { status, body, headers } = await ask(server.url, path, { headers: kBrowser });
    assert.deepEqual([status, body], [200, page.body], path);
    assert.equal(headers.get('cache-control'), 'no-cache');
  }
  assert.equal((await ask(server.url, '/')).body.status, 'WebRTC Signaling Server Running');
  for (const path of ['/api/nonsense', '/assets/missing.js', '/test/x']) assert.equal((await ask(server.url, path, { headers: kBrowser })).status, 404, path);
});

// R-004-68, S3
test('the page has nothing inline, and may load from this server alone', () => {
  assert.doesNotMatch(page.body, /<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=/);
  const policy = page.headers.get('content-security-policy');
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "worker-src 'self'", "frame-ancestors 'none'"]) assert.ok(policy.includes(part), part);
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.match(page.headers.get('permissions-policy'), /camera=\(self\), microphone=\(self\)/);
  assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin');
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
});

// S2: fetch() decodes what the headers name.
test('what the page names is there, small and for ever', async () => {
  const files = filesIn(page.body);
  assert.ok(files.some((path) => path.endsWith('.js')) && files.some((path) => path.endsWith('.css')));
  for (const path of files) {
    const answer = await ask(server.url, path, { headers: { 'accept-encoding': 'gzip, br' } });
    assert.equal(answer.status, 200, path);
    if (!path.startsWith('/assets/')) continue;
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable', path);
    assert.match(answer.headers.get('vary'), /Accept-Encoding/, path);
    if (/\.(js|css)$/.test(path) && answer.body.length > 1000) assert.equal(answer.headers.get('content-encoding'), 'br', path);
    const again = await ask(server.url, path, { headers: { 'accept-encoding': 'gzip, br', 'if-none-match': answer.headers.get('etag') } });
    assert.equal(again.status, 304, path);
  }
});

// S2
test('each encoding is the same file', async () => {
  const script = filesIn(page.body).find((path) => /\/assets\/index-.*\.js$/.test(path));
  const plain = await ask(server.url, script, { headers: { 'accept-encoding': 'identity' } });
  assert.equal(plain.headers.get('content-encoding'), null);
  for (const encoding of ['br', 'gzip']) {
    const packed = await ask(server.url, script, { headers: { 'accept-encoding': encoding } });
    assert.equal(packed.headers.get('content-encoding'), encoding);
    assert.equal(packed.body, plain.body);
    assert.ok(Number(packed.headers.get('content-length')) < Number(plain.headers.get('content-length')) / 2);
  }
});

// S16
test('what has a fixed address is asked for anew', async () => {
  const worker = await ask(server.url, '/sw.js');
  assert.equal(worker.headers.get('cache-control'), 'no-cache');
  assert.match(worker.headers.get('content-security-policy'), /connect-src 'self'/);
  const [list] = /\/assets\/files-\w+\.json/.exec(worker.body);
  for (const path of (await ask(server.url, list)).body) assert.equal((await ask(server.url, path)).status, 200, path);
  const manifest = await ask(server.url, '/manifest.webmanifest');
  assert.equal(manifest.headers.get('cache-control'), 'no-cache');
  assert.match(manifest.headers.get('content-type'), /manifest\+json/);
  for (const { src } of JSON.parse(typeof manifest.body === 'string' ? manifest.body : JSON.stringify(manifest.body)).icons)
    assert.equal((await ask(server.url, src)).status, 200, src);
});

// K11, S16
test('the files for anybody are there beside the client', async () => {
  assert.equal((await ask(server.url, '/ringtone.mp3')).headers.get('content-type'), 'audio/mpeg');
  assert.equal((await ask(server.url, '/avatars/default.svg')).status, 200);
});
