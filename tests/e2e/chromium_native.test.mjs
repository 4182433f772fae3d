// R-001-95: native events, REST, and a 003 page with a native one, each between two real browsers with fake cameras; and what a
// browser stores of a login. The pages use the stock client's bundle and none of our code.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { launchChromium } from './harness/browser.mjs';
import { aSite } from './harness/other_site.mjs';
import { enterSeed003, seed003Site } from './harness/seed_003_page.mjs';
import { sharedServer } from './harness/server.mjs';
import { aName } from './harness/user.mjs';
import { eventually, within } from './harness/wait.mjs';

const kBundle = join(dirname(createRequire(import.meta.url).resolve('sio/package.json')), 'dist', 'socket.io.min.js');
const kPassword = 'correct horse 1';
const server = sharedServer({ before, after });
const patient = { timeout: 60000 };
let browser;
const contexts = [];

before(async () => { browser = await launchChromium(); });
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));
after(() => browser?.close());

/** What a page of such a product does: one peer connection, the native events, and REST beside them. Runs in the page. */
function thePhone() {
  const phone = { log: [], waiting: [] };
  window.phone = phone;
  phone.fetch = async (method, path, body) => {
    const answer = await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };
  phone.connect = () => new Promise((resolve, reject) => {
    const socket = window.io({ transports: ['websocket'] });
    phone.socket = socket;
    socket.onAny((event, payload) => phone.log.push([event, payload, Date.now()]));
    socket.on('connect_error', (error) => reject(new Error(error.message)));
    socket.on('session.ready', resolve);
    socket.on('call.accepted', ({ answer }) => { if (answer && phone.peer.signalingState === 'have-local-offer') phone.describe(answer); });
    socket.on('call.signal', ({ kind, payload }) => {
      if (kind !== 'candidate') return;
      if (phone.peer?.remoteDescription) phone.peer.addIceCandidate(payload);
      else phone.waiting.push(payload);
    });
  });
  phone.open = async () => {
    phone.peer = new RTCPeerConnection();
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of media.getTracks()) phone.peer.addTrack(track, media);
    phone.early = [];
    phone.peer.onicecandidate = ({ candidate }) => {
      if (!candidate) return;
      if (phone.callId) phone.socket.emit('call.signal', { callId: phone.callId, kind: 'candidate', payload: candidate.toJSON() });
      else phone.early.push(candidate.toJSON());
    };
  };
  phone.joined = (callId) => {
    phone.callId = callId;
    for (const payload of phone.early.splice(0)) phone.socket.emit('call.signal', { callId, kind: 'candidate', payload });
  };
  phone.describe = async (description) => {
    await phone.peer.setRemoteDescription(description);
    for (const candidate of phone.waiting.splice(0)) await phone.peer.addIceCandidate(candidate);
  };
  phone.offer = async () => {
    await phone.open();
    await phone.peer.setLocalDescription();
    return phone.peer.localDescription.toJSON();
  };
  phone.answer = async () => {
    const [, incoming] = phone.log.findLast(([event]) => event === 'call.incoming');
    await phone.open();
    await phone.describe(incoming.offer);
    await phone.peer.setLocalDescription();
    return { callId: incoming.call.id, answer: phone.peer.localDescription.toJSON() };
  };
  phone.frames = async () => {
    for (const each of (await phone.peer.getStats()).values())
      if (each.type === 'inbound-rtp' && each.kind === 'video') return each.framesDecoded ?? 0;
    return 0;
  };
}

/** A page of the server's own origin, logged in as somebody new by its cookie, with a native socket. */
async function aPhone(stem) {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'], bypassCSP: true });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(`${server.url}/healthz`);
  await page.addScriptTag({ path: kBundle });
  await page.evaluate(thePhone);
  page.user = aName(stem);
  const account = { username: page.user, email: `${page.user.toLowerCase()}@example.com`, password: kPassword };
  const { status, body } = await page.evaluate((request) => window.phone.fetch('POST', '/user/sign-up', request), account);
  assert.equal(status, 200, JSON.stringify(body));
  page.id = body.id;
  await within(page.evaluate(() => window.phone.connect()), `${page.user} connecting`);
  return page;
}

const heard = (page, event) => eventually(
  () => page.evaluate((name) => window.phone.log.find(([each]) => each === name)?.[1], event), `${page.user} hearing ${event}`);
const frames = (page) => page.evaluate(() => window.phone.frames());
const api = (page, method, path, body) => page.evaluate((all) => window.phone.fetch(...all), [method, path, body]);
const emit = (page, event, payload) => page.evaluate(([name, what]) => window.phone.socket.emitWithAck(name, what), [event, payload]);

async function bothSee(...pages) {
  for (const page of pages) {
    const first = await eventually(async () => (await frames(page)) || false, `a picture at ${page.user}`, 20000);
    await eventually(async () => (await frames(page)) > first, `framesDecoded to rise at ${page.user}`, 10000);
  }
}

// R-001-95, R-001-32
test('two native pages see each other, from call.start to call.ended', patient, async () => {
  const [alice, bob] = [await aPhone('alice'), await aPhone('bob')];
  const offer = await alice.evaluate(() => window.phone.offer());
  const started = await emit(alice, 'call.start', { recipientId: bob.id, callType: 'video', offer });
  assert.equal(started.success, true, JSON.stringify(started));
  await alice.evaluate((id) => window.phone.joined(id), started.data.id);
  await heard(bob, 'call.incoming');
  const { callId, answer } = await bob.evaluate(() => window.phone.answer());
  assert.equal((await emit(bob, 'call.accept', { callId, answer })).success, true);
  await bob.evaluate((id) => window.phone.joined(id), callId);
  await bothSee(alice, bob);
  assert.equal((await emit(alice, 'call.end', { callId })).success, true);
  assert.equal((await heard(bob, 'call.ended')).endReason, 'hangup');
});

// R-001-95, R-001-28: the event for the dialog arrives within a second, on a page that does nothing
test('two pages call each other by REST, with their login\'s cookie', patient, async () => {
  const [alice, bob] = [await aPhone('alice'), await aPhone('bob')];
  const offer = await alice.evaluate(() => window.phone.offer());
  const asked = Date.now();
  const { status, body } = await api(alice, 'POST', '/api/calls', { recipientId: bob.id, callType: 'video', offer });
  assert.equal(status, 201, JSON.stringify(body));
  const callId = body.data.id;
  await alice.evaluate((id) => window.phone.joined(id), callId);
  await heard(bob, 'call.incoming');
  const at = await bob.evaluate(() => window.phone.log.find(([event]) => event === 'call.incoming')[2]);
  assert.ok(at - asked < 1000, `took ${at - asked} ms`);
  const { answer } = await bob.evaluate(() => window.phone.answer());
  const responded = await api(bob, 'POST', '/api/calls/respond', { callId, response: 'accept', answer });
  assert.equal(responded.body.data?.status, 'connected', JSON.stringify(responded.body));
  await bob.evaluate((id) => window.phone.joined(id), callId);
  await bothSee(alice, bob);
  assert.equal((await api(bob, 'POST', `/api/calls/${callId}/end`, {})).body.data.status, 'ended');
  assert.equal((await heard(alice, 'call.ended')).callId, callId);
});

// R-001-95: the 003 page does not know the peer's events
test('a page of the signaling dialect and a native page see each other', patient, async () => {
  const bob = await aPhone('bob');
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  contexts.push(context);
  const alice = await context.newPage();
  const site = await seed003Site();
  context.on('close', () => site.close());
  await enterSeed003(alice, { url: site.url, server: server.url, name: aName('alice') });
  await alice.getByTestId(`call-${bob.user}`).click();
  await heard(bob, 'call.incoming');
  const { callId, answer } = await bob.evaluate(() => window.phone.answer());
  assert.equal((await emit(bob, 'call.accept', { callId, answer })).success, true);
  await bob.evaluate((id) => window.phone.joined(id), callId);
  await alice.getByTestId('call-state').getByText(`Talking to ${bob.user}`).waitFor();
  await bothSee(bob);
  assert.equal((await emit(bob, 'call.end', { callId })).success, true);
  await alice.getByTestId('lobby').waitFor({ state: 'visible', timeout: 5000 });
});

// R-004-08, R-004-10, R-004-04
test('a login survives a reload, is hidden from scripts, and ends with logout', patient, async () => {
  const alice = await aPhone('alice');
  assert.equal(await alice.evaluate(() => document.cookie), '');
  await alice.reload();
  const check = () => alice.evaluate(async () => (await fetch('/user/check')).status);
  assert.equal(await check(), 200);
  await alice.evaluate(() => fetch('/user/logout'));
  assert.equal(await check(), 401);
});

// R-004-13
test('another site can neither send requests as the user nor log them out with an image', patient, async () => {
  const alice = await aPhone('alice');
  const other = await aSite({ '/': '<title>other</title>' });
  try {
    const page = await alice.context().newPage();
    await page.goto(other.url.replace('127.0.0.1', 'localhost'));  // another site: localhost is not 127.0.0.1
    await page.evaluate((url) => new Promise((resolve) => {
      const image = new Image();
      image.onload = image.onerror = resolve;
      image.src = `${url}/user/logout`;
    }), server.url);
    const landed = page.waitForURL(`${server.url}/**`);
    await page.evaluate(([url, name]) => {
      const form = document.body.appendChild(document.createElement('form'));
      Object.assign(form, { method: 'post', enctype: 'text/plain', action: `${url}/user/update` });
      const field = form.appendChild(document.createElement('input'));
      Object.assign(field, { name: `{"name":"${name}","x":"`, value: '"}' });
      form.submit();
    }, [server.url, 'taken over']);
    await within(landed, 'the form to be sent');
    const { status, body } = await api(alice, 'GET', '/user/check');
    assert.equal(status, 200, 'still logged in');
    assert.notEqual(body.name ?? body.data?.displayName, 'taken over');
  } finally {
    other.close();
  }
});
