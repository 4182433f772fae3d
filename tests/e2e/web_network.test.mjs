// What the web client does when its network, its page or its server goes away: in a call, and without one.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask } from './harness/accounts.mjs';
import { kDatabases } from './harness/restartable.mjs';
import { launchReady } from './harness/server.mjs';
import { anOutage, eventually } from './harness/wait.mjs';
import { fillLogIn, isOnline, isReady, kNetworkAway, kPassword, pathOf, seen, theWeb } from './harness/web.mjs';
import { article, articles, button, callIs, callIsOver, closedItsMedia, connects, field, hangsUp, openChat, region, say, showsMessage, statusIs, talk } from './harness/web_acts.mjs';

const { server, journey, browser } = theWeb({ before, after });
const connection = ({ page }, state) => page.locator(`html[data-connection="${state}"]`).waitFor({ state: 'attached' });
const banner = ({ page }, what) => page.locator(`[data-banner="${what}"]`);

async function pair(world) {
  const [ann, ben] = await world.people('ann', 'ben');
  await openChat(ann, ben);
  return [ann, ben];
}

journey('R-002-25: 10 s without network in a call: both are told, the call lives, sound and picture come back', async (world) => {
  const [ann, ben] = await pair(world);
  ben.forgive(kNetworkAway);
  await connects(ann, ben);
  await talk(ann, ben);
  const id = await region(ann).getAttribute('data-call-id');
  await ben.context.setOffline(true);
  await connection(ben, 'offline');
  await callIs(ben, 'reconnecting');
  await callIs(ann, 'reconnecting');
  await statusIs(ann, `${ben.name} is reconnecting…`);
  await anOutage(10_000);
  assert.equal((await ann.get(`/api/calls/${id}`)).body.data.status, 'connected');
  await ben.context.setOffline(false);
  await Promise.all([ann, ben].map((tab) => callIs(tab, 'in-call')));
  await isOnline(ben);
  await talk(ann, ben);
  await hangsUp(ann);
  await Promise.all([ann, ben].map(closedItsMedia));
});

journey('a reload in a call comes back to it without being asked; the other is told meanwhile', async (world) => {
  const [ann, ben] = await pair(world);
  await connects(ann, ben);
  await talk(ann, ben);
  const path = pathOf(ben);
  const began = await region(ben).getAttribute('data-started-at');
  ben.page.on('dialog', (dialog) => { void dialog.accept(); });  // `beforeunload` asks in a call
  await ben.page.reload();
  await isReady(ben);
  await Promise.all([ann, ben].map((tab) => callIs(tab, 'in-call')));
  await talk(ann, ben);
  assert.equal(await region(ben).getAttribute('data-started-at'), began);
  assert.equal(pathOf(ben), path);
  await hangsUp(ben);
  await Promise.all([ann, ben].map(closedItsMedia));
});

journey('C-21, S9: a closed page frees the other after eight seconds, not thirty', async (world) => {
  const [ann, ben] = await pair(world);
  await connects(ann, ben);
  await talk(ann, ben);
  await ben.page.close({ runBeforeUnload: false });
  await callIs(ann, 'reconnecting');
  await region(ann).and(ann.page.locator('[data-call-state="ended"][data-end-reason="connection_lost"]')).waitFor({ timeout: 20_000 });
  await closedItsMedia(ann);
});

journey('messages written without network wait, go once when it is back, and a reload does not lose them', async (world) => {
  const [ann, ben] = await pair(world);
  ann.forgive(kNetworkAway);
  await openChat(ben, ann);
  await ann.context.setOffline(true);
  await banner(ann, 'offline').getByText('You are offline. Messages will be sent when you are back.').waitFor();
  for (const text of ['first', 'second', 'third']) await say(ann, text);
  await showsMessage(ann, 'third', 'sending');
  assert.equal(await articles(ben).count(), 0);
  await ann.context.setOffline(false);
  await banner(ann, 'back').or(article(ann, 'third', '[data-state="read"]')).first().waitFor();
  for (const text of ['first', 'second', 'third']) await showsMessage(ann, text, 'read');
  const texts = await articles(ben).locator('[data-part="text"]').allTextContents();
  assert.deepEqual(texts, ['first', 'second', 'third']);
  // Held by the test instead of the network, so that the page can be loaded again meanwhile.
  await ann.context.setOffline(true);
  await say(ann, 'kept over a reload');
  await showsMessage(ann, 'kept over a reload', 'sending');
  await field(ann).fill('a draft');
  await ann.page.evaluate(() => new Promise((resolve) => { requestIdleCallback(resolve); }));
  await ann.context.setOffline(false);
  await ann.page.reload();
  await isReady(ann);
  await showsMessage(ann, 'kept over a reload', 'read');
  assert.equal(await field(ann).inputValue(), 'a draft');
  assert.equal(await article(ben, 'kept over a reload').count(), 1);
});

journey('R-004-46, R-004-47: a socket that breaks is replaced within two seconds, by one', async (world) => {
  const ann = await world.person('ann');
  ann.forgive(kNetworkAway);
  const connected = async () => (await server.health()).connectedUsers;
  await eventually(async () => (await connected()) === 1, 'one user');
  const before = (await seen(ann, 'sockets')).length;
  await ann.page.evaluate(() => window.seen.sockets.at(-1).close());
  const begin = Date.now();
  await eventually(() => ann.page.evaluate((count) => window.seen.sockets.length > count && window.seen.sockets.at(-1).readyState === 1, before), 'another socket');
  await connection(ann, 'online');
  assert.ok(Date.now() - begin < 4000, `took ${Date.now() - begin} ms`);
  assert.equal(await ann.page.evaluate(() => window.seen.sockets.filter(({ readyState }) => readyState < 2).length), 1);
});

test('R-004-45: the server is restarted: the pages are back without anybody doing anything, and write and call', { timeout: 60_000 }, async () => {
  const kept = kDatabases[0][1]();
  const args = (port) => ['serve', '--dev', '--listen', `127.0.0.1:${port}`, ...kept.args];
  let one = await launchReady(args(0));
  const { port } = new URL(one.url);
  const contexts = [];
  try {
    const tabs = [];
    const people = [];
    for (const username of ['ann', 'ben']) people.push(await ask(one.url, '/api/auth/signup', { method: 'POST', body: { username, password: kPassword } }));
    for (const { body: { data: { user } } } of people) {
      const { id, username } = user;
      const context = await browser().newContext({ baseURL: one.url, permissions: ['camera', 'microphone'] });
      contexts.push(context);
      const tab = { name: username, context, page: await context.newPage(), id, username, password: kPassword };
      await tab.page.goto('/login');
      await fillLogIn(tab);
      await isReady(tab);
      tabs.push(tab);
    }
    const [ann, ben] = tabs;
    await openChat(ann, ben);
    await openChat(ben, ann);
    one.signal('SIGTERM');
    await one.exit;
    await Promise.all(tabs.map((tab) => tab.page.locator('html:not([data-connection="online"])').waitFor({ state: 'attached' })));
    await say(ann, 'written meanwhile');
    one = await launchReady(args(port));
    await Promise.all(tabs.map((tab) => tab.page.locator('html[data-connection="online"]').waitFor({ state: 'attached', timeout: 20_000 })));
    await showsMessage(ben, 'written meanwhile');
    await say(ben, 'and back');
    await showsMessage(ann, 'and back');
    await button(ann, 'Audio call').click();
    await callIs(ann, 'outgoing', '[data-progress="ringing"]');
    await button(ann, 'Cancel call').click();
    await callIsOver(ann);
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
    one.signal('SIGINT');
    await one.exit;
    await kept.remove();
  }
});
