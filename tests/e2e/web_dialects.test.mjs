// The web client calls, and is called by, the clients of other dialects: seed 003's page, seed 004's page with PeerJS, a native page of another
// hand. All in real browsers with fake cameras.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { aCaller } from './harness/media_page.mjs';
import { enterSeed003, seed003Site } from './harness/seed_003_page.mjs';
import { eventually, within } from './harness/wait.mjs';
import { theWeb } from './harness/web.mjs';
import { accepts, button, callIs, calls, closedItsMedia, hangsUp, openChat, people, receives, rings, sees } from './harness/web_acts.mjs';

const { server, journey, browser } = theWeb({ before, after });
const kPeerJs = join(dirname(createRequire(import.meta.url).resolve('peerjs/package.json')), 'dist', 'peerjs.min.js');
const isListed = (tab, other) => people(tab).locator(`[data-user="${other.id}"]`).waitFor();

/** Seed 003's page, of a site of its own: it registers a name, here that of an account whose token it has. */
async function signalingPage(world) {
  const [{ id, name, token }, tab, site] = [await world.account('ben'), await world.visitor(), await seed003Site()];
  world.leaving.push(() => site.close());
  await enterSeed003(tab.page, { url: site.url, server: server.url, name, token });
  return Object.assign(tab, { id, name });
}

journey('R-001-95: the web client calls a page of seed 003, which answers; both see each other until it hangs up', async (world) => {
  const ben = await signalingPage(world);
  const ann = await world.person('ann');
  await isListed(ann, ben);
  await openChat(ann, ben);
  await calls(ann);
  await ben.page.getByTestId('answer').click();
  await callIs(ann, 'in-call');
  await Promise.all([receives(ann), receives(ben), sees(ann, ben)]);
  await ben.page.getByTestId('hang-up').click();
  await callIs(ann, 'ended', '[data-end-reason="hangup"]');
  await closedItsMedia(ann);
});

journey('R-001-95: a page of seed 003 calls the web client; both see each other until the web client hangs up', async (world) => {
  const ann = await world.person('ann');
  const ben = await signalingPage(world);
  await ben.page.getByTestId(`call-${ann.username}`).or(ben.page.getByTestId(`call-${ann.id}`)).first().click();
  await accepts(ann);
  await callIs(ann, 'in-call');
  await Promise.all([receives(ann), receives(ben)]);
  await hangsUp(ann);
  await closedItsMedia(ann);
  await ben.page.getByTestId('lobby').waitFor({ state: 'visible' });
});

/** Seed 004's client: a chat socket, the stock PeerJS, and an element that shows the stream of its call. */
async function peerPage(world) {
  const page = await aCaller(browser(), server.url);
  world.leaving.push(page.leave);
  await page.script(kPeerJs);
  await page.runs(() => {
    const chat = { log: [], picture: Object.assign(document.createElement('video'), { autoplay: true, muted: true, playsInline: true }) };
    window.chat = chat;
    document.body.append(chat.picture);
    chat.takes = (call) => {
      chat.call = call;
      call.on('stream', (stream) => { chat.picture.srcObject = stream; });
    };
    chat.open = (id) => new Promise((resolve, reject) => {
      chat.socket = window.io({ forceNew: true, query: { userId: id } });
      chat.socket.onAny((event, payload) => chat.log.push([event, payload]));
      const where = { host: window.location.hostname, port: Number(window.location.port), path: '/peerjs', secure: false, config: { iceServers: [] } };
      chat.peer = new window.Peer(id, where);
      chat.peer.on('error', (error) => reject(new Error(error.type)));
      chat.peer.on('call', chat.takes);
      chat.peer.on('open', resolve);
    });
    // What is shown, not what one inbound-rtp counts: the stream also has the web client's screen, of which only padding comes, and reports are
    // in the order of their SSRC, which is random.
    chat.frames = () => chat.picture.getVideoPlaybackQuality().totalVideoFrames;
  });
  await page.runs(() => window.phone.openMedia());
  await within(page.runs((id) => window.chat.open(id), page.id), 'the chat page to open');
  page.told = (event) => eventually(() => page.runs((wanted) => window.chat.log.find(([each]) => each === wanted)?.[1], event), `${event} at ${page.name}`);
  return page;
}

const decodes = async (frames, what) => {
  const first = await eventually(frames, `a picture at ${what}`, 20_000);
  await eventually(async () => (await frames()) > first, `frames to rise at ${what}`, 20_000);
};

journey('R-004-42, R-004-30: the web client calls a page with PeerJS, which answers; both see each other', async (world) => {
  const ben = await peerPage(world);
  const ann = await world.person('ann');
  await isListed(ann, ben);
  await openChat(ann, ben);
  await calls(ann);
  await ben.told('incoming-call');
  await eventually(() => ben.runs(() => Boolean(window.chat.call)), 'the call at the page');
  await ben.runs((to) => {
    window.chat.socket.emit('answer-call', { to });
    window.chat.call.answer(window.phone.media);
  }, ann.id);
  await callIs(ann, 'in-call');
  await Promise.all([receives(ann), decodes(() => ben.runs(() => window.chat.frames()), 'the PeerJS page')]);
  await hangsUp(ann);
  await ben.told('end-call');
  await closedItsMedia(ann);
});

journey('R-004-42, R-004-31, R-004-43: a page with PeerJS calls the web client, which answers; both see each other', async (world) => {
  const ann = await world.person('ann');
  const ben = await peerPage(world);
  await ben.runs((to) => window.chat.socket.emit('call-user', { to }), ann.id);
  await accepts(ann);
  await ben.told('call-answered');
  await ben.runs((to) => { window.chat.takes(window.chat.peer.call(to, window.phone.media, { metadata: { name: 'Ben' } })); }, ann.id);
  await callIs(ann, 'in-call');
  await Promise.all([receives(ann), decodes(() => ben.runs(() => window.chat.frames()), 'the PeerJS page')]);
  await ben.runs((to) => window.chat.socket.emit('end-call', { to }), ann.id);
  await callIs(ann, 'ended');
  await closedItsMedia(ann);
});

async function nativePage(world) {
  const page = await aCaller(browser(), server.url);
  world.leaving.push(page.leave);
  await page.runs(async (auth) => {
    await window.phone.native(auth, { calls: true });
    await window.phone.openMedia();
  }, page.auth);
  return page;
}

// The page does not read the offer that came with its ring: the web client sends it again.
journey('R-001-95: the web client calls a native page that waits for an offer by signal, and both see each other', async (world) => {
  const ben = await nativePage(world);
  const ann = await world.person('ann');
  await isListed(ann, ben);
  await openChat(ann, ben);
  await calls(ann);
  const { call } = await ben.heard('call.incoming');
  await ben.does('call.accept', { callId: call.id });
  await callIs(ann, 'in-call');
  await Promise.all([receives(ann), decodes(() => ben.frames(ann), 'the native page')]);
  await hangsUp(ann);
  await ben.heard('call.ended');
  await closedItsMedia(ann);
});

journey('R-001-95: a native page of another hand calls the web client, and both see each other', async (world) => {
  const ben = await nativePage(world);
  const ann = await world.person('ann');
  await isListed(ann, ben);
  const call = await ben.does('call.start', { recipientId: ann.id, callType: 'video' });
  await accepts(ann);
  await callIs(ann, 'in-call');
  await Promise.all([receives(ann), decodes(() => ben.frames(ann), 'the native page')]);
  await ben.does('call.end', { callId: call.id });
  await callIs(ann, 'ended', '[data-end-reason="hangup"]');
  await closedItsMedia(ann);
  assert.deepEqual(await ben.troubles(), []);
});

journey('a client of seed 003 declines, and then calls by itself', async (world) => {
  const ben = await signalingPage(world);
  const ann = await world.person('ann');
  await isListed(ann, ben);
  await openChat(ann, ben);
  await calls(ann);
  await ben.page.getByTestId('decline').click();
  await callIs(ann, 'ended', '[data-end-reason="declined"]');
  await button(ann, 'Close').click();
  await ben.page.getByTestId(`call-${ann.username}`).or(ben.page.getByTestId(`call-${ann.id}`)).first().click();
  await rings(ann);
});
