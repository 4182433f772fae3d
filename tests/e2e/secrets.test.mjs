// R-002-01, R-002-02, R-001-88: no secret leaves the server. One with recognisable secrets is driven by REST, sockets, pushes, commands and
// mistakes; then all that it said is searched for each of them, in several encodings.
import assert from 'node:assert/strict';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { io } from 'sio';
import { anAdmin } from './harness/operators.mjs';
import { anApns, anFcm, aWebPushService } from './harness/push.mjs';
import { findSecrets, formsOf } from './harness/secret_scan.mjs';
import { kBinary, launch, launchReady } from './harness/server.mjs';
import { within } from './harness/wait.mjs';

const kTime = { timeout: 60_000 };
const aSecret = (size = 24) => randomBytes(size).toString('base64url');
const folder = mkdtempSync(join(tmpdir(), 'belfry-secrets-'));
const data = join(folder, 'data');
const captures = [];
const secrets = [];
const capture = (where, bytes) => captures.push({ where, bytes: Buffer.from(bytes) });
const keep = (name, bytes, allowed) => {
  secrets.push({ name, bytes: Buffer.from(bytes), allowed });
  return bytes;
};
/** A secret number of this key, whatever text it is written in. */
const keepKey = (name, pem) => {
  const { d, p } = createPrivateKey(pem).export({ format: 'jwk' });
  keep(name, Buffer.from(p ?? d, 'base64url').subarray(0, 32));
};

let server, env, fcm, apns, webPush;
let people = 0;

before(async () => {
  [fcm, apns, webPush] = await Promise.all([anFcm(), anApns(), aWebPushService()]);
  env = {
    ...fcm.env, ...apns.env, ...webPush.env,
    JWT_SECRET: keep('JWT_SECRET', aSecret(32)), JWT_SECRET_PREVIOUS: keep('JWT_SECRET_PREVIOUS', aSecret(32)),
    JWT_EXTERNAL_SECRET: keep('JWT_EXTERNAL_SECRET', aSecret(32)), JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'belfry',
    AGORA_APP_ID: randomBytes(16).toString('hex'), AGORA_APP_CERT: keep('AGORA_APP_CERT', randomBytes(16).toString('hex')),
    LIVEKIT_URL: 'wss://media.example', LIVEKIT_API_KEY: 'APIkey', LIVEKIT_API_SECRET: keep('LIVEKIT_API_SECRET', aSecret(32)),
    TURN_URLS: 'turn:turn.example:3478', TURN_SECRET: keep('TURN_SECRET', aSecret()),
    TWILIO_ACCOUNT_SID: 'ACsid', TWILIO_AUTH_TOKEN: keep('TWILIO_AUTH_TOKEN', aSecret()), TWILIO_API_BASE: 'http://127.0.0.1:1',
    PUSH_ALLOW_PRIVATE: 'true', PUSH_RETRY_MS: '100', LOG_LEVEL: 'debug', CORS_ORIGINS: 'https://app.example',
    RATE_LIMIT_LOGIN_MAX: '0', RATE_LIMIT_SIGNUP_MAX: '0', RATE_LIMIT_TOKEN_MAX: '0', RATE_LIMIT_CALL_MAX: '0',
  };
  keep('AGORA_APP_CERT in bytes', Buffer.from(env.AGORA_APP_CERT, 'hex'));
  keep('VAPID_PRIVATE_KEY', env.VAPID_PRIVATE_KEY);
  keep('VAPID_PRIVATE_KEY in bytes', Buffer.from(env.VAPID_PRIVATE_KEY, 'base64url'));
  keepKey('FCM key', JSON.parse(env.FCM_SERVICE_ACCOUNT).private_key);
  keepKey('APNs key', readFileSync(env.APNS_KEY_FILE));
  for (const [name, pem] of [['FCM', JSON.parse(env.FCM_SERVICE_ACCOUNT).private_key], ['APNs', readFileSync(env.APNS_KEY_FILE, 'utf8')]])
    keep(`${name} key's text`, pem.split('\n')[2].slice(0, 40));
  server = await launchReady(['serve', '--listen', '127.0.0.1:0', '--data', data], { env });
});
after(async () => {
  for (const each of [fcm, apns, webPush]) each?.close();
  server?.signal('SIGKILL');
  await server?.exit;
  rmSync(folder, { recursive: true, force: true });
});

/** One request, and all that came back. A string is sent as it is. */
async function speak(method, path, { token, body, headers = {}, where = `${method} ${path}` } = {}) {
  const answer = await fetch(server.url + path, {
    method, redirect: 'manual', body: typeof body === 'object' ? JSON.stringify(body) : body,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  capture(where, Buffer.concat([Buffer.from(`${answer.status} ${JSON.stringify([...answer.headers])}\n`), bytes]));
  let parsed;
  try {
    parsed = JSON.parse(bytes);
  } catch {
    parsed = undefined;
  }
  return { status: answer.status, body: parsed, headers: answer.headers };
}
const ok = ({ status, body }) => {
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`);
  return body.data ?? body;
};

/** Session tokens may stand where they are issued, and nowhere else. */
const issued = (where) => where.startsWith('issue ');
const orRenewed = (where) => issued(where) || where === 'socket of token';
function keepSession(person, { token, tokens }) {
  person.token = keep(`session of ${person.name}`, token, issued);
  if (tokens?.refreshToken) person.refresh = keep(`refresh token of ${person.name}`, tokens.refreshToken, issued);
  return person;
}
const login = async ({ name, password }) =>
  keepSession({ name, password }, (await speak('POST', '/user/login', { body: { username: name, password }, where: 'issue login' })).body);
async function aPerson() {
  const person = { name: `person${++people}`, password: keep(`password of person${people}`, aSecret()) };
  const { body } = await speak('POST', '/user/sign-up', { body: { username: person.name, password: person.password }, where: 'issue sign-up' });
  person.id = body.id;
  return keepSession(person, body);
}

/** A socket of this person; every packet that it gets is captured. */
async function aSocket(token, dialect, transports = ['websocket']) {
  const socket = io(server.url, { transports, forceNew: true, reconnection: false, auth: { token, dialect, deviceId: `${dialect}-device` } });
  socket.io.on('open', () => socket.io.engine.on('packet', (packet) => capture(`socket of ${dialect}`, `${packet.type} ${packet.data}`)));
  await within(new Promise((resolve) => {
    socket.once('connect', resolve);
    socket.once('connect_error', resolve);
  }), 'an answer to CONNECT');
  socket.does = (event, payload) => within(socket.emitWithAck(event, payload), `an answer to ${event}`);
  return socket;
}

/** An offline callee with a device of each provider; their tokens may stand at the provider alone. */
async function aCalleeWithDevices() {
  const callee = await aPerson();
  const web = { ...webPush.subscribe(aSecret()), name: 'Firefox' };
  const devices = [
    { platform: 'android', pushProvider: 'fcm', pushToken: keep('FCM push token', aSecret(), (where) => where === 'FCM got'), name: 'Pixel' },
    { platform: 'ios', pushProvider: 'apns', pushToken: keep('APNs push token', randomBytes(32).toString('hex')),
      voipToken: keep('VoIP token', randomBytes(32).toString('hex'), (where) => where === 'APNs got'), name: 'iPhone' },
    web,
  ];
  keep('Web Push endpoint', web.pushToken.split('/').at(-1), (where) => where === 'Web Push got');
  keep('p256dh', web.webPushKeys.p256dh);
  keep('Web Push auth', web.webPushKeys.auth);
  for (const device of devices) ok(await speak('POST', '/api/devices', { token: callee.token, body: device }));
  ok(await speak('GET', '/api/devices', { token: callee.token }));
  await speak('POST', '/api/devices', { token: callee.token, body: { ...web, webPushKeys: { p256dh: web.webPushKeys.auth, auth: web.webPushKeys.p256dh } } });
  await speak('POST', '/api/devices', { token: callee.token, body: { ...devices[0], platform: 'toaster', pushToken: [devices[0].pushToken] } });
  return { callee, devices };
}

/** Calls with pushes, media tokens of each provider, and signals, in both dialects. */
async function useful() {
  const caller = await aPerson();
  const { callee, devices } = await aCalleeWithDevices();
  const room = ok(await speak('POST', '/api/conversations', { token: caller.token, body: { kind: 'direct', userId: callee.id } })).id;
  const native = await aSocket(caller.token, 'native', ['polling', 'websocket']);
  const app = await aSocket(caller.token, 'token');
  for (const provider of ['agora', 'livekit', 'native']) {  // the call is of the last one's
    const path = `/api/call/token?conversationId=${room}&provider=${provider}`;
    const { token } = ok(await speak('GET', path, { token: caller.token, where: `issue media token of ${provider}` }));
    keep(`media token of ${provider}`, token, issued);
    await app.does('call-join', { token });
    await native.does('call.join', { token });
    await speak('POST', '/api/call/join', { token: callee.token, body: { token } });
  }
  const { credential } = ok(await speak('GET', '/api/ice-servers', { token: caller.token, where: 'issue TURN credential' })).iceServers[0];
  keep('TURN credential', credential, orRenewed);
  const call = (await app.does('call-started', { conversationId: room })).data;
  for (const provider of [fcm, apns, webPush]) await provider.next('the ring');
  await native.does('call.signal', { callId: call.id, kind: 'offer', payload: { sdp: 'v=0' } });
  await native.does('call.start', { recipientId: callee.id, callType: caller.password });
  await app.does('call-token', { callId: call.id }).then(({ data: renewed }) => renewed && keep('renewed token', renewed.token, orRenewed));
  await app.does('call-cancel', { conversationId: room });
  await speak('GET', `/api/calls/${call.id}`, { token: caller.token });
  native.disconnect();
  app.disconnect();
  return { caller, callee, devices, call, room };
}

/** What people get wrong, with secrets in the wrong place. */
async function mistakes({ caller, devices }) {
  for (const dialect of ['native', 'token', 'signaling', 'none']) (await aSocket(`${caller.token}x`, dialect)).disconnect();
  (await aSocket(env.JWT_SECRET, 'native')).disconnect();
  for (const headers of [{ authorization: `Basic ${Buffer.from(`a:${caller.password}`).toString('base64')}` }, { cookie: `belfry_session=${caller.token}x` },
    { authorization: `Bearer ${caller.refresh ?? caller.password}` }, { token: `${caller.token}x` }])
    await speak('GET', '/api/users/me', { headers });
  for (const body of [{ username: caller.name, password: `${caller.password}x` }, { username: caller.name, password: [caller.password] },
    { username: caller.password, password: 5 }, `{"username":"a","password":"${caller.password}`, `password=${caller.password}`])
    for (const path of ['/user/login', '/user/sign-up', '/api/auth/login', '/api/auth/signup', '/api/auth/register']) await speak('POST', path, { body });
  await speak('GET', `/nowhere/${caller.password}?token=${caller.token}`, { where: 'GET /nowhere' });
  await speak('GET', `/api/calls/${caller.token}?pushToken=${devices[0].pushToken}`, { token: caller.token });
}

/** Each operation that the server describes, by an administrator: with nothing, with wrong values, and cut off. */
async function everyOperation({ call, room, callee, devices }) {
  const admin = await anAdmin(['--data', data]);
  keep("administrator's password", admin.password);
  const { paths } = (await speak('GET', '/api/openapi.json')).body;
  const ids = { conversationId: room, userId: callee.id };
  for (const [path, operations] of Object.entries(paths)) {
    if (path.includes('/drain')) continue;
    for (const method of Object.keys(operations)) {
      const { token, password } = await login(admin);
      const real = path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? (path.includes('/users') ? callee.id : path.includes('/conversations') ? room : call.id));
      const wrong = { password: [password], token: { token }, pushToken: [devices[0].pushToken], username: 7, refreshToken: [token], secret: password };
      const bodies = method === 'get' || method === 'delete' ? [undefined] : [{}, wrong, JSON.stringify(wrong).slice(0, -9)];
      for (const body of bodies) await speak(method.toUpperCase(), real, { token, body, where: /login|signup|sign-up|refresh|register/.test(path) ? `issue ${path}` : undefined });
    }
  }
  for (const path of ['/metrics', '/healthz', '/readyz', '/docs', '/', '/users', '/config.js', '/.env', '/sw.js', '/client/belfry-call.js', '/socket.io/socket.io.min.js'])
    await speak('GET', path);
  await speak('GET', '/login', { headers: { accept: 'text/html' }, where: 'the page' });
}

const filesBelow = (place) => readdirSync(place, { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(place, entry.name)) : [join(place, entry.name)]));

/** What `belfry` prints: its settings, its commands, and why it does not start. */
async function commands(caller) {
  const run = async (args, more = env, where = `belfry ${args[0]} ${args[1] ?? ''}`) => {
    const child = launch(args, { env: more });
    const ended = await Promise.race([child.exit, child.ready]);
    child.signal('SIGKILL');  // one that serves instead of refusing
    const { code } = await child.exit;
    capture(where, child.output());
    assert.equal(typeof ended, 'object', `${where} serves`);
    return { code, output: child.output() };
  };
  const printed = await run(['serve', '--print-config', '--data', data]);
  assert.match(printed.output, /turn\.secret.*\(set\)/);
  for (const args of [['--help'], ['user', 'list', '--data', data], ['audit', 'verify', '--data', data], ['migrate', 'status', '--data', data],
    ['token', 'verify', `${caller.token}`, '--data', data], ['token', 'verify', `${caller.token}x`, '--data', data]]) await run(args);
  const file = (text) => {
    const path = join(folder, `wrong${++people}.toml`);
    writeFileSync(path, text);
    return path;
  };
  const bad = { ...env, BELFRY_DATA: join(folder, 'other') };
  const account = JSON.parse(env.FCM_SERVICE_ACCOUNT);
  const word = keep('a secret that is refused', aSecret());
  const refused = {
    'a short JWT_SECRET': [[], { JWT_SECRET: keep('a short secret', aSecret(18)) }],
    'half a LiveKit': [[], { LIVEKIT_API_KEY: '' }],
    'a VAPID_PRIVATE_KEY that is none': [[], { VAPID_PRIVATE_KEY: word }],
    'an account that is no JSON': [[], { FCM_SERVICE_ACCOUNT: env.FCM_SERVICE_ACCOUNT.slice(0, -2) }],
    'an account with a broken key': [[], { FCM_SERVICE_ACCOUNT: JSON.stringify({ ...account, private_key: account.private_key.slice(0, -60) }) }],
    'an APNs key that is none': [[], { APNS_KEY_FILE: file(readFileSync(env.APNS_KEY_FILE, 'utf8').replace('BEGIN', 'BEGUN')) }],
    'a database that is not there': [[], { DATABASE_URL: `postgres://belfry:${word}@127.0.0.1:1/none` }],
    'a database of another kind': [[], { DATABASE_URL: `mysql://belfry:${word}@127.0.0.1/none` }],
    'Redis over TLS': [[], { REDIS_URL: `rediss://:${word}@127.0.0.1` }],
    'an address of Redis that cannot be read': [[], { REDIS_URL: `redis://${word}@127.0.0.1` }],
    'an unknown flag': [['--turn-secrets', word], {}],
    'an unknown flag with its value': [[`--turn-secrets=${word}`], {}],
    'a file with an unknown key': [['--config', file(`[turn]\nsecrets = "${word}"\n`)], {}],
    'a file that is cut off': [['--config', file(`[turn]\nsecret = "${word}\n`)], {}],
  };
  for (const [what, [args, more]] of Object.entries(refused)) {
    const { code, output } = await run(['serve', '--listen', '127.0.0.1:0', ...args], { ...bad, ...more }, `belfry serve with ${what}`);
    assert.notEqual(code, 0, `${what}: ${output}`);
  }
}

test('no secret is in any answer, event, push, page, printed line or log', kTime, async () => {
  const world = await useful();
  await mistakes(world);
  await everyOperation(world);
  await commands(world.caller);
  for (const [where, provider] of [['FCM got', fcm], ['APNs got', apns], ['Web Push got', webPush]]) {
    assert.ok(provider.got.length > 0);
    capture(where, JSON.stringify([provider.got, provider.raw]));
  }
  const web = join(dirname(kBinary), 'web');
  for (const path of filesBelow(web)) capture(`file ${path.slice(web.length)}`, readFileSync(path));
  server.signal('SIGTERM');
  assert.equal((await server.exit).code, 0);
  assert.ok(server.records().some(({ event }) => event === 'token.issued'));
  capture('log', server.output());
  assert.deepEqual(findSecrets(secrets, captures), []);
  assert.ok(captures.length > 200, `${captures.length} captures`);
});

// So that the test above means something.
test('a secret that does leave is found, in each form and at each place of a longer text', () => {
  for (const { name, bytes } of secrets)
    for (const before of ['', 'a', 'ab', 'abc'])
      for (const encoding of ['latin1', 'hex', 'base64', 'base64url']) {
        const bytesAround = Buffer.concat([Buffer.from(before), bytes, Buffer.from('tail')]);
        const planted = { where: 'here', bytes: bytesAround.toString(encoding) };
        const text = encoding === 'latin1' ? { ...planted, bytes: bytesAround } : planted;
        assert.ok(findSecrets([{ name, bytes }], [text]).length > 0, `${name} behind ${before.length} in ${encoding}`);
      }
  assert.ok(secrets.every(({ bytes }) => formsOf(bytes).every(({ text }) => text.length >= 12)));
});
