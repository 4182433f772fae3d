// One person, several tabs and devices; a browser that keeps its sound back; devices that are forbidden.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { eventually } from './harness/wait.mjs';
import { isReady, seen, theWeb } from './harness/web.mjs';
import { accepts, button, callIs, calls, closedItsMedia, connects, declines, dialog, hangsUp, openChat, receives, rings, sees, talk, toast } from './harness/web_acts.mjs';

const { journey } = theWeb({ before, after });
const sound = ({ page }, what) => page.locator(`html[data-sound="${what}"]`).waitFor({ state: 'attached' });
const isGone = (tab) => dialog(tab).waitFor({ state: 'hidden' });

async function pair(world, options) {
  const [ann, ben] = await world.people('ann', ['ben', options]);
  await openChat(ann, ben);
  return [ann, ben];
}

journey('R-004-36: answered on one device, the other falls silent and says so', async (world) => {
  const [ann, ben] = await pair(world);
  const phone = await world.device(ben, { width: 360 });
  await calls(ann);
  await Promise.all([ben, phone].map(async (tab) => {
    await rings(tab);
    await sound(tab, 'ringtone');
  }));
  await accepts(phone);
  await isGone(ben);
  await sound(ben, 'none');
  await toast(ben, 'info', 'Answered on another device.').waitFor();
  assert.equal(await ben.page.evaluate(() => window.seen.tracks.length), 0, 'nothing was opened');
  await talk(ann, phone);
  await hangsUp(ann);
  await closedItsMedia(phone);
});

journey('R-004-36: declined on one device, the other falls silent and says so', async (world) => {
  const [ann, ben] = await pair(world);
  const phone = await world.device(ben, { width: 360 });
  await calls(ann);
  await rings(ben);
  await declines(phone);
  await isGone(ben);
  await sound(ben, 'none');
  await toast(ben, 'info', 'Declined on another device.').waitFor();
  await callIs(ann, 'ended', '[data-end-reason="declined"]');
});

journey('R-004-36: of two tabs one is audible; if it closes the other takes over; the answer silences all', async (world) => {
  const [ann, ben] = await pair(world);
  const second = await world.tab(ben);
  await second.page.goto('/');
  await isReady(second);
  await second.page.getByRole('main').click({ position: { x: 4, y: 4 } });  // a gesture, so that this tab may sound
  await calls(ann);
  await Promise.all([rings(ben), rings(second)]);
  const audible = async () => (await Promise.all([ben, second].filter(({ page }) => !page.isClosed()).map(async (tab) => [tab, await tab.page.locator('html').getAttribute('data-sound')])))
    .filter(([, what]) => what === 'ringtone').map(([tab]) => tab);
  const [first] = await eventually(async () => { const all = await audible(); return all.length > 0 && all; }, 'a tab to sound');
  assert.equal((await audible()).length, 1);
  await first.page.close();
  const other = first === ben ? second : ben;
  await sound(other, 'ringtone');
  assert.ok(await dialog(other).isVisible(), 'it still rings');
  await accepts(other);
  await sound(other, 'none');
  await talk(ann, other);
});

journey('R-004-37: before a gesture the browser keeps the ringtone back and the dialog says so; a click anywhere starts it', async (world) => {
  const [ann, ben] = await pair(world);
  await ben.page.reload();
  await isReady(ben);
  await calls(ann);
  await rings(ben);
  await sound(ben, 'blocked');
  const hint = ben.page.locator('[data-part="sound-hint"]');
  await hint.getByText('Click anywhere to hear the ringtone.').waitFor();
  await dialog(ben).getByRole('heading').click();
  await sound(ben, 'ringtone');
  await hint.waitFor({ state: 'hidden' });
  await declines(ben);
  await sound(ben, 'none');
});

journey('the caller hears the ringback from the ringing on, and nothing after the answer', async (world) => {
  const [ann, ben] = await pair(world);
  await calls(ann);
  await sound(ann, 'ringback');
  await callIs(ann, 'outgoing', '[data-progress="ringing"]');
  await accepts(ben);
  await sound(ann, 'none');
  assert.deepEqual((await seen(ann, 'sounds')).filter((what) => what === 'ringtone'), []);
});

journey('R-002-22: no camera for the callee: the call goes on with voice, says why, and the caller is still seen', async (world) => {
  const [ann, ben] = await pair(world, { permissions: ['microphone'] });
  await calls(ann);
  await accepts(ben);
  await Promise.all([ann, ben].map((tab) => callIs(tab, 'in-call')));
  const notice = ben.page.locator('[data-media-error="NotAllowedError"][data-media-kind="camera"]');
  await notice.getByText('Belfry may not use your camera. Allow it beside the address, then try again.').waitFor();
  await ben.page.locator('[data-call-state][data-degraded="no-camera"]').waitFor();
  await sees(ben, ann);
  await receives(ann, 'packets');
  await notice.getByRole('button', { name: 'Dismiss' }).click();
  await notice.waitFor({ state: 'detached' });
  await callIs(ben, 'in-call');
});

journey('R-002-22: no device at all: listening only, and once allowed, Try again opens them', async (world) => {
  const [ann, ben] = await pair(world, { permissions: [] });
  await calls(ann);
  await accepts(ben);
  await ben.page.locator('[data-call-state="in-call"][data-degraded="listen-only"]').waitFor();
  for (const kind of ['camera', 'microphone']) await ben.page.locator(`[data-media-error="NotAllowedError"][data-media-kind="${kind}"]`).waitFor();
  await receives(ben, 'packets');
  await ben.context.grantPermissions(['camera', 'microphone']);
  const tries = ben.page.locator('[data-media-error]').getByRole('button', { name: 'Try again' });
  for (let left = await tries.count(); left > 0; --left) {
    await tries.first().click();
    await eventually(async () => (await tries.count()) < left, 'the notice to go');
  }
  await talk(ann, ben);
});

journey('R-002-22: the caller without a camera calls all the same', async (world) => {
  const [ann, ben] = await world.people(['ann', { permissions: ['microphone'] }], 'ben');
  await openChat(ann, ben);
  await calls(ann);
  await ann.page.locator('[data-media-error="NotAllowedError"][data-media-kind="camera"]').waitFor();
  await accepts(ben);
  await Promise.all([ann, ben].map((tab) => callIs(tab, 'in-call')));
  await sees(ann, ben);
});

journey('devices are checked without a call, and are closed with the dialog', async (world) => {
  const ann = await world.person('ann', { at: '/settings/devices' });
  await button(ann, 'Check devices').click();
  const check = ann.page.getByRole('dialog', { name: 'Check your devices' });
  for (const name of ['Camera', 'Microphone', 'Speaker']) await check.getByRole('combobox', { name }).waitFor();
  await check.locator('video[data-self="true"]').waitFor();
  await eventually(() => check.locator('video[data-self="true"]').evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames > 0), 'my picture');
  const meter = check.getByRole('meter', { name: 'Microphone level' });
  await eventually(async () => Number(await meter.getAttribute('aria-valuenow') ?? (await meter.evaluate((each) => each.value))) > 0, 'a level: the fake microphone beeps');
  await check.getByRole('button', { name: 'Play test sound' }).click();
  await check.getByRole('button', { name: 'Done' }).click();
  await closedItsMedia(ann);
});

journey('the quality of a call is told in numbers and in words', async (world) => {
  const [ann, ben] = await pair(world);
  await connects(ann, ben);
  await button(ann, 'Call quality').click();
  const panel = ann.page.getByRole('region', { name: 'Call quality' });
  for (const metric of ['rtt', 'loss', 'jitter', 'bitrate']) await panel.locator(`[data-metric="${metric}"][data-value]`).waitFor();
  await eventually(async () => /^(Good|Fair|Poor) connection/.test(await panel.locator('[data-part="verdict"]').textContent()), 'a verdict');
});
