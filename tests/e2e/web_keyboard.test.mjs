// The keys of DESIGN §13 in a real browser, where the focus and the top layer are the browser's. What a single part does with its keys is tested
// beside it (web/src/ui/**/*.test.tsx).
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { eventually } from './harness/wait.mjs';
import { isAt, theWeb } from './harness/web.mjs';
import { button, callIs, callIsOver, field, itemOf, openChat, rings } from './harness/web_acts.mjs';

const { journey } = theWeb({ before, after });

/** Name, text or role of what has the focus. */
const focused = ({ page }) => page.evaluate(() => {
  const at = document.activeElement;
  return at === document.body ? null : at?.getAttribute('aria-label') ?? (at?.textContent?.trim() || at?.tagName.toLowerCase());
});
const focusIs = (tab, what) => eventually(async () => {
  const now = await focused(tab);
  return what instanceof RegExp ? what.test(now ?? '') : now === what;
}, `the focus on ${what}`).catch(async (late) => assert.fail(`${late.message}; it is on ${await focused(tab)}`));
const press = ({ page }, ...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());

journey('R-004-64: search, conversations, areas, lists and the list of keys are reached from anywhere', async (world) => {
  const [ben, cleo, ann] = [await world.account('ben'), await world.account('cleo'), await world.person('ann')];
  const rooms = {};
  for (const other of [ben, cleo]) {
    rooms[other.name] = (await other.post('/api/conversations', { kind: 'direct', userId: ann.id })).body.data.id;
    await other.post(`/api/conversations/${rooms[other.name]}/messages`, { text: `I am ${other.name}` });
    await itemOf(ann, other).locator('[data-part="badge"]').waitFor();
  }
  // The last that happened stands first.
  await press(ann, 'Control+k');
  await focusIs(ann, 'Search people and messages');
  await press(ann, 'ArrowDown');
  await focusIs(ann, new RegExp(`^${cleo.name}`));
  await press(ann, 'ArrowDown');
  await focusIs(ann, new RegExp(`^${ben.name}`));
  await press(ann, 'Home');
  await focusIs(ann, new RegExp(`^${cleo.name}`));
  await press(ann, 'Alt+ArrowDown');
  await isAt(ann, `/c/${rooms[cleo.name]}`);
  await field(ann).waitFor();
  await press(ann, 'Alt+Shift+ArrowDown');
  await isAt(ann, `/c/${rooms[ben.name]}`);
  await itemOf(ann, ben).and(ann.page.locator('[data-unread="0"]')).waitFor();
  await press(ann, 'Alt+ArrowUp');
  await isAt(ann, `/c/${rooms[cleo.name]}`);
  await focusIs(ann, cleo.name);
  await press(ann, 'F6');
  await focusIs(ann, 'Chats');
  await press(ann, 'F6');
  await focusIs(ann, new RegExp(`^${cleo.name}`));
  await press(ann, 'F6');
  await focusIs(ann, cleo.name);
  await press(ann, 'Shift+F6', 'Shift+F6');
  await focusIs(ann, 'Chats');
  await press(ann, '?');
  await ann.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await press(ann, 'Escape');
  await focusIs(ann, 'Chats');
});

/** What Tab reaches, from the heading on, until it is at `last`. */
async function tabStops(tab, last) {
  const stops = [];
  while (stops.at(-1) !== last && stops.length < 20) {
    await press(tab, 'Tab');
    stops.push(await focused(tab));
  }
  return stops;
}

journey('R-004-64: a call is answered, led and ended by keys alone, and the focus comes back to where it began', async (world) => {
  const [ann, ben] = await world.people('ann', 'ben');
  const control = ({ page }, kind, on) => page.locator(`[data-control="${kind}"][data-on="${on}"]`).waitFor();
  await openChat(ann, ben);
  await button(ann, 'Video call').focus();
  await press(ann, 'Enter');
  await rings(ben);
  await press(ben, 'Escape');
  await ben.page.waitForFunction(() => performance.now() - window.seen.dialogAt > 550);
  await press(ben, 'Tab');
  await focusIs(ben, 'Accept with video');
  await press(ben, 'Shift+Tab');
  await focusIs(ben, 'Decline');
  await press(ben, 'Control+Alt+Enter');
  await Promise.all([ann, ben].map((tab) => callIs(tab, 'in-call')));
  await focusIs(ann, ben.name);
  await ann.page.locator(`video[data-user="${ben.id}"]`).waitFor();
  const stops = await tabStops(ann, 'Hang up');
  assert.deepEqual(stops.filter((stop) => stop !== 'Picture-in-picture'),
    ['Minimise call', 'You', 'Hide own picture', 'Mute', 'Turn camera off', 'Share screen', 'Devices', 'Call quality', 'Full screen', 'Show chat', 'Hang up']);

  await ann.page.locator('[data-tile="self"]').focus();
  await press(ann, 'ArrowUp');
  await ann.page.locator('[data-tile="self"][data-corner="top-right"]').waitFor();
  await press(ann, 'ArrowLeft');
  await ann.page.locator('[data-tile="self"][data-corner="top-left"]').waitFor();
  await press(ann, 'm');
  await control(ann, 'microphone', false);
  await ann.page.keyboard.down('Space');
  await control(ann, 'microphone', true);
  await ann.page.keyboard.up('Space');
  await control(ann, 'microphone', false);
  await press(ann, 'v');
  await control(ann, 'camera', false);
  await press(ann, 'Control+d', 'Control+e');
  await Promise.all([control(ann, 'microphone', true), control(ann, 'camera', true)]);
  await press(ann, 'q');
  await ann.page.getByRole('region', { name: 'Call quality' }).waitFor();
  await press(ann, 'Escape');
  await ann.page.getByRole('region', { name: 'Call quality' }).waitFor({ state: 'detached' });
  await press(ann, 'c');
  await field(ann).waitFor();
  // In a field the letters are letters.
  await field(ann).press('m');
  assert.equal(await field(ann).inputValue(), 'm');
  await control(ann, 'microphone', true);
  await field(ann).fill('');
  await button(ann, 'Hide chat').click();
  await button(ann, 'Show chat').blur();
  await press(ann, 'F6');
  await focusIs(ann, 'Chats');
  await press(ann, 'Shift+F6');
  await press(ann, 'Escape');
  await ann.page.locator('[data-call-state][data-view="mini"]').waitFor();
  await press(ann, 'Control+d');
  await control(ann, 'microphone', false);
  await button(ann, 'Return to call').press('Enter');
  await ann.page.locator('[data-call-state][data-view="stage"]').waitFor();
  await press(ann, 'Control+Shift+h');
  await callIs(ann, 'ended');
  await button(ann, 'Close').press('Enter');
  await callIsOver(ann);
  await focusIs(ann, 'Video call');
});
