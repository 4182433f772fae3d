// A stage for three users of seed 003's dialect, and the transcript of what each of them heard. The three are clients of one kind:
// a kind is how a client connects, and how it writes a description.
import assert from 'node:assert/strict';
import { advance } from './accounts.mjs';
import { gathered, kAnswerText, kOfferText } from './phone.mjs';
import { aName, aUser, candidate, kAnswer, kOffer, kServerEvents } from './user.mjs';
import { eventually } from './wait.mjs';

// The published client (harness/phone.mjs) polls first and writes text with candidates beside it, the pages of the seed's README write objects.
export const kKinds = {
  pages: { connects: { transports: ['websocket'] }, offer: { offer: kOffer }, answer: { answer: kAnswer } },
  phones: {
    connects: { transports: ['polling', 'websocket'] },
    offer: { offer: kOfferText, iceCandidates: gathered(1, 2) },
    answer: { answer: kAnswerText, iceCandidates: gathered(3) },
  },
  'pages that poll': { connects: { transports: ['polling'] }, offer: { offer: kOffer }, answer: { answer: kAnswer } },
};

/** A payload as clients of this kind write it: kOffer and kAnswer stand for whatever they write. */
function written(kind, payload) {
  if (payload?.offer === kOffer) return { ...payload, ...kind.offer };
  if (payload?.answer === kAnswer) return { ...payload, ...kind.answer };
  return payload;
}

/** A, B and C on this server; `say` puts their real names into a payload and waits for what becomes of it. */
export async function aStage(names, { url, users: connected }, kind = kKinds.pages) {
  const users = {};
  for (const role of names) users[role] = await aUser(url, { name: aName(role), options: kind.connects });
  const named = (value) => JSON.parse(JSON.stringify(written(kind, value)), (_, each) => users[each]?.name ?? each);
  const args = (payload) => (payload === undefined ? [] : [named(payload)]);
  const stage = { users, url };
  /** As the published client does it: no acknowledgement. */
  stage.emit = (role, event, payload) => users[role].emit(event, ...args(payload));
  stage.ask = (role, event, payload) => new Promise((resolve) => users[role].emit(event, ...args(payload), resolve));
  stage.say = async (role, event, payload) => (await stage.ask(role, event, payload)).success;
  stage.call = (from, to, more = { offer: kOffer }) => stage.say(from, 'make_call', { to, from, ...more });
  stage.answer = (from, to, more = { answer: kAnswer }) => stage.say(from, 'answer_call', { to, from, ...more });
  stage.end = (from, to) => stage.say(from, 'end_call', { to, from });
  stage.decline = (from, to) => stage.say(from, 'decline_call', { to, from });
  stage.logout = (from) => stage.say(from, 'logout_user', { userId: from });
  stage.ice = (from, to, what = candidate(1)) => stage.say(from, 'ice_candidate', { to, from, candidate: what });
  stage.hears = (role, event) => users[role].next(event);
  stage.talk = async (caller, callee) => {
    await stage.call(caller, callee);
    await stage.hears(callee, 'incoming_call');
    await stage.answer(callee, caller);
    await stage.hears(caller, 'call_answered');
  };
  stage.time = (ms) => advance(url, ms);
  /** They hear it when this time is over, and no millisecond sooner. */
  stage.onlyAfter = async (ms, role, event) => {
    await stage.time(ms - 1);
    await stage.settle();
    assert.deepEqual(users[role].all(event), [], `${event} before ${ms} ms`);
    await stage.time(1);
    await stage.hears(role, event);
  };
  stage.lose = async (role) => {
    users[role].loseTransport();
    await eventually(async () => !(await connected()).includes(users[role].name), 'the loss to be noticed');
  };
  /** A new socket that takes the name of this role; the old one is in `old`. */
  stage.again = async (role) => {
    const fresh = await aUser(url, { name: users[role].name, options: kind.connects });
    users.old = users[role];
    users[role] = fresh;
  };
  /** What was sent to them before has come by then: an acknowledgement comes behind it. */
  stage.settle = async () => {
    for (let round = 0; round < 3; ++round) {
      for (const role of names) if (users[role].socket.connected) await stage.say(role, 'nothing');
    }
  };
  stage.leave = () => Object.values(users).forEach((user) => user.leave());
  return stage;
}

/** What they should hear, written as clients of this kind write it. */
export const expected = (kind, heard) => heard.map(([event, payload]) => [event, written(kind, payload)]);

/** What this user heard, with their roles for their names; only what a client may hear of seed 003's server. */
export function transcript({ users }, user) {
  const real = kServerEvents.filter((event) => event !== 'user_registered');
  const role = Object.fromEntries(Object.entries(users).filter(([key]) => key !== 'old').map(([key, { name }]) => [name, key]));
  return user.log.filter(([event]) => real.includes(event))
    .map(([event, payload]) => [event, JSON.parse(JSON.stringify(payload), (_, each) => (typeof each === 'string' && role[each]) || each)]);
}
