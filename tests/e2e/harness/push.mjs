// Push providers for tests, which check what they are sent as the real ones would: signatures, encryption, HTTP/2. `answers` decides
// what each says next; `got` has the pushes that came, `raw` every request.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './wait.mjs';

const url64 = (bytes) => Buffer.from(bytes).toString('base64url');
/** Node leaves out the zeros that one key in 256 begins with. */
const whole = (key) => Buffer.concat([Buffer.alloc(32 - key.length), key]);

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The claims of a token, once the key has verified it. */
function verified(token, key, algorithm) {
  const [header, claims, signature] = token.split('.');
  assert.equal(JSON.parse(Buffer.from(header, 'base64url')).alg, algorithm);
  const options = algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key;
  assert.ok(crypto.verify('sha256', Buffer.from(`${header}.${claims}`), options, Buffer.from(signature, 'base64url')), 'a bad signature');
  return { header: JSON.parse(Buffer.from(header, 'base64url')), claims: JSON.parse(Buffer.from(claims, 'base64url')) };
}

/** A server with a list of what it got. `judge(request)` answers { status, headers, body }, or nothing at all for silence. */
async function aProvider(server, judge) {
  const provider = { got: [], raw: [], answers: [], connections: 0, failures: [] };
  server.on('connection', () => ++provider.connections);
  server.on('request', async (request, response) => {
    const body = await bodyOf(request);
    provider.raw.push({ path: request.url, headers: request.headers, body: body.toString('latin1') });
    let said;
    try {
      said = await judge({ path: request.url, headers: request.headers, body, version: request.httpVersion }, provider);
    } catch (failure) {
      provider.failures.push(failure);
      said = { status: 400, body: { reason: failure.message } };
    }
    if (!said) return;
    response.writeHead(said.status, said.headers);
    response.end(said.body === undefined ? '' : JSON.stringify(said.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  provider.port = server.address().port;
  provider.next = (what, test = () => true) => eventually(() => {
    if (provider.failures.length) throw provider.failures[0];
    return provider.got.find(test);
  }, what);
  /** The answer to this push; undefined: silence. */
  provider.answer = (usual) => (provider.answers.length ? provider.answers.shift() : usual);
  provider.close = () => {
    server.closeAllConnections?.();
    server.close();
  };
  return provider;
}

/** A push service of Web Push, and the keys of the server that pushes: new ones, or these. */
export async function aWebPushService(privateKey) {
  const vapid = crypto.createECDH('prime256v1');
  privateKey ? vapid.setPrivateKey(Buffer.from(privateKey, 'base64url')) : vapid.generateKeys();
  const point = vapid.getPublicKey();
  const key = crypto.createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: url64(point.subarray(1, 33)), y: url64(point.subarray(33)) } });
  const subscriptions = new Map();
  const service = await aProvider(http.createServer(), ({ path, headers, body }, provider) => {
    const { ecdh, auth } = subscriptions.get(path);
    const [, token, k] = /^vapid t=(\S+), k=(\S+)$/.exec(headers.authorization);
    assert.equal(k, url64(point));
    const { claims } = verified(token, key, 'ES256');
    assert.equal(claims.aud, `http://127.0.0.1:${provider.port}`);
    assert.ok(claims.exp * 1000 > Date.now() && claims.exp * 1000 < Date.now() + 24 * 3600 * 1000);
    assert.equal(headers['content-encoding'], 'aes128gcm');
    provider.got.push({ path, headers, claims, message: JSON.parse(decrypted(body, ecdh, auth)) });
    return provider.answer({ status: 201 });
  });
  service.env = { VAPID_PUBLIC_KEY: url64(point), VAPID_PRIVATE_KEY: url64(whole(vapid.getPrivateKey())), VAPID_SUBJECT: 'mailto:ops@example.com' };
  /** What a browser would send us after it subscribed. */
  service.subscribe = (name) => {
    const ecdh = crypto.createECDH('prime256v1');
    ecdh.generateKeys();
    const auth = crypto.randomBytes(16);
    const path = `/send/${name}`;
    subscriptions.set(path, { ecdh, auth });
    return {
      platform: 'web', pushProvider: 'webpush', name, pushToken: `http://127.0.0.1:${service.port}${path}`,
      webPushKeys: { p256dh: url64(ecdh.getPublicKey()), auth: url64(auth) },
    };
  };
  return service;
}

/** RFC 8291, from the browser's side. */
function decrypted(body, ecdh, auth) {
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 21 + body[20]);
  const sealed = body.subarray(21 + body[20]);
  const hkdf = (secret, salted, info, size) => Buffer.from(crypto.hkdfSync('sha256', secret, salted, info, size));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender]);
  const material = hkdf(ecdh.computeSecret(sender), auth, info, 32);
  const cipher = crypto.createDecipheriv('aes-128-gcm', hkdf(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16),
    hkdf(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12));
  cipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  assert.equal(plain.at(-1), 2, 'the delimiter of the last record');
  return plain.subarray(0, -1).toString();
}

/** Google's token endpoint and FCM in one. `grants` counts the access tokens. */
export async function anFcm() {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const fcm = await aProvider(http.createServer(), ({ path, headers, body }, provider) => {
    const endpoint = `http://127.0.0.1:${provider.port}`;
    if (path === '/token') {
      const { claims, header } = verified(new URLSearchParams(body.toString()).get('assertion'), publicKey, 'RS256');
      assert.deepEqual([claims.iss, claims.aud, header.kid], ['push@belfry.example', `${endpoint}/token`, 'key-1']);
      return { status: 200, body: { access_token: `access-${++provider.grants}`, expires_in: 3600 } };
    }
    assert.equal(path, '/v1/projects/belfry-test/messages:send');
    if (headers.authorization !== `Bearer access-${provider.grants}`) return { status: 401, body: { error: { status: 'UNAUTHENTICATED' } } };
    provider.got.push(JSON.parse(body).message);
    return provider.answer({ status: 200, body: { name: 'projects/belfry-test/messages/1' } });
  });
  fcm.grants = 0;
  fcm.env = {
    FCM_ENDPOINT: `http://127.0.0.1:${fcm.port}`,
    FCM_SERVICE_ACCOUNT: JSON.stringify({
      type: 'service_account', project_id: 'belfry-test', private_key_id: 'key-1', client_email: 'push@belfry.example',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }), token_uri: `http://127.0.0.1:${fcm.port}/token`,
    }),
  };
  return fcm;
}

/** APNs over TLS and HTTP/2 only, with a certificate that only PUSH_CA_FILE makes trusted. */
export async function anApns() {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-apns-'));
  const [cert, key, p8] = ['cert.pem', 'key.pem', 'AuthKey.p8'].map((name) => join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileSync(p8, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const server = http2.createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) });
  const apns = await aProvider(server, ({ path, headers, body, version }, provider) => {
    assert.equal(version, '2.0');
    const { claims, header } = verified(headers.authorization.replace(/^bearer /, ''), pair.publicKey, 'ES256');
    assert.deepEqual([claims.iss, header.kid], ['TEAM123456', 'KEY1234567']);
    provider.got.push({ path, headers, message: JSON.parse(body), token: headers.authorization });
    return provider.answer({ status: 200 });
  });
  apns.env = {
    APNS_KEY_FILE: p8, APNS_KEY_ID: 'KEY1234567', APNS_TEAM_ID: 'TEAM123456', APNS_TOPIC: 'com.example.belfry',
    APNS_ENDPOINT: `https://127.0.0.1:${apns.port}`, PUSH_CA_FILE: cert,
  };
  const close = apns.close;
  apns.close = () => {
    close();
    rmSync(folder, { recursive: true, force: true });
  };
  return apns;
}
