// A page that calls: the stock client's bundle and RTCPeerConnection, none of our code. Signals go by `call.signal` of a native
// socket; an app of the token dialect opens its own socket beside it, both with the same `auth.deviceId`. The page has a connection
// to each of the others: who is in the call offers to who joins (S6).
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { aPerson } from './accounts.mjs';
import { eventually, within } from './wait.mjs';

const kBundle = join(dirname(createRequire(import.meta.url).resolve('sio/package.json')), 'dist', 'socket.io.min.js');
/** Small and slow, since all pages of a test share the machine's cores. */
const kMedia = { audio: true, video: { width: 160, height: 120, frameRate: 10 } };

/** Runs in the page. */
function thePhone(media) {
  const phone = { log: [], troubles: [], tokens: [], peers: new Map(), iceServers: [], iceTransportPolicy: 'all' };
  window.phone = phone;
  const note = (error) => phone.troubles.push(String(error?.message ?? error));

  phone.fetch = async (method, path, body) => {
    const answer = await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };
  phone.open = (auth) => new Promise((resolve, reject) => {
    const socket = window.io({ transports: ['websocket'], forceNew: true, auth });
    socket.onAny((event, payload) => phone.log.push([event, payload]));
    socket.on('connect_error', (error) => reject(new Error(error.message)));
    socket.on('connect', () => resolve(socket));
  });
  /** Its signals; with `calls` also who comes and goes. */
  phone.native = async (auth, { calls }) => {
    const socket = await phone.open({ ...auth, dialect: 'native' });
    phone.socket = socket;
    socket.on('call.signal', (signal) => phone.queue(signal.from, () => phone.take(signal)));
    if (!calls) return;
    socket.on('call.accepted', ({ by, callId }) => { if (by.userId !== phone.me) phone.offers(by.userId, callId); });
    socket.on('call.peer_state', ({ state, userId, callId }) => {
      if (state === 'joined') phone.offers(userId, callId);
      if (state === 'left') phone.parts(userId);
    });
    socket.on('call.ended', phone.hangUp);
  };
  phone.app = async (auth) => {
    phone.appSocket = await phone.open({ ...auth, dialect: 'token' });
    phone.appSocket.on('call-accepted', ({ userId, callId }) => { if (userId !== phone.me) phone.offers(userId, callId); });
    phone.appSocket.on('call-ended', phone.hangUp);
    phone.appSocket.on('call-token-expiring', async ({ callId }) => {
      const { success, data, error } = await phone.appSocket.emitWithAck('call-token', { callId });
      if (success) phone.tokens.push(data);
      else note(`call-token: ${error.code}`);
    });
  };

  phone.openMedia = async () => { phone.media = await navigator.mediaDevices.getUserMedia(media); };
  phone.peer = (userId) => {
    if (phone.peers.has(userId)) return phone.peers.get(userId);
    const peer = { connection: new RTCPeerConnection({ iceServers: phone.iceServers, iceTransportPolicy: phone.iceTransportPolicy }), remote: [], work: Promise.resolve() };
    phone.peers.set(userId, peer);
    for (const track of phone.media.getTracks()) peer.connection.addTrack(track, phone.media);
    peer.connection.ontrack = ({ track }) => peer.remote.push(track);
    peer.connection.onicecandidate = ({ candidate }) => { if (candidate) phone.signal(userId, 'candidate', candidate.toJSON()); };
    return peer;
  };
  /** One after the other for each peer, in the order in which they came. */
  phone.queue = (userId, work) => {
    const peer = phone.peer(userId);
    peer.work = peer.work.then(work).catch(note);
  };
  phone.signal = async (toUserId, kind, payload) => {
    const { success, error } = await phone.socket.emitWithAck('call.signal', { callId: phone.callId, toUserId, kind, payload });
    if (!success) note(`${kind}: ${error.code}`);
  };
  phone.describe = async (userId, kind) => {
    const { connection } = phone.peer(userId);
    await connection.setLocalDescription();
    await phone.signal(userId, kind, connection.localDescription.toJSON());
  };
  phone.offers = (userId, callId) => {
    phone.callId = callId;
    phone.queue(userId, () => phone.describe(userId, 'offer'));
  };
  phone.take = async ({ callId, from, kind, payload }) => {
    const { connection } = phone.peer(from);
    phone.callId = callId;
    if (kind === 'candidate') return connection.addIceCandidate(payload);
    if (kind === 'candidates_end') return undefined;
    await connection.setRemoteDescription(payload);
    if (kind === 'offer') await phone.describe(from, 'answer');
  };
  phone.parts = (userId) => {
    phone.peers.get(userId)?.connection.close();
    phone.peers.get(userId)?.remote.forEach((track) => track.stop());
  };
  phone.hangUp = () => {
    for (const userId of phone.peers.keys()) phone.parts(userId);
    phone.media?.getTracks().forEach((track) => track.stop());
  };

  /** Of all pictures: the web client's screen has one of its own, of which only padding comes as long as none is shown. */
  phone.frames = async (userId) => {
    const stats = await phone.peers.get(userId)?.connection.getStats();
    const pictures = [...(stats?.values() ?? [])].filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    return pictures.reduce((sum, { framesDecoded = 0 }) => sum + framesDecoded, 0);
  };
  /** What kind of candidates the connection runs over, here and there. */
  phone.path = async (userId) => {
    const stats = await phone.peers.get(userId).connection.getStats();
    const transport = [...stats.values()].find(({ type }) => type === 'transport');
    const pair = stats.get(transport?.selectedCandidatePairId);
    return [stats.get(pair?.localCandidateId)?.candidateType, stats.get(pair?.remoteCandidateId)?.candidateType];
  };
  phone.states = () => ({
    own: phone.media.getTracks().map(({ readyState }) => readyState),
    others: [...phone.peers.values()].flatMap(({ remote }) => remote.map(({ readyState }) => readyState)),
    connections: [...phone.peers.values()].map(({ connection }) => connection.signalingState),
  });
}

/** Somebody new who has logged in, in a page of the server's own origin. */
export async function aCaller(browser, url) {
  const { name, password } = await aPerson(url);
  const context = await browser.newContext({ permissions: ['camera', 'microphone'], bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${url}/healthz`);
  await page.addScriptTag({ path: kBundle });
  await page.evaluate(thePhone, kMedia);
  const caller = { name, runs: (what, argument) => page.evaluate(what, argument), script: (path) => page.addScriptTag({ path }), leave: () => context.close() };
  caller.api = (method, path, body) => caller.runs((all) => window.phone.fetch(...all), [method, path, body]);
  /** By the native socket, or `appSocket`. Expects success; answers the `data`. */
  caller.does = async (event, payload, socket = 'socket') => {
    const asked = caller.runs(([which, ...all]) => window.phone[which].emitWithAck(...all), [socket, event, payload]);
    const { success, data, error } = await within(asked, `an answer to ${event} at ${name}`);
    assert.ok(success, `${event}: ${JSON.stringify(error)}`);
    return data;
  };
  caller.heard = (event) => eventually(
    () => caller.runs((wanted) => window.phone.log.find(([each]) => each === wanted)?.[1], event), `${event} at ${name}`);
  caller.count = (event) => caller.runs((wanted) => window.phone.log.filter(([each]) => each === wanted).length, event);
  caller.frames = (other) => caller.runs((id) => window.phone.frames(id), other.id);
  caller.path = (other) => caller.runs((id) => window.phone.path(id), other.id);
  caller.states = () => caller.runs(() => window.phone.states());
  caller.troubles = () => caller.runs(() => window.phone.troubles);
  const { status, body } = await caller.api('POST', '/user/login', { username: name, password });
  assert.equal(status, 200, JSON.stringify(body));
  caller.auth = { token: body.token, deviceId: `${name}-page` };
  caller.id = body.id;
  await caller.runs((id) => { window.phone.me = id; }, body.id);
  return caller;
}

/** The video of each of the others is decoded at each of them, and goes on. */
export async function allSee(callers, deadline) {
  await Promise.all(callers.flatMap((caller) => callers.filter((other) => other !== caller).map(async (other) => {
    const first = await eventually(() => caller.frames(other), `a picture of ${other.name} at ${caller.name}`, deadline);
    await eventually(async () => (await caller.frames(other)) > first, `framesDecoded of ${other.name} to rise at ${caller.name}`, deadline);
  })));
}

/** Its own tracks and those of `others` have stopped, and all connections are closed. */
export const isOver = (caller, others) => eventually(async () => {
  const { own, others: remote, connections } = await caller.states();
  return own.length === 2 && remote.length === 2 * others && connections.length === others &&
    [...own, ...remote].every((state) => state === 'ended') && connections.every((state) => state === 'closed');
}, `all tracks at ${caller.name} to stop`);
