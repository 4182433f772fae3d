// What opens over and beside the pages of the web client: axe-core finds nothing in either theme, and a picture of each is written to
// build/screenshots (harness/web_look.mjs). R-004-64, R-004-77.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { isReady, kWidths, theWeb } from './harness/web.mjs';
import { article, button, field, log, openChat, openGroup, say, showsMessage } from './harness/web_acts.mjs';
import { look, lookAtWidths } from './harness/web_look.mjs';

const { journey } = theWeb({ before, after });
const kLong = { timeout: 120_000 };
const details = ({ page }) => page.getByRole('region', { name: 'Conversation details' });

async function goes(tab, path) {
  await tab.page.goto(path);
  await isReady(tab);
}

journey('R-004-61, R-004-64, R-004-77: a search, a menu, an edit and the questions of a chat', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  await openChat(ann, ben);
  await look(ann, 'chat-empty');
  for (const text of ['The lighthouse is dark.', 'Light it at six: https://example.org/lighthouse']) await say(ann, text);
  await showsMessage(ann, 'Light it at six', 'sent');
  const search = ann.page.getByRole('searchbox', { name: 'Search people and messages' });
  await search.fill('light');
  await ann.page.getByRole('list', { name: 'Search results' }).locator('[data-message]').first().waitFor();
  await look(ann, 'search');
  await search.fill('plam');
  await ann.page.locator('[data-empty="search"]').waitFor();
  await look(ann, 'search-nothing');
  await search.fill('');
  await button(ann, 'Search in conversation').click();
  await ann.page.getByRole('searchbox', { name: 'Search in this conversation' }).fill('light');
  await ann.page.getByRole('status').filter({ hasText: 'of' }).waitFor();
  await look(ann, 'search-here');
  await ann.page.keyboard.press('Escape');
  await ann.page.keyboard.press('Escape');
  await article(ann, 'The lighthouse').focus();
  await ann.page.keyboard.press('Enter');
  await ann.page.getByRole('menu').waitFor();
  await look(ann, 'message-menu');
  await ann.page.getByRole('menuitem', { name: 'Delete' }).click();
  await ann.page.getByRole('alertdialog', { name: 'Delete this message?' }).waitFor();
  await look(ann, 'message-delete');
  await ann.page.getByRole('button', { name: 'Cancel' }).click();
  await field(ann).press('ArrowUp');
  await ann.page.getByText('Editing a message').waitFor();
  await look(ann, 'message-edit');
  await field(ann).press('Escape');
  await button(ann, 'Conversation details').click();
  await details(ann).waitFor();
  await lookAtWidths(ann, 'details', 360, 768, 1440);
  await ann.page.keyboard.press('Escape');
  await log(ann).focus();
  await ann.page.keyboard.press('?');
  await ann.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await lookAtWidths(ann, 'shortcuts', 360, 1440);
}, kLong);

journey('R-004-61, R-004-64, R-004-77: a group of mine, and its dialogs', async (world) => {
  const [ben, cleo, ann] = [await world.account('ben'), await world.account('cleo'), await world.person('ann')];
  await ann.post('/api/conversations', { kind: 'group', title: 'Night shift', memberIds: [ben.id] });
  await openGroup(ann, 'Night shift');
  await button(ann, 'Conversation details').click();
  await details(ann).getByRole('textbox', { name: 'Group name' }).waitFor();
  await lookAtWidths(ann, 'group-owner', 360, 1440);
  const add = ann.page.getByRole('dialog', { name: 'Add people' });
  const leave = ann.page.getByRole('alertdialog', { name: 'Leave this group?' });
  for (const width of [360, 1440]) {
    await ann.page.setViewportSize(kWidths[width]);
    await details(ann).getByRole('button', { name: 'Add people' }).click();
    await add.getByRole('checkbox', { name: cleo.name }).check();
    await look(ann, 'add-people', width);
    await ann.page.keyboard.press('Escape');
    await details(ann).getByRole('button', { name: 'Leave group' }).click();
    await leave.waitFor();
    await look(ann, 'leave-group', width);
    await leave.getByRole('button', { name: 'Cancel' }).click();
  }
  await details(ann).getByRole('button', { name: 'Leave group' }).click();
  await leave.getByRole('button', { name: 'Leave', exact: true }).click();
  await ann.page.getByText('You left this group.').waitFor();
  await look(ann, 'left-group');
}, kLong);

journey('R-004-61, R-004-64, R-004-77: settings by section, an empty history, statistics, the account, devices', async (world) => {
  const ann = await world.person('ann');
  for (const section of ['Appearance', 'Notifications', 'Sessions']) {
    await goes(ann, `/settings/${section.toLowerCase()}`);
    await ann.page.getByRole('region', { name: section, exact: true }).waitFor();
    await lookAtWidths(ann, `settings-${section.toLowerCase()}`, 768);
  }
  await goes(ann, '/history');
  await ann.page.locator('[data-empty="history"]').waitFor();
  await look(ann, 'history-empty');
  await ann.page.setViewportSize(kWidths[360]);
  await button(ann, 'Statistics').click();
  await ann.page.locator('[data-stat="totalCalls"]').waitFor();
  await lookAtWidths(ann, 'statistics', 360);
  await button(ann, 'Account').click();
  await ann.page.getByRole('button', { name: 'Log out' }).waitFor();
  await look(ann, 'account');
  await goes(ann, '/settings/devices');
  await button(ann, 'Check devices').click();
  await ann.page.getByRole('dialog', { name: 'Check your devices' }).locator('video[data-self]').waitFor();
  await lookAtWidths(ann, 'device-check', 360);
}, kLong);

journey('R-004-61, R-004-64, R-004-77: a toast, and a page without network', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  const { id } = (await ben.post('/api/conversations', { kind: 'direct', userId: ann.id })).body.data;
  await ben.post(`/api/conversations/${id}/messages`, { text: 'See you then.' });
  const toast = ann.page.locator('[data-toast="message"]');
  await toast.waitFor();
  await ann.page.keyboard.press('F8');  // a toast that has the focus stays
  await lookAtWidths(ann, 'toast', 360, 1440);
  await ann.context.setOffline(true);
  const banner = ann.page.locator('[data-banner="offline"]');
  await banner.waitFor();
  await ann.page.setViewportSize(kWidths[360]);
  const [below, above] = [await toast.boundingBox(), await banner.boundingBox()];
  assert.ok(below.y >= above.y + above.height, `a toast at ${below.y} covers the banner, which ends at ${above.y + above.height}`);
  await lookAtWidths(ann, 'offline', 360, 768);
}, kLong);
