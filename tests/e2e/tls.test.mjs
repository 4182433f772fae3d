// R-002-03: https and wss from the binary itself; the certificate is made here, and only these clients trust it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, startServer } from './harness/server.mjs';
import { aUser, candidate } from './harness/user.mjs';
import { within } from './harness/wait.mjs';

let folder, cert, key, ca, server;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-tls-'));
  [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  ca = readFileSync(cert);
  server = await startServer({ args: ['--tls-cert', cert, '--tls-key', key] });
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function get(client, url, options = {}) {
  const request = client.get(url, { agent: false, ...options });
  const [answer] = await within(once(request, 'response'), `GET ${url}`);
  let body = '';
  for await (const piece of answer) body += piece;
  return { status: answer.statusCode, headers: answer.headers, body };
}

test('https serves the document and sets HSTS', async () => {
  assert.match(server.url, /^https:/);
  const { status, headers, body } = await get(https, server.url, { ca });
  assert.equal(status, 200);
  assert.equal(JSON.parse(body).status, 'WebRTC Signaling Server Running');
  assert.match(headers['strict-transport-security'], /max-age=\d+/);
});

test('plain http on the same port is redirected to https, with path and query', async () => {
  const { status, headers } = await get(http, `http://127.0.0.1:${server.port}/users?x=1`);
  assert.equal(status, 308);
  assert.equal(headers.location, `https://127.0.0.1:${server.port}/users?x=1`);
});

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  test(`a call over TLS by ${transports.join(', then ')}`, async () => {
    const options = { transports, ca };
    const [alice, bob] = [await aUser(server.url, { options }), await aUser(server.url, { options })];
    alice.call(bob);
    await bob.next('incoming_call');
    for (let n = 0; n < 50; ++n) alice.ice(bob, n);
    bob.answer(alice);
    await alice.next('call_answered');
    for (let n = 0; n < 50; ++n) assert.deepEqual((await bob.next('ice_candidate')).candidate, candidate(n));
    alice.end(bob);
    await bob.next('call_ended');
    alice.leave();
    bob.leave();
  });
}

test('a message larger than a TLS record arrives whole', async () => {
  const options = { ca };
  const [alice, bob] = [await aUser(server.url, { options }), await aUser(server.url, { options })];
  const offer = { type: 'offer', sdp: 'x'.repeat(60000) };
  alice.call(bob, offer);
  assert.deepEqual((await bob.next('incoming_call')).offer, offer);
  alice.leave();
  bob.leave();
});

test('a missing certificate, or a key without one, is refused at start with a message', async () => {
  for (const args of [['--tls-cert', '/nowhere.pem', '--tls-key', key], ['--tls-key', key]]) {
    const failed = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--data', folder, ...args]);
    const { code } = await within(failed.exit, 'a refusal').finally(() => failed.signal('SIGKILL'));
    assert.ok(code > 0);
    assert.match(failed.output(), /tls|cert/i);
  }
});
