// Seed 000's app, played with the stock client: it fetches a token, joins its media, and starts the call of a conversation by
// `call-started`. It asks for no acknowledgements of its own; the tests do, to read what the server decided.
import assert from 'node:assert/strict';
import { io } from 'sio';
import { aPerson, ask, done, leave } from './accounts.mjs';
import { anAdmin } from './operators.mjs';
import { eventually, within } from './wait.mjs';

export const kTime = { timeout: 60_000 };
export const kHeard = ['incoming-call', 'call-accepted', 'call-connected', 'call-rejected', 'call-busy', 'call-timeout', 'call-cancelled', 'call-ended', 'call-end'];
/** The whole server serves this app: a socket that names no dialect speaks `token` (W-000-05). */
export const kForTheApp = { args: ['--virtual-time', '--default-dialect', 'token'] };

/** A socket as the app opens it: its credential bare in the header `token` (W-000-04). */
export async function anApp(person, options = {}) {
  const app = io(person.url, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: { token: person.token }, ...options });
  app.log = [];
  app.name = person.name;
  app.onAny((event, payload) => app.log.push([event, payload]));
  app.next = (event, fits = () => true) =>
    eventually(() => app.log.find(([name, payload]) => name === event && fits(payload))?.[1], `${app.name} hearing ${event}; heard ${JSON.stringify(app.log)}`);
  app.all = (event) => app.log.filter(([name]) => name === event).map(([, payload]) => payload);
  app.does = (event, payload = {}) => within(app.emitWithAck(event, payload), `an answer to ${event}`);
  await within(new Promise((resolve, reject) => {
    app.once('connect', resolve);
    app.once('connect_error', reject);
  }), 'a connection');
  return app;
}

/** What closes the app's dialog for good (J-5.5). */
export const outcomes = (app) => app.log.filter(([event, { callId, final, elsewhere } = {}]) =>
  ['call-timeout', 'call-cancelled', 'call-ended'].includes(event) || (event === 'call-rejected' && final && !elsewhere) || (event === 'call-busy' && !callId));

/** Ann, with ben and whom else the test wants, each with the app, and the conversation of all. */
export async function aCrew(url, others = 1) {
  const people = await Promise.all(Array.from({ length: others + 1 }, () => aPerson(url)));
  for (const person of people) person.app = await anApp(person);
  const [ann, ...rest] = people;
  const request = others === 1 ? { kind: 'direct', userId: rest[0].id } : { kind: 'group', memberIds: rest.map(({ id }) => id) };
  const { body } = await ann.post('/api/conversations', request);
  return { people, ann, rest, room: body.data.id, gone: () => leave(...people.map(({ app }) => app)) };
}

/** Token, media (elsewhere), call. */
export async function fetchesToken({ get }, room) {
  const { status } = await get(`/api/call/token?conversationId=${room}`);
  assert.equal(status, 200);
}
export async function starts(person, room, more = {}) {
  await fetchesToken(person, room);
  return done(person.app, 'call-started', { conversationId: room, ...more });
}
export async function connected(crew) {
  const call = await starts(crew.ann, crew.room);
  await crew.rest[0].app.next('incoming-call');
  await done(crew.rest[0].app, 'call-accept', { conversationId: crew.room });
  await crew.ann.app.next('call-accepted');
  return call;
}

export async function refused(app, event, payload, code) {
  const before = app.all('io-error').length;
  const answer = await app.does(event, payload);
  assert.deepEqual([answer.success, answer.error?.code], [false, code], JSON.stringify(answer));
  await eventually(() => app.all('io-error').length === before + 1, 'an io-error');
  const { success, message, timestamp } = app.all('io-error').at(-1);
  assert.deepEqual([success, message], [false, answer.error.message]);
  assert.ok(!Number.isNaN(Date.parse(timestamp)));
  return answer;
}

/** Answers what an operator reads of the call that rings in a conversation; NOT_FOUND: none does. */
export function pendingCallsOf(server) {
  let admin;
  return async (room) => {
    if (!admin) {
      const { name, password } = await anAdmin(['--data', server.data]);
      admin = (await ask(server.url, '/user/login', { method: 'POST', body: { username: name, password } })).body.token;
    }
    const { status, body } = await ask(server.url, `/api/admin/calls/pending/${room}`, { token: admin });
    return status === 404 ? body.error.code : body.data;
  };
}
