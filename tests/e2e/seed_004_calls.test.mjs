// Seed 004's client as its page speaks, on the stock library: calls and their ends. The page sends no acknowledgements and no signals:
// its media goes by PeerJS.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, aPerson, ask, aSocket, done, failCommits, leave } from './harness/accounts.mjs';
import { aPage, callUser, kCallEvents, kChatEvents, twoPages } from './harness/chat_page.mjs';
import { aPeerPage } from './harness/peer_page.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { kAnswer, kOffer, candidate } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time', '--threads', '3'] });
const kTime = { timeout: 60_000 };
const later = (seconds) => advance(server.url, seconds * 1000);

async function ringing(more) {
  const pair = await twoPages(server.url);
  callUser(pair.annPage, pair.ann, pair.ben, more);
  pair.incoming = await pair.benPage.next('incoming-call');
  return pair;
}
async function talking() {
  const pair = await ringing();
  pair.benPage.emit('answer-call', { to: pair.incoming.from, from: pair.ben.id });
  pair.answered = await pair.annPage.next('call-answered');
  return pair;
}

// R-004-30, R-004-31, R-004-32, R-004-34, R-004-79, K19 to K22, W-004-08, C-19: between two who have never written to each other
test('the page calls, the other answers, and one hangs up', kTime, async () => {
  const { ann, ben, annPage, benPage, incoming, answered } = await talking();
  assert.deepEqual([incoming.from, incoming.callerId, incoming.caller._id, incoming.caller.username, incoming.callType, incoming.peerId],
    [ann.id, ann.id, ann.id, ann.name, 'video', ann.id]);
  assert.ok(!('signal' in incoming), 'its page would take any value for a call');
  assert.notEqual(incoming.profileImg, null);
  assert.deepEqual([answered.from, answered.callId, answered.peerId], [ben.id, incoming.callId, ben.id]);
  assert.ok(!Number.isNaN(Date.parse(answered.startedAt)));
  await later(5);
  annPage.emit('end-call', { to: ben.id, from: ann.id });
  const end = await benPage.next('end-call');
  assert.deepEqual(end, { from: ann.id, callId: incoming.callId, reason: 'hangup', duration: 5 });
  assert.deepEqual(benPage.all('call-ended'), [end]);
  await quietFor([annPage, benPage], kCallEvents, 300);
  assert.deepEqual([annPage.calls(), benPage.calls()], [['call-answered'], ['incoming-call', 'call-ended', 'end-call']]);
  const { body } = await ann.get(`/api/calls/${incoming.callId}`);
  assert.deepEqual([(body.data.call ?? body.data).status, (body.data.call ?? body.data).duration], ['ended', 5]);
  leave(annPage, benPage);
});

// R-004-33, K21
test('the other rejects, and only the caller hears of it', kTime, async () => {
  const { ann, ben, annPage, benPage, incoming } = await ringing();
  benPage.emit('call-rejected', { to: ann.id, from: ben.id });
  assert.deepEqual(await annPage.next('call-rejected'), { from: ben.id, callId: incoming.callId, reason: 'declined' });
  await quietFor([annPage, benPage], kCallEvents, 300);
  assert.deepEqual([annPage.calls(), benPage.calls()], [['call-rejected'], ['incoming-call']]);
  leave(annPage, benPage);
});

// R-004-34, K22: both may hang up while it rings
for (const who of ['caller', 'callee'])
  test(`the ${who} hangs up while it rings`, kTime, async () => {
    const { ann, ben, annPage, benPage, incoming } = await ringing();
    const [page, me, other, otherPage] = who === 'caller' ? [annPage, ann, ben, benPage] : [benPage, ben, ann, annPage];
    page.emit('end-call', { to: other.id, from: me.id });
    assert.deepEqual(await otherPage.next('end-call'), { from: me.id, callId: incoming.callId, reason: 'cancelled', duration: null });
    await quietFor([annPage, benPage], kCallEvents, 300);
    assert.deepEqual(page.calls(), who === 'caller' ? [] : ['incoming-call']);
    leave(annPage, benPage);
  });

// R-004-38, R-004-39, W-004-12, K22, K23: the client's own timer may come before or after
for (const timer of ['never', 'late'])
  test(`nobody answers for 15 s, and the timer of the page fires ${timer}`, kTime, async () => {
    const { ann, ben, annPage, benPage, incoming } = await ringing();
    await later(14);
    await quietFor([annPage, benPage], kCallEvents, 150);
    await later(1);
    assert.deepEqual(await annPage.next('call-timeout'), { to: ben.id, callId: incoming.callId, reason: 'timeout' });
    assert.deepEqual(await benPage.next('end-call'), { from: ann.id, callId: incoming.callId, reason: 'timeout', duration: null });
    if (timer === 'late') annPage.emit('end-call', { to: ben.id, from: ann.id });
    await quietFor([annPage, benPage], kCallEvents, 300);
    assert.deepEqual([annPage.calls(), benPage.calls()], [['call-timeout'], ['incoming-call', 'call-ended', 'end-call']]);
    leave(annPage, benPage);
  });

// W-004-12: the two cross
test('the timer of the page fires just behind that of the server, which then says nothing more', kTime, async () => {
  const { ann, ben, annPage, benPage } = await ringing();
  await later(15);
  annPage.emit('end-call', { to: ben.id, from: ann.id });
  assert.equal((await benPage.next('end-call')).reason, 'timeout');
  await quietFor([annPage], kCallEvents, 1500);
  leave(annPage, benPage);
});

// W-004-12: the page's own timer is quicker
test('the timer of the page fires just before that of the server', kTime, async () => {
  const { ann, ben, annPage, benPage } = await ringing();
  await later(14.9);
  annPage.emit('end-call', { to: ben.id, from: ann.id });
  assert.equal((await benPage.next('end-call')).reason, 'cancelled');
  await later(1);
  await quietFor([annPage, benPage], kCallEvents, 300);
  assert.deepEqual([annPage.calls(), benPage.calls()], [[], ['incoming-call', 'call-ended', 'end-call']]);
  leave(annPage, benPage);
});

// K21: on a slow link its monitor opens a socket each second
test('the sockets of the page that answers hear nothing of it, but another tab does', kTime, async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const annPage = await aPage(ann), page = await aPeerPage(ben), sibling = await aPage(ben);
  const call = async (others) => {
    callUser(annPage, ann, ben);
    for (const socket of [page.chat, ...others]) await socket.next('incoming-call', ({ callId }) => !page.known.has(callId));
    page.known.add(page.chat.all('incoming-call').at(-1).callId);
    page.chat.emit('answer-call', { to: ann.id, from: ben.id });
    await annPage.next('call-answered', ({ callId }) => page.known.has(callId) && !page.answered.has(callId));
    page.answered.add(annPage.all('call-answered').at(-1).callId);
  };
  page.known = new Set();
  page.answered = new Set();
  await call([sibling]);
  await quietFor([page.chat, sibling], ['end-call', 'call-ended'], 300);
  annPage.emit('end-call', { to: ben.id, from: ann.id });
  for (const socket of [page.chat, sibling]) assert.equal((await socket.next('end-call')).reason, 'hangup');
  const tab = await aPeerPage(ben);
  await call([sibling, tab.chat]);
  assert.equal((await tab.chat.next('end-call')).reason, 'answered_elsewhere');
  await sibling.next('end-call', ({ reason }) => reason === 'answered_elsewhere');
  leave(annPage, sibling);
  page.leave();
  tab.leave();
});

// K25, C-10
test('somebody who is not there rings for 15 s, and is rung when they come meanwhile', kTime, async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const annPage = await aPage(ann);
  callUser(annPage, ann, ben);
  await eventually(async () => (await ann.get('/api/calls/active')).body.data.calls.length === 1, 'the call');
  const benPage = await aPage(ben);
  await benPage.next('incoming-call');
  const heard = benPage.log.map(([event]) => event).filter((event) => kChatEvents.includes(event));
  assert.deepEqual(heard.slice(0, 2), ['getonline', 'incoming-call'], 'K14');
  await later(15);
  await annPage.next('call-timeout');
  leave(annPage, benPage);
});

// W-004-08, K14: it comes back in time
test('a page whose connection is lost while it is rung is not rung again when it recovers', kTime, async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const annPage = await aPage(ann), benPage = await aPage(ben, { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 50 });
  callUser(annPage, ann, ben);
  await benPage.next('incoming-call');
  benPage.loseTransport();
  await eventually(() => benPage.connected && benPage.recovered, 'recovery');
  await quietFor([benPage], ['incoming-call'], 300);
  benPage.emit('answer-call', { to: ann.id, from: ben.id });
  await annPage.next('call-answered');
  leave(annPage, benPage);
});

// K21, K55
for (const [how, reason] of [['answer-call', 'answered_elsewhere'], ['call-rejected', 'declined_elsewhere']])
  test(`${how} of one tab closes the ring of the other, which hears nothing more`, kTime, async () => {
    const { ann, ben, annPage, benPage } = await twoPages(server.url);
    const tab = await aPage(ben);
    callUser(annPage, ann, ben);
    const { callId } = await benPage.next('incoming-call');
    await tab.next('incoming-call');
    tab.emit(how, { to: ann.id, from: ben.id });
    assert.deepEqual(await benPage.next('end-call'), { from: ann.id, callId, reason, duration: null });
    if (how === 'answer-call') {
      await annPage.next('call-answered');
      annPage.emit('end-call', { to: ben.id });
      await tab.next('end-call');
    }
    await quietFor([benPage, tab], kCallEvents, 300);
    assert.deepEqual(benPage.calls(), ['incoming-call', 'call-ended', 'end-call']);
    leave(annPage, benPage, tab);
  });

// K25, C-09, W-004-13, X-06
test('a start that is refused brings the caller back to idle, and nobody else hears of it', kTime, async () => {
  const { ann, ben, annPage, benPage } = await talking();
  const cid = await aPerson(server.url), cidPage = await aPage(cid);
  const earlier = [annPage.calls().length, benPage.calls().length];
  const refused = async (to, reason) => {
    cidPage.log.length = 0;
    const answer = await cidPage.does('call-user', { to, from: cid.id });
    assert.equal(answer.success, false);
    assert.deepEqual(await cidPage.next('call-rejected'), { from: to, reason });
  };
  await refused(ann.id, 'busy');
  await refused(ben.name, 'busy');
  await refused(cid.id, 'self');
  await refused('nobody-at-all', 'unknown_user');
  await refused('0192f3c0-11aa-7000-8000-000000000001', 'unknown_user');
  const dan = await aPerson(server.url);
  await ask(server.url, `/api/users/${cid.id}/block`, { method: 'PUT', token: dan.token });
  await refused(dan.id, 'blocked');
  cidPage.emit('call-user', { to: ben.id, from: ann.id });
  assert.deepEqual(await cidPage.next('call-rejected', ({ reason }) => reason === 'invalid'), { from: ben.id, reason: 'invalid' });
  assert.deepEqual([annPage.calls().length, benPage.calls().length], earlier);
  leave(annPage, benPage, cidPage);
});

// X-06, W-004-08
test('two who call each other: the second start is refused, and its ring goes on unrepeated', kTime, async () => {
  const { ann, ben, annPage, benPage } = await ringing();
  callUser(benPage, ben, ann);
  assert.deepEqual(await benPage.next('call-rejected'), { from: ann.id, reason: 'caller_busy' });
  await quietFor([annPage, benPage], ['incoming-call'], 300);
  assert.equal(benPage.all('incoming-call').length, 1);
  benPage.emit('answer-call', { to: ann.id });
  await annPage.next('call-answered');
  leave(annPage, benPage);
});

// W-004-14
for (const state of ['rings', 'is connected'])
  test(`a tab is closed while the call ${state}, and the other side is told`, kTime, async () => {
    const { ann, annPage, benPage } = await (state === 'rings' ? ringing() : talking());
    annPage.disconnect();
    const { from, reason } = await benPage.next('end-call');
    assert.deepEqual([from, reason], [ann.id, 'disconnected']);
    leave(benPage);
  });
test('a page that is lost ends the call when its grace is over; one that is opened then hears nothing of it', kTime, async () => {
  const { ann, annPage, benPage } = await talking();
  annPage.loseTransport();
  await later(2);
  await quietFor([benPage], kCallEvents, 150);
  await later(2);
  assert.equal((await benPage.next('end-call')).reason, 'disconnected');
  const fresh = await aPage(ann); // K14
  await fresh.next('getonline');
  await quietFor([fresh], kCallEvents, 300);
  leave(fresh, benPage);
});

// K23
test('what fits no call of the sender reaches nobody', kTime, async () => {
  const { ann, ben, annPage, benPage } = await talking();
  const eve = await aPerson(server.url), evePage = await aPage(eve);
  for (const event of ['answer-call', 'call-rejected', 'end-call', 'ice-candidate'])
    for (const to of [ann.id, ben.name, 'nobody']) {
      evePage.emit(event, { to });
      const answer = await evePage.does(event, { to });
      assert.deepEqual([answer.success, answer.error.code], [false, 'CALL_NOT_FOUND'], event);
    }
  await quietFor([annPage, benPage, evePage], [...kCallEvents, 'chat-error'], 300);
  assert.equal((await evePage.does('end-call', { to: ann.id, from: ben.id })).error.code, 'VALIDATION_FAILED', 'a false claim');
  leave(annPage, benPage, evePage);
});

// K19, K24, R-004-43: older clients send SDP and candidates
test('signals and candidates of older clients arrive in order, those before the ring behind it', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages(server.url);
  callUser(annPage, ann, ben, { signal: kOffer, peerId: 'ann-peer', callType: 'audio' });
  for (let n = 0; n < 24; ++n) annPage.emit('ice-candidate', { to: ben.id, candidate: candidate(n) });
  const incoming = await benPage.next('incoming-call');
  assert.deepEqual([incoming.signal, incoming.peerId, incoming.callType], [kOffer, 'ann-peer', 'audio']);
  await eventually(() => benPage.all('ice-candidate').length === 24, 'the candidates');
  assert.deepEqual(benPage.all('ice-candidate'), Array.from({ length: 24 }, (_, n) => ({ from: ann.id, candidate: candidate(n) })));
  assert.ok(benPage.calls().indexOf('incoming-call') < benPage.calls().indexOf('ice-candidate'));
  benPage.emit('answer-call', { to: ann.id, signal: kAnswer });
  assert.deepEqual((await annPage.next('call-answered')).signal, kAnswer);
  leave(annPage, benPage);
});

// K25: the store is away for a moment
test('a call that could not be stored brings the page back, and hurts nobody', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages(server.url);
  await failCommits(server.url, 1);
  callUser(annPage, ann, ben);
  assert.deepEqual(await annPage.next('call-rejected'), { from: ben.id, reason: 'unavailable' });
  await failCommits(server.url, 0);
  callUser(annPage, ann, ben);
  await benPage.next('incoming-call');
  leave(annPage, benPage);
});

// C-20, W-004-07
for (const [word, expected] of [['end-call', ['incoming-call', 'end-call']], ['call-ended', ['incoming-call', 'call-ended', 'end-call']]])
  test(`CHAT_END_EVENTS=${word}`, kTime, async () => {
    const own = await startServer({ env: { CHAT_END_EVENTS: word } });
    try {
      const [ann, ben] = [await aPerson(own.url), await aPerson(own.url)];
      const [annPage, benPage] = [await aPage(ann), await aPage(ben)];
      callUser(annPage, ann, ben);
      await benPage.next('incoming-call');
      annPage.emit('end-call', { to: ben.id });
      await benPage.next('end-call');
      assert.deepEqual(benPage.calls(), expected);
      leave(annPage, benPage);
    } finally {
      await own.stop();
    }
  });

// 2.5: group calls have no events in this dialect
test('a group call passes a page by', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages(server.url);
  const phone = await aSocket(ben), annPhone = await aSocket(ann);
  const { body } = await ann.post('/api/conversations', { kind: 'group', memberIds: [ben.id] });
  await done(annPhone, 'call.start', { conversationId: body.data.id, callType: 'video', ring: 'immediate' });
  await phone.next('call.incoming');
  await quietFor([annPage, benPage], kCallEvents, 300);
  leave(annPage, benPage, phone, annPhone);
});
