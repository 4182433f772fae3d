// A user: one stock client that records every event, so that a test may ask for an event before or after it came.
import assert from 'node:assert/strict';
import { io as sio } from 'sio';
import { eventually, within } from './wait.mjs';

export const kServerEvents = [
  'user_registered', 'incoming_call', 'call_answered', 'call_declined', 'call_ended', 'call_timeout', 'call_busy',
  'call_failed', 'ice_candidate', 'force_disconnect', 'logout_success',
];
export const kClientEvents = [
  'register_user', 'make_call', 'answer_call', 'decline_call', 'end_call', 'ice_candidate', 'logout_user',
];

// A real offer is far longer; the tests only check that it arrives unchanged, with its escapes.
export const kOffer = { type: 'offer', sdp: 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=note:"ü€😀\\"\r\n' };
export const kAnswer = { type: 'answer', sdp: 'v=0\r\no=- 3 4 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n' };
export const candidate = (n) => ({ candidate: `candidate:${n} 1 udp 2122260223 192.0.2.1 ${50000 + n} typ host`, sdpMid: '0', sdpMLineIndex: 0 });

const open = new Set();
let serial = 0;
/** A name no other test of this process uses. */
export const aName = (stem) => `${stem}-${process.pid}-${++serial}`;

export function connectUser(url, { name = aName('user'), client = sio, options = {} } = {}) {
  const socket = client(url, { reconnection: false, forceNew: true, transports: ['websocket'], ...options });
  const user = { name, socket, log: [] };
  open.add(user);
  const waiting = new Set();
  const note = (event, payload) => {
    user.log.push([event, payload]);
    for (const check of waiting) check();
  };
  for (const event of [...kServerEvents, 'connect', 'disconnect', 'connect_error']) {
    socket.on(event, (payload) => note(event, payload));
  }
  const taken = new Map();
  const find = (event) => {
    const from = taken.get(event) ?? 0;
    const at = user.log.findIndex(([heard], i) => i >= from && heard === event);
    if (at < 0) return undefined;
    taken.set(event, at + 1);
    return { payload: user.log[at][1] };
  };
  /** The next `event` not yet taken, past or future. */
  user.next = (event, deadline) => {
    const past = find(event);
    if (past) return Promise.resolve(past.payload);
    let check;
    const future = new Promise((resolve) => {
      check = () => {
        const found = find(event);
        if (!found) return;
        waiting.delete(check);
        resolve(found.payload);
      };
      waiting.add(check);
    });
    return within(future, `${event} at ${name}; heard ${JSON.stringify(user.log).slice(0, 600)}`, deadline).finally(() => waiting.delete(check));
  };
  user.all = (event) => user.log.filter(([heard]) => heard === event).map(([, payload]) => payload);
  user.emit = (event, ...payload) => socket.emit(event, ...payload);
  user.register = async () => {
    user.emit('register_user', { userId: name });
    assert.deepEqual(await user.next('user_registered'), { success: true, userId: name });
    return user;
  };
  user.call = (peer, offer = kOffer) => user.emit('make_call', { to: peer.name, from: name, offer });
  user.answer = (peer, answer = kAnswer) => user.emit('answer_call', { to: peer.name, from: name, answer });
  user.decline = (peer) => user.emit('decline_call', { to: peer.name, from: name });
  user.end = (peer) => user.emit('end_call', { to: peer.name, from: name });
  user.ice = (peer, n) => user.emit('ice_candidate', { to: peer.name, from: name, candidate: candidate(n) });
  user.logout = () => user.emit('logout_user', { userId: name });
  /** The network goes away: no DISCONNECT packet, the transport just ends. */
  user.loseTransport = () => socket.io.engine.close();
  user.leave = () => {
    open.delete(user);
    socket.disconnect();
  };
  return user;
}

export async function aUser(url, options) {
  const user = connectUser(url, options);
  await user.next('connect');
  return user.register();
}

export async function aCall(url, options = {}) {
  const caller = await aUser(url, { name: aName('caller'), ...options });
  const callee = await aUser(url, { name: aName('callee'), ...options });
  caller.call(callee);
  assert.deepEqual(await callee.next('incoming_call'), { from: caller.name, offer: kOffer });
  return { caller, callee };
}

export async function aConnectedCall(url, options) {
  const pair = await aCall(url, options);
  pair.callee.answer(pair.caller);
  assert.deepEqual(await pair.caller.next('call_answered'), { from: pair.callee.name, answer: kAnswer });
  return pair;
}

let round = 1000;
/** The pair's call is alive: a candidate goes each way. */
export async function assertTalking({ caller, callee }) {
  for (const [from, to] of [[caller, callee], [callee, caller]]) {
    const n = ++round;
    from.ice(to, n);
    await eventually(() => to.all('ice_candidate').some((heard) => heard?.candidate?.candidate === candidate(n).candidate),
      `a candidate from ${from.name} at ${to.name}`);
  }
}

/** For afterEach: everybody leaves, and the server has noticed. */
export async function everybodyLeaves(server) {
  for (const user of [...open]) user.leave();
  if (server?.url) await eventually(async () => (await server.health()).connectedUsers === 0, 'no users left', 20000);
}
