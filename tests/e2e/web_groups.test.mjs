// Groups, files and searches at the web client.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { png } from './harness/pictures.mjs';
import { eventually } from './harness/wait.mjs';
import { isAt, pathOf, theWeb } from './harness/web.mjs';
import { articles, button, field, groupItem, groups, itemOf, log, openChat, openGroup, say, showsMessage, toast } from './harness/web_acts.mjs';

const { journey } = theWeb({ before, after });

async function makesGroup(ann, title, members) {
  await button(ann, 'New group').click();
  const dialog = ann.page.getByRole('dialog', { name: 'New group' });
  await dialog.getByRole('textbox', { name: 'Group name' }).fill(title);
  for (const { name } of members) await dialog.getByRole('group', { name: 'Members' }).getByRole('checkbox', { name }).check();
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await isAt(ann, /^\/c\//);
  await field(ann).waitFor();
}

const heading = ({ page }, name) => page.getByRole('main').getByRole('heading', { level: 1, name, exact: true });
const details = ({ page }) => page.getByRole('region', { name: 'Conversation details' });

journey('a group is made, written in, renamed, grown, shrunk and left', async (world) => {
  const [ann, ben, cleo] = await world.people('ann', 'ben', 'cleo');
  await makesGroup(ann, 'Crew', [ben]);
  await openGroup(ben, 'Crew');
  await say(ann, 'Welcome aboard');
  await showsMessage(ben, 'Welcome aboard');

  await button(ann, 'Conversation details').click();
  await details(ann).getByRole('textbox', { name: 'Group name' }).fill('Night shift');
  await details(ann).getByRole('button', { name: 'Rename' }).click();
  await heading(ben, 'Night shift').waitFor();
  await groupItem(ben, 'Night shift').waitFor();

  await details(ann).getByRole('button', { name: 'Add people' }).click();
  const add = ann.page.getByRole('dialog', { name: 'Add people' });
  await add.getByRole('checkbox', { name: cleo.name }).check();
  await add.getByRole('button', { name: 'Add', exact: true }).click();
  await openGroup(cleo, 'Night shift');
  const members = details(ann).getByRole('list', { name: 'Members' });
  await members.locator(`[data-user="${cleo.id}"]`).waitFor();
  assert.equal(await members.locator(`[data-user="${ann.id}"]`).getAttribute('data-role'), 'owner');

  await members.getByRole('button', { name: `Remove ${cleo.name}` }).click();
  const sure = ann.page.getByRole('alertdialog');
  if (await sure.isVisible()) await sure.getByRole('button', { name: /^Remove/ }).click();
  await members.locator(`[data-user="${cleo.id}"]`).waitFor({ state: 'detached' });
  await groupItem(cleo, 'Night shift').waitFor({ state: 'detached' });

  await button(ben, 'Conversation details').click();
  await details(ben).getByRole('button', { name: 'Leave group' }).click();
  await ben.page.getByRole('alertdialog', { name: 'Leave this group?' }).getByRole('button', { name: 'Leave', exact: true }).click();
  await groups(ben).waitFor({ state: 'detached' });
  await articles(ann, '[data-kind="system"]').filter({ hasText: `${ben.name} left` }).waitFor();
});

journey('S19: a group that is muted on one device is so on the other, counts without a toast, and its calls are a switch of their own', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  const { id } = (await ben.post('/api/conversations', { kind: 'group', title: 'Crew', memberIds: [ann.id] })).body.data;
  const tablet = await world.device(ann);
  await openGroup(ann, 'Crew');
  await button(ann, 'Conversation details').click();
  await details(ann).getByRole('switch', { name: 'Muted' }).check();
  await groupItem(tablet, 'Crew').filter({ hasText: 'muted' }).waitFor();
  await ben.post(`/api/conversations/${id}/messages`, { text: 'first' });
  await groupItem(tablet, 'Crew').and(tablet.page.locator('[data-unread="1"]')).waitFor();
  assert.equal(await tablet.page.locator('[data-toast]').count(), 0);

  await ann.page.reload();
  await button(ann, 'Conversation details').click();
  await details(ann).getByRole('switch', { name: 'Muted', checked: true }).uncheck();
  await details(ann).getByRole('switch', { name: 'Calls ring', checked: true }).uncheck();
  await groupItem(tablet, 'Crew').filter({ hasNotText: 'muted' }).waitFor();
  await ben.post(`/api/conversations/${id}/messages`, { text: 'second' });
  await toast(tablet, 'message', 'second').waitFor();
  const { members } = (await ben.get(`/api/conversations/${id}`)).body.data;
  assert.equal(members.find(({ userId }) => userId === ann.id).ringMode, 'none');
});

journey('a picture and a file go with their progress, and arrive with their names', async (world) => {
  const [ann, ben] = await world.people('ann', 'ben');
  await Promise.all([openChat(ann, ben), openChat(ben, ann)]);
  const input = ann.page.getByLabel('Attachment');
  await input.setInputFiles({ name: 'tower.png', mimeType: 'image/png', buffer: png(64, 48) });
  await input.setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('ring at six') });
  for (const name of ['tower.png', 'plan.txt']) await articles(ben, '[data-kind="file"]').filter({ hasText: name }).or(log(ben).getByRole('img', { name })).first().waitFor();
  assert.equal(await articles(ann, '[data-kind="file"]').count(), 2);
  await articles(ann, '[data-kind="file"][data-state="read"]').nth(1).waitFor();
});

journey('a file that is too big is refused before it is sent, and an upload can be called off', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  await openChat(ann, ben);
  const input = ann.page.getByLabel('Attachment');
  await input.setInputFiles({ name: 'film.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(11 * 1024 * 1024) });
  await ann.page.getByText(/film\.bin is \d+ MB; the limit is \d+ MB\./).first().waitFor();
  assert.equal(await articles(ann, '[data-kind="file"]').count(), 0);
  // Holds the upload, so that there is time to call it off.
  await ann.page.route('**/api/files**', () => {});
  await input.setInputFiles({ name: 'slow.txt', mimeType: 'text/plain', buffer: Buffer.from('slow') });
  await log(ann).getByRole('progressbar', { name: 'Uploading slow.txt' }).waitFor();
  await log(ann).getByRole('button', { name: 'Cancel upload' }).click();
  await articles(ann, '[data-kind="file"]').waitFor({ state: 'detached' });
});

journey('the sidebar finds people and messages, and a hit opens its place', async (world) => {
  const [ann, ben] = [await world.account('ann'), await world.person('ben')];
  const { id } = (await ann.post('/api/conversations', { kind: 'direct', userId: ben.id })).body.data;
  await ann.post(`/api/conversations/${id}/messages`, { text: 'The lighthouse is dark' });
  for (let i = 0; i < 120; ++i) await ann.post(`/api/conversations/${id}/messages`, { text: `line ${i}` });
  const box = ben.page.getByRole('searchbox', { name: 'Search people and messages' });
  const results = ben.page.getByRole('list', { name: 'Search results' });
  await box.fill(ann.name);
  await results.locator(`[data-user="${ann.id}"]`).waitFor();
  await box.fill('lighthouse');
  await results.locator('[data-message]').getByRole('link').click();
  await isAt(ben, `/c/${id}`);
  await showsMessage(ben, 'The lighthouse is dark');
  await box.fill('zzz nothing zzz');
  await ben.page.locator('[data-empty="search"]').waitFor();
});

journey('a conversation is searched step by step', async (world) => {
  const [ann, ben] = [await world.account('ann'), await world.person('ben')];
  const { id } = (await ann.post('/api/conversations', { kind: 'direct', userId: ben.id })).body.data;
  for (const text of ['a plum', 'a pear', 'two plums', 'plum again']) await ann.post(`/api/conversations/${id}/messages`, { text });
  await openChat(ben, ann);
  await button(ben, 'Search in conversation').click();
  await ben.page.getByRole('searchbox', { name: 'Search in this conversation' }).fill('plum');
  const at = ben.page.getByRole('status').filter({ hasText: /^\d+ of \d+$/ });
  await at.waitFor();
  const first = await at.textContent();
  await button(ben, 'Previous result').or(button(ben, 'Next result')).first().click();
  await ben.page.waitForFunction((before) => [...document.querySelectorAll('[role="status"], output')].some(({ textContent }) => /^\d+ of \d+$/.test(textContent) && textContent !== before), first);
});

journey('R-004-21: 300 messages load by pages of 50, and scrolling up loads more without a jump', async (world) => {
  const [ann, ben] = [await world.account('ann'), await world.person('ben')];
  const { id } = (await ann.post('/api/conversations', { kind: 'direct', userId: ben.id })).body.data;
  for (let i = 0; i < 300; i += 10)
    for (let j = 0; j < 10; ++j) await ann.post(`/api/conversations/${id}/messages`, { text: `number ${i + j}` });
  await ann.post(`/api/conversations/${id}/messages`, { text: 'the last' });
  const pages = [];
  ben.page.on('request', (request) => { if (/\/messages\?/.test(request.url())) pages.push(request.url()); });
  await openChat(ben, ann);
  await showsMessage(ben, 'the last');
  assert.ok(pages.length <= 1, `one page, not ${pages.join(' ')}`);
  assert.ok((await articles(ben).count()) <= 60);
  await log(ben).focus();
  await eventually(async () => {
    await log(ben).press('Home');
    return (await ben.page.getByText('number 0', { exact: true }).count()) > 0;
  }, 'the first message', 20_000);
  await showsMessage(ben, 'number 0');
  assert.ok((await articles(ben).count()) <= 60, 'few are mounted');
  await button(ben, 'Jump to latest').click();
  await showsMessage(ben, 'the last');
  assert.equal(pathOf(ben), `/c/${id}`);
});

journey('R-004-79: who has no conversation with me is found in the list, too, and is written to first', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  assert.equal(await itemOf(ann, ben).getAttribute('data-conversation'), null);
  await openChat(ann, ben);
  await say(ann, 'Hello, stranger');
  await showsMessage(ann, 'Hello, stranger', 'sent');
});
