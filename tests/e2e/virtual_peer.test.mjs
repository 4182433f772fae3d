// Calls between pages of seed 004's client, whose media go by PeerJS, and clients of the other dialects, for whom a virtual peer
// stands (K20, K58, W-004-11, W-004-21, W-004-22). Bare WebSockets; the stock client is in chromium_virtual_peer.test.mjs.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { about, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { aChatSocket, aPageOf, aPeerPage } from './harness/peer_page.mjs';
import { sharedServer } from './harness/server.mjs';
import { fetchesToken, starts } from './harness/token_app.mjs';
import { aUser, candidate, kAnswer, kOffer } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

// Several shards: most sockets and peers live on two of them.
const server = sharedServer({ before, after }, { args: ['--threads', '3'] });
const numbers = (log) => log.map(({ payload }) => Number(payload.candidate.candidate.split(/[: ]/)[1]));

/** A guest of seed 003, and their id. */
async function aGuest(asker) {
  const guest = await aUser(server.url);
  const { data } = (await asker.get(`/api/users?q=${guest.name}`)).body;
  return { guest, guestId: (data.users ?? data).find(({ username }) => username === guest.name).id };
}

/** A native client, with its socket. */
async function aNative() {
  const person = await aPerson(server.url);
  return { ...person, socket: await aSocket(person) };
}

async function calls(native, page, more = {}) {
  return done(native.socket, 'call.start', { recipientId: page.id, callType: 'video', ring: 'immediate', offer: kOffer, ...more });
}

// W-004-21
test('a native client calls a page: the offer comes as OFFER behind the ring, the ANSWER is the call’s answer', async () => {
  const [ann, ben] = [await aNative(), await aPeerPage(await aPerson(server.url))];
  const call = await calls(ann, ben);
  await done(ann.socket, 'call.signal', { callId: call.id, kind: 'candidate', payload: candidate(1) });
  const offer = await ben.peer.next('OFFER');
  const incoming = await ben.chat.next('incoming-call');
  // How long behind, virtual_peer_test.cpp says: here a busy machine may read both at once.
  assert.ok(ben.peer.when('OFFER') >= ben.chat.when('incoming-call'), 'behind the ring');
  assert.equal('signal' in incoming, false);
  assert.equal(incoming.from, ann.id);
  const { connectionId, metadata } = offer.payload;
  assert.deepEqual(offer, {
    type: 'OFFER', src: ann.id, dst: ben.id,
    payload: { sdp: kOffer, type: 'media', connectionId, metadata: { ...metadata, callId: call.id } },
  });
  assert.equal(metadata.name, ann.name);
  assert.deepEqual(await ben.peer.next('CANDIDATE'), {
    type: 'CANDIDATE', src: ann.id, dst: ben.id, payload: { candidate: candidate(1), type: 'media', connectionId },
  });

  ben.peer.media('ANSWER', ann.id, connectionId, { sdp: kAnswer });
  ben.peer.media('CANDIDATE', ann.id, connectionId, { candidate: candidate(2) });
  await quietFor([ann.socket], ['call.accepted', 'call.signal'], 300);
  ben.chat.emit('answer-call', { to: ann.id, from: ben.id });
  await ann.socket.next('call.accepted', about(call));
  const signals = () => ann.socket.all('call.signal').map(({ kind, payload }) => [kind, payload]);
  await eventually(() => signals().length === 2, 'the answer and its candidate');
  assert.deepEqual(signals(), [['answer', kAnswer], ['candidate', candidate(2)]]);
  await done(ann.socket, 'call.signal', { callId: call.id, kind: 'candidate', payload: candidate(3) });
  await eventually(() => ben.peer.all('CANDIDATE').length === 2, 'the second candidate');
  await done(ann.socket, 'call.end', { callId: call.id });
  assert.deepEqual(await ben.peer.next('LEAVE'), { type: 'LEAVE', src: ann.id, dst: ben.id });
  assert.deepEqual(ben.chat.all('ice-candidate'), [], 'not on the socket as well');
  assert.equal(ben.chat.all('incoming-call').length, 1);
  leave(ann.socket);
  ben.leave();
});

test('a page calls a native client: its OFFER is the call’s offer, the answer comes as ANSWER', async () => {
  const [ann, ben] = [await aPeerPage(await aPerson(server.url)), await aNative()];
  ann.chat.emit('call-user', { to: ben.id, from: ann.id, name: ann.name });
  const { call } = await ben.socket.next('call.incoming');
  ann.peer.media('OFFER', ben.id, 'mc_1', { sdp: kOffer, metadata: { name: ann.name } });
  for (let i = 1; i <= 24; ++i) ann.peer.media('CANDIDATE', ben.id, 'mc_1', { candidate: candidate(i) });
  await ben.socket.next('call.signal', ({ payload }) => payload.candidate === candidate(24).candidate);
  const signals = ben.socket.all('call.signal');
  assert.deepEqual([signals[0].kind, signals[0].payload], ['offer', kOffer]);
  assert.deepEqual(signals.slice(1).map(({ payload }) => payload), Array.from({ length: 24 }, (_, i) => candidate(i + 1)));
  await done(ben.socket, 'call.accept', { callId: call.id, answer: kAnswer });
  await done(ben.socket, 'call.signal', { callId: call.id, kind: 'candidate', payload: candidate(30) });
  assert.deepEqual(await ann.peer.next('ANSWER'), {
    type: 'ANSWER', src: ben.id, dst: ann.id, payload: { sdp: kAnswer, type: 'media', connectionId: 'mc_1' },
  });
  await ann.peer.next('CANDIDATE', ({ payload }) => payload.connectionId === 'mc_1');
  assert.ok(ann.peer.types().indexOf('ANSWER') < ann.peer.types().indexOf('CANDIDATE'));
  await ann.chat.next('call-answered');
  ann.chat.emit('end-call', { to: ben.id, from: ann.id });
  await ben.socket.next('call.ended', about(call));
  assert.deepEqual(await ann.peer.next('LEAVE'), { type: 'LEAVE', src: ben.id, dst: ann.id });
  assert.deepEqual(ann.peer.all('EXPIRE'), []);
  leave(ben.socket);
  ann.leave();
});

test('a page calls a client of seed 003, who is rung once, with the offer', async () => {
  const ann = await aPeerPage(await aPerson(server.url));
  const { guest, guestId } = await aGuest(ann);
  ann.chat.emit('call-user', { to: guestId, from: ann.id });
  ann.peer.media('OFFER', guestId, 'mc_1', { sdp: kOffer });  // at once: the two connections have no common order
  assert.deepEqual(await guest.next('incoming_call'), { from: ann.name, offer: kOffer });
  guest.answer(ann);
  guest.ice(ann, 7);
  assert.deepEqual((await ann.peer.next('ANSWER')).payload, { sdp: kAnswer, type: 'media', connectionId: 'mc_1' });
  assert.deepEqual((await ann.peer.next('CANDIDATE')).payload.candidate, candidate(7));
  ann.peer.media('CANDIDATE', guestId, 'mc_1', { candidate: candidate(8) });
  assert.deepEqual((await guest.next('ice_candidate')).candidate, candidate(8));
  guest.end(ann);
  await ann.chat.next('end-call');
  await ann.peer.next('LEAVE');
  assert.equal(guest.all('incoming_call').length, 1);
  guest.leave();
  ann.leave();
});

test('a client of seed 003 calls a page, and hears call_answered with the ANSWER', async () => {
  const ben = await aPeerPage(await aPerson(server.url));
  const { guest, guestId } = await aGuest(ben);
  guest.call(ben);
  const { payload: { connectionId, sdp } } = await ben.peer.next('OFFER');
  assert.deepEqual(sdp, kOffer);
  ben.chat.emit('answer-call', { to: guestId, from: ben.id });
  await quietFor([guest], ['call_answered'], 2500);  // the page asks for its camera first
  ben.peer.media('ANSWER', guestId, connectionId, { sdp: kAnswer });
  assert.deepEqual(await guest.next('call_answered'), { from: ben.name, answer: kAnswer });
  guest.end(ben);
  await ben.chat.next('end-call');
  await ben.peer.next('LEAVE');
  guest.leave();
  ben.leave();
});

test('a page that answers and sends no ANSWER is answered for without a description', async () => {
  const ben = await aPeerPage(await aPerson(server.url));
  const { guest, guestId } = await aGuest(ben);
  guest.call(ben);
  await ben.peer.next('OFFER');
  ben.chat.emit('answer-call', { to: guestId, from: ben.id });
  assert.deepEqual(await guest.next('call_answered'), { from: ben.name, answer: null });
  guest.end(ben);
  await ben.chat.next('end-call');
  guest.leave();
  ben.leave();
});

test('a client of the token dialect calls a page and is called by one; neither offers anything', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPeerPage(await aPerson(server.url))];
  ann.app = await aSocket(ann, { auth: { dialect: 'token' } });
  const { body } = await ann.post('/api/conversations', { kind: 'direct', userId: ben.id });
  await fetchesToken(ann, body.data.id);
  await starts(ann, body.data.id);
  const incoming = await ben.chat.next('incoming-call');
  ben.chat.emit('answer-call', { to: ann.id, from: ben.id });
  await ann.app.next('call-accepted', ({ callId }) => callId === incoming.callId);
  await done(ann.app, 'call-end', { callId: incoming.callId });
  await ben.chat.next('end-call');
  assert.deepEqual(ben.peer.types(), ['OPEN']);

  ben.chat.emit('call-user', { to: ann.id, from: ben.id });
  const { callId } = await ann.app.next('incoming-call');
  ben.peer.media('OFFER', ann.id, 'mc_1', { sdp: kOffer });
  await done(ann.app, 'call-accept', { callId });
  await ben.chat.next('call-answered');
  ben.chat.emit('end-call', { to: ann.id, from: ben.id });
  await ann.app.next('call-ended', (event) => event.callId === callId);
  await ben.peer.next('LEAVE');
  leave(ann.app);
  ben.leave();
});

// W-004-11, K58: both have a peer.
test('between two pages messages pass unchanged, in each state of their call, and nothing is added', async () => {
  const [ann, ben] = [await aPeerPage(await aPerson(server.url)), await aPeerPage(await aPerson(server.url))];
  ann.chat.emit('call-user', { to: ben.id, from: ann.id, name: ann.name });
  await ben.chat.next('incoming-call');
  ann.peer.media('OFFER', ben.id, 'mc_1', { sdp: kOffer, metadata: { name: ann.name } });
  for (let i = 1; i <= 60; ++i) ann.peer.media('CANDIDATE', ben.id, 'mc_1', { candidate: candidate(i) });
  await eventually(() => ben.peer.all('CANDIDATE').length === 60, 'all candidates');
  assert.deepEqual(ben.peer.log[1], { type: 'OFFER', src: ann.id, dst: ben.id, payload: { sdp: kOffer, metadata: { name: ann.name }, type: 'media', connectionId: 'mc_1' } });
  assert.deepEqual(numbers(ben.peer.all('CANDIDATE')), Array.from({ length: 60 }, (_, i) => i + 1));
  ben.chat.emit('answer-call', { to: ann.id, from: ben.id });
  ben.peer.media('ANSWER', ann.id, 'mc_1', { sdp: kAnswer });
  for (let i = 1; i <= 4; ++i) ben.peer.media('CANDIDATE', ann.id, 'mc_1', { candidate: candidate(i) });
  await ann.chat.next('call-answered');
  await eventually(() => ann.peer.all('CANDIDATE').length === 4, 'the candidates of the answer');
  ann.chat.emit('end-call', { to: ben.id, from: ann.id });
  await ben.chat.next('end-call');
  await quietFor([ann.chat, ben.chat], ['ice-candidate', 'incoming-call'], 500);
  assert.deepEqual(ann.peer.types(), ['OPEN', 'ANSWER', ...Array(4).fill('CANDIDATE')]);
  assert.deepEqual(ben.peer.types(), ['OPEN', 'OFFER', ...Array(60).fill('CANDIDATE')]);
  ann.leave();
  ben.leave();
});

// W-004-22
test('a page that reloads while it is rung gets the offer and the candidates again, behind its ring', async () => {
  for (const caller of ['native', 'page']) {
    const ann = caller === 'native' ? await aNative() : await aPeerPage(await aPerson(server.url));
    const person = await aPerson(server.url);
    const old = await aPeerPage(person);
    if (caller === 'native') {
      const call = await calls(ann, old);
      await done(ann.socket, 'call.signal', { callId: call.id, kind: 'candidate', payload: candidate(1) });
    } else {
      ann.chat.emit('call-user', { to: person.id, from: ann.id });
      await old.chat.next('incoming-call');
      ann.peer.media('OFFER', person.id, 'mc_1', { sdp: kOffer });
      ann.peer.media('CANDIDATE', person.id, 'mc_1', { candidate: candidate(1) });
    }
    await old.peer.next('CANDIDATE');
    const offer = await old.peer.next('OFFER');
    old.chat.io.engine.close();  // as a page that goes: no DISCONNECT packet
    old.peer.leave();
    await old.peer.gone();
    const begin = Date.now();
    const peer = await aPageOf(person);
    const chat = await aChatSocket(person);
    await chat.next('incoming-call');
    await peer.next('CANDIDATE');
    assert.ok(Date.now() - begin <= 2000, `${caller}: back within 2 s`);
    assert.deepEqual(peer.log.slice(1).map(({ type }) => type), ['OFFER', 'CANDIDATE']);
    assert.deepEqual(await peer.next('OFFER'), offer);
    assert.ok(peer.when('OFFER') >= chat.when('incoming-call'));
    chat.emit('call-rejected', { to: ann.id, from: person.id });
    await (caller === 'native' ? ann.socket.next('call.rejected') : ann.chat.next('call-rejected'));
    chat.disconnect();
    peer.leave();
    if (caller === 'native') leave(ann.socket);
    else ann.leave();
  }
});

// W-004-11, K58: nobody of the callee is there when the caller's page sends its offer.
test('a page that comes while it is called gets what the caller’s page sent before', async () => {
  for (const [first, second] of [['chat', 'peer'], ['peer', 'chat']]) {
    const ann = await aPeerPage(await aPerson(server.url));
    const person = await aPerson(server.url);
    await ann.chat.does('call-user', { to: person.id, from: ann.id, name: ann.name });
    const offer = { sdp: kOffer, metadata: { name: ann.name } };
    ann.peer.media('OFFER', person.id, 'mc_1', offer);
    for (let i = 1; i <= 24; ++i) ann.peer.media('CANDIDATE', person.id, 'mc_1', { candidate: candidate(i) });
    await quietFor([ann.chat], ['call-rejected', 'call-timeout', 'end-call'], 2000);  // the messages are here, and nobody is

    const opens = { chat: () => aChatSocket(person), peer: () => aPageOf(person) };
    const page = { [first]: await opens[first](), [second]: await opens[second]() };
    await page.chat.next('incoming-call');
    await eventually(() => page.peer.all('CANDIDATE').length === 24, `all candidates, ${first} first`);
    assert.deepEqual(page.peer.types(), ['OPEN', 'OFFER', ...Array(24).fill('CANDIDATE')]);
    assert.deepEqual(page.peer.log[1], { type: 'OFFER', src: ann.id, dst: person.id, payload: { ...offer, type: 'media', connectionId: 'mc_1' } });
    assert.deepEqual(numbers(page.peer.all('CANDIDATE')), Array.from({ length: 24 }, (_, i) => i + 1));
    assert.ok(page.peer.when('OFFER') >= page.chat.when('incoming-call'), 'behind the ring');

    page.peer.media('ANSWER', ann.id, 'mc_1', { sdp: kAnswer });
    page.chat.emit('answer-call', { to: ann.id, from: person.id });
    await ann.peer.next('ANSWER');
    await ann.chat.next('call-answered');
    ann.chat.emit('end-call', { to: person.id, from: ann.id });
    await page.chat.next('end-call');
    assert.deepEqual(ann.peer.types(), ['OPEN', 'ANSWER'], 'no EXPIRE, no LEAVE');
    page.chat.disconnect();
    page.peer.leave();
    ann.leave();
  }
});

// W-004-10: its stock client makes no other peer.
test('when the newer tab closes the older one has its PeerJS id again', async () => {
  const ann = await aPeerPage(await aPerson(server.url));
  const person = await aPerson(server.url);
  const [older, newer] = [await aPeerPage(person), await aPeerPage(person)];
  newer.leave();
  await newer.peer.gone();
  ann.chat.emit('call-user', { to: person.id, from: ann.id });
  await older.chat.next('incoming-call');
  ann.peer.media('OFFER', person.id, 'mc_1', { sdp: kOffer });
  assert.equal((await older.peer.next('OFFER')).src, ann.id);
  older.peer.media('ANSWER', ann.id, 'mc_1', { sdp: kAnswer });
  older.chat.emit('answer-call', { to: ann.id, from: person.id });
  await ann.peer.next('ANSWER');
  await ann.chat.next('call-answered');
  ann.chat.emit('end-call', { to: person.id, from: ann.id });
  await older.chat.next('end-call');
  assert.deepEqual([older.peer.types(), ann.peer.types()], [['OPEN', 'OFFER'], ['OPEN', 'ANSWER']]);
  older.leave();
  ann.leave();
});

// K57: the client's page in development.
test('a page of http://localhost:5173 opens its peer with the cookie', async () => {
  const person = await aPerson(server.url);
  (await aPageOf(person, { origin: 'http://localhost:5173' })).leave();
});
