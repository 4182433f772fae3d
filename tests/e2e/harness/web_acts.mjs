// What people do at the page, and what they then see: chats and calls by the names of DESIGN §17.
import assert from 'node:assert/strict';
import { eventually } from './wait.mjs';
import { isAt } from './web.mjs';
import { whatFlows, whatIsOpen } from './web_watch.mjs';

// ---- chats ---------------------------------------------------------------------------------------------------------------------------

export const people = ({ page }) => page.getByRole('list', { name: 'People' });
export const groups = ({ page }) => page.getByRole('list', { name: 'Groups' });
export const itemOf = (tab, other) => people(tab).locator(`[data-user="${other.id}"]`);
export const groupItem = (tab, title) => groups(tab).getByRole('listitem').filter({ hasText: title });
export const log = ({ page }) => page.getByRole('log', { name: 'Messages' });
export const articles = (tab, more = '') => log(tab).locator(`[data-message]${more}`);
export const article = (tab, text, more = '') => articles(tab, more).filter({ has: tab.page.locator('[data-part="text"]', { hasText: text }) });
export const field = ({ page }) => page.getByRole('textbox', { name: 'Message', exact: true });

export async function openChat(tab, other) {
  await itemOf(tab, other).getByRole('link').click();
  await isAt(tab, /^\/c\//);
  await field(tab).waitFor();
}

export async function openGroup(tab, title) {
  await groupItem(tab, title).getByRole('link').click();
  await field(tab).waitFor();
}

export async function say(tab, text) {
  await field(tab).fill(text);
  await field(tab).press('Enter');
}

/** The message is here, once, in this state. */
export const showsMessage = (tab, text, state = 'received') => article(tab, text, `[data-state="${state}"]`).waitFor();

/** A message of mine arrives at the other, whose chat is open. */
export async function writes(tab, other, text) {
  await say(tab, text);
  await showsMessage(other, text);
}

// ---- calls ---------------------------------------------------------------------------------------------------------------------------

export const region = ({ page }) => page.locator('[data-call-state]');
export const status = ({ page }) => page.locator('[data-call-state] [data-part="call-status"]');
export const dialog = ({ page }, name = 'Incoming call') => page.getByRole('dialog', { name, exact: true });
export const button = ({ page }, name) => page.getByRole('button', { name, exact: true });
export const callIs = (tab, state, more = '') => tab.page.locator(`[data-call-state="${state}"]${more}`).waitFor();
export const callIsOver = (tab) => region(tab).waitFor({ state: 'detached' });
export const statusIs = (tab, text) =>
  eventually(async () => (await status(tab).textContent({ timeout: 1000 }).catch(() => ''))?.trim() === text, `${tab.name} to be told “${text}”`);
export const toast = ({ page }, kind, text) => page.locator(`[data-toast="${kind}"]`, { hasText: text });

/** In the open chat with somebody. */
export async function calls(tab, type = 'video') {
  await button(tab, type === 'video' ? 'Video call' : 'Audio call').click();
  await region(tab).waitFor();
}

export const rings = (tab, name) => dialog(tab, name).waitFor();

/** The dialog takes neither key nor press in its first half second (§17.5): waits for its end by the page's own clock. */
export async function presses(tab, name, dialogName) {
  await rings(tab, dialogName);
  await tab.page.waitForFunction(() => window.seen.dialogAt > 0 && performance.now() - window.seen.dialogAt > 550);
  await dialog(tab, dialogName).getByRole('button', { name, exact: true }).click();
}
export const accepts = (tab, type = 'video', dialogName) => presses(tab, `Accept with ${type}`, dialogName);
export const declines = (tab, dialogName) => presses(tab, 'Decline', dialogName);
export const hangsUp = (tab, name = 'Hang up') => button(tab, name).click();

/** Ends the shown end, so that the next call need not wait for it. */
export async function closesEnd(tab) {
  await callIs(tab, 'ended');
  await button(tab, 'Close').click();
  await callIsOver(tab);
}

/** Rises, of whatever connection. */
export async function receives(tab, what = 'frames', deadline = 10_000) {
  const first = await eventually(async () => (await tab.page.evaluate(whatFlows))[what], `${what} at ${tab.name}`, deadline);
  await eventually(async () => (await tab.page.evaluate(whatFlows))[what] > first, `${what} to go on at ${tab.name}`, deadline);
}

const picture = (tab, other) => tab.page.locator(`video[data-user="${other.id}"][data-kind="camera"]`);

/** The other's picture is in its element, decoded, and goes on. */
export async function sees(tab, other, deadline = 10_000) {
  const frames = () => picture(tab, other).evaluateAll((all) => all[0]?.getVideoPlaybackQuality().totalVideoFrames ?? 0);
  const first = await eventually(frames, `a picture of ${other.name} at ${tab.name}`, deadline);
  await eventually(async () => (await frames()) > first, `the picture of ${other.name} to go on at ${tab.name}`, deadline);
}

/** Both are in the call and get each other's sound and picture. */
export async function talk(...tabs) {
  await Promise.all(tabs.map((tab) => callIs(tab, 'in-call')));
  await Promise.all(tabs.flatMap((tab) => [receives(tab, 'frames'), receives(tab, 'packets'), ...tabs.filter((other) => other !== tab).map((other) => sees(tab, other))]));
}

/** From the open chat to a call that both are in. */
export async function connects(caller, callee, type = 'video') {
  await calls(caller, type);
  await accepts(callee, type);
  await Promise.all([caller, callee].map((tab) => callIs(tab, 'in-call')));
}

/** §17.7: every track, connection and element within a second of the end. */
export async function closedItsMedia(tab) {
  await tab.page.waitForFunction(() => ['ended', 'idle'].includes(window.seen.states.at(-1)));
  await eventually(async () => (await tab.page.evaluate(whatIsOpen)).length === 0, `${tab.name} to close its devices`, 1500)
    .catch(async (late) => assert.fail(`${late.message}: ${(await tab.page.evaluate(whatIsOpen)).join(', ')}`));
}
