// The service worker in Chromium (DESIGN section 10.7): a push rings while no page is open, the end of the ring makes it a missed call, and the page
// opens without the network. The push comes by the browser's own developer protocol, as from a push service.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { ask } from './harness/accounts.mjs';
import { eventually } from './harness/wait.mjs';
import { kNetworkAway, theWeb } from './harness/web.mjs';
import { dialog, toast } from './harness/web_acts.mjs';

const { server, journey } = theWeb({ before, after });

const isKept = ({ page }) => page.evaluate(async () => {
  const { active } = await navigator.serviceWorker.ready;
  return active?.state === 'activated' && (await caches.keys()).length === 1;
});

/** The worker's registration, as the developer protocol names it. */
async function registrationOf({ context, page }) {
  const protocol = await context.newCDPSession(page);
  const known = [];
  protocol.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => known.push(...registrations));
  await protocol.send('ServiceWorker.enable');
  const { registrationId } = await eventually(() => known[0], 'the registration');
  return (message) => protocol.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId, data: JSON.stringify(message) });
}

/** What is shown now, asked by a page of the origin that is not the client. */
async function shownIn({ context }) {
  const other = await context.newPage();
  await other.goto(`${server.url}/docs`);
  const shown = await other.evaluate(async () => {
    const all = await (await navigator.serviceWorker.getRegistration('/')).getNotifications();
    return all.map(({ title, body, actions }) => [title, body, actions.map((each) => each.title).join()]);
  });
  await other.close();
  return shown;
}

journey('a push rings while no page is open, and is a missed call when the ring is taken back', async (world) => {
  const [ann, ben] = [await world.account('ann'), await world.person('ben', { permissions: ['notifications'] })];
  await eventually(() => isKept(ben), 'the worker');
  const push = await registrationOf(ben);
  await ben.page.goto('about:blank');
  const { body: { data: call } } = await ann.post('/api/calls', { recipientId: ben.id, callType: 'video' });
  const about = { callId: call.id, callerId: ann.id, callerName: 'Ann', callType: 'video', conversationId: '', expiresAt: call.ringExpiresAt };
  await push({ type: 'ring', ...about });
  await eventually(async () => (await shownIn(ben))[0]?.[0] === 'Ann is calling', 'the ring');
  assert.deepEqual(await shownIn(ben), [['Ann is calling', 'Video call', 'Answer,Decline']]);
  await ask(server.url, `/api/calls/${call.id}/cancel`, { method: 'POST', token: ann.token, body: {} });
  await push({ type: 'cancel', ...about, reason: 'cancelled' });
  await eventually(async () => (await shownIn(ben))[0]?.[0] === 'Missed call from Ann', 'the missed call');
  await push({ type: 'cancel', ...about, reason: 'answered_elsewhere' });
  await eventually(async () => (await shownIn(ben)).length === 0, 'nothing to be shown');
});

journey('the first missed call is followed by the offer to ring while the tab is closed', async (world) => {
  const [ann, ben] = [await world.account('ann'), await world.person('ben', { permissions: ['notifications'] })];
  const { body: { data: call } } = await ann.post('/api/calls', { recipientId: ben.id, callType: 'audio' });
  await dialog(ben).waitFor();
  await ann.post(`/api/calls/${call.id}/cancel`, {});
  await toast(ben, 'missed-call', 'Missed call').getByRole('button', { name: 'Dismiss' }).click();
  await toast(ben, 'info', 'Ring even when this tab is closed?').getByRole('button', { name: 'Turn on' }).click();
  await ben.page.goto('/settings/notifications');
  await eventually(() => ben.page.getByRole('switch', { name: 'Notifications on this device' }).isChecked(), 'notifications that are on');
});

journey('the page opens without the network, and says so', async (world) => {
  const ann = await world.person('ann');
  await eventually(() => isKept(ann), 'the worker');
  ann.forgive(kNetworkAway);
  await ann.context.setOffline(true);
  await ann.page.goto('/history');
  await ann.page.locator('html[data-connection="offline"]').waitFor({ state: 'attached' });
  assert.equal(await ann.page.title(), 'Belfry');
  await ann.context.setOffline(false);
  await ann.page.locator('html[data-app="ready"][data-connection="online"]').waitFor({ state: 'attached' });
});
