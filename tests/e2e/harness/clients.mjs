// One client of each dialect behind one interface, for tests of calls between any two of them: what each does to ring, answer, decline,
// cancel and end, and what it hears then (SPEC K55).
import { aSocket, advance, ask, done, leave } from './accounts.mjs';
import { aPage, kCallEvents } from './chat_page.mjs';
import { connectUser, kAnswer, kOffer, kServerEvents } from './user.mjs';
import { eventually } from './wait.mjs';

// Media goes by a provider in seed 000's app, so it has no descriptions; a client of seed 003 waits two seconds for one.
export const kWait = 2000;

const kPair = ['call-ended', 'end-call'];
/** What the caller and the callee hear of a call, in order. */
export const kHears = {
  native: {
    caller: { answered: ['call.accepted'], declined: ['call.rejected'], cancelled: ['call.cancelled'], timeout: ['call.missed'], ended: ['call.ended'], own: ['call.ended'] },
    callee: { ring: ['call.incoming'], answered: [], declined: [], cancelled: ['call.cancelled'], timeout: ['call.missed'], ended: ['call.ended'], own: ['call.ended'], elsewhere: ['call.answered_elsewhere'] },
  },
  signaling: {
    caller: { answered: ['call_answered'], declined: ['call_declined'], cancelled: [], timeout: ['call_timeout'], ended: ['call_ended'], own: [] },
    callee: { ring: ['incoming_call'], answered: [], declined: [], cancelled: ['call_ended'], timeout: ['call_timeout', 'call_ended'], ended: ['call_ended'], own: [], elsewhere: ['call_ended'] },
  },
  token: {
    caller: { answered: ['call-accepted'], declined: ['call-rejected'], cancelled: ['call-cancelled'], timeout: ['call-timeout'], ended: ['call-ended'], own: ['call-ended'] },
    callee: { ring: ['incoming-call'], answered: [], declined: [], cancelled: ['call-cancelled'], timeout: ['call-timeout'], ended: ['call-ended'], own: ['call-ended'], elsewhere: ['call-accepted'] },
  },
  chat: {
    caller: { answered: ['call-answered'], declined: ['call-rejected'], cancelled: [], timeout: ['call-timeout'], ended: kPair, own: [] },
    callee: { ring: ['incoming-call'], answered: [], declined: [], cancelled: kPair, timeout: kPair, ended: kPair, own: [], elsewhere: kPair },
  },
};
export const kDialects = Object.keys(kHears);

const kNotCounted = {
  native: ['call.progress', 'call.snapshot', 'call.updated', 'call.peer_state', 'call.signal'],
  signaling: ['user_registered', 'ice_candidate'],
  token: ['call-progress', 'call-peer', 'call-connected', 'call-end'],
  chat: ['ice-candidate', 'chat-error'],
};
const kCounted = {
  native: (event) => event.startsWith('call.'),
  signaling: (event) => kServerEvents.includes(event),
  token: (event) => /^(incoming-)?call(-|$)/.test(event),
  chat: (event) => kCallEvents.includes(event),
};

/** The events about calls since the mark, in order; those that the table does not count are left out. */
const heard = (dialect, log, from) =>
  log.slice(from).map(([event]) => event).filter((event) => kCounted[dialect](event) && !kNotCounted[dialect].includes(event));

const kOpen = {
  native: async (person) => aSocket(person),
  token: async (person) => aSocket(person, { auth: { dialect: 'token' } }),
  chat: async (person) => aPage(person),
  signaling: async (person) => {
    const user = connectUser(person.url, { name: person.name, options: { auth: { token: person.token } } });
    await user.next('connect');
    return user.register();
  },
};

/** `to`: whom it talks to; `room`: their conversation; `call()`: the id of their call. */
const kActs = {
  native: {
    rings: (socket, { to }) => done(socket, 'call.start', { recipientId: to.id, callType: 'video', offer: kOffer }),
    answers: async (socket, { call }) => done(socket, 'call.accept', { callId: await call(), answer: kAnswer }),
    declines: async (socket, { call }) => done(socket, 'call.reject', { callId: await call() }),
    cancels: async (socket, { call }) => done(socket, 'call.cancel', { callId: await call() }),
    ends: async (socket, { call }) => done(socket, 'call.end', { callId: await call() }),
  },
  signaling: {
    rings: (user, { to }) => user.call(to),
    answers: (user, { to }) => user.answer(to),
    declines: (user, { to }) => user.decline(to),
    cancels: (user, { to }) => user.end(to),
    ends: (user, { to }) => user.end(to),
  },
  token: {
    rings: async (socket, { me, room }) => {
      await ask(me.url, `/api/call/token?conversationId=${room}`, { token: me.token });
      return done(socket, 'call-started', { conversationId: room });
    },
    answers: async (socket, { call }) => done(socket, 'call-accept', { callId: await call() }),
    declines: async (socket, { call }) => done(socket, 'call-reject', { callId: await call() }),
    cancels: async (socket, { call }) => done(socket, 'call-cancel', { callId: await call() }),
    ends: async (socket, { call }) => done(socket, 'call-end', { callId: await call() }),
  },
  chat: {
    rings: (page, { me, to }) => page.emit('call-user', { to: to.id, from: me.id, signal: kOffer }),
    answers: (page, { me, to }) => page.emit('answer-call', { to: to.id, from: me.id, signal: kAnswer }),
    declines: (page, { me, to }) => page.emit('call-rejected', { to: to.id, from: me.id }),
    cancels: (page, { me, to }) => page.emit('end-call', { to: to.id, from: me.id }),
    ends: (page, { me, to }) => page.emit('end-call', { to: to.id, from: me.id }),
  },
};

const kTrickles = {
  native: async (socket, { call }, one) => done(socket, 'call.signal', { callId: await call(), kind: 'candidate', payload: one }),
  signaling: (user, { to }, one) => user.emit('ice_candidate', { to: to.name, from: user.name, candidate: one }),
  chat: (page, { me, to }, one) => page.emit('ice-candidate', { to: to.id, from: me.id, candidate: one }),
};

/** A client of `me` for calls with `to`, in their direct conversation `room`. */
export async function aClient(dialect, me, to, room) {
  const socket = await kOpen[dialect](me);
  const call = () => eventually(async () => (await me.get('/api/calls/active')).body.data.calls[0]?.id, `a call of ${me.name}`);
  const about = { me, to, room, call };
  let mark = 0;
  const client = { dialect, name: me.name, log: socket.log, hears: kHears[dialect] };
  for (const [what, act] of Object.entries(kActs[dialect])) client[what] = () => act(socket, about);
  client.begin = () => (mark = socket.log.length);
  client.heard = () => heard(dialect, socket.log, mark);
  /** The event last heard by this name, since the mark. */
  client.payload = (event) => socket.log.slice(mark).findLast(([name]) => name === event)?.[1];
  /** Trickled by this client, and those it got since the mark. */
  client.trickles = (one) => kTrickles[dialect]?.(socket, about, one);
  client.candidates = () => socket.log.slice(mark).flatMap(([event, payload]) => {
    if (event === 'call.signal') return payload.kind === 'candidate' ? [payload.payload] : [];
    return ['ice_candidate', 'ice-candidate'].includes(event) ? [payload.candidate] : [];
  });
  client.leave = () => (socket.leave ? socket.leave() : leave(socket));
  return client;
}

/** The pair's clients hear exactly this, in this order, each once. A wait for a description is over when its clock has passed. */
export async function hears(url, client, events) {
  const all = () => events.every((event) => client.heard().includes(event));
  if (client.dialect === 'signaling' && !all()) await advance(url, kWait);
  await eventually(all, `${events} at the ${client.dialect} client; heard ${JSON.stringify(client.heard())}`);
}
