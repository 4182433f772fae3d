// Calls of two at the web client: sound and picture both ways, each way to end, what stands in the chat and the history afterwards, and that
// all devices are closed (DESIGN §9, §17.5, §17.7).
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { startServer } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';
import { isAt, isReady, seen, theWeb } from './harness/web.mjs';
import {
  accepts, articles, button, callIs, callIsOver, calls, closedItsMedia, closesEnd, connects, declines, dialog, hangsUp, openChat, region, rings, say,
  showsMessage, status, statusIs, talk, toast,
} from './harness/web_acts.mjs';

const { journey } = theWeb({ before, after });

/** Ann's page is at the chat with Ben, whose page is at home. */
async function pair(world, { ben: options, ann: mine } = {}) {
  const [ann, ben] = await world.people(['ann', mine], ['ben', options]);
  await openChat(ann, ben);
  return [ann, ben];
}

const entry = (tab, outcome) => articles(tab, `[data-kind="call"][data-call-outcome="${outcome}"]`).last();
const idle = (tabs) => Promise.all(tabs.map(callIsOver));

journey('R-000-33, R-001-95, R-004-32, R-004-34, R-004-40, R-004-41, R-004-80: a video call, hung up, its entry and the history', async (world) => {
  const [ann, ben] = await pair(world);
  await calls(ann);
  await statusIs(ann, 'Ringing…');
  assert.equal(await dialog(ben).getAttribute('data-call-type'), 'video');
  await dialog(ben).getByText(`${ann.name} is calling with video`, { exact: true }).waitFor();
  await accepts(ben);
  await talk(ann, ben);
  for (const tab of [ann, ben]) {
    assert.match(await status(tab).textContent(), /^In call · 00:\d\d$/);
    assert.equal(await region(tab).getAttribute('data-view'), 'stage');
    await isAt(tab, `/call/${await region(tab).getAttribute('data-call-id')}`);
  }
  const [began, same] = await Promise.all([ann, ben].map((tab) => region(tab).getAttribute('data-started-at')));
  assert.equal(began, same);
  const id = await region(ann).getAttribute('data-call-id');
  await hangsUp(ben);
  await Promise.all([ann, ben].map(async (tab) => {
    await callIs(tab, 'ended', '[data-end-reason="hangup"]');
    assert.match(await status(tab).textContent(), /^Call ended · \d+ s$/);
    await closedItsMedia(tab);
  }));
  await idle([ann, ben]);
  const { durationSeconds } = (await ann.get(`/api/calls/${id}`)).body.data;
  await entry(ann, 'ended').getByText(`Video call · ${durationSeconds} s`).waitFor();
  assert.equal(await entry(ben, 'ended').getAttribute('data-call'), id);
  for (const [tab, direction] of [[ann, 'outgoing'], [ben, 'incoming']]) {
    await tab.page.getByRole('link', { name: 'History' }).click();
    const item = tab.page.getByRole('list', { name: 'Calls' }).locator(`[data-call="${id}"]`);
    await item.waitFor();
    assert.deepEqual([await item.getAttribute('data-direction'), await item.getAttribute('data-status'), await item.getAttribute('data-duration')],
      [direction, 'ended', String(durationSeconds)]);
    await item.getByText(`${durationSeconds} s`).waitFor();  // R-001-25
  }
  const states = await Promise.all([ann, ben].map((tab) => seen(tab, 'states')));
  // R-004-35: connecting, in-call and reconnecting are one of seed 004's states (S18).
  const folded = states.map((all) => all.map((state) => (['connecting', 'in-call', 'reconnecting'].includes(state) ? 'in-call' : state))
    .filter((state, at, list) => state !== list[at - 1]));
  assert.deepEqual(folded, [['idle', 'outgoing', 'in-call', 'ended', 'idle'], ['idle', 'incoming', 'in-call', 'ended', 'idle']]);
});

journey('R-001-28, R-004-31, R-004-33: the dialog comes over any page within a second, and a decline ends it for both', async (world) => {
  const [ann, ben] = await pair(world, { ben: { at: '/settings' } });
  const begin = Date.now();
  await calls(ann, 'audio');
  await rings(ben);
  assert.ok(Date.now() - begin < 2500, `took ${Date.now() - begin} ms`);
  assert.equal(await ben.page.evaluate(() => document.activeElement?.closest('[data-call-id]')?.tagName), await dialog(ben).evaluate(({ tagName }) => tagName));
  assert.equal(await ben.page.evaluate(() => window.seen.tracks.length), 0, 'nothing is opened before the answer');
  await declines(ben);
  await callIs(ann, 'ended', '[data-end-reason="declined"]');
  await statusIs(ann, `${ben.name} declined the call.`);
  await closedItsMedia(ann);
  await dialog(ben).waitFor({ state: 'hidden' });
  await closesEnd(ann);
  await entry(ann, 'rejected').getByText('Declined audio call').waitFor();
  await isAt(ben, '/settings');
});

journey('keys and presses in the first half second of the dialog do nothing', async (world) => {
  const [ann, ben] = await pair(world);
  await ben.page.evaluate(() => new MutationObserver((_, watch) => {
    const pressed = [...document.querySelectorAll('[data-call-id] button')].find(({ textContent }) => textContent === 'Decline');
    if (!pressed) return;
    watch.disconnect();
    pressed.click();
    for (const type of ['keydown', 'keyup']) document.activeElement.dispatchEvent(new KeyboardEvent(type, { key: 'Enter', code: 'Enter', bubbles: true }));
  }).observe(document, { subtree: true, childList: true, attributes: true }));
  await calls(ann);
  await rings(ben);
  await ben.page.waitForFunction(() => performance.now() - window.seen.dialogAt > 550);
  assert.ok(await dialog(ben).isVisible());
  await ben.page.keyboard.press('Escape');
  assert.ok(await dialog(ben).isVisible(), 'a call is not declined by reflex');
  await accepts(ben);
  await talk(ann, ben);
});

journey('R-004-80: who calls off is told so, and the callee sees a missed call, in a toast and in the chat, that calls back', async (world) => {
  const [ann, ben] = await pair(world);
  await calls(ann);
  await rings(ben);
  await button(ann, 'Cancel call').click();
  await dialog(ben).waitFor({ state: 'hidden' });
  await callIs(ann, 'ended', '[data-end-reason="cancelled"]');
  await statusIs(ann, 'Call cancelled.');
  await closedItsMedia(ann);
  await toast(ben, 'missed-call', `Missed call from ${ann.name}.`).waitFor();
  assert.equal(await ben.page.locator('[data-toast]').count(), 1);
  await closesEnd(ann);
  await entry(ann, 'missed').getByText('Cancelled video call').waitFor();
  await openChat(ben, ann);
  await entry(ben, 'missed').getByText('Missed video call').waitFor();
  await entry(ben, 'missed').getByRole('button', { name: 'Call back' }).click();
  await accepts(ann);
  await talk(ann, ben);
});

journey('who is in a call is busy: the third is told, can try again, and the two hear nothing of it', async (world) => {
  const [ann, ben, cleo] = await world.people('ann', 'ben', 'cleo');
  await openChat(ann, ben);
  await connects(ann, ben, 'audio');
  await openChat(cleo, ben);
  await cleo.page.locator(`[data-user="${ben.id}"][data-presence="busy"]`).waitFor();
  await calls(cleo);
  await callIs(cleo, 'ended', '[data-end-reason="busy"]');
  await statusIs(cleo, `${ben.name} is in another call.`);
  await closedItsMedia(cleo);
  for (const name of ['Close', 'Call again', 'Send a message']) await button(cleo, name).waitFor();
  assert.equal(await dialog(ben).count(), 0);
  await button(cleo, 'Send a message').click();
  await callIsOver(cleo);
  await say(cleo, 'Call me later');
  await showsMessage(cleo, 'Call me later', 'delivered');
  await callIs(ann, 'in-call');
});

journey('R-004-38, R-004-39: nobody answers; the server ends it though the caller\'s page has no timer', async (world) => {
  const hasty = await startServer({ args: ['--call-timeout-native', '3s'] });
  world.leaving.push(() => hasty.stop());
  world.server = hasty;
  const [ann, ben] = await pair(world);
  await ann.page.evaluate(() => { for (const timer of ['Timeout', 'Interval']) window[`set${timer}`] = () => 0; });
  await calls(ann);
  await rings(ben);
  await callIs(ann, 'ended', '[data-end-reason="timeout"]');
  await statusIs(ann, 'No answer.');
  await dialog(ben).waitFor({ state: 'hidden' });
  await closedItsMedia(ann);
  await toast(ben, 'missed-call', `Missed call from ${ann.name}.`).waitFor();
  for (const name of ['Call again', 'Send a message']) await button(ann, name).waitFor();
});

journey('who is offline cannot be reached at once, and the caller is told the truth while it rings', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  await openChat(ann, ben);
  await calls(ann);
  await callIs(ann, 'outgoing', '[data-progress="unreachable"]');
  await statusIs(ann, `${ben.name} seems to be offline. Still trying…`);
  await button(ann, 'Cancel call').click();
  await closedItsMedia(ann);
});

journey('both call each other at once and are connected', async (world) => {
  const [ann, ben] = await pair(world);
  await openChat(ben, ann);
  await Promise.all([button(ann, 'Video call').click(), button(ben, 'Video call').click()]);
  const whoRings = await eventually(async () => {
    for (const tab of [ann, ben]) {
      if (await dialog(tab).isVisible()) return tab;
      if ((await region(tab).getAttribute('data-call-state').catch(() => '')) === 'in-call') return 'nobody';
    }
    return null;
  }, 'a call of the two');
  if (whoRings !== 'nobody') await accepts(whoRings);
  await talk(ann, ben);
});

journey('the controls say what they do now, the other is told, and a muted camera is closed', async (world) => {
  const [ann, ben] = await pair(world);
  await connects(ann, ben);
  await talk(ann, ben);
  const tile = ben.page.locator(`[data-tile="${ann.id}"]`);
  await button(ann, 'Mute').click();
  await button(ann, 'Unmute').waitFor();
  assert.equal(await ann.page.locator('[data-control="microphone"]').getAttribute('data-on'), 'false');
  await ben.page.locator(`[data-tile="${ann.id}"][data-muted="true"]`).waitFor();
  await button(ann, 'Turn camera off').click();
  await ben.page.locator(`[data-tile="${ann.id}"][data-camera="false"]`).waitFor();
  await eventually(() => ann.page.evaluate(() => window.seen.tracks.filter(({ kind }) => kind === 'video').every(({ readyState }) => readyState === 'ended')), 'the camera to close');
  assert.match(await tile.getAttribute('aria-label') ?? await tile.textContent(), /camera off/);
  await button(ann, 'Turn camera on').click();
  await ben.page.locator(`[data-tile="${ann.id}"][data-camera="true"]`).waitFor();
  await talk(ann, ben);
  await button(ann, 'Unmute').click();
  await ben.page.locator(`[data-tile="${ann.id}"][data-muted="false"]`).waitFor();
});

journey('the call goes on small while another page is shown, and the chat beside it', async (world) => {
  const [ann, ben] = await pair(world);
  await connects(ann, ben);
  await talk(ann, ben);
  await button(ann, 'Minimise call').click();
  await ann.page.locator('[data-call-state="in-call"][data-view="mini"]').waitFor();
  await say(ann, 'while we talk');
  await ann.page.getByRole('link', { name: 'History' }).click();
  await ann.page.getByRole('heading', { level: 1, name: 'Call history' }).waitFor();
  await ann.page.getByRole('button', { name: 'Return to call' }).click();
  await ann.page.locator('[data-call-state="in-call"][data-view="stage"]').waitFor();
  await button(ben, 'Show chat').click();
  await showsMessage(ben, 'while we talk');
  await talk(ann, ben);
});

journey('R-004-79: a call without a chat before it, from the history and from its address', async (world) => {
  const [ann, ben] = await pair(world);
  await connects(ann, ben, 'audio');
  await hangsUp(ann);
  await Promise.all([closesEnd(ann), closesEnd(ben)]);
  await ben.page.getByRole('link', { name: 'History' }).click();
  await ben.page.getByRole('list', { name: 'Calls' }).getByRole('listitem').first().getByRole('button', { name: 'Call back' }).click();
  await rings(ann);
  await ann.page.reload();
  await isReady(ann);
  await accepts(ann, 'audio');
  await callIs(ben, 'in-call');
});
