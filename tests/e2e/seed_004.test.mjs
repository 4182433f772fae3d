// Seed 004's client as its page speaks, on the stock library: presence, chat, calls and their ends. The page sends
// no acknowledgements and no signals: its media goes by PeerJS.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, aPerson, ask, aSocket, done, failCommits, handshake, leave, loggedInAgain } from './harness/accounts.mjs';
import { aPage, cookieOf, kCallEvents, kChatEvents, showsAmong, showsOnline } from './harness/chat_page.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { aUser, kAnswer, kOffer, candidate } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time', '--threads', '3'] });
const kTime = { timeout: 60_000 };
const later = (seconds) => advance(server.url, seconds * 1000);

async function twoPages() {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const [annPage, benPage] = [await aPage(ann), await aPage(ben)];
  return { ann, ben, annPage, benPage };
}
/** As the page does it. */
const callUser = (page, from, to, more = {}) => page.emit('call-user', { to: to.id, from: from.id, name: from.name, ...more });

async function ringing(more) {
  const pair = await twoPages();
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

// --- connecting and presence ---

// R-004-58, W-004-06, K12, K13
test('a socket with a user in its query and a good cookie is a page, and any other claim is refused', kTime, async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const page = await aPage(ann);
  await page.next('getonline');
  assert.deepEqual(page.all('session.ready'), []);
  const byName = await aPage(ann, { query: { userId: ann.name } });
  await byName.next('getonline');
  const byToken = await aPage(ann, { query: {}, extraHeaders: {}, auth: { token: ann.token, dialect: 'chat' } });
  await byToken.next('getonline');
  const claims = { query: { userId: ben.id }, extraHeaders: { cookie: cookieOf(ann) } };
  assert.equal(await handshake(server.url, claims), 'Authentication error');
  assert.equal(await handshake(server.url, { query: { userId: ann.id } }), 'Authentication error', 'without a credential');
  assert.equal(await handshake(server.url, { auth: { dialect: 'chat' } }), 'Authentication error');
  leave(page, byName, byToken);
});

// W-004-17: the development page at :5173 polls the server at :3000 without its cookie
test('a page of another port is let in by the cookie that its WebSocket brings, and without one refused within 6 s', kTime, async () => {
  const ann = await aPerson(server.url), ben = await aPerson(server.url);
  const byUpgrade = (person, origin = 'http://localhost:5173') => ({
    query: { userId: ann.id }, extraHeaders: {},
    transportOptions: { polling: { extraHeaders: { origin } }, websocket: { extraHeaders: { origin, ...(person && { cookie: cookieOf(person) }) } } },
  });
  const page = await aPage(ann, byUpgrade(ann));
  await page.next('getonline');
  const both = { transports: ['polling', 'websocket'] };
  assert.equal(await handshake(server.url, { ...byUpgrade(ben), ...both }), 'Authentication error', 'somebody else');
  assert.equal(await handshake(server.url, { ...byUpgrade(ann, 'http://evil.example'), ...both }), 'Authentication error', 'a foreign page');
  const begin = Date.now();
  assert.equal(await handshake(server.url, { ...byUpgrade(), ...both }), 'Authentication error');
  assert.ok(Date.now() - begin < 6000);
  leave(page);
});

// R-004-24, R-004-25, R-004-27, K14, K15
test('who is online comes at once, then with each change, and lists nobody twice', kTime, async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const annPage = await aPage(ann);
  assert.ok((await annPage.next('getonline')).includes(ann.id));
  const [first, second] = [await aPage(ben), await aPage(ben)];
  await showsAmong(annPage, { here: [ann, ben] });
  const list = annPage.all('getonline').at(-1);
  assert.equal(new Set(list).size, list.length);
  first.disconnect();
  await showsAmong(second, { here: [ben] });
  second.disconnect();
  await showsAmong(annPage, { here: [ann], away: [ben] });
  leave(annPage);
});

// R-004-26, R-004-29, K16: a page that is reloaded sends no DISCONNECT packet
test('a lost page stays online for the grace, and one that comes back in time is never away', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  await showsAmong(annPage, { here: [ann, ben] });
  benPage.loseTransport();
  const seen = annPage.all('getonline').length;
  const again = await aPage(ben);
  await later(4);
  await showsAmong(annPage, { here: [ann, ben] });
  assert.ok(annPage.all('getonline').slice(seen).every((list) => list.includes(ben.id)));
  again.loseTransport();
  await later(2);
  await quietFor([annPage], ['getonline'], 300);
  await later(2);
  await showsAmong(annPage, { here: [ann], away: [ben] });
  leave(annPage);
});

// K15, C-24: one service for all dialects
test('people of other dialects are online too, and changes at once are few lists of which the last is true', kTime, async () => {
  const own = await startServer({ args: ['--threads', '2'] });
  try {
    const people = await Promise.all(Array.from({ length: 12 }, () => aPerson(own.url)));
    const page = await aPage(people[0]);
    await showsOnline(page, [people[0]]);
    const earlier = page.all('getonline').length, begin = Date.now();
    const sockets = await Promise.all(people.slice(1).map((person, n) => (n % 2 ? aSocket(person) : aPage(person))));
    await showsOnline(page, people);
    const lists = page.all('getonline').length - earlier;
    const most = Math.ceil((Date.now() - begin) / 200) + 1;
    assert.ok(lists <= most, `${lists} lists within ${most - 1} times 200 ms`);
    leave(...sockets);
    await showsOnline(page, [people[0]]);
    leave(page);
  } finally {
    await own.stop();
  }
});

// K45
test('people who block each other do not see each other online, from the block on', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  await showsAmong(annPage, { here: [ann, ben] });
  assert.equal((await ask(server.url, `/api/users/${ben.id}/block`, { method: 'PUT', token: ann.token })).status, 200);
  await Promise.all([showsAmong(annPage, { here: [ann], away: [ben] }), showsAmong(benPage, { here: [ben], away: [ann] })]);
  const anew = await aPage(ben);
  await showsAmong(anew, { here: [ben], away: [ann] });
  assert.equal((await ask(server.url, `/api/users/${ben.id}/block`, { method: 'DELETE', token: ann.token })).status, 200);
  await Promise.all([annPage, benPage, anew].map((page) => showsAmong(page, { here: [ann, ben] })));
  leave(annPage, benPage, anew);
});

// W-004-20, R-004-47
test('a second tab leaves the first one alone, and each is sent what is for the user', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  const tab = await aPage(ben);
  callUser(annPage, ann, ben);
  await Promise.all([benPage.next('incoming-call'), tab.next('incoming-call')]);
  await quietFor([benPage, tab], ['disconnect', 'incoming-call'], 300);
  assert.ok(benPage.connected && tab.connected);
  leave(annPage, benPage, tab);
});

// --- messages ---

// R-004-14, R-004-16, W-004-05, W-004-07, K17: the page sends by HTTP and hears by its socket
test('a message of the page reaches the pages of its receiver, and none of its sender', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  const tab = await aPage(ben);
  const { status, body } = await ann.post('/api/message/send', { text: 'hello', receiver: ben.id });
  assert.equal(status, 201, JSON.stringify(body));
  for (const page of [benPage, tab]) {
    const message = await page.next('newMessage');
    assert.deepEqual([message._id, message.sender, message.receiver, message.text, message.read], [body.data._id, ann.id, ben.id, 'hello', false]);
  }
  await quietFor([annPage, benPage, tab], ['newMessage'], 300);
  leave(annPage, benPage, tab);
});

// R-004-17, K17, K32, K35, K38
test('newMessage of a client is stored, acknowledged, relayed once, and native devices hear message.new', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  const benPhone = await aSocket(ben), annPhone = await aSocket(ann);
  const sent = await annPage.does('newMessage', { to: ben.name, text: 'hi', clientMessageId: 'c1' });
  assert.equal(sent.success, true, JSON.stringify(sent));
  assert.deepEqual([sent.data.sender, sent.data.receiver, sent.data.seq], [ann.id, ben.id, 1]);
  assert.equal((await benPage.next('newMessage'))._id, sent.data._id);
  for (const phone of [benPhone, annPhone]) assert.equal((await phone.next('message.new')).message.id, sent.data.id);
  assert.equal((await annPage.does('newMessage', { to: ben.id, text: 'hi', clientMessageId: 'c1' })).data._id, sent.data._id);
  assert.equal((await annPhone.next('message.status')).deliveredUpToSeq, 1, 'it was written to the page of its receiver');
  await quietFor([annPage, benPage], ['newMessage', 'message.new'], 300);
  assert.deepEqual([benPage.all('newMessage').length, annPage.all('newMessage').length, benPhone.all('newMessage').length], [1, 0, 0]);
  const { body } = await ben.get(`/api/conversations/${sent.data.conversationId}/messages`);
  assert.deepEqual(body.data.messages.map(({ text }) => text), ['hi']);
  leave(annPage, benPage, benPhone, annPhone);
});

// K26, K45
test('a message that is refused is an error, by its acknowledgement or by an event', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  annPage.emit('newMessage', { to: ben.id, text: ' ' });
  const { event, code, details } = await annPage.next('chat-error');
  assert.deepEqual([event, code, details], ['newMessage', 'VALIDATION_FAILED', [{ field: 'text', issue: 'required' }]]);
  assert.equal((await annPage.does('newMessage', { to: 'nobody-at-all', text: 'x' })).error.code, 'USER_NOT_FOUND');
  assert.equal((await annPage.does('no-such-event')).error.code, 'NOT_FOUND');
  await ask(server.url, `/api/users/${ann.id}/block`, { method: 'PUT', token: ben.token });
  const { error } = await annPage.does('newMessage', { to: ben.id, text: 'x' });
  assert.deepEqual([error.code, error.message], ['FORBIDDEN', 'You cannot message this user']);
  assert.ok(annPage.connected);
  assert.deepEqual(benPage.all('newMessage'), []);
  leave(annPage, benPage);
});

// K18, K40
test('typing goes from person to person, and groups are silent', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  annPage.emit('typing', { to: ben.id, typing: true });
  assert.deepEqual(await benPage.next('typing'), { from: ann.id, typing: true });
  annPage.emit('typing', { to: ben.id, typing: false });
  await benPage.next('typing', ({ typing }) => !typing);
  const { body } = await ann.post('/api/conversations', { kind: 'group', memberIds: [ben.id] });
  await ann.post(`/api/conversations/${body.data.id}/messages`, { text: 'to all' });
  await ann.post(`/api/conversations/${body.data.id}/typing`);
  await quietFor([benPage, annPage], ['newMessage', 'typing'], 300);
  leave(annPage, benPage);
});

// --- calls ---

// R-004-30, R-004-31, R-004-32, R-004-34, R-004-35, K19 to K22, W-004-08, C-19
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
    assert.deepEqual([annPage.calls(), benPage.calls()], [[], ['incoming-call']]);
    await later(1);
    assert.deepEqual(await annPage.next('call-timeout'), { to: ben.id, callId: incoming.callId, reason: 'timeout' });
    assert.deepEqual(await benPage.next('end-call'), { from: ann.id, callId: incoming.callId, reason: 'timeout', duration: null });
    if (timer === 'late') annPage.emit('end-call', { to: ben.id, from: ann.id });
    await quietFor([annPage, benPage], kCallEvents, 300);
    assert.deepEqual([annPage.calls(), benPage.calls()], [['call-timeout'], ['incoming-call', 'call-ended', 'end-call']]);
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
    const { ann, ben, annPage, benPage } = await twoPages();
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
test('a page that is lost ends the call when its grace is over', kTime, async () => {
  const { annPage, benPage } = await talking();
  annPage.loseTransport();
  await later(2);
  assert.deepEqual(benPage.all('end-call'), []);
  await later(2);
  assert.equal((await benPage.next('end-call')).reason, 'disconnected');
  leave(benPage);
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
  const { ann, ben, annPage, benPage } = await twoPages();
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

// Issue 13, "faults it must survive"
test('a call that could not be stored brings the page back, and hurts nobody', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  await failCommits(server.url, 1);
  callUser(annPage, ann, ben);
  assert.deepEqual(await annPage.next('call-rejected'), { from: ben.id, reason: 'unavailable' });
  await failCommits(server.url, 0);
  callUser(annPage, ann, ben);
  await benPage.next('incoming-call');
  leave(annPage, benPage);
});

// R-004-04, K16: the end of a login
test('a page whose login ends is told and closed', kTime, async () => {
  const { ann, annPage, benPage } = await twoPages();
  const other = await loggedInAgain(ann);
  assert.equal((await ask(server.url, '/user/logout', { token: ann.token })).status, 200);
  await eventually(() => !annPage.connected, 'its socket closed');
  await showsAmong(benPage, { away: [ann] });
  assert.equal((await other.get('/user/check')).status, 200);
  leave(benPage);
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

// K12: an event that opens another dialect
test('register_user as the first event makes the socket one of seed 003', kTime, async () => {
  const ann = await aPerson(server.url), page = await aPage(ann);
  page.emit('register_user', { userId: ann.name });
  assert.deepEqual(await page.next('user_registered'), { success: true, userId: ann.name });
  const guest = await aUser(server.url);
  guest.call({ name: ann.name });
  assert.deepEqual(await page.next('incoming_call'), { from: guest.name, offer: kOffer });
  assert.deepEqual(page.all('incoming-call'), []);
  guest.leave();
  leave(page);
});

// K7 of chats without calls, R-004-79
test('a group call passes a page by', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages();
  const phone = await aSocket(ben), annPhone = await aSocket(ann);
  const { body } = await ann.post('/api/conversations', { kind: 'group', memberIds: [ben.id] });
  await done(annPhone, 'call.start', { conversationId: body.data.id, callType: 'video', ring: 'immediate' });
  await phone.next('call.incoming');
  await quietFor([annPage, benPage], kCallEvents, 300);
  leave(annPage, benPage, phone, annPhone);
});
