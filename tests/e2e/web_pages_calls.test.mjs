// Calls at the web client, as they are looked at: in every state that can be waited for, at three widths in both themes; axe-core finds nothing,
// and a picture of each is written to build/screenshots (harness/web_look.mjs). R-004-64, R-004-77.
import { after, before } from 'node:test';
import { eventually } from './harness/wait.mjs';
import { kWidths, theWeb } from './harness/web.mjs';
import { accepts, button, callIs, callIsOver, calls, closesEnd, connects, declines, groupItem, hangsUp, openChat, openGroup, rings, sees } from './harness/web_acts.mjs';
import { look, lookAtAllWidths, lookAtWidths } from './harness/web_look.mjs';

const { journey } = theWeb({ before, after });
const kLong = { timeout: 180_000 };
const kIncoming = 'Incoming group call';

journey('R-004-61, R-004-64, R-004-77: calls: outgoing, incoming, in call, small, and the end', async (world) => {
  const [ann, ben] = await world.people('ann', 'ben');
  await openChat(ann, ben);
  await calls(ann);
  await rings(ben);
  await callIs(ann, 'outgoing', '[data-progress="ringing"]');
  await lookAtAllWidths(ann, 'outgoing');
  await lookAtAllWidths(ben, 'incoming');
  await accepts(ben);
  await Promise.all([ann, ben].map((tab) => callIs(tab, 'in-call')));
  await eventually(() => ann.page.locator(`video[data-user="${ben.id}"]`).evaluate((video) => video.videoWidth > 0), 'a picture');
  await lookAtAllWidths(ann, 'in-call');
  await ann.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chats' }).waitFor();
  await button(ann, 'Minimise call').click();
  await ann.page.locator('[data-call-state][data-view="mini"]').waitFor();
  await lookAtAllWidths(ann, 'mini-call');
  await hangsUp(ben);
  await callIs(ann, 'ended');
  await closesEnd(ann);
  await connects(ann, ben, 'audio');
  await lookAtAllWidths(ben, 'in-audio-call');
}, kLong);

journey('R-004-61, R-004-64, R-004-77: what is beside a call: chat, numbers, devices, a shared screen, an end', async (world) => {
  const [ann, ben] = await world.people('ann', ['ben', { permissions: ['microphone'] }]);
  // No browser without a screen can share one: it is drawn.
  await ann.page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const paint = canvas.getContext('2d');
    for (const [at, color] of ['#f9f6f2', '#964c1c', '#137060', '#261f19'].entries()) {
      paint.fillStyle = color;
      paint.fillRect(at * 80, at * 80, 1280, 720);
    }
    setInterval(() => paint.fillRect(1000, 600, 1, 1), 100);
    navigator.mediaDevices.getDisplayMedia = async () => canvas.captureStream(10);
  });
  await openChat(ann, ben);
  await connects(ann, ben);
  await ben.page.locator('[data-media-error="NotAllowedError"]').waitFor();
  await lookAtWidths(ben, 'media-error', 360, 1440);
  await button(ann, 'Show chat').click();
  await ann.page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  await look(ann, 'call-chat');
  await button(ann, 'Hide chat').click();
  await button(ann, 'Call quality').click();
  await ann.page.getByRole('region', { name: 'Call quality' }).locator('[data-metric="rtt"]').waitFor();
  await look(ann, 'quality');
  await button(ann, 'Call quality').click();
  await button(ann, 'Devices').click();
  await ann.page.getByRole('dialog', { name: 'Devices' }).waitFor();
  await look(ann, 'devices');
  await ann.page.keyboard.press('Escape');
  await button(ann, 'Mute').click();
  await ann.page.setViewportSize(kWidths[360]);
  await button(ann, 'More').click();
  await lookAtWidths(ann, 'call-more', 360);
  await button(ann, 'Call quality').waitFor();
  await button(ann, 'Share screen').click();
  await ben.page.locator(`video[data-user="${ann.id}"][data-kind="screen"]`).waitFor();
  await look(ann, 'sharing');
  await lookAtWidths(ben, 'shared-screen', 360, 1440);
  await hangsUp(ben);
  await callIs(ann, 'ended');
  await closesEnd(ann);
  await calls(ann, 'audio');
  await declines(ben);
  await callIs(ann, 'ended', '[data-end-reason="declined"]');
  await look(ann, 'declined');
}, kLong);

journey('R-004-61, R-004-64, R-004-77: a group call: it rings, is joined, is ended for all', async (world) => {
  const [ann, ben, cleo] = await world.people('ann', 'ben', 'cleo');
  const title = `Night shift ${ann.name}`;
  await ann.post('/api/conversations', { kind: 'group', title, memberIds: [ben.id, cleo.id] });
  await groupItem(ann, title).waitFor();
  await openGroup(ann, title);
  await calls(ann);
  await rings(cleo, kIncoming);
  await look(cleo, 'incoming-group');
  await accepts(ben, 'video', kIncoming);
  await accepts(cleo, 'audio', kIncoming);
  await Promise.all([ann, ben, cleo].map((tab) => callIs(tab, 'in-call')));
  await button(cleo, 'Leave call').click();
  await callIsOver(cleo);
  await openGroup(cleo, title);
  await look(cleo, 'call-runs');
  await cleo.page.getByRole('button', { name: /^Join call/ }).click();
  const ready = cleo.page.getByRole('dialog', { name: 'Ready to join?' });
  await ready.locator('video[data-self]').waitFor();
  await lookAtWidths(cleo, 'pre-join', 360, 1440);
  await ready.getByRole('button', { name: 'Join with video' }).click();
  await Promise.all([sees(ann, cleo, 20_000), sees(ann, ben, 20_000)]);
  await lookAtAllWidths(ann, 'group-call');
  await button(ann, 'End call for all').click();
  await ann.page.getByRole('alertdialog', { name: 'End the call for all?' }).waitFor();
  await look(ann, 'end-for-all');
}, kLong);
