// W-004-21, K58: media between a page with the stock `peerjs` client beside a chat socket, as seed 004's client is, and a page of a
// native client with RTCPeerConnection, in real browsers with fake cameras. Both ways. The pages use none of our code.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { launchChromium } from './harness/browser.mjs';
import { aCaller } from './harness/media_page.mjs';
import { sharedServer } from './harness/server.mjs';
import { eventually, within } from './harness/wait.mjs';

const kPeerJs = join(dirname(createRequire(import.meta.url).resolve('peerjs/package.json')), 'dist', 'peerjs.min.js');
const server = sharedServer({ before, after }, { args: ['--threads', '2'] });
const kPatient = { timeout: 90_000 };
let browser;
const pages = [];

before(async () => { browser = await launchChromium(); });
afterEach(() => Promise.all(pages.splice(0).map((page) => page.leave())));
after(() => browser?.close());

/** What seed 004's client does in a call. Runs in the page. */
function theChat() {
  const chat = { log: [], states: [] };
  window.chat = chat;
  chat.open = (id) => new Promise((resolve, reject) => {
    chat.socket = window.io({ forceNew: true, query: { userId: id } });
    chat.socket.onAny((event, payload) => chat.log.push([event, payload]));
    chat.socket.on('connect_error', reject);
    const where = { host: window.location.hostname, port: Number(window.location.port), path: '/peerjs', secure: false, config: { iceServers: [] } };
    chat.peer = new window.Peer(id, where);
    chat.peer.on('error', (error) => reject(new Error(error.type)));
    chat.peer.on('call', (call) => { chat.call = call; });
    chat.peer.on('open', resolve);
  });
  chat.see = (call) => {
    chat.call = call;
    call.on('close', () => chat.states.push('closed'));
  };
  chat.frames = async () => {
    for (const each of (await chat.call?.peerConnection?.getStats())?.values() ?? [])
      if (each.type === 'inbound-rtp' && each.kind === 'video') return each.framesDecoded ?? 0;
    return 0;
  };
}

async function aChatPage() {
  const page = await aCaller(browser, server.url);
  pages.push(page);
  await page.script(kPeerJs);
  await page.runs(theChat);
  await page.runs(() => window.phone.openMedia());
  await within(page.runs((id) => window.chat.open(id), page.id), 'the chat page to open');
  page.told = (event) => eventually(() => page.runs((wanted) => window.chat.log.find(([each]) => each === wanted)?.[1], event), `${event} at ${page.name}`);
  return page;
}

async function aNativePage() {
  const page = await aCaller(browser, server.url);
  pages.push(page);
  await page.runs(async (auth) => {
    await window.phone.native(auth, { calls: false });
    await window.phone.openMedia();
  }, page.auth);
  return page;
}

/** The picture of each at the other, and it goes on. */
async function seeEachOther(native, chat) {
  for (const frames of [() => native.frames(chat), () => chat.runs(() => window.chat.frames())]) {
    const first = await eventually(frames, 'a picture', 20_000);
    await eventually(async () => (await frames()) > first, 'framesDecoded to rise', 20_000);
  }
}

test('a native page calls a page with PeerJS: its dialog has the caller’s name, and both see each other', kPatient, async () => {
  const [ann, ben] = [await aNativePage(), await aChatPage()];
  const call = await ann.runs(async (other) => {
    const { connection } = window.phone.peer(other);
    window.phone.early = [];
    connection.onicecandidate = ({ candidate }) => { if (candidate) window.phone.early.push(candidate.toJSON()); };
    await connection.setLocalDescription();
    const start = { recipientId: other, callType: 'video', ring: 'immediate', offer: connection.localDescription.toJSON() };
    const { data } = await window.phone.socket.emitWithAck('call.start', start);
    window.phone.callId = data.id;
    connection.onicecandidate = ({ candidate }) => { if (candidate) window.phone.signal(other, 'candidate', candidate.toJSON()); };
    for (const candidate of window.phone.early) window.phone.signal(other, 'candidate', candidate);
    return data;
  }, ben.id);
  await ben.told('incoming-call');
  await eventually(() => ben.runs(() => Boolean(window.chat.call)), 'the call at the page');
  assert.deepEqual(await ben.runs(() => [window.chat.call.peer, window.chat.call.metadata.name, window.chat.call.metadata.callId]), [ann.id, ann.name, call.id]);
  await ben.runs((to) => {
    window.chat.see(window.chat.call);
    window.chat.socket.emit('answer-call', { to });
    window.chat.call.answer(window.phone.media);
  }, ann.id);
  await seeEachOther(ann, ben);
  await ann.does('call.end', { callId: call.id });
  await ben.told('end-call');
  await eventually(async () => (await ben.runs(() => window.chat.states)).includes('closed'), 'the stock client to close its call');
});

test('a page with PeerJS calls a native page, and both see each other', kPatient, async () => {
  const [ann, ben] = [await aChatPage(), await aNativePage()];
  await ann.runs((to) => window.chat.socket.emit('call-user', { to }), ben.id);
  const { call } = await ben.heard('call.incoming');
  await ben.runs((id) => window.phone.socket.emitWithAck('call.accept', { callId: id }), call.id);
  await ann.told('call-answered');
  await ann.runs((to) => window.chat.see(window.chat.peer.call(to, window.phone.media, { metadata: { name: 'Ann' } })), ben.id);
  await seeEachOther(ben, ann);
  await ann.runs((to) => window.chat.socket.emit('end-call', { to }), ben.id);
  await ben.heard('call.ended');
  await eventually(async () => (await ann.runs(() => window.chat.states)).includes('closed'), 'the stock client to close its call');
});
