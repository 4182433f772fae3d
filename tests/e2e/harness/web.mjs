// People at the product's own page in Chromium. A journey is a test with its own people; it also fails if a page prints an error, throws, or
// breaks the content security policy. The pages are driven by DESIGN §17 alone (SPEC S1): roles, names, data-*, paths.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask } from './accounts.mjs';
import { launchChromium } from './browser.mjs';
import { sharedServer } from './server.mjs';
import { eventually } from './wait.mjs';
import { watchPage } from './web_watch.mjs';

export const kScreenshots = resolve(dirname(fileURLToPath(import.meta.url)), '../../../build/screenshots');
export const kPassword = 'correct horse 1';
export const kWidths = { 360: { width: 360, height: 740 }, 768: { width: 768, height: 1024 }, 1440: { width: 1440, height: 900 } };
/** How long a test waits for a page at most: two files run at a time, on two cores. */
const kWait = 20_000;
/** What Chromium prints of a request or socket that failed because the network was away; the client cannot keep it from that. */
export const kNetworkAway = /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|WebSocket connection to .* failed|ERR_CONNECTION_(REFUSED|RESET)|WebSocket is already in CLOSING/;
export const kRefused = (status) => new RegExp(`Failed to load resource: the server responded with a status of ${status}`);

let serial = 0;
/** A name that nobody else of this run has; the username and what others see. */
export const aName = (stem) => `${stem}_${process.pid % 10_000}_${++serial}`;

class World {
  constructor(browser, server) {
    Object.assign(this, { browser, server, contexts: [], pages: [], leaving: [] });
  }

  /** A page that nobody has logged in on. `permissions`: the devices that its context grants. */
  async visitor({ url = this.server.url, width = 1440, viewport = kWidths[width], permissions = ['camera', 'microphone'], ...options } = {}) {
    const context = await this.browser.newContext({ baseURL: url, viewport, permissions, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(kWait);
    this.contexts.push(context);
    await context.addInitScript(watchPage);
    return this.tab({ context, url });
  }

  /** One more tab of the same browser profile. */
  async tab({ context, url = this.server.url, ...person }) {
    const page = await context.newPage();
    const troubles = [];
    page.on('console', (line) => { if (line.type() === 'error') troubles.push(`${line.text()} (${line.location().url})`); });
    page.on('pageerror', (error) => troubles.push(`thrown: ${error.stack ?? error.message}`));
    const tab = { ...person, url, context, page, troubles, forgiven: [] };
    tab.forgive = (pattern) => tab.forgiven.push(pattern);
    this.pages.push(tab);
    return tab;
  }

  /** Makes an account by REST. */
  async account(stem = 'ann') {
    const username = aName(stem);
    const { status, body } = await ask(this.server.url, '/api/auth/signup', { method: 'POST', body: { username, password: kPassword } });
    assert.equal(status, 201, JSON.stringify(body));
    return withVoice({ url: this.server.url, id: body.data.user.id, username, name: username, password: kPassword, token: body.data.token });
  }

  /** Somebody new, logged in at the page; `at` is where they want to go. */
  async person(stem, { at = '/', ...options } = {}) {
    return this.logIn(await this.account(stem), { at, ...options });
  }

  /** Several, each as person() takes them, or by stem alone. All have accounts before the first of them looks around. */
  async people(...wanted) {
    const all = wanted.map((each) => [each].flat());
    const accounts = [];
    for (const [stem] of all) accounts.push(await this.account(stem));
    return Promise.all(accounts.map((account, at) => this.logIn(account, all[at][1])));
  }

  /** The same person at another device. */
  async device(person, options) { return this.logIn(person, options); }

  async logIn(person, { at = '/', ...options } = {}) {
    const { id, username, name, password, token, get, post, patch } = person;
    const visitor = await this.visitor(options);
    const tab = Object.assign(visitor, { id, username, name, password, token, get, post, patch });
    await tab.page.goto(at);
    await fillLogIn(tab);
    await isReady(tab);
    return tab;
  }

  /** Nothing printed, thrown or forbidden but what the test has forgiven. */
  assertClean() {
    for (const { troubles, forgiven, name = 'a visitor' } of this.pages) {
      const rest = troubles.filter((line) => !forgiven.some((pattern) => pattern.test(line)));
      assert.deepEqual(rest, [], `the console of ${name}`);
    }
  }

  /** For whoever reads a failure. */
  async tells(what) {
    mkdirSync(join(kScreenshots, 'failed'), { recursive: true });
    const lines = await Promise.all(this.pages.filter(({ page }) => !page.isClosed()).map(async ({ page, name, troubles }, at) => {
      const file = join(kScreenshots, 'failed', `${what.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}-${at}.png`);
      await page.screenshot({ path: file, timeout: 3000 }).catch(() => {});
      const state = await page.evaluate(() => ({
        html: { ...document.documentElement.dataset }, call: { ...document.querySelector('[data-call-state]')?.dataset },
        said: document.querySelector('[data-part="call-status"]')?.textContent, states: window.seen?.states, sounds: window.seen?.sounds,
        tiles: [...document.querySelectorAll('[data-tile]')].map(({ dataset }) => dataset.connection),
        connections: window.seen?.connections.map((each) => `${each.connectionState} ${each.iceConnectionState} ${each.signalingState}`),
      })).catch((error) => error.message);
      return `${name ?? 'a visitor'} at ${page.url()}: ${JSON.stringify(state)} ${troubles.slice(-5).join(' | ')}`;
    }));
    return lines.join('\n');
  }

  async close() {
    await Promise.allSettled(this.leaving.map((leave) => leave()));
    await Promise.allSettled(this.contexts.map((context) => context.close()));
  }
}

function withVoice(person) {
  person.get = (path) => ask(person.url, path, { token: person.token });
  for (const method of ['post', 'patch'])
    person[method] = (path, body = {}) => ask(person.url, path, { method: method.toUpperCase(), token: person.token, body });
  return person;
}

export async function fillLogIn({ page, username, password }) {
  await page.getByLabel('Username or email').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

export const isReady = ({ page }) => page.locator('html[data-app="ready"]').waitFor({ state: 'attached' });
export const isOnline = ({ page }) => page.locator('html[data-app="ready"][data-connection="online"]').waitFor({ state: 'attached' });
export const pathOf = ({ page }) => new URL(page.url()).pathname;
export const isAt = (tab, path) => eventually(() => (path instanceof RegExp ? path.test(pathOf(tab)) : pathOf(tab) === path), `${tab.name} at ${path}`);
export const seen = ({ page }, member) => page.evaluate((name) => window.seen[name], member);

/** One server and one browser for a file's tests. `journey(name, act)` is a test; act gets a World. */
export function theWeb({ before, after }, options) {
  const server = sharedServer({ before, after }, options);
  let browser;
  before(async () => { browser = await launchChromium({ permissions: 'ours' }); });
  after(() => browser?.close());
  async function walk(name, act) {
    const world = new World(browser, server);
    try {
      await act(world);
      world.assertClean();
    } catch (failure) {
      failure.stack += `\n${await world.tells(name)}`;
      throw failure;
    } finally {
      await world.close();
    }
  }
  // Two browsers, their codecs and a server share two cores with another file's: one in some hundred journeys meets a moment in which a browser
  // stands still. It is walked once more, by new people; what went wrong is printed, so that a fault that comes and goes is not hidden.
  const journey = (name, act, { timeout = 120_000 } = {}) => test(name, { timeout }, async (t) => {
    try {
      await walk(name, act);
    } catch (failure) {
      t.diagnostic(`failed once, walked again: ${failure.stack}`);
      await walk(name, act);
    }
  });
  return { server, journey, browser: () => browser };
}
