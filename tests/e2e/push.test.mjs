// Push notifications through providers that check what they are sent (SPEC J-6).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { about, aPerson, aSocket, ask, done, leave, loggedInAgain } from './harness/accounts.mjs';
import { anApns, anFcm, aWebPushService } from './harness/push.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { launch } from './harness/server.mjs';
import { aRandomMoment, eventually } from './harness/wait.mjs';

const kTime = { timeout: 120_000 };
/** After a restart: a ring of 30 s must not wait until the dead server's claim lapses. */
const kSoon = 3000;

const data = ({ status, body }, expected) => {
  assert.equal(status, expected, JSON.stringify(body));
  return body.data;
};
const register = async (person, device) => data(await person.post('/api/devices', device), 201);
const devicesOf = async (person) => data(await person.get('/api/devices'), 200).devices;

/** One test for each database, with a server that knows these providers, and alice and bob, who is offline. */
function onEach(title, makers, body, env = {}) {
  for (const [name, make] of kDatabases)
    test(`${title}, on ${name}`, kTime, async () => {
      const kept = await make();
      const providers = await Promise.all(makers.map((maker) => maker()));
      let world;
      try {
        world = await aRestartableServer(kept.args, { env: Object.assign({ PUSH_RETRY_MS: '100', ...env }, ...providers.map((each) => each.env)) });
        const [alice, bob] = [await aPerson(world.url), await aPerson(world.url)];
        const root = await aPerson(world.url);
        await kept.sql(`UPDATE users SET "role" = 'admin' WHERE "username" = '${root.name}'`);
        const admin = await loggedInAgain(root);
        const deliveries = async (query = '') => data(await admin.get(`/api/admin/push/deliveries${query}`), 200).deliveries;
        await body({ world, alice, bob, providers, deliveries, sql: kept.sql });
        await world.stop();
      } finally {
        world?.server.signal('SIGKILL');
        for (const provider of providers) provider.close();
        await kept.remove();
      }
    });
}

// R-002-24, J-6.4, J-6.5, J-6.7, R-002-27
onEach('an offline callee is rung by Web Push, and the ring is taken back', [aWebPushService], async ({ alice, bob, providers: [service], deliveries }) => {
  const device = await register(bob, service.subscribe('firefox'));
  const begun = Date.now();
  const call = data(await alice.calls(bob), 201);
  const ring = await service.next('the ring');
  assert.ok(Date.now() - begun < 1000, 'within a second');
  assert.deepEqual(ring.message, {
    type: 'ring', callId: call.id, callerId: alice.id, callerName: alice.name, callType: 'video', conversationId: call.conversationId, expiresAt: call.ringExpiresAt,
  });
  assert.deepEqual([ring.headers.urgency, ring.headers.topic], ['high', call.id.replaceAll('-', '')]);
  assert.ok(Number(ring.headers.ttl) > 0 && Number(ring.headers.ttl) <= 60);
  await alice.post(`/api/calls/${call.id}/cancel`);
  const cancel = await service.next('the cancel', ({ message }) => message.type === 'cancel');
  assert.deepEqual([cancel.message.callId, cancel.message.reason], [call.id, 'cancelled']);
  const log = await eventually(async () => {
    const all = await deliveries(`?callId=${call.id}`);
    return all.length === 2 && all.every(({ status }) => status === 'delivered') && all;
  }, 'both pushes to be logged as delivered');
  assert.deepEqual(log.map(({ kind }) => kind), ['cancel', 'ring']);
  for (const each of log) {
    assert.deepEqual([each.deviceId, each.userId, each.provider, each.attempts, each.error], [device.id, bob.id, 'webpush', 1, null]);
    assert.ok(each.latencyMs >= 0);
  }
  assert.equal(service.got.length, 2);
  assert.equal(service.connections, 1, 'the connection is kept');
});

// R-000-47, R-002-20
onEach('FCM gets a data message of high priority, APNs a VoIP push', [anFcm, anApns], async ({ alice, bob, providers: [fcm, apns] }) => {
  await register(bob, { platform: 'android', pushProvider: 'fcm', pushToken: 'fcm-token', name: 'Pixel' });
  await register(bob, { platform: 'ios', pushProvider: 'apns', pushToken: 'aa', voipToken: 'beef01', name: 'iPhone' });
  const call = data(await alice.calls(bob), 201);
  const message = await fcm.next('the data message');
  assert.equal(message.token, 'fcm-token');
  assert.equal(message.data.callId, call.id);
  assert.deepEqual([message.android.priority, message.android.collapse_key], ['HIGH', call.id]);
  assert.match(message.android.ttl, /^\d+s$/);
  const voip = await apns.next('the VoIP push');
  assert.equal(voip.path, '/3/device/beef01');
  assert.deepEqual(voip.message, { aps: {}, ...message.data });
  assert.deepEqual(['apns-push-type', 'apns-topic', 'apns-priority'].map((name) => voip.headers[name]), ['voip', 'com.example.belfry.voip', '10']);
  const late = Number(voip.headers['apns-expiration']) - Math.floor(Date.parse(call.ringExpiresAt) / 1000);
  assert.ok(late === 0 || late === 1, `the ring's end, counted from when the push leaves: ${late} s later`);
  await alice.post(`/api/calls/${call.id}/cancel`);
  await apns.next('the cancel', ({ message: { type } }) => type === 'cancel');
  await fcm.next('the cancel', ({ data: { type } }) => type === 'cancel');
  assert.equal(fcm.grants, 1, 'the access token is kept');
  assert.equal(apns.connections, 1, 'the connection is kept');
  assert.equal(new Set(apns.got.map(({ token }) => token)).size, 1, 'the provider token is kept');
});

// J-6.5: answered on another device.
onEach('the other devices are told that the call was answered elsewhere', [anFcm], async ({ alice, bob, providers: [fcm] }) => {
  const devices = [];
  for (const name of ['one', 'two']) devices.push(await register(bob, { platform: 'android', pushProvider: 'fcm', pushToken: name, name }));
  const call = data(await alice.calls(bob), 201);
  for (const name of ['one', 'two']) await fcm.next(`the ring of ${name}`, ({ token }) => token === name);
  const socket = await aSocket(bob, { auth: { deviceId: devices[0].id } });
  await socket.next('call.incoming');
  await done(socket, 'call.accept', { callId: call.id });
  const cancel = await fcm.next('the cancel', ({ data: { type } }) => type === 'cancel');
  assert.deepEqual([cancel.token, cancel.data.reason], ['two', 'answered_elsewhere']);
  await alice.ends(call);
  socket.disconnect();
  assert.deepEqual(fcm.got.map(({ token, data: { type } }) => `${token} ${type}`).sort(), ['one ring', 'two cancel', 'two ring']);
});

// R-000-46, R-000-48, J-6.6
onEach('failures are tried again, tokens that are gone are removed, and neither stops the others', [aWebPushService], async ({ alice, bob, providers: [service], deliveries }) => {
  const judged = { gone: [{ status: 410 }], busy: [{ status: 429, headers: { 'retry-after': '1' } }, { status: 500 }], silent: [undefined], fine: [] };
  service.answer = (usual) => {
    const name = service.got.at(-1).path.split('/').at(-1);
    return judged[name].length ? judged[name].shift() : usual;
  };
  for (const name of Object.keys(judged)) await register(bob, service.subscribe(name));
  const call = data(await alice.calls(bob), 201);
  const names = new Map((await devicesOf(bob)).map(({ id, name }) => [id, name]));
  const byName = async () => Object.fromEntries((await deliveries(`?callId=${call.id}`)).map((each) => [names.get(each.deviceId) ?? 'gone', each]));
  const log = await eventually(async () => {
    const now = await byName();
    return Object.keys(now).length === 4 && Object.values(now).every(({ status }) => status !== 'pending') && now;
  }, 'all to have an end');
  assert.deepEqual(Object.fromEntries(Object.entries(log).map(([name, { status, attempts }]) => [name, `${status} ${attempts}`])),
    { gone: 'unregistered 1', busy: 'delivered 3', silent: 'delivered 2', fine: 'delivered 1' });
  assert.equal(log.gone.error, '410');
  assert.deepEqual((await devicesOf(bob)).map(({ name }) => name).sort(), ['busy', 'fine', 'silent']);
  await alice.post(`/api/calls/${call.id}/cancel`);
}, { PUSH_TIMEOUT_MS: '1000' });

// R-000-44, R-000-45
for (const makers of [[], [anFcm]]) onEach(`a callee without a device is logged, and the call rings on, with ${makers.length} providers`, makers, async ({ world, alice, bob, sql }) => {
  const call = data(await alice.calls(bob), 201);
  const record = await world.logged('no devices', ({ event }) => event === 'push.no_devices');
  assert.deepEqual([record.level, record.msg, record.participantId, record.callId], ['warn', `No devices found for user ${bob.id}`, bob.id, call.id]);
  if (makers.length === 0) assert.equal(await sql(`SELECT count(*) FROM outbox`), '0', 'nothing is stored that cannot be sent');
  const socket = await aSocket(bob);
  await socket.next('call.incoming');
  socket.disconnect();
  await alice.post(`/api/calls/${call.id}/cancel`);
});

const goneAway = (world, person) => eventually(async () => !(await ask(world.url, '/users')).body.connectedUsers.includes(person.name), `${person.name} to be away`);
const states = (socket, event, call) => socket.all(event).filter(about(call)).map(({ state, userId }) => [state, userId]);

// J-2.13, J-5.3, S8, R-000-57
onEach('the caller sees that a push was accepted, that the app woke, and that it rings', [anFcm], async ({ alice, bob, providers: [fcm] }) => {
  for (const name of ['one', 'two']) await register(bob, { platform: 'android', pushProvider: 'fcm', pushToken: name, name });
  const page = await aSocket(alice), tablet = await aSocket(alice), app = await aSocket(alice, { auth: { dialect: 'token' } });
  const call = await done(page, 'call.start', { recipientId: bob.id, callType: 'audio' });
  assert.equal(call.reachable, true);
  for (const name of ['one', 'two']) await fcm.next(`the ring of ${name}`, ({ token }) => token === name);
  await page.next('call.progress', ({ state }) => state === 'pushed');
  const phones = [];
  for (let i = 0; i < 2; ++i) {
    phones.push(await aSocket(bob));
    await phones[i].next('call.incoming');
    await done(phones[i], 'call.ringing', { callId: call.id });
  }
  const expected = ['created', 'pushed', 'woken', 'ringing'].map((state) => [state, bob.id]);
  for (const [socket, event] of [[page, 'call.progress'], [tablet, 'call.progress'], [app, 'call-progress']]) {
    await socket.next(event, ({ state }) => state === 'ringing');
    assert.deepEqual(states(socket, event, call), expected, socket.name);
    assert.ok(socket.all(event).every(({ reachable }) => reachable));
  }
  assert.deepEqual(phones.map((phone) => phone.all('call.progress')), [[], []]);
  await alice.ends(call);
  leave(page, tablet, app, ...phones);
});

// J-2.13: of what an older ring was told, nothing counts for the next one.
onEach('a push that is accepted when the call is over is told to nobody', [anFcm], async ({ alice, bob, providers: [fcm], deliveries }) => {
  await register(bob, { platform: 'android', pushProvider: 'fcm', pushToken: 'phone', name: 'phone' });
  const page = await aSocket(alice);
  let accept;
  fcm.answer = (usual) => new Promise((resolve) => { accept ??= () => resolve(usual); if (fcm.got.length > 1) resolve(usual); });
  const call = await done(page, 'call.start', { recipientId: bob.id, callType: 'audio' });
  await fcm.next('the ring');
  await done(page, 'call.cancel', { callId: call.id });
  await fcm.next('the cancel', ({ data: { type } }) => type === 'cancel');
  accept();
  await eventually(async () => (await deliveries(`?callId=${call.id}&status=delivered`)).length === 2, 'both to be delivered');
  const next = await done(page, 'call.start', { recipientId: bob.id, callType: 'audio' });
  await page.next('call.progress', ({ callId, state }) => callId === next.id && state === 'pushed');
  assert.deepEqual(states(page, 'call.progress', call), [['created', bob.id]]);
  await alice.ends(next);
  leave(page);
});

// J-2.13, J-6.3, J-6.8, R-000-41, R-000-57, C-23
onEach('a callee who is away is reachable by a device that is in use and whose provider is on', [anFcm], async ({ alice, bob, sql }) => {
  const reachable = async () => {
    const call = data(await alice.calls(bob), 201);
    await alice.post(`/api/calls/${call.id}/cancel`);
    return call.reachable;
  };
  assert.equal(await reachable(), false, 'no device');
  await register(bob, { platform: 'ios', pushProvider: 'apns', pushToken: 'aa', name: 'iPhone' });
  assert.equal(await reachable(), false, 'its provider is off');
  await register(bob, { platform: 'android', pushProvider: 'fcm', pushToken: 'phone', name: 'phone' });
  assert.equal(await reachable(), true);
  await sql(`UPDATE devices SET "lastActiveAt" = "lastActiveAt" - ${8 * 24 * 3600 * 1000}`);
  assert.equal(await reachable(), false, 'not used for eight days');
  const phone = await aSocket(bob);
  assert.equal(await reachable(), true, 'connected');
  leave(phone);
});

// J-1.5, J-2.13
onEach('a call that rings sessions only pushes nobody, however it is started', [anFcm], async ({ world, alice, bob, providers: [fcm], sql }) => {
  await register(bob, { platform: 'android', pushProvider: 'fcm', pushToken: 'phone', name: 'phone' });
  const room = data(await alice.post('/api/conversations', { kind: 'direct', userId: bob.id }), 201);
  data(await alice.get(`/api/call/token?conversationId=${room.id}`), 200);
  const page = await aSocket(alice), app = await aSocket(alice, { auth: { dialect: 'token' } });
  const starts = [
    async () => data(await alice.calls(bob, { ringMode: 'online' }), 201),
    () => done(page, 'call.start', { recipientId: bob.id, callType: 'audio', ring: 'onCallerReady', ringMode: 'online' }),
    () => done(app, 'call-started', { conversationId: room.id, ringMode: 'online' }),
  ];
  for (const start of starts) {
    const call = await start();
    assert.equal(call.reachable, false);
    if (call.ringPolicy === 'onCallerReady' && call.dialect === 'native') await done(page, 'call.ready', { callId: call.id });
    assert.equal(await sql(`SELECT count(*) FROM outbox WHERE "callId" = '${call.id}'`), '0');
    const phone = await aSocket(bob);
    await phone.next('call.incoming', about(call));
    leave(phone);
    await goneAway(world, bob);
    await eventually(async () => data(await alice.get(`/api/calls/${call.id}`), 200).status === 'missed', 'the callee who left to end the call');
  }
  const usual = data(await alice.calls(bob, { ringMode: 'all' }), 201);
  await fcm.next('the ring of a usual call', ({ data: { callId } }) => callId === usual.id);
  assert.ok(fcm.got.every(({ data: { callId } }) => callId === usual.id));
  assert.equal((await alice.calls(bob, { ringMode: 'none' })).status, 400);
  await alice.post(`/api/calls/${usual.id}/cancel`);
  leave(page, app);
});

// R-000-43
onEach('a start in a group of a hundred does not wait for a provider that is silent', [anFcm], async ({ world, alice, providers: [fcm] }) => {
  fcm.answer = () => undefined;
  const others = [];
  for (let i = 0; i < 99; i += 11) others.push(...await Promise.all(Array.from({ length: 11 }, () => aPerson(world.url))));
  for (const { name, post } of others) data(await post('/api/devices', { platform: 'android', pushProvider: 'fcm', pushToken: name, name }), 201);
  const room = data(await alice.post('/api/conversations', { kind: 'group', memberIds: others.map(({ id }) => id) }), 201);
  data(await alice.get(`/api/call/token?conversationId=${room.id}`), 200);
  const app = await aSocket(alice, { auth: { dialect: 'token' } });
  const took = [];
  for (let i = 0; i < 3; ++i) {  // the best of three, for the machine may be busy
    const begun = performance.now();
    const call = await done(app, 'call-started', { conversationId: room.id });
    took.push(performance.now() - begun);
    assert.equal(call.reachable, true);
    if (i === 0) await fcm.next('a ring');
    await done(app, 'call-cancel', { conversationId: room.id });
  }
  assert.ok(Math.min(...took) < 200, `answered within ${took.map(Math.round)} ms`);
  leave(app);
});

// J-6.6: the server dies with the push under way; the next one sends it.
onEach('a ring and its cancel outlive kill -9', [aWebPushService], async ({ world, alice, bob, providers: [service] }) => {
  await register(bob, service.subscribe('firefox'));
  const tries = (type) => service.got.filter(({ message }) => message.type === type);
  const isTriedAgainAfterACrash = async (type) => {
    await eventually(() => tries(type).length === 1, `the first try of the ${type}`);
    alice.url = await world.crash();
    await eventually(() => tries(type).length === 2, `the second try of the ${type}`, kSoon);
  };
  service.answers.push(undefined);
  const call = data(await alice.calls(bob), 201);
  await isTriedAgainAfterACrash('ring');
  service.answers.push(undefined);
  await alice.post(`/api/calls/${call.id}/cancel`);
  await isTriedAgainAfterACrash('cancel');
  assert.ok(service.got.every(({ message }) => message.callId === call.id));
});

// X-25, J-6.6: killed soon after the acknowledgement, wherever the push is by then.
onEach('pushes arrive soon after kill -9 at the acknowledgement of a start and of a cancel', [anFcm], async ({ world, alice, bob, providers: [fcm] }) => {
  await register(bob, { platform: 'android', pushProvider: 'fcm', pushToken: 'phone', name: 'phone' });
  const survives = async (type, call, after) => {
    await aRandomMoment(after);
    alice.url = await world.crash();
    await eventually(() => fcm.got.some((push) => push.data.type === type && push.data.callId === call.id), `the ${type} after ${after} ms`, kSoon);
  };
  for (let after = 0; after < 40; after += 5) {
    const call = data(await alice.calls(bob), 201);
    await survives('ring', call, after);
    await alice.post(`/api/calls/${call.id}/cancel`);
    await survives('cancel', call, after);
  }
});

// J-6.2, J-6.8
test('half a set of settings stops the start', kTime, async () => {
  for (const env of [{ VAPID_PUBLIC_KEY: 'x' }, { APNS_KEY_ID: 'KEY', APNS_TOPIC: 'com.example' }]) {
    const { code } = await launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--database', 'memory:'], { env }).exit;
    assert.equal(code, 2);
  }
});

// J-6.2
test('outside --dev an endpoint must be https and public', kTime, async () => {
  const service = await aWebPushService();
  const folder = mkdtempSync(join(tmpdir(), 'belfry-push-'));
  const server = launch(['serve', '--listen', '127.0.0.1:0', '--data', folder, '--database', 'memory:'],
    { env: { JWT_SECRET: randomUUID() + randomUUID(), ...service.env } });
  try {
    const url = await server.ready;
    const bob = await aPerson(url);
    for (const pushToken of ['http://push.example/x', 'https://127.0.0.1/x', 'https://localhost/x', 'https://169.254.169.254/x']) {
      const { status, body } = await bob.post('/api/devices', { ...service.subscribe('x'), pushToken });
      assert.deepEqual([status, body.error.details], [400, [{ field: 'pushToken', issue: 'invalid' }]]);
    }
  } finally {
    server.signal('SIGKILL');
    service.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
