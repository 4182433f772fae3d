// @belfry/client and <belfry-call> in a page of another origin, as web/client/README.md shows them; what that page says of apps (R-002-23).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ask } from './harness/accounts.mjs';
import { aSite } from './harness/other_site.mjs';
import { eventually } from './harness/wait.mjs';
import { theWeb } from './harness/web.mjs';

const kReadme = readFileSync(new URL('../../web/client/README.md', import.meta.url), 'utf8');
const [kEmbed] = /```html\n([\s\S]*?)```/.exec(kReadme).slice(1);
const [kTenLines] = /```javascript\n([\s\S]*?)```/.exec(kReadme).slice(1);

const { journey } = theWeb({ before, after });

async function pageOf(world, html) {
  const site = await aSite({ '/': `<!doctype html><title>Shop</title>${html}` });
  world.leaving.push(() => site.close());
  const visitor = await world.visitor({ url: site.url });
  visitor.forgive(/favicon\.ico/);
  await visitor.page.goto(site.url);
  return visitor.page;
}

// R-002-23
test('the page of the client says what apps must declare', () => {
  for (const word of ['NSCameraUsageDescription', 'NSMicrophoneUsageDescription', 'UIBackgroundModes', 'android.permission.CAMERA',
    'android.permission.RECORD_AUDIO', 'FOREGROUND_SERVICE_CAMERA', 'FOREGROUND_SERVICE_MICROPHONE', 'foregroundServiceType'])
    assert.ok(kReadme.includes(word), word);
});

test('the embed has three lines and the example ten', () => {
  assert.equal(kEmbed.trim().split('\n').length, 3);
  assert.ok(kTenLines.trim().split('\n').length <= 10);
});

journey('a page of somebody else calls a person with three lines', async (world) => {
  const support = await world.person('support');
  const guest = await world.account('guest');
  const html = kEmbed.replaceAll('https://call.example', world.server.url).replace('TOKEN', guest.token).replace('"support"', `"${support.username}"`);
  const page = await pageOf(world, html);
  await page.evaluate(() => {
    window.phases = [];
    document.addEventListener('belfry-call', ({ detail }) => window.phases.push(detail.phase));
    document.addEventListener('belfry-ended', ({ detail }) => (window.ended = detail));
  });
  await page.getByRole('button', { name: `Video call with ${support.username}` }).click();
  await support.page.getByRole('dialog', { name: 'Incoming call' }).waitFor();
  // Presses in the dialog's first half second do nothing.
  await eventually(async () => {
    await support.page.getByRole('button', { name: 'Accept with video' }).click({ timeout: 1000 }).catch(() => {});
    return (await page.getByRole('status').textContent()).startsWith('In call');
  }, 'the call');
  const plays = () => page.evaluate(() => {
    const videos = [...document.querySelector('belfry-call').shadowRoot.querySelectorAll('video')];
    return videos.every((video) => video.videoWidth > 0 && video.currentTime > 0);
  });
  await eventually(plays, 'both pictures');
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await page.getByRole('button', { name: 'Unmute' }).waitFor();
  await page.getByRole('button', { name: 'Hang up' }).click();
  await support.page.locator('[data-call-state="ended"]').waitFor();
  assert.equal(await page.evaluate(() => window.ended.endReason), 'hangup');
  assert.ok((await page.evaluate(() => window.phases)).includes('in-call'));
  await page.getByRole('button', { name: `Video call with ${support.username}` }).waitFor();
});

journey('a page that may not call says so', async (world) => {
  const page = await pageOf(world, kEmbed.replaceAll('https://call.example', world.server.url));
  world.pages.at(-1).forgive(/401/);
  await page.getByRole('button', { name: 'Video call with support' }).click();
  await page.getByText('This page may not make calls here. Ask whoever runs it.').waitFor();
});

journey('the ten lines call and hear', async (world) => {
  const [guest, ann] = [await world.account('guest'), await world.person('ann')];
  const program = kTenLines.replace("'@belfry/client'", `'${world.server.url}/client/belfry-client.js'`)
    .replace("'https://call.example', token", `'${world.server.url}', token: '${guest.token}'`).replace("find('ann')", `find('${ann.username}')`);
  const page = await pageOf(world, `<video autoplay muted></video><script>window.said = []; console.log = (...what) => window.said.push(what.join(' '));</script><script type="module">${program}</script>`);
  await ann.page.getByRole('dialog', { name: 'Incoming call' }).waitFor();
  await ask(world.server.url, `/api/calls/${await ann.page.getByRole('dialog').getAttribute('data-call-id')}/reject`, { method: 'POST', token: ann.token, body: {} });
  await eventually(() => page.evaluate(() => window.said.some((line) => line.startsWith('declined'))), 'the end');
  const { body } = await ask(world.server.url, '/api/conversations', { method: 'POST', token: ann.token, body: { kind: 'direct', userId: guest.id } });
  await ask(world.server.url, `/api/conversations/${body.data.id}/messages`, { method: 'POST', token: ann.token, body: { text: 'Sorry, busy.' } });
  await eventually(() => page.evaluate(() => window.said.includes('Sorry, busy.')), 'the message');
});
