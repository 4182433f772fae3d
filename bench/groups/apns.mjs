// A local APNs: HTTP/2 over TLS that answers 200 at once and counts. It checks nothing: what a provider must get is tested in
// tests/e2e/push.test.mjs.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import { join } from 'node:path';

/** Writes keys into `folder`; `flags` are those of the server that shall push here. */
export async function anApns(folder) {
  const [cert, key, p8] = ['apns-cert.pem', 'apns-key.pem', 'AuthKey.p8'].map((name) => join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  writeFileSync(p8, generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const server = http2.createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) });
  let expected = 0, tokens = new Set(), all;
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});  // refused or reset: the server under test tries that push again
    stream.respond({ ':status': 200 }, { endStream: true });
    stream.resume();
    tokens.add(headers[':path']);
    if (tokens.size === expected) all();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    flags: `--apns-key-file ${p8} --apns-key-id KEY1234567 --apns-team-id TEAM123456 --apns-topic com.example.bench --push-ca-file ${cert} ` +
      `--apns-endpoint https://127.0.0.1:${server.address().port}`,
    /** Resolves when this many devices got a push, each counted once. */
    pushes: (count) => new Promise((resolve) => {
      tokens = new Set();
      expected = count;
      all = resolve;
    }),
    count: () => tokens.size,
    close: () => server.close(),
  };
}
