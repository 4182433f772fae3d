// People with accounts: sign-up, API requests as that user, and native sockets that record the events they get.
import assert from 'node:assert/strict';
import { io } from 'sio';
import { eventually, within } from './wait.mjs';

let people = 0;

/** fetch() that answers { status, headers, body } and never throws on a status. */
export async function ask(url, path, { method = 'GET', token, body, raw, headers = {} } = {}) {
  const sent = body === undefined ? raw : JSON.stringify(body);
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: sent,
  });
  const text = await answer.text();
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = text;
  }
  return { status: answer.status, headers: answer.headers, body: parsed };
}

/** A new account with a token; `post` and `get` speak in its name. */
export async function aPerson(url, { name = `person${process.pid}_${++people}`, password = 'correct horse 1' } = {}) {
  const { status, body, headers } = await ask(url, '/user/sign-up', {
    method: 'POST', body: { username: name, email: `${name.toLowerCase()}@example.com`, password },
  });
  if (status !== 200) throw new Error(`sign-up answered ${status} ${JSON.stringify(body)}`);
  const person = { url, name, password, id: body.id, token: body.token, cookie: headers.get('set-cookie') };
  return withVoice(person);
}

/** The same person from another login: another device, as REST knows devices. */
export async function loggedInAgain(person) {
  const { status, body } = await ask(person.url, '/user/login', {
    method: 'POST', body: { username: person.name, password: person.password },
  });
  if (status !== 200) throw new Error(`login answered ${status} ${JSON.stringify(body)}`);
  return withVoice({ ...person, token: body.token });
}

function withVoice(person) {
  person.get = (path, options = {}) => ask(person.url, path, { token: person.token, ...options });
  person.post = (path, body = {}, options = {}) => ask(person.url, path, { method: 'POST', token: person.token, body, ...options });
  person.calls = (peer, more = {}) => person.post('/api/calls', { recipientId: peer.id, callType: 'video', ...more });
  person.responds = (call, response) => person.post('/api/calls/respond', { callId: call.id, response });
  person.ends = (call) => person.post(`/api/calls/${call.id}/end`);
  person.reads = (call) => person.get(`/api/calls/${call.id}`);
  return person;
}

/** A socket of this person, native unless `auth` says otherwise; `log` has every event with its payload, in order. */
export async function aSocket(person, { auth = {}, ...options } = {}) {
  const socket = io(person.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token: person.token, dialect: 'native', ...auth }, ...options });
  socket.log = [];
  socket.name = person.name;
  socket.onAny((event, payload) => socket.log.push([event, payload]));
  socket.next = (event, test = () => true) =>
    eventually(() => socket.log.find(([name, payload]) => name === event && test(payload))?.[1], `${person.name} hearing ${event}; heard ${JSON.stringify(socket.log.map(([name]) => name))}`);
  socket.all = (event) => socket.log.filter(([name]) => name === event).map(([, payload]) => payload);
  socket.does = (event, payload = {}) => within(socket.emitWithAck(event, payload), `an answer to ${event}`);
  await within(new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  }), 'a connection');
  if (auth.dialect !== 'token') socket.session = await socket.next('session.ready');
  return socket;
}

/** How a handshake ends: 'connect', or the message of connect_error. */
export async function handshake(url, options) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, ...options });
  try {
    return await within(new Promise((resolve) => {
      socket.once('connect', () => resolve('connect'));
      socket.once('connect_error', (error) => resolve(error.message));
    }), 'the handshake');
  } finally {
    socket.disconnect();
  }
}

/** Does it and expects success; answers the `data`. */
export async function done(socket, event, payload) {
  const answer = await socket.does(event, payload);
  assert.equal(answer.success, true, `${event}: ${JSON.stringify(answer)}`);
  return answer.data;
}

export const about = (call) => ({ callId }) => callId === call.id;
export const leave = (...sockets) => sockets.forEach((socket) => socket.disconnect());

/** Two people, each with one socket. */
export async function aPair(url) {
  const [alice, bob] = await Promise.all([aPerson(url), aPerson(url)]);
  const [aliceSocket, bobSocket] = await Promise.all([aSocket(alice), aSocket(bob)]);
  return { alice, bob, aliceSocket, bobSocket };
}

export const advance = (url, ms) => ask(url, '/test/clock/advance', { method: 'POST', body: { ms } });
export const failCommits = (url, times) => ask(url, '/test/faults', { method: 'POST', body: { point: 'store.commit', action: 'fail', times } });
export const failMessages = (url, times) => ask(url, '/test/faults', { method: 'POST', body: { point: 'store.message', action: 'fail', times } });
