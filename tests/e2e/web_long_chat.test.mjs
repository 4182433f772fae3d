// A chat of which thousands of messages are unread: what opening it asks of the server, how much of it is mounted, and how often the page
// draws what comes at once.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { eventually } from './harness/wait.mjs';
import { isAt, theWeb } from './harness/web.mjs';
import { articles, button, itemOf, log, openChat, people, showsMessage } from './harness/web_acts.mjs';

const { journey } = theWeb({ before, after });

const open = async (person, other) => (await person.post('/api/conversations', { kind: 'direct', userId: other.id })).body.data.id;

/** Fifty at a time: their order does not matter. */
async function writesMany(person, id, count) {
  const write = (text) => person.post(`/api/conversations/${id}/messages`, { text });
  for (let i = 0; i < count; i += 50) await Promise.all(Array.from({ length: 50 }, (_, j) => write(`number ${i + j}`)));
  await write('the last');
}

/** The pages of messages that the tab has asked for since. */
function pagesOf({ page }) {
  const pages = [];
  page.on('request', (request) => { if (/\/messages\?/.test(request.url())) pages.push(request.url()); });
  return pages;
}

const isOnline = (tab, state) => tab.page.locator(`html[data-connection="${state}"]`).waitFor({ state: 'attached' });

journey('R-004-21: of 3 000 unread messages the newest page is loaded, and more by scrolling, from wherever one comes', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  const id = await open(ben, ann);
  await ben.post(`/api/conversations/${id}/messages`, { text: 'the first' });
  await openChat(ann, ben);
  await showsMessage(ann, 'the first');
  await ann.page.getByRole('link', { name: 'Profile' }).click();
  await ann.context.setOffline(true);
  await isOnline(ann, 'offline');
  await writesMany(ben, id, 3000);
  const pages = pagesOf(ann);
  await ann.context.setOffline(false);
  await isOnline(ann, 'online');
  await ann.page.getByRole('link', { name: 'Chats' }).click();
  await itemOf(ann, ben).and(ann.page.locator('[data-unread="3001"]')).waitFor();
  await openChat(ann, ben);
  await showsMessage(ann, 'the last');
  await people(ann).locator(`[data-user="${ben.id}"][data-unread="0"]`).waitFor();
  assert.ok(pages.length <= 1, `one page, not ${pages.length}`);
  assert.ok((await articles(ann).count()) <= 60, 'few are mounted');
  await log(ann).focus();
  await eventually(async () => {
    await log(ann).press('Home');
    return pages.length > 4;
  }, 'more pages', 20_000);
  assert.ok((await articles(ann).count()) <= 60, 'few are mounted further up');
  await button(ann, 'Jump to latest').click();
  await showsMessage(ann, 'the last');
}, { timeout: 240_000 });

journey('R-004-66: 300 messages that come while the page is busy are drawn together', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  const id = await open(ben, ann);
  await itemOf(ann, ben).and(ann.page.locator(`[data-conversation="${id}"]`)).waitFor();
  // Nothing else runs in the page until the server has them all.
  const busy = ann.page.evaluate((path) => {
    window.drawn = 0;
    new MutationObserver((records) => {
      for (const { addedNodes } of records) for (const node of addedNodes) if (node.matches?.('[data-toast]')) window.drawn += 1;
    }).observe(document, { subtree: true, childList: true });
    let last = 0;
    while (last < 301) {
      const request = new window.XMLHttpRequest();
      request.open('GET', path, false);
      request.send();
      last = JSON.parse(request.responseText).data.lastSeq;
    }
  }, `/api/conversations/${id}/messages?limit=1`);
  await Promise.all([busy, writesMany(ben, id, 300)]);
  await itemOf(ann, ben).and(ann.page.locator('[data-unread="301"]')).waitFor();
  const drawn = await ann.page.evaluate(() => window.drawn);
  assert.ok(drawn > 0 && drawn < 150, `${drawn} toasts were drawn`);
  await openChat(ann, ben);
  await isAt(ann, `/c/${id}`);
  await showsMessage(ann, 'the last');
}, { timeout: 120_000 });
