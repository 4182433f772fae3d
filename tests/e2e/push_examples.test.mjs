// The examples of docs/push.md work as the page says: its commands make keys that the server takes, its registrations are accepted, its
// browser's code subscribes, and what arrives and what became of it are as they are described.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { aPerson, loggedInAgain } from './harness/accounts.mjs';
import { anApns, anFcm, aWebPushService } from './harness/push.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { eventually } from './harness/wait.mjs';

const kPage = readFileSync(new URL('../../docs/push.md', import.meta.url), 'utf8');
const kExamples = [...kPage.matchAll(/^ {4}(.+)$/gm)].map(([, line]) => line);
const [kName, kMake] = kDatabases[0];

/** The page's value of a setting, such as APNS_TOPIC. */
const shown = (name) => kExamples.find((line) => line.startsWith(`${name}=`)).slice(name.length + 1).split(/\s+#/)[0];

/** { VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY } as the page's commands print them. */
function vapidKeys() {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-vapid-'));
  const keys = {};
  try {
    for (const line of kExamples.filter((each) => each.startsWith('openssl '))) {
      const printed = execFileSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      const name = /# (VAPID_\w+)$/.exec(line)?.[1];
      if (name) keys[name] = printed;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return keys;
}

/** Runs the page's code of a browser, whose push service gives out `subscription`. */
function subscribed(subscription, vapidPublicKey) {
  const code = kExamples.filter((line) => line.startsWith('const ')).join('\n');
  const registration = {
    pushManager: {
      subscribe: async (options) => {
        assert.deepEqual(options, { userVisibleOnly: true, applicationServerKey: vapidPublicKey });
        return { toJSON: () => ({ endpoint: subscription.pushToken, keys: subscription.webPushKeys }) };
      },
    },
  };
  const AsyncFunction = (async () => {}).constructor;
  return new AsyncFunction('registration', 'vapidPublicKey', `${code}\nreturn { endpoint, keys };`)(registration, vapidPublicKey);
}

test(`the examples of docs/push.md, on ${kName}`, { timeout: 120_000 }, async () => {
  const keys = vapidKeys();
  const service = await aWebPushService(keys.VAPID_PRIVATE_KEY);
  assert.equal(service.env.VAPID_PUBLIC_KEY, keys.VAPID_PUBLIC_KEY, 'the commands print one pair');
  const [fcm, apns] = [await anFcm(), await anApns()];
  const kept = await kMake();
  let world;
  try {
    const env = { ...fcm.env, ...apns.env, ...keys, VAPID_SUBJECT: shown('VAPID_SUBJECT'), APNS_TOPIC: shown('APNS_TOPIC') };
    world = await aRestartableServer(kept.args, { env });
    const [alice, bob, root] = [await aPerson(world.url), await aPerson(world.url), await aPerson(world.url)];
    await kept.sql(`UPDATE users SET "role" = 'admin' WHERE "username" = '${root.name}'`);
    const admin = await loggedInAgain(root);

    const { body: { data: { vapidPublicKey } } } = await bob.get('/api/devices');
    assert.equal(vapidPublicKey, keys.VAPID_PUBLIC_KEY);
    const { endpoint, keys: webPushKeys } = await subscribed(service.subscribe('firefox'), vapidPublicKey);
    const registrations = kExamples.filter((line) => line.startsWith('{"platform"'));
    assert.equal(registrations.length, 3);
    for (const line of registrations) {
      const filled = line.replace('<FCM token>', 'fcm:token').replace('<device token>', 'c0ffee').replace('<PushKit token>', 'beef01').replace('<endpoint>', endpoint);
      const device = JSON.parse(filled);
      if (device.webPushKeys) device.webPushKeys = { ...device.webPushKeys, ...webPushKeys };
      const { status, body } = await bob.post('/api/devices', device);
      assert.deepEqual([status, body.data?.pushProvider], [201, device.pushProvider], line);
      assert.equal((await bob.post('/api/devices', device)).status, 200, 'the same token again');
    }

    const { body: { data: call } } = await alice.calls(bob);
    const [web, android, ios] = [await service.next('the Web Push'), await fcm.next('the data message'), await apns.next('the VoIP push')];
    assert.equal(ios.headers['apns-topic'], `${shown('APNS_TOPIC')}.voip`);
    assert.deepEqual(ios.message, { aps: {}, ...web.message });
    assert.deepEqual(android.data, web.message);
    await alice.post(`/api/calls/${call.id}/cancel`);
    const { message: cancel } = await service.next('the cancel', ({ message }) => message.type === 'cancel');
    for (const [name, value] of Object.entries(cancel)) {
      assert.equal(typeof value, 'string', name);
      assert.ok(kPage.includes(`\`${name}\``), `the page names ${name}`);
    }
    assert.equal((await bob.get(`/api/calls/${cancel.callId}`)).body.data.endReason, 'cancelled');

    const query = /`GET (\/api\/admin\/push\/deliveries\?callId=)&userId=&status=`/.exec(kPage)[1];
    await eventually(async () => {
      const { body: { data: { deliveries } } } = await admin.get(`${query}${call.id}&userId=${bob.id}&status=delivered`);
      return deliveries.length === 6;
    }, 'each ring and each cancel to be delivered');
    await world.stop();
  } finally {
    world?.server.signal('SIGKILL');
    for (const provider of [service, fcm, apns]) provider.close();
    await kept.remove();
  }
});
