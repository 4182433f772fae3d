// Logins, addresses and looks of the web client: what a reload shows, what is protected, what log-out leaves, themes, and the development server.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as tcpServer } from 'node:net';
import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask } from './harness/accounts.mjs';
import { eventually, within } from './harness/wait.mjs';
import { fillLogIn, isAt, isReady, kPassword, kRefused, pathOf, seen, theWeb } from './harness/web.mjs';
import { button, openChat, people, say, showsMessage } from './harness/web_acts.mjs';

const { server, journey } = theWeb({ before, after });
const kWeb = resolve(dirname(fileURLToPath(import.meta.url)), '../../web');
const heading = ({ page }, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

journey('R-004-10: a reload is logged in at once, and no login is ever shown', async (world) => {
  const ann = await world.person('ann');
  await ann.page.reload();
  await isReady(ann);
  assert.deepEqual([await seen(ann, 'login'), await seen(ann, 'apps')], [false, ['starting', 'ready']]);
  assert.equal(await ann.page.locator('html').getAttribute('data-user'), ann.id);
});

journey('R-004-11, R-004-56: what is asked for while logged out is shown after the log-in', async (world) => {
  const [account, visitor] = [await world.account(), await world.visitor()];
  Object.assign(visitor, account);
  for (const path of ['/', '/history', '/settings/appearance', '/c/0192f3c0-11aa-7000-8000-000000000001']) {
    await visitor.page.goto(path);
    await heading(visitor, 'Log in');
    const { pathname, searchParams } = new URL(visitor.page.url());
    assert.deepEqual([pathname, searchParams.get('next') ?? '/'], ['/login', path]);
  }
  await visitor.page.goto('/history');
  await fillLogIn(visitor);
  await isReady(visitor);
  await isAt(visitor, '/history');
  await heading(visitor, 'Call history');
  for (const path of ['/login', '/signup']) {
    await visitor.page.goto(path);
    await isReady(visitor);
    await isAt(visitor, '/');
  }
});

journey('R-004-56, R-004-61: each address is its page, also typed in; what is none or not mine says so', async (world) => {
  const ann = await world.person('ann');
  ann.forgive(kRefused('40[34]'));
  for (const [path, title, at = path] of [['/history', 'Call history'], ['/settings', 'Settings'], ['/settings/sessions', 'Settings'], ['/profile', 'Profile'],
    ['/nowhere', 'Page not found'], ['/c/0192f3c0-11aa-7000-8000-000000000001', 'Not found'], ['/call/0192f3c0-11aa-7000-8000-000000000001', 'Not found']]) {
    await ann.page.goto(path);
    await isReady(ann);
    await heading(ann, title);
    assert.equal(pathOf(ann), at);
    assert.equal(await ann.page.getByRole('heading', { level: 1 }).count(), 1, path);
  }
  await ann.page.getByRole('link', { name: 'Back to chats' }).first().click();
  await isAt(ann, '/');
  await ann.page.goto('/videocall');
  await isReady(ann);
  await isAt(ann, '/');
});

journey('a page change moves the focus to the heading, and the skip link is first', async (world) => {
  const ann = await world.person('ann');
  const focused = () => ann.page.evaluate(() => document.activeElement?.textContent?.trim());
  for (const [link, title] of [['History', 'Call history'], ['Settings', 'Settings'], ['Profile', 'Profile']]) {
    const nav = ann.page.getByRole('navigation', { name: 'Main' });
    await nav.getByRole('link', { name: link }).click();
    await eventually(async () => (await focused()) === title, `the focus on “${title}”`);
    assert.equal(await nav.locator('[aria-current="page"]').count(), 1);
  }
  await ann.page.reload();
  await isReady(ann);
  await ann.page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to content');
});

journey('a wrong password is said in the form, which is ready for another try', async (world) => {
  const [account, visitor] = [await world.account(), await world.visitor()];
  visitor.forgive(kRefused('40[01]'));
  await visitor.page.goto('/login');
  await fillLogIn({ ...visitor, username: account.username, password: 'wrong horse 1' });
  await visitor.page.getByRole('alert').filter({ hasText: 'That username and password do not belong together. Check both and try again.' }).waitFor();
  await visitor.page.getByRole('button', { name: 'Show password' }).click();
  assert.equal(await visitor.page.getByLabel('Password', { exact: true }).getAttribute('type'), 'text');
  await visitor.page.getByLabel('Password', { exact: true }).fill(kPassword);
  await visitor.page.getByLabel('Password', { exact: true }).press('Enter');
  await isReady(visitor);
});

journey('log-out leaves nothing of the user behind, in any tab', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  const other = await world.tab(ann);
  await other.page.goto('/');
  await isReady(other);
  await openChat(ann, ben);
  await say(ann, 'a secret');
  await showsMessage(ann, 'a secret', 'sent');
  await ann.page.goto('/profile');
  await isReady(ann);
  await button(ann, 'Log out').click();
  for (const tab of [ann, other]) {
    await heading(tab, 'Log in');
    assert.equal(await tab.page.locator('html').getAttribute('data-user'), null);
  }
  const left = await ann.page.evaluate(async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage },
    ...await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))]));
  for (const what of [ann.id, ann.username, 'a secret']) assert.ok(!left.includes(what), `${what} in ${left}`);
  await ann.page.goto('/history');
  await heading(ann, 'Log in');
});

journey('a log-out that does not reach the server is done here, and then by the log-in of the next', async (world) => {
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  ann.forgive(/ERR_FAILED/);
  await ann.context.route('**/api/auth/logout', (route) => route.abort());
  const { value: token } = (await ann.context.cookies()).find(({ name }) => name === 'belfry_session');
  const annIs = async () => (await ask(server.url, '/api/users/me', { token })).status;
  await ann.page.goto('/profile');
  await isReady(ann);
  await button(ann, 'Log out').click();
  await heading(ann, 'Log in');
  assert.equal(await annIs(), 200);
  await fillLogIn({ ...ann, username: ben.username });
  await isReady(ann);
  assert.equal(await ann.page.locator('html').getAttribute('data-user'), ben.id);
  assert.equal(await annIs(), 401);
});

journey('R-004-77: the theme follows the system, can be chosen, and is kept without a flash', async (world) => {
  const ann = await world.person('ann', { at: '/settings/appearance', colorScheme: 'dark' });
  const html = ann.page.locator('html');
  const themed = (theme, setting) => ann.page.locator(`html[data-theme="${theme}"][data-theme-setting="${setting}"]`).waitFor({ state: 'attached' });
  await themed('dark', 'system');
  await ann.page.emulateMedia({ colorScheme: 'light' });
  await themed('light', 'system');
  await ann.page.getByRole('radiogroup', { name: 'Theme' }).getByRole('radio', { name: 'Dark' }).check();
  await themed('dark', 'dark');
  await ann.page.addInitScript(() => {
    window.themes = [];
    new MutationObserver(() => { if (document.body && document.documentElement.dataset.theme !== window.themes.at(-1)) window.themes.push(document.documentElement.dataset.theme); })
      .observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-theme'] });
  });
  await ann.page.reload();
  await isReady(ann);
  assert.equal(await html.getAttribute('data-theme'), 'dark');
  assert.deepEqual(await ann.page.evaluate(() => window.themes), ['dark']);
});

journey('R-004-61: the profile\'s name and photo are saved, and others see them', async (world) => {
  const [ann, ben] = await world.people(['ann', { at: '/profile' }], 'ben');
  const name = `${ann.name} Smith`;
  await ann.page.getByLabel('Display name').fill(name);
  await button(ann, 'Save').click();
  await ann.page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
  await ann.page.reload();
  await isReady(ann);
  assert.equal(await ann.page.getByLabel('Display name').inputValue(), name);
  await ben.page.reload();
  await isReady(ben);
  await people(ben).locator(`[data-user="${ann.id}"] [data-part="name"]`, { hasText: name }).waitFor();
});

journey('sessions are listed, and one of another device is signed out at once', async (world) => {
  const ann = await world.person('ann', { at: '/settings/sessions' });
  const phone = await world.device(ann);
  phone.forgive(kRefused('401'));
  await ann.page.reload();
  await isReady(ann);
  const sessions = ann.page.getByRole('list', { name: 'Sessions' });
  await sessions.locator('[data-current="true"]').waitFor();
  // The account's own sign-up by REST is a login, too.
  const others = sessions.locator('[data-session]:not([data-current="true"])');
  await others.first().waitFor();
  await button(ann, 'Sign out everywhere else').click();
  await eventually(async () => (await others.count()) === 0, 'no other session');
  await heading(phone, 'Log in');
  await phone.page.getByText('You were logged out. Log in to go on.').waitFor();
});

journey('R-004-63: who is new has a picture; the ringtone and the pictures come with caching headers', async (world) => {
  const ann = await world.account();
  const { avatar } = (await ann.get('/api/auth/me')).body.data.user;
  for (const path of [avatar, '/ringtone.mp3', '/avatars/default.svg']) {
    const answer = await fetch(new URL(path, server.url));
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('cache-control') ?? '', /max-age=|no-cache/, path);
  }
});

/** A page of another host that logs in by the server's API with the cookie, as a separately hosted client does. */
journey('R-004-56, R-004-59: a page of another origin logs in with credentials and stays logged in', async (world) => {
  const host = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><title>Elsewhere</title>')).listen(0, '127.0.0.1');
  await once(host, 'listening');
  world.leaving.push(() => host.close());
  const [ann, visitor] = [await world.account(), await world.visitor()];
  await visitor.page.goto(`http://127.0.0.1:${host.address().port}/`);
  const answers = await visitor.page.evaluate(async ({ url, username, password }) => {
    const with_ = { credentials: 'include', headers: { 'content-type': 'application/json' } };
    const login = await fetch(`${url}/user/login`, { ...with_, method: 'POST', body: JSON.stringify({ username, password }) });
    const check = await fetch(`${url}/user/check`, { credentials: 'include' });
    return [login.status, check.status];
  }, { url: server.url, username: ann.username, password: kPassword });
  assert.deepEqual(answers, [200, 200]);
});

journey('R-004-55: the development server of Vite passes on cookies and sockets', async (world) => {
  // Vite wants a port by number: one that was free a moment ago.
  const probe = tcpServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const vite = spawn(process.execPath, ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', String(port), '--strictPort'],
    { cwd: kWeb, env: { ...process.env, BELFRY_URL: server.url }, stdio: ['ignore', 'pipe', 'pipe'] });
  world.leaving.push(() => vite.kill('SIGTERM'));
  let said = '';
  for (const stream of [vite.stdout, vite.stderr]) stream.on('data', (text) => { said += text; });
  await within(eventually(() => /ready in/.test(said), () => `Vite: ${said}`, 30_000), 'Vite', 31_000);
  const account = await world.account();
  const visitor = Object.assign(await world.visitor({ url: `http://127.0.0.1:${port}` }), account);
  visitor.context.setDefaultTimeout(30_000);
  // Vite's own client injects styles; the page's policy is the server's and not here.
  await visitor.page.goto('/login');
  await fillLogIn(visitor);
  await isReady(visitor);
  await visitor.page.locator('html[data-connection="online"]').waitFor({ state: 'attached' });
}, { timeout: 90_000 });
