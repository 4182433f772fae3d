// R-001-95 for the signaling dialect: two browsers with fake cameras call each other by seed 003's page, which the server itself serves
// (`--static`, SPEC W-02).
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launchChromium } from './harness/browser.mjs';
import { aSite } from './harness/other_site.mjs';
import { enterSeed003, kSeed003Folder } from './harness/seed_003_page.mjs';
import { sharedServer } from './harness/server.mjs';
import { aName } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--static', kSeed003Folder] });
const patient = { timeout: 60000 };
let browser;
const contexts = [];

before(async () => { browser = await launchChromium(); });
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));
after(() => browser?.close());

/** A page whose user has entered. Granted devices: without them Chromium hides its addresses from ICE. */
async function aPage(stem) {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  contexts.push(context);
  const page = await context.newPage();
  page.user = aName(stem);
  page.troubles = [];
  page.on('pageerror', (error) => page.troubles.push(error.message));
  // The page does not expose its connections; record them from outside, to read their statistics.
  await page.addInitScript(() => {
    const Real = window.RTCPeerConnection;
    window.connections = [];
    window.RTCPeerConnection = class extends Real {
      constructor(...options) {
        super(...options);
        window.connections.push(this);
      }
    };
  });
  await enterSeed003(page, { url: server.url, name: page.user });
  return page;
}

const received = (page) => page.evaluate(async () => {
  const seen = { framesDecoded: 0, audioPackets: 0 };
  for (const each of (await window.connections.at(-1)?.getStats())?.values() ?? []) {
    if (each.type !== 'inbound-rtp') continue;
    if (each.kind === 'video') seen.framesDecoded = each.framesDecoded ?? 0;
    else seen.audioPackets = each.packetsReceived;
  }
  return seen;
});

async function ring(caller, callee) {
  await caller.getByTestId(`call-${callee.user}`).click();
  await callee.getByTestId('incoming-from').getByText(caller.user).waitFor();
}

async function talk(caller, callee) {
  await ring(caller, callee);
  await callee.getByTestId('answer').click();
  for (const [page, peer] of [[caller, callee], [callee, caller]]) {
    await page.getByTestId('call-state').getByText(`Talking to ${peer.user}`).waitFor();
    const first = await eventually(async () => {
      const seen = await received(page);
      return seen.framesDecoded > 0 && seen.audioPackets > 0 && seen;
    }, `sound and picture at ${page.user}`, 20000);
    await eventually(async () => {
      const seen = await received(page);
      return seen.framesDecoded > first.framesDecoded && seen.audioPackets > first.audioPackets;
    }, `framesDecoded to rise at ${page.user}`, 10000);
  }
}

const backInLobby = (page) => page.getByTestId('lobby').waitFor({ state: 'visible', timeout: 5000 });

// R-001-95, R-003-38
test('two pages see and hear each other until one hangs up', patient, async () => {
  const [alice, bob] = [await aPage('alice'), await aPage('bob')];
  await talk(alice, bob);
  assert.equal((await server.health()).activeCalls, 1);
  await alice.getByTestId('hang-up').click();
  await bob.getByTestId('notice').getByText(`${alice.user} hung up`).waitFor();
  await Promise.all([alice, bob].map(backInLobby));
  await talk(bob, alice);  // and again in the other direction
  await alice.getByTestId('hang-up').click();
  await backInLobby(bob);
  assert.deepEqual([alice.troubles, bob.troubles], [[], []]);
});

// C-21: a closed tab is an explicit leave
test('closing the tab ends the call for the peer at once', patient, async () => {
  const [alice, bob] = [await aPage('alice'), await aPage('bob')];
  await talk(alice, bob);
  const begin = Date.now();
  await alice.close({ runBeforeUnload: false });
  await backInLobby(bob);
  assert.ok(Date.now() - begin < 2500, `took ${Date.now() - begin} ms: the grace of a lost connection, not a leave`);
  await eventually(async () => (await server.users()).join() === bob.user, `${alice.user} to be gone`);
});

test('a declined call shows a message', patient, async () => {
  const [alice, bob] = [await aPage('alice'), await aPage('bob')];
  await ring(alice, bob);
  await bob.getByTestId('decline').click();
  await alice.getByTestId('notice').getByText(`${bob.user} declined`).waitFor();
  await backInLobby(alice);
});

test('when the caller gives up, the dialog closes', patient, async () => {
  const [alice, bob] = [await aPage('alice'), await aPage('bob')];
  await ring(alice, bob);
  await alice.getByTestId('hang-up').click();
  await bob.getByTestId('incoming').waitFor({ state: 'hidden' });
});

test('a busy callee causes a message', patient, async () => {
  const [alice, bob, carol] = [await aPage('alice'), await aPage('bob'), await aPage('carol')];
  await ring(alice, bob);
  await carol.getByTestId(`call-${bob.user}`).click();
  await carol.getByTestId('notice').getByText(`${bob.user} is in another call`).waitFor();
});

// R-003-52, W-03
test('a page of another origin can register from its console', patient, async () => {
  const site = await aSite({ '/': `<script src="${server.url}/socket.io/socket.io.min.js"></script>` });
  const context = await browser.newContext();
  contexts.push(context);
  context.on('close', () => site.close());
  const page = await context.newPage();
  await page.goto(site.url.replace('127.0.0.1', 'localhost'));  // another site: localhost is not 127.0.0.1
  for (const transports of [['polling'], ['websocket']]) {
    const data = await page.evaluate(([url, ways]) => new Promise((resolve, reject) => {
      const socket = io(url, { transports: ways, forceNew: true, withCredentials: true, reconnection: false });
      socket.on('connect_error', reject);
      socket.emit('register_user', { userId: 'testuser' });
      socket.on('user_registered', (heard) => {
        socket.disconnect();
        resolve(heard);
      });
    }), [server.url, transports]);
    assert.deepEqual(data, { success: true, userId: 'testuser' });
  }
});
