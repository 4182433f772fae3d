// Seed 000's app in two browsers with fake cameras: token, join, call, and pictures on both sides; over a relay alone; and a call that
// outlasts its tokens. The token dialect has no event for signals, so each page has a native socket of the same device beside it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { advance } from './harness/accounts.mjs';
import { launchChromium } from './harness/browser.mjs';
import { kToLoopback, startCoturn } from './harness/coturn.mjs';
import { aCaller, allSee, isOver } from './harness/media_page.mjs';
import { startServer } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

const kPatient = { timeout: 60_000 };
const kSecret = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const kAllowed = 10_000;  // R-000-33
let browser, coturn, server;
const pages = [];

before(async () => {
  [browser, coturn] = await Promise.all([launchChromium(), startCoturn(kSecret, kToLoopback)]);
  server = await startServer({
    args: ['--virtual-time'],
    env: { TURN_URLS: `turn:127.0.0.1:${coturn.port}?transport=udp`, TURN_SECRET: kSecret, TOKEN_TTL_SECONDS: '120' },
  });
});
afterEach(() => Promise.all(pages.splice(0).map((page) => page.leave())));
after(async () => {
  await browser?.close();
  await coturn?.stop();
  await server?.stop();
});

/** A page with the app's socket, and the native one for its signals. */
async function anApp() {
  const page = await aCaller(browser, server.url);
  pages.push(page);
  await page.runs(async (auth) => {
    await window.phone.app(auth);
    await window.phone.native(auth, { calls: false });
  }, page.auth);
  return page;
}

/** Ann and ben, each with the app, and their conversation. */
async function aPair(iceTransportPolicy = 'all') {
  const [ann, ben] = await Promise.all([anApp(), anApp()]);
  for (const page of [ann, ben]) await page.runs((policy) => { window.phone.iceTransportPolicy = policy; }, iceTransportPolicy);
  const { status, body } = await ann.api('POST', '/api/conversations', { kind: 'direct', userId: ben.id });
  assert.equal(status, 201, JSON.stringify(body));
  return { ann, ben, room: body.data.id };
}

/** What the app does before it calls or answers: a token, and with it the media. */
async function joins(page, room) {
  const { status, body } = await page.api('GET', `/api/call/token?conversationId=${room}`);
  assert.equal(status, 200, JSON.stringify(body));
  const { appId, channel, token, uid, iceServers } = body.data;
  assert.deepEqual([appId, channel, uid], ['belfry', room, page.id]);  // R-000-31: the arguments of join()
  const joined = await page.does('call-join', { token }, 'appSocket');
  assert.deepEqual([joined.channel, joined.uid, joined.mediaMode], [room, page.id, 'p2p']);
  await page.runs(async (servers) => {
    window.phone.iceServers = servers;
    await window.phone.openMedia();
  }, iceServers);
  return iceServers;
}

/** From the caller's token to a picture of each at the other. */
async function talk({ ann, ben, room }) {
  await joins(ann, room);
  assert.equal(await ben.count('incoming-call'), 0, 'a token rings nobody');
  const call = await ann.does('call-started', { conversationId: room }, 'appSocket');
  const incoming = await ben.heard('incoming-call');
  assert.deepEqual([incoming.callId, incoming.callerId, incoming.conversationId], [call.id, ann.id, room]);
  await joins(ben, room);
  await ben.does('call-accept', { conversationId: room }, 'appSocket');
  assert.equal((await ann.heard('call-accepted')).userId, ben.id);
  await allSee([ann, ben], kAllowed);
  return call;
}

// R-000-33, R-000-31, R-000-04, R-000-05, R-000-16, J-3.4, J-5.1
test('two pages of the app join with their tokens, call, and see each other', kPatient, async () => {
  const { ann, ben, room } = await aPair();
  await talk({ ann, ben, room });
  await ben.does('call-end', { conversationId: room }, 'appSocket');
  for (const page of [ann, ben]) {
    assert.equal((await page.heard('call-ended')).endReason, 'hangup');
    await isOver(page, 1);
    assert.deepEqual([await page.count('call-accepted'), await page.count('call-ended'), await page.troubles()], [1, 1, []]);
  }
});

// R-002-08, R-000-53, R-000-54, R-000-55: "our client" is this page
test('a call that outlasts its tokens goes on, and each side renews them', kPatient, async () => {
  const { ann, ben, room } = await aPair();
  const call = await talk({ ann, ben, room });
  for (let minute = 0; minute < 6; minute += 0.5) {
    await advance(server.url, 30_000);
    // The notice and the renewal behind it, before the clock moves on.
    for (const page of [ann, ben])
      await eventually(async () => (await page.runs(() => window.phone.tokens.length)) === (await page.count('call-token-expiring')), 'the renewal');
  }
  for (const page of [ann, ben]) {
    const tokens = await page.runs(() => window.phone.tokens);
    assert.ok(tokens.length >= 2, `${tokens.length} renewals`);
    assert.equal(new Set(tokens.map(({ token }) => token)).size, tokens.length);
    assert.ok(tokens.every(({ channel, expiresIn }) => channel === room && expiresIn === 120));
  }
  await allSee([ann, ben], kAllowed);
  assert.equal((await ann.api('GET', `/api/calls/${call.id}`)).body.data.status, 'connected');
  for (const page of [ann, ben]) assert.deepEqual([await page.count('call-ended'), await page.troubles()], [0, []]);
});

// J-4.1, R-004-76
test('two pages that may use the relay alone see each other through coturn', kPatient, async () => {
  const { ann, ben, room } = await aPair('relay');
  await talk({ ann, ben, room });
  assert.deepEqual([await ann.path(ben), await ben.path(ann)], [['relay', 'relay'], ['relay', 'relay']]);
  for (const page of [ann, ben]) assert.deepEqual(await page.troubles(), []);
});

/** The candidates and errors of a connection that may use this server's relay alone. */
const gather = (page, iceServers) => page.runs((servers) => new Promise((resolve) => {
  const connection = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: 'relay' });
  const gathered = { candidates: [], errors: [] };
  connection.onicecandidateerror = ({ errorCode }) => gathered.errors.push(errorCode);
  connection.onicecandidate = ({ candidate }) => {
    if (candidate) gathered.candidates.push(candidate.type);
    else resolve(gathered);
  };
  connection.createDataChannel('x');
  connection.setLocalDescription();
}), iceServers);

// J-4.1
test('the relay refuses a page whose credential has expired or is forged', kPatient, async () => {
  const page = await anApp();
  const [good] = (await page.api('GET', '/api/ice-servers')).body.data.iceServers;
  const sign = (username, secret = kSecret) => ({ ...good, username, credential: createHmac('sha1', secret).update(username).digest('base64') });
  const [until, user] = good.username.split(':');
  assert.equal(user, page.id);
  assert.deepEqual(await gather(page, [good]), { candidates: ['relay'], errors: [] });
  const wrong = {
    expired: sign(`${Math.floor(Date.now() / 1000) - 5}:${user}`),
    'of another secret': sign(good.username, 'guessed'),
    'with a later end': { ...good, username: `${Number(until) + 600}:${user}` },
    'of another user': { ...good, username: `${until}:somebody` },
  };
  for (const [what, server] of Object.entries(wrong)) {
    const { candidates, errors } = await gather(page, [server]);
    assert.deepEqual([candidates, [...new Set(errors)]], [[], [401]], what);
  }
});
