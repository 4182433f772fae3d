// W-01. One script was played on the server of seed 003 and on this one, and the two transcripts compared. This table is our half: what
// each client hears, in order. `there` is what differs on seed 003's own server; none means that it says the same. Each row is played
// by pages, which write descriptions as objects, and by phones, which write text with candidates beside it (harness/transcripts.mjs).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import timers from 'node:timers';
import vm from 'node:vm';
import v2 from 'sio2';
import { WebSocket } from 'ws';
import { gathered, kAnswerText, kOfferText } from './harness/phone.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { aStage, expected, kKinds, transcript } from './harness/transcripts.mjs';
import { aName, aUser, candidate, connectUser, kAnswer, kOffer } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time'] });

const rings = (from, offer = kOffer) => ['incoming_call', { from, offer }];
const answered = (from, answer = kAnswer) => ['call_answered', { from, answer }];
const ended = (from, reason) => ['call_ended', reason ? { from, reason } : { from }];
const failed = (error, targetUser) => ['call_failed', { error, targetUser }];
const ice = (from, what = candidate(1)) => ['ice_candidate', { from, candidate: what }];
const kBusy = 'You are already in a call';
const kOffline = failed('User not found or offline', 'nobody');
const kNoCall = 'There is no call between you two';

const kNewLogin = ['force_disconnect', { reason: 'New login detected' }];

// --- what takes more than a line --------------------------------------------------------------------------------------

/** The client library as a page gets it by <script src="/socket.io/socket.io.js">. */
async function servedClient(url) {
  const answer = await fetch(`${url}/socket.io/socket.io.js`);
  assert.equal(answer.status, 200);
  const module = { exports: {} };
  vm.compileFunction(await answer.text(), ['self', 'module', 'exports'])({ ...timers, WebSocket }, module, module.exports);
  return module.exports.io;
}

async function acknowledgements({ ask, hears }) {
  const succeeds = async (role, event, payload) => assert.deepEqual(await ask(role, event, { from: role, ...payload }), { success: true }, event);
  await succeeds('A', 'register_user', { userId: 'A' });
  await succeeds('A', 'make_call', { to: 'B', offer: kOffer });
  await hears('B', 'incoming_call');
  await succeeds('A', 'ice_candidate', { to: 'B', candidate: candidate(1) });
  await succeeds('B', 'answer_call', { to: 'A', answer: kAnswer });
  await succeeds('A', 'end_call', { to: 'B' });
  await succeeds('A', 'make_call', { to: 'B', offer: kOffer });
  await hears('B', 'incoming_call');
  await succeeds('B', 'decline_call', { to: 'A' });
  const { success, error } = await ask('A', 'make_call', { to: 'nobody', from: 'A', offer: kOffer });
  assert.deepEqual([success, error.code, error.message], [false, 'PEER_OFFLINE', 'User not found or offline']);
  await succeeds('A', 'logout_user', { userId: 'A' });
}

/** A server of its own, whose users nobody else adds to. */
async function theHealthDocument() {
  const fresh = await startServer();
  try {
    const stage = await aStage(['A', 'B'], fresh);
    const { activeCalls, connectedUsers } = await fresh.health();
    assert.deepEqual([activeCalls, connectedUsers], [0, 2]);
    await stage.talk('A', 'B');
    assert.equal((await fresh.health()).activeCalls, 1);
    const page = await fetch(fresh.url, { headers: { accept: 'text/html' }, redirect: 'manual' });
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<title>Belfry<\/title>/);
    stage.leave();
  } finally {
    await fresh.stop();
  }
}

async function namesAsRegistered({ url }) {
  for (const [userId, name] of [['al<i>ce!', 'alice'], ['a b', 'ab'], ['a.b@c.de', 'abcde'], ['+49 30 1', '49301'], ['Ünï', 'n'], ['', undefined], ['x'.repeat(64), 'x'.repeat(64)], ['x'.repeat(65), undefined], [7, undefined]]) {
    const user = connectUser(url);
    await user.next('connect');
    user.emit('register_user', { userId });
    const { success, userId: registered } = await user.next('user_registered');
    assert.deepEqual([success, registered], name ? [true, name] : [false, '']);
    user.leave();
  }
}

async function namesAsHeard({ url }) {
  const [alice, bob] = [connectUser(url, { name: aName('al.ice') }), connectUser(url, { name: aName('b o b') })];
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
}

async function credentials({ url }) {
  for (const options of [{ auth: { token: 'x' } }, { auth: { token: '' } }, { extraHeaders: { authorization: 'Bearer x' } }, { extraHeaders: { token: 'x' } }]) {
    const user = connectUser(url, { options });
    assert.equal((await user.next('connect_error')).message, 'Authentication error', JSON.stringify(options));
    user.leave();
  }
  for (const options of [{ auth: { token: null } }, { auth: { userId: 'x', room: 'r' } }, { query: { token: 'x' } }]) (await aUser(url, { options })).leave();
}

async function malformedPayloads({ url, talk, ice: send }) {
  await talk('A', 'B');
  const user = await aUser(url);
  for (const event of ['make_call', 'answer_call', 'decline_call', 'end_call', 'ice_candidate', 'logout_user']) {
    for (const payload of [undefined, null, [], 'text', 7, {}, { to: null }, { to: { to: 'A' } }]) {
      user.emit(event, ...(payload === undefined ? [] : [payload]));
      assert.ok((await user.next('call_failed')).error.length > 0, `${event} ${JSON.stringify(payload)}`);
    }
  }
  await send('A', 'B', candidate(7));
  user.leave();
}

// --- the table ---------------------------------------------------------------------------------------------------------

// [what, what happens, { who: what they hear }, there, who plays it]
const kTable = [
  ['an object with more members', ({ call }) => call('A', 'B', { offer: { ...kOffer, more: 1 } }), { B: [rings('A', { ...kOffer, more: 1 })] }, 'the same', ['pages']],
  ['SDP as text', async ({ call, answer }) => { await call('A', 'B', { offer: kOfferText }); await answer('B', 'A', { answer: kAnswerText }); },
    { A: [['call_answered', { from: 'B', answer: kAnswerText, iceCandidates: [] }]], B: [rings('A', kOfferText)] }, 'no iceCandidates, which the phone needs', ['pages']],
  ['SDP as text with iceCandidates', async ({ call, answer }) => {
    await call('A', 'B', { offer: kOfferText, iceCandidates: gathered(1) });
    await answer('B', 'A', { answer: kAnswerText, iceCandidates: [] });
  }, { A: [['call_answered', { from: 'B', answer: kAnswerText, iceCandidates: [] }]], B: [['incoming_call', { from: 'A', offer: kOfferText, iceCandidates: gathered(1) }]] },
  'the candidates are dropped', ['pages']],
  ['an object with iceCandidates', async ({ call, answer }) => {
    await call('A', 'B', { offer: { ...kOffer }, iceCandidates: gathered(1) });
    await answer('B', 'A', { answer: { ...kAnswer }, iceCandidates: gathered(2, 3) });
  }, { A: [['call_answered', { from: 'B', answer: { ...kAnswer }, iceCandidates: gathered(2, 3) }]], B: [['incoming_call', { from: 'A', offer: { ...kOffer }, iceCandidates: gathered(1) }]] },
  'the candidates are dropped', ['pages']],
  ['a candidate as text', async ({ call, ice: send }) => { await call('A', 'B'); await send('A', 'B', 'candidate:1'); }, { B: [rings('A'), ice('A', 'candidate:1')] }],
  ['no candidate', async ({ talk, say }) => { await talk('A', 'B'); await say('A', 'ice_candidate', { to: 'B', from: 'A' }); }, { A: [answered('B')], B: [rings('A'), ice('A', null)] }, 'without the member'],
  ['a caller in a call dials a third', async ({ talk, call }) => { await talk('A', 'B'); await call('A', 'C'); }, { A: [answered('B'), failed(kBusy, 'C')], C: [] }],
  ['dials the same again while it rings', async ({ call }) => { await call('A', 'B'); await call('A', 'B'); }, { A: [], B: [rings('A')] }, 'call_failed'],
  ['dials the same again in the call', async ({ talk, call }) => { await talk('A', 'B'); await call('A', 'B'); }, { A: [answered('B'), failed(kBusy, 'B')], B: [rings('A')] }],
  ['dials nobody', ({ call }) => call('A', 'nobody'), { A: [kOffline] }],
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
  ['no answer in the answer', async ({ call, say }) => { await call('A', 'B'); for (const more of [{}, { answer: null }]) await say('B', 'answer_call', { to: 'A', from: 'B', ...more }); },
    { A: [], B: [rings('A'), failed("Field 'answer' is missing", 'A'), failed("Field 'answer' must be an object or SDP text", 'A')] }, 'passed on'],
  ['a call by one without a name', async ({ logout, call }) => { await logout('A'); await call('A', 'B'); }, { A: [['logout_success', { userId: 'A' }], failed('Register with register_user first', 'B')], B: [] }, 'obeyed'],
  ['the caller disconnects while it rings', async ({ call, users }) => { await call('A', 'B'); users.A.socket.disconnect(); }, { B: [rings('A'), ended('A', 'disconnected')] }],
  ['the callee disconnects while it rings', async ({ call, users }) => { await call('A', 'B'); users.B.socket.disconnect(); }, { A: [ended('B', 'disconnected')] }],
  ['one disconnects in a call', async ({ talk, users }) => { await talk('A', 'B'); users.B.socket.disconnect(); }, { A: [answered('B'), ended('B', 'disconnected')] }],
  ['one is lost in a call', async ({ talk, lose, onlyAfter }) => {
    await talk('A', 'B');
    await lose('B');
    await onlyAfter(3_000, 'A', 'call_ended');
  }, { A: [answered('B'), ended('B', 'disconnected')] }, 'at once'],
  ['the caller is lost while it rings', async ({ call, lose, onlyAfter }) => {
    await call('A', 'B');
    await lose('A');
    await onlyAfter(5_000, 'B', 'call_ended');
  }, { B: [rings('A'), ended('A', 'disconnected')] }, 'at once'],
  ['the callee is lost while it rings', async ({ call, lose, onlyAfter }) => {
    await call('A', 'B');
    await lose('B');
    await onlyAfter(5_000, 'A', 'call_ended');
  }, { A: [ended('B', 'disconnected')] }, 'at once'],
  ['one who is left behind in a call dials a third within 3 s, who dials back, and again after them', async ({ talk, call, time, hears, lose }) => {
    await talk('A', 'B');
    await lose('B');
    await call('A', 'C');
    await call('C', 'A');
    await time(3_000);
    await hears('A', 'call_ended');
    await call('A', 'C');
  }, { A: [answered('B'), failed(kBusy, 'C'), ended('B', 'disconnected')], C: [['call_busy', { targetUser: 'A' }], rings('A')] }, 'the end at once and the first call rings; the two others get call_failed'],
  ['a second login of one who is idle', async ({ again, users }) => { await again('A'); await users.old.next('disconnect'); }, { A: [], old: [kNewLogin] }],
  ['a second login in a call', async ({ talk, again, onlyAfter }) => {
    await talk('A', 'B');
    await again('B');
    await onlyAfter(3_000, 'A', 'call_ended');
  }, { A: [answered('B'), ended('B', 'disconnected')], B: [ended('A', 'disconnected')], old: [rings('A'), kNewLogin] }, 'at once to the peer, and nothing to the new login'],
  ['a second login in a call which takes part in it', async ({ talk, again, ice: send, time, end }) => {
    await talk('A', 'B');
    await again('B');
    await send('B', 'A');
    await time(3_000);
    await end('A', 'B');
  }, { A: [answered('B'), ice('B')], B: [ended('A')], old: [rings('A'), kNewLogin] }, 'call_ended disconnected to the peer at once, who gets the candidate nevertheless'],
  ['a second login of a callee who is rung', async ({ call, again, answer }) => { await call('A', 'B'); await again('B'); await answer('B', 'A'); }, { A: [answered('B')], B: [rings('A')] }, 'call_ended disconnected to the caller; the new page is not rung; its answer is passed on'],
  ['a logout in a call', async ({ talk, logout }) => { await talk('A', 'B'); await logout('B'); }, { A: [answered('B'), ended('B', 'logged out')], B: [rings('A'), ['logout_success', { userId: 'B' }]] }],
  ['the caller logs out while it rings', async ({ call, logout }) => { await call('A', 'B'); await logout('A'); }, { A: [['logout_success', { userId: 'A' }]], B: [rings('A'), ended('A', 'logged out')] }],
  ['the callee logs out while it rings', async ({ call, logout }) => { await call('A', 'B'); await logout('B'); }, { A: [ended('B', 'logged out')], B: [rings('A'), ['logout_success', { userId: 'B' }]] }],
  ['a page that cleans up behind its logout', async ({ talk, logout, end, decline, ice: send }) => {
    await talk('A', 'B');
    await logout('A');
    await end('A', 'B');
    await decline('A', 'B');
    await send('A', 'B');
    await logout('A');
  }, { A: [answered('B'), ['logout_success', { userId: 'A' }]], B: [rings('A'), ended('A', 'logged out')] }, 'each but the second logout is passed on'],
  ['a logout of somebody else', ({ say }) => say('C', 'logout_user', { userId: 'A' }), { A: [], C: [failed("Field 'userId' is not the user registered on this connection", 'A')] }, 'obeyed'],
  ['the same name again on one socket', ({ say }) => say('A', 'register_user', { userId: 'A' }), { A: [] }, 'disconnects itself'],
  ['a name that is in use under another spelling', async ({ users, say }) => assert.equal(await say('C', 'register_user', { userId: `${users.A.name}!` }), false), { A: [], C: [] }, 'another name'],
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
  ['one who registers after the call ended in their absence', async ({ talk, lose, end, again }) => {
    await talk('A', 'B');
    await lose('B');
    await end('A', 'B');
    await again('B');
  }, { A: [answered('B')], B: [ended('A')] }, 'nothing, but the peer got call_ended disconnected at the loss'],
  ['one who registers after the call was given up in their absence', async ({ talk, lose, time, again }) => {
    await talk('A', 'B');
    await lose('B');
    await time(3_000);
    await again('B');
  }, { A: [answered('B'), ended('B', 'disconnected')], B: [ended('A', 'disconnected')] }, 'nothing, and at once to the peer'],
  ['one who registers after their ring timed out in their absence', async ({ call, lose, time, hears, again }) => {
    await call('A', 'B');
    await time(28_000);
    await lose('B');
    await time(2_000);
    await hears('A', 'call_timeout');
    await again('B');
  }, { A: [['call_timeout', { user: 'B' }]], B: [['call_timeout', { user: 'A' }], ended('A', 'timeout')] }, 'nothing, but the caller got call_ended disconnected at the loss'],
  ['a caller who registers after the time-out in their absence', async ({ call, lose, time, hears, again }) => {
    await call('A', 'B');
    await time(28_000);
    await lose('A');
    await time(2_000);
    await hears('B', 'call_ended');
    await again('A');
  }, { A: [['call_timeout', { user: 'B' }]], B: [rings('A'), ['call_timeout', { user: 'A' }], ended('A', 'timeout')] }, 'nothing, but the callee got call_ended disconnected at the loss'],
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
  ['a call in which nobody asks for an acknowledgement', async ({ emit, hears }) => {
    emit('A', 'make_call', { to: 'B', from: 'A', offer: kOffer });
    await hears('B', 'incoming_call');
    emit('B', 'answer_call', { to: 'A', from: 'B', answer: kAnswer });
    await hears('A', 'call_answered');
    emit('A', 'end_call', { to: 'B', from: 'A' });
    await hears('B', 'call_ended');
    emit('B', 'logout_user', { userId: 'B' });
    await hears('B', 'logout_success');
  }, { A: [answered('B')], B: [rings('A'), ended('A'), ['logout_success', { userId: 'B' }]] }],
  ['acknowledgements, for who asks for them', acknowledgements, { A: [answered('B'), ['call_declined', { from: 'B' }], kOffline, ['logout_success', { userId: 'A' }]], B: [rings('A'), ice('A'), ended('A'), rings('A')] }, 'none ever'],
  ['an unknown event is no concern of the others', async ({ say }) => assert.equal(await say('A', 'call_me_maybe', { to: 'B' }), false), { A: [], B: [] }],
  ['a call by polling alone', async ({ talk, ice: send, end }) => { await talk('A', 'B'); await send('A', 'B'); await send('B', 'A'); await end('B', 'A'); }, { A: [answered('B'), ice('B'), ended('B')], B: [rings('A'), ice('A')] }, 'the same', ['pages that poll']],
  ['the script of a page comes from the server', async (stage) => {
    stage.users.A.leave();
    stage.users.A = await aUser(stage.url, { client: await servedClient(stage.url) });
    await stage.talk('A', 'B');
    await stage.end('A', 'B');
  }, { A: [answered('B')], B: [rings('A'), ended('A')] }, 'the same'],
  ['a client of Engine.IO 3', async (stage) => {
    stage.users.A.leave();
    stage.users.A = await aUser(stage.url, { client: v2 });
    await stage.talk('A', 'B');
    await stage.end('B', 'A');
  }, { A: [answered('B'), ended('B')], B: [rings('A')] }, 'its handshake is 400'],
  ['GET / counts calls, and a browser gets the web client', theHealthDocument, {}, 'registered users, and more; the document to browsers too', ['pages']],
  ['an address that is not there is a 404 in JSON', async ({ url }) => {
    const answer = await fetch(`${url}/no-such-page`);
    assert.deepEqual([answer.status, answer.headers.get('content-type').split(';')[0]], [404, 'application/json']);
    assert.ok((await answer.json()).message.length > 0);
  }, {}, '404 in HTML', ['pages']],
  ['a page of any origin may read the answers, with credentials', async ({ url }) => {
    for (const path of ['/', '/users', '/socket.io/?EIO=4&transport=polling']) {
      const { status, headers } = await fetch(url + path, { headers: { origin: 'https://page.example' } });
      assert.deepEqual([status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')], [200, 'https://page.example', 'true'], path);
    }
  }, {}, 'Access-Control-Allow-Origin is *', ['pages']],
  ['names keep what they may hold, and others are refused', namesAsRegistered, {}, 'any value', ['pages']],
  ['a name arrives as it was cleaned, also for who is called by what it was', namesAsHeard, {}, 'as it was', ['pages']],
  ['a credential is checked with --dev too', credentials, {}, 'it is not read', ['pages']],
  ['malformed payloads are refused in words, and nobody else notices', malformedPayloads, { A: [answered('B')], B: [rings('A'), ice('A', candidate(7))] }, 'none at all and null end the process'],
];

for (const [what, play, heard, there = 'the same', kinds = ['pages', 'phones']] of kTable) {
  for (const each of kinds) {
    test(`${what} (there: ${there}): ${each}`, async () => {
      const kind = kKinds[each];
      const stage = await aStage(['A', 'B', 'C'], server, kind);
      await play(stage);
      const words = (role) => JSON.stringify(transcript(stage, stage.users[role]));
      for (const [role, wanted] of Object.entries(heard)) {
        await eventually(() => transcript(stage, stage.users[role]).length >= wanted.length, `what ${role} hears; heard ${words(role)}`);
      }
      await stage.settle();
      for (const [role, wanted] of Object.entries(heard)) assert.deepEqual(transcript(stage, stage.users[role]), expected(kind, wanted), role);
      stage.leave();
    });
  }
}
