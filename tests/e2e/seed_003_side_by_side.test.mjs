// W-01. One script was played on the server of seed 003 and on this one, and the two transcripts compared. This table is our half: what
// each client hears, in order. `there` is what differs on seed 003's own server; none means that it says the same.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance } from './harness/accounts.mjs';
import { gathered, kAnswerText, kOfferText } from './harness/phone.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { aName, aUser, candidate, connectUser, kAnswer, kOffer, kServerEvents } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time'] });

/** A, B and C on a fresh server; `say` puts their real names into a payload and waits for what becomes of it. */
async function aStage(names, { url } = server) {
  const users = {};
  for (const role of names) users[role] = await aUser(url, { name: aName(role) });
  const named = (value) => JSON.parse(JSON.stringify(value), (_, each) => users[each]?.name ?? each);
  const say = (role, event, payload) =>
    new Promise((resolve) => users[role].emit(event, ...(payload === undefined ? [] : [named(payload)]), (answer) => resolve(answer.success)));
  const stage = { users, say };
  stage.call = (from, to, more = { offer: kOffer }) => say(from, 'make_call', { to, from, ...more });
  stage.answer = (from, to, more = { answer: kAnswer }) => say(from, 'answer_call', { to, from, ...more });
  stage.end = (from, to) => say(from, 'end_call', { to, from });
  stage.decline = (from, to) => say(from, 'decline_call', { to, from });
  stage.ice = (from, to, what = candidate(1)) => say(from, 'ice_candidate', { to, from, candidate: what });
  stage.talk = async (caller, callee) => {
    await stage.call(caller, callee);
    await users[callee].next('incoming_call');
    await stage.answer(callee, caller);
    await users[caller].next('call_answered');
  };
  stage.time = (ms) => advance(server.url, ms);
  stage.hears = (role, event) => users[role].next(event);
  stage.lose = async (role) => {
    users[role].loseTransport();
    await eventually(async () => !(await server.users()).includes(users[role].name), 'the loss to be noticed');
  };
  /** A new socket that takes the name of this role; the old one is in `old`. */
  stage.again = async (role, as = role) => {
    const fresh = await aUser(server.url, { name: users[role].name });
    users.old = users[role];
    users[as] = fresh;
  };
  return stage;
}

/** What they heard, with their roles for their names; only what a client may hear of seed 003's server. */
function transcript(users, user) {
  const real = kServerEvents.filter((event) => event !== 'user_registered');
  const role = Object.fromEntries(Object.entries(users).map(([key, { name }]) => [name, key === 'old' ? undefined : key]).filter(([, key]) => key));
  return user.log.filter(([event]) => real.includes(event))
    .map(([event, payload]) => [event, JSON.parse(JSON.stringify(payload), (_, each) => (typeof each === 'string' && role[each]) || each)]);
}

const rings = (from, offer = kOffer) => ['incoming_call', { from, offer }];
const answered = (from, answer = kAnswer) => ['call_answered', { from, answer }];
const ended = (from, reason) => ['call_ended', reason ? { from, reason } : { from }];
const failed = (error, targetUser) => ['call_failed', { error, targetUser }];
const ice = (from, what = candidate(1)) => ['ice_candidate', { from, candidate: what }];
const kBusy = 'You are already in a call';
const kNoCall = 'There is no call between you two';

// [what, what happens, { who: what they hear }, there]
const kTable = [
  ['an object with more members', ({ call }) => call('A', 'B', { offer: { ...kOffer, more: 1 } }), { B: [rings('A', { ...kOffer, more: 1 })] }],
  ['SDP as text', async ({ call, answer }) => { await call('A', 'B', { offer: kOfferText }); await answer('B', 'A', { answer: kAnswerText }); },
    { A: [['call_answered', { from: 'B', answer: kAnswerText, iceCandidates: [] }]], B: [rings('A', kOfferText)] }, 'no iceCandidates, which the phone needs'],
  ['SDP as text with iceCandidates', async ({ call, answer }) => {
    await call('A', 'B', { offer: kOfferText, iceCandidates: gathered(1) });
    await answer('B', 'A', { answer: kAnswerText, iceCandidates: [] });
  }, { A: [['call_answered', { from: 'B', answer: kAnswerText, iceCandidates: [] }]], B: [['incoming_call', { from: 'A', offer: kOfferText, iceCandidates: gathered(1) }]] },
  'the candidates are dropped'],
  ['a candidate as text', async ({ call, ice: send }) => { await call('A', 'B'); await send('A', 'B', 'candidate:1'); }, { B: [rings('A'), ice('A', 'candidate:1')] }],
  ['no candidate', async ({ talk, say }) => { await talk('A', 'B'); await say('A', 'ice_candidate', { to: 'B', from: 'A' }); }, { A: [answered('B')], B: [rings('A'), ice('A', null)] }, 'without the member'],
  ['a caller in a call dials a third', async ({ talk, call }) => { await talk('A', 'B'); await call('A', 'C'); }, { A: [answered('B'), failed(kBusy, 'C')], C: [] }],
  ['dials the same again while it rings', async ({ call }) => { await call('A', 'B'); await call('A', 'B'); }, { A: [], B: [rings('A')] }, 'call_failed'],
  ['dials the same again in the call', async ({ talk, call }) => { await talk('A', 'B'); await call('A', 'B'); }, { A: [answered('B'), failed(kBusy, 'B')], B: [rings('A')] }],
  ['dials nobody', ({ call }) => call('A', 'nobody'), { A: [failed('User not found or offline', 'nobody')] }],
  ['dials oneself', ({ call }) => call('A', 'A'), { A: [failed('Cannot call yourself', 'A')] }, 'rings oneself'],
  ['two dial each other', async ({ call }) => { await call('A', 'B'); await call('B', 'A'); }, { A: [], B: [rings('A'), ['call_busy', { targetUser: 'A' }], rings('A')] }, 'call_failed to the second'],
  ['the callee is in a call', async ({ talk, call }) => { await talk('B', 'C'); await call('A', 'B'); }, { A: [['call_busy', { targetUser: 'B' }]], C: [rings('B')] }],
  ['the callee is rung by another', async ({ call }) => { await call('C', 'B'); await call('A', 'B'); }, { A: [['call_busy', { targetUser: 'B' }]], B: [rings('C')] }],
  ['the callee dials another', async ({ call }) => { await call('B', 'C'); await call('A', 'B'); }, { A: [['call_busy', { targetUser: 'B' }]], B: [] }],
  ['the caller cancels, and the callee answers then', async ({ call, end, answer }) => { await call('A', 'B'); await end('A', 'B'); await answer('B', 'A'); },
    { A: [], B: [rings('A'), ended('A', 'cancelled'), failed('The call is not ringing', 'A')] }, 'no reason; the late answer is passed on'],
  ['the callee ends what rings', async ({ call, end }) => { await call('A', 'B'); await end('B', 'A'); }, { A: [ended('B', 'cancelled')], B: [rings('A')] }, 'no reason'],
  ['the callee declines', async ({ call, decline }) => { await call('A', 'B'); await decline('B', 'A'); }, { A: [['call_declined', { from: 'B' }]], B: [rings('A')] }],
  ['the caller declines the own call, and the callee answers then', async ({ call, decline, answer }) => { await call('A', 'B'); await decline('A', 'B'); await answer('B', 'A'); },
    { A: [], B: [rings('A'), ended('A', 'cancelled'), failed('The call is not ringing', 'A')] },
    'call_declined to the callee, whose late answer is passed on; without it, call_timeout to both at 30 s'],
  ['one declines in the call', async ({ talk, decline }) => { await talk('A', 'B'); await decline('B', 'A'); }, { A: [answered('B'), ended('B')], B: [rings('A')] }, 'call_declined in place of call_ended'],
  ['the caller declines in the call', async ({ talk, decline }) => { await talk('A', 'B'); await decline('A', 'B'); }, { A: [answered('B')], B: [rings('A'), ended('A')] }, 'call_declined in place of call_ended'],
  ['a candidate before the call', async ({ call, ice: send }) => { await send('A', 'B'); await call('A', 'B'); }, { A: [], B: [rings('A'), ice('A')] }, 'passed on before the ring'],
  ['a candidate without any call', ({ ice: send }) => send('A', 'B'), { A: [], B: [] }, 'passed on'],
  ["the callee's candidate before the answer", async ({ call, ice: send, answer }) => { await call('A', 'B'); await send('B', 'A'); await answer('B', 'A'); }, { A: [answered('B'), ice('B')] }, 'passed on at once'],
  ['an answer without a call', ({ answer }) => answer('B', 'A'), { A: [], B: [failed(kNoCall, 'A')] }, 'passed on'],
  ['a second answer', async ({ talk, answer }) => { await talk('A', 'B'); await answer('B', 'A'); }, { A: [answered('B')], B: [rings('A')] }, 'passed on'],
  ['the caller answers in the call', async ({ talk, answer }) => { await talk('A', 'B'); await answer('A', 'B'); }, { A: [answered('B'), failed('Only the other side can do this', 'B')], B: [rings('A')] }, 'passed on'],
  ['an end without any call', async ({ end }) => assert.equal(await end('A', 'B'), false), { A: [], B: [] }, 'call_ended at the other'],
  ['an end by a stranger', async ({ talk, end }) => { await talk('A', 'B'); await end('C', 'A'); }, { A: [answered('B')], B: [rings('A')], C: [] }, 'call_ended from the stranger to the one they name, and to nobody else'],
  ['a forged from', ({ say }) => say('C', 'make_call', { to: 'B', from: 'A', offer: kOffer }), { B: [], C: [failed("Field 'from' is not the user registered on this connection", 'B')] }, 'obeyed'],
  ['no from', ({ say }) => say('A', 'make_call', { to: 'B', offer: kOffer }), { B: [rings('A')] }, 'rings with no from'],
  ['no offer', ({ say }) => say('A', 'make_call', { to: 'B', from: 'A' }), { A: [failed("Field 'offer' is missing", 'B')], B: [] }, 'rings'],
  ['the caller disconnects while it rings', async ({ call, users }) => { await call('A', 'B'); users.A.socket.disconnect(); }, { B: [rings('A'), ended('A', 'disconnected')] }],
  ['the callee disconnects while it rings', async ({ call, users }) => { await call('A', 'B'); users.B.socket.disconnect(); }, { A: [ended('B', 'disconnected')] }],
  ['one disconnects in a call', async ({ talk, users }) => { await talk('A', 'B'); users.B.socket.disconnect(); }, { A: [answered('B'), ended('B', 'disconnected')] }],
  ['one is lost in a call', async ({ talk, lose, time }) => {
    await talk('A', 'B');
    await lose('B');
    await time(3_000);
  }, { A: [answered('B'), ended('B', 'disconnected')] }, 'at once'],
  ['one who is left behind in a call dials a third within 3 s, who dials back, and again after them', async ({ talk, call, time, hears, lose }) => {
    await talk('A', 'B');
    await lose('B');
    await call('A', 'C');
    await call('C', 'A');
    await time(3_000);
    await hears('A', 'call_ended');
    await call('A', 'C');
  }, { A: [answered('B'), failed(kBusy, 'C'), ended('B', 'disconnected')], C: [['call_busy', { targetUser: 'A' }], rings('A')] }, 'the end at once and the first call rings; the two others get call_failed'],
  ['a second login of one who is idle', async ({ again, users }) => { await again('A'); await users.old.next('disconnect'); }, { A: [], old: [['force_disconnect', { reason: 'New login detected' }]] }],
  ['a second login of a callee who is rung', async ({ call, again, answer }) => { await call('A', 'B'); await again('B'); await answer('B', 'A'); }, { A: [answered('B')], B: [rings('A')] }, 'call_ended disconnected to the caller; the new page is not rung; its answer is passed on'],
  ['a logout in a call', async ({ talk, say }) => { await talk('A', 'B'); await say('B', 'logout_user', { userId: 'B' }); }, { A: [answered('B'), ended('B', 'logged out')], B: [rings('A'), ['logout_success', { userId: 'B' }]] }],
  ['a page that cleans up behind its logout', async ({ talk, say, end, decline, ice: send }) => {
    await talk('A', 'B');
    await say('A', 'logout_user', { userId: 'A' });
    await end('A', 'B');
    await decline('A', 'B');
    await send('A', 'B');
    await say('A', 'logout_user', { userId: 'A' });
  }, { A: [answered('B'), ['logout_success', { userId: 'A' }]], B: [rings('A'), ended('A', 'logged out')] }, 'each but the second logout is passed on'],
  ['a logout of somebody else', ({ say }) => say('C', 'logout_user', { userId: 'A' }), { A: [], C: [failed("Field 'userId' is not the user registered on this connection", 'A')] }, 'obeyed'],
  ['the same name again on one socket', ({ say }) => say('A', 'register_user', { userId: 'A' }), { A: [] }, 'disconnects itself'],
  ['no answer for 30 s, and one then', async ({ call, time, answer, hears }) => { await call('A', 'B'); await time(30_000); await hears('B', 'call_ended'); await answer('B', 'A'); },
    { A: [['call_timeout', { user: 'B' }]], B: [rings('A'), ['call_timeout', { user: 'A' }], ended('A', 'timeout'), failed('The call is not ringing', 'A')] }, 'no call_ended; the late answer is passed on'],
  ['both end, and one of them twice', async ({ talk, end }) => { await talk('A', 'B'); await end('A', 'B'); await end('A', 'B'); await end('B', 'A'); }, { A: [answered('B')], B: [rings('A'), ended('A')] }, 'call_ended each time'],
  ['a late candidate to who was the peer', async ({ talk, end, ice: send }) => { await talk('A', 'B'); await end('A', 'B'); await send('B', 'A'); }, { A: [answered('B')], B: [rings('A'), ended('A')] }, 'passed on'],
  ['a page that is lost in a call and registers anew', async ({ talk, lose, again, ice: send }) => {
    await talk('A', 'B');
    await lose('B');
    await again('B');
    await send('B', 'A');
  }, { A: [answered('B'), ice('B')], B: [] }, 'call_ended disconnected to the peer at once'],
  ['a page that is loaded again in a call and dials a third', async ({ talk, call, again, lose }) => {
    await talk('A', 'B');
    await lose('B');
    await again('B');
    await call('B', 'C');
  }, { A: [answered('B'), ended('B')], B: [], C: [rings('B')] }, 'call_ended disconnected to the peer at the loss'],
  ['a page that is loaded again while it dials, and dials a third', async ({ call, again, lose }) => {
    await call('A', 'B');
    await lose('A');
    await again('A');
    await call('A', 'C');
  }, { A: [], B: [rings('A'), ended('A', 'cancelled')], C: [rings('A')] }, 'call_ended disconnected to the callee at the loss'],
];

for (const [what, play, heard, there = 'the same'] of kTable) {
  test(`${what} (there: ${there})`, async () => {
    const stage = await aStage(['A', 'B', 'C']);
    await play(stage);
    const { users } = stage;
    const words = (role) => JSON.stringify(transcript(users, users[role]));
    for (const [role, wanted] of Object.entries(heard)) {
      await eventually(() => transcript(users, users[role]).length >= wanted.length, `what ${role} hears; heard ${words(role)}`);
    }
    // An acknowledgement comes behind whatever was sent before it.
    for (let round = 0; round < 3; ++round) {
      for (const role of ['A', 'B', 'C']) if (users[role].socket.connected) await stage.say(role, 'nothing');
    }
    for (const [role, wanted] of Object.entries(heard)) assert.deepEqual(transcript(users, users[role]), wanted, role);
    for (const user of Object.values(users)) user.leave();
  });
}

// --- what is no transcript of events ----------------------------------------------------------------------------------

test('GET / counts calls (there: registered users, and more), and a browser is sent to the demo page', async () => {
  const fresh = await startServer();
  const stage = await aStage(['A', 'B'], fresh);
  const { activeCalls, connectedUsers } = await fresh.health();
  assert.deepEqual([activeCalls, connectedUsers], [0, 2]);
  await stage.talk('A', 'B');
  assert.equal((await fresh.health()).activeCalls, 1);
  const page = await fetch(fresh.url, { headers: { accept: 'text/html' }, redirect: 'manual' });
  assert.equal(page.status, 302);
  for (const user of Object.values(stage.users)) user.leave();
  await fresh.stop();
});

test('names keep what they may hold, and others are refused (there: any value)', async () => {
  for (const [userId, name] of [['al<i>ce!', 'alice'], ['a b', 'ab'], ['a.b@c.de', 'abcde'], ['+49 30 1', '49301'], ['Ünï', 'n'], ['', undefined], ['x'.repeat(70), undefined], [7, undefined]]) {
    const user = connectUser(server.url);
    await user.next('connect');
    user.emit('register_user', { userId });
    const { success, userId: registered } = await user.next('user_registered');
    assert.deepEqual([success, registered], name ? [true, name] : [false, '']);
    user.leave();
  }
});

test('a name arrives as it was cleaned, also for who is called by what it was (there: as it was)', async () => {
  const [alice, bob] = [connectUser(server.url, { name: aName('al.ice') }), connectUser(server.url, { name: aName('b o b') })];
  for (const user of [alice, bob]) {
    await user.next('connect');
    user.emit('register_user', { userId: user.name });
    assert.equal((await user.next('user_registered')).success, true);
  }
  alice.call(bob);
  assert.equal((await bob.next('incoming_call')).from, alice.name.replace('.', ''));
  bob.answer(alice);
  assert.equal((await alice.next('call_answered')).from, bob.name.replaceAll(' ', ''));
  for (const user of [alice, bob]) user.leave();
});

test('a credential is checked with --dev too (there: it is not read)', async () => {
  for (const options of [{ auth: { token: 'x' } }, { auth: { token: '' } }, { extraHeaders: { authorization: 'Bearer x' } }]) {
    const user = connectUser(server.url, { options });
    assert.equal((await user.next('connect_error')).message, 'Authentication error', JSON.stringify(options));
    user.leave();
  }
  for (const options of [{ auth: { token: null } }, { auth: { userId: 'x', room: 'r' } }, { query: { token: 'x' } }]) {
    const user = await aUser(server.url, { options });
    user.leave();
  }
});

test('malformed payloads are refused in words (there: none at all and null end the process), and nobody else notices', async () => {
  const stage = await aStage(['A', 'B']);
  await stage.talk('A', 'B');
  const user = await aUser(server.url);
  for (const event of ['make_call', 'answer_call', 'decline_call', 'end_call', 'ice_candidate', 'logout_user']) {
    for (const payload of [undefined, null, [], 'text', 7, {}, { to: null }, { to: { to: 'A' } }]) {
      user.emit(event, ...(payload === undefined ? [] : [payload]));
      assert.ok((await user.next('call_failed')).error.length > 0, `${event} ${JSON.stringify(payload)}`);
    }
  }
  await stage.ice('A', 'B', candidate(7));
  assert.deepEqual(await stage.hears('B', 'ice_candidate'), { from: stage.users.A.name, candidate: candidate(7) });
  for (const each of [user, ...Object.values(stage.users)]) each.leave();
});

test('an unknown event is no concern of the others (there: the same)', async () => {
  const { users, say } = await aStage(['A', 'B']);
  assert.equal(await say('A', 'call_me_maybe', { to: 'B' }), false);
  assert.deepEqual([transcript(users, users.A), transcript(users, users.B)], [[], []]);
  for (const user of Object.values(users)) user.leave();
});
