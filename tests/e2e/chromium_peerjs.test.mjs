// R-004-42, W-004-09, W-004-10: the stock peerjs client in real browsers with fake cameras: data, media, reloads. The pages use its
// bundle and none of our code.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { launchChromium } from './harness/browser.mjs';
import { sharedServer } from './harness/server.mjs';
import { aName } from './harness/user.mjs';
import { eventually, within } from './harness/wait.mjs';

const kBundle = join(dirname(createRequire(import.meta.url).resolve('peerjs/package.json')), 'dist', 'peerjs.min.js');
const kPassword = 'correct horse 1';
const server = sharedServer({ before, after }, { args: ['--threads', '2'], env: { PEERJS_EXPIRE_MS: '1000' } });
const patient = { timeout: 90000 };
let browser;
const contexts = [];

before(async () => { browser = await launchChromium(); });
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));
after(() => browser?.close());

/** What an application does with PeerJS. Runs in the page. */
function theApplication() {
  const app = { errors: [], texts: [], states: [] };
  window.app = app;
  app.open = ({ id, path }) => new Promise((resolve, reject) => {
    const where = { host: window.location.hostname, port: Number(window.location.port), path, secure: false, config: { iceServers: [] } };
    const peer = id === undefined ? new window.Peer(where) : new window.Peer(id, where);
    app.peer = peer;
    peer.on('open', resolve);
    peer.on('error', (error) => { app.errors.push(error.type); reject(new Error(error.type)); });
    peer.on('connection', app.talk);
    peer.on('call', (call) => { app.metadata = call.metadata; call.answer(app.media); app.see(call); });
  });
  app.talk = (connection) => {
    app.connection = connection;
    connection.on('data', (text) => { app.texts.push(text); if (text === 'ping') connection.send('pong'); });
    connection.on('close', () => app.states.push('closed'));
  };
  app.see = (call) => {
    app.call = call;
    call.on('stream', (stream) => { app.stream = stream; });
    call.on('close', () => app.states.push('call closed'));
  };
  // With its camera open a page shows its real addresses to its peers, which containers without multicast DNS need.
  app.camera = async () => { app.media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 160, height: 120, frameRate: 10 } }); };
  app.frames = async () => {
    for (const each of (await app.call?.peerConnection?.getStats())?.values() ?? [])
      if (each.type === 'inbound-rtp' && each.kind === 'video') return each.framesDecoded ?? 0;
    return 0;
  };
}

async function load(page) {
  await page.goto(`${server.url}/healthz`);
  await page.addScriptTag({ path: kBundle });
  await page.evaluate(theApplication);
}

async function aPage() {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'], bypassCSP: true });
  contexts.push(context);
  const page = await context.newPage();
  await load(page);
  await page.evaluate(() => window.app.camera());
  return page;
}

const open = (page, id, path = '/') => within(page.evaluate((wish) => window.app.open(wish), { id, path }), `${id} to open`);
const app = (page, member) => page.evaluate((name) => window.app[name], member);

test('two pages exchange data, each with the id that the server gave it', patient, async () => {
  const [one, two] = [await aPage(), await aPage()];
  await open(one, undefined, '/');
  const id = await open(two, undefined, '/peerjs');
  await one.evaluate((other) => {
    const connection = window.app.peer.connect(other);
    connection.on('open', () => connection.send('ping'));
    window.app.talk(connection);
  }, id);
  await eventually(async () => (await app(one, 'texts')).includes('pong'), 'the answer to a ping', 20000);
  assert.deepEqual(await app(two, 'texts'), ['ping']);
  await two.evaluate(() => window.app.connection.close());
  await eventually(async () => (await app(one, 'states')).includes('closed'), 'the end of the connection', 20000);
});

test('two pages see each other, the callee being called by its name', patient, async () => {
  const [alice, bob] = [await aPage(), await aPage()];
  const names = [aName('alice'), aName('bob')];
  await open(alice, names[0], '/peerjs');
  await open(bob, names[1], '/');
  await alice.evaluate((other) => window.app.see(window.app.peer.call(other, window.app.media, { metadata: { name: 'Alice' } })), names[1]);
  for (const page of [alice, bob]) {
    const first = await eventually(() => page.evaluate(() => window.app.frames()), 'a picture', 20000);
    await eventually(async () => (await page.evaluate(() => window.app.frames())) > first, 'framesDecoded to rise', 20000);
  }
  assert.deepEqual(await app(bob, 'metadata'), { name: 'Alice' });
  await bob.evaluate(() => window.app.call.close());
  await eventually(async () => (await app(alice, 'states')).includes('call closed'), 'the end of the call', 20000);
});

// W-004-11
test('a connection to nobody fails as with the stock server', patient, async () => {
  const page = await aPage();
  await open(page, aName('alice'));
  await page.evaluate((other) => window.app.peer.connect(other), aName('nobody'));
  await eventually(async () => (await app(page, 'errors')).includes('peer-unavailable'), 'peer-unavailable');
});

test('an id of another is unavailable', patient, async () => {
  const [one, two] = [await aPage(), await aPage()];
  const id = aName('alice');
  await open(one, id);
  await assert.rejects(open(two, id), /unavailable-id/);
});

// W-004-10
test('a logged-in page reloads 20 times and has its id each time, at once', patient, async () => {
  const page = await aPage();
  const username = aName('alice');
  const id = await page.evaluate(async (wish) => {
    const answer = await fetch('/user/sign-up', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(wish) });
    return (await answer.json()).id;
  }, { username, email: `${username.toLowerCase()}@example.com`, password: kPassword });
  for (let i = 0; i < 20; ++i) {
    await load(page);
    const begin = Date.now();
    assert.equal(await open(page, id, '/peerjs'), id);
    assert.ok(Date.now() - begin <= 1000, `reload ${i} took ${Date.now() - begin} ms`);
  }
  await assert.rejects(open(page, 'somebody-else', '/peerjs'), /server-error/);
});
