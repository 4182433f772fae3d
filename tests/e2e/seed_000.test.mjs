// Seed 000's app, played with the stock client: it fetches a token, joins its media, and starts the call of a conversation by
// `call-started`. It asks for no acknowledgements of its own; the tests do, to read what the server decided.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { io } from 'sio';
import { advance, aPerson, ask, aSocket, done, leave } from './harness/accounts.mjs';
import { anAdmin } from './harness/operators.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { eventually, quietFor, within } from './harness/wait.mjs';

const kTime = { timeout: 60_000 };
const kNoMember = 'You are not a participant in this conversation';
const kHeard = ['incoming-call', 'call-accepted', 'call-connected', 'call-rejected', 'call-busy', 'call-timeout', 'call-cancelled', 'call-ended', 'call-end'];
// The whole server serves this app: a socket that names no dialect speaks `token` (W-000-05).
const server = sharedServer({ before, after }, { args: ['--virtual-time', '--default-dialect', 'token'] });
const later = (seconds) => advance(server.url, seconds * 1000);

/** A socket as the app opens it: its credential bare in the header `token` (W-000-04). */
async function anApp(person, { url = server.url, ...options } = {}) {
  const app = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: { token: person.token }, ...options });
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
const outcomes = (app) => app.log.filter(([event, { callId, final, elsewhere } = {}]) =>
  ['call-timeout', 'call-cancelled', 'call-ended'].includes(event) || (event === 'call-rejected' && final && !elsewhere) || (event === 'call-busy' && !callId));

/** Ann, with ben and whom else the test wants, each with the app, and the conversation of all. */
async function aCrew(others = 1, url = server.url) {
  const people = await Promise.all(Array.from({ length: others + 1 }, () => aPerson(url)));
  for (const person of people) person.app = await anApp(person, { url });
  const [ann, ...rest] = people;
  const request = others === 1 ? { kind: 'direct', userId: rest[0].id } : { kind: 'group', memberIds: rest.map(({ id }) => id) };
  const { body } = await ann.post('/api/conversations', request);
  return { people, ann, rest, room: body.data.id, gone: () => leave(...people.map(({ app }) => app)) };
}

/** Token, media (elsewhere), call. */
async function fetchesToken({ get }, room) {
  const { status } = await get(`/api/call/token?conversationId=${room}`);
  assert.equal(status, 200);
}
async function starts(person, room, more = {}) {
  await fetchesToken(person, room);
  return done(person.app, 'call-started', { conversationId: room, ...more });
}
async function refused(app, event, payload, code) {
  const before = app.all('io-error').length;
  const answer = await app.does(event, payload);
  assert.deepEqual([answer.success, answer.error?.code], [false, code], JSON.stringify(answer));
  await eventually(() => app.all('io-error').length === before + 1, 'an io-error');
  const { success, message, timestamp } = app.all('io-error').at(-1);
  assert.deepEqual([success, message], [false, answer.error.message]);
  assert.ok(!Number.isNaN(Date.parse(timestamp)));
  return answer;
}
async function connected(crew) {
  const call = await starts(crew.ann, crew.room);
  await crew.rest[0].app.next('incoming-call');
  await done(crew.rest[0].app, 'call-accept', { conversationId: crew.room });
  await crew.ann.app.next('call-accepted');
  return call;
}

let admin;
async function pending(room) {
  if (!admin) {
    const { name, password } = await anAdmin(['--data', server.data]);
    admin = (await ask(server.url, '/user/login', { method: 'POST', body: { username: name, password } })).body.token;
  }
  const { status, body } = await ask(server.url, `/api/admin/calls/pending/${room}`, { token: admin });
  return status === 404 ? body.error.code : body.data;
}

// R-000-04, R-000-05, R-000-10, R-000-11, R-000-13, R-000-15, R-000-16, W-000-02, W-000-03
test('the app calls, the other accepts, and one hangs up', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  assert.equal(await pending(room), 'NOT_FOUND');
  const call = await starts(ann, room);
  assert.deepEqual([call.status, call.conversationId, call.callType, call.dialect, call.ringPolicy], ['calling', room, 'video', 'token', 'onCallerReady']);
  const incoming = await ben.app.next('incoming-call');
  const { from, callerId, caller, conversationId, callId, message, signal, peerId } = incoming;
  assert.deepEqual([from, callerId, caller.username, conversationId, callId], [ann.id, ann.id, ann.name, room, call.id]);
  assert.deepEqual([message, signal, peerId], [`${ann.name} is calling you`, null, null]);
  const record = await pending(room);
  assert.deepEqual(Object.keys(record).sort(), ['calleeIds', 'callerId', 'startedAt', 'status']);
  assert.deepEqual([record.callerId, record.calleeIds, record.status, record.startedAt],
    [ann.id, [ben.id], 'ringing', Math.floor(Date.parse(call.createdAt) / 1000)]);
  ben.app.emit('call-accepted', { conversationId: room });
  const accepted = await ann.app.next('call-accepted');
  assert.deepEqual([accepted.callId, accepted.conversationId, accepted.userId], [call.id, room, ben.id]);
  assert.equal((await ann.app.next('call-connected')).conversationId, room);
  assert.equal(await pending(room), 'NOT_FOUND');
  await later(12);
  ann.app.emit('call-end', { conversationId: room });
  for (const { app } of [ann, ben]) {
    const { callId: over, endReason, duration } = await app.next('call-ended');
    assert.deepEqual([over, endReason, duration], [call.id, 'hangup', 12]);
  }
  assert.equal((await ben.app.next('call-end')).message, `${ann.name} ended the call`);
  await quietFor([ann.app, ben.app], kHeard, 200);
  assert.deepEqual([ann.app.all('call-accepted').length, ann.app.all('call-end').length, ben.app.all('incoming-call').length], [1, 0, 1]);
  crew.gone();
});

// R-000-13, R-000-17, R-000-18, R-000-20, R-000-21, R-000-23, R-000-37
for (const [way, { act, event, reason }] of Object.entries({
  'the other declines': { act: ({ ben, room }) => ben.app.emit('call-reject', { conversationId: room }), event: 'call-rejected', reason: 'declined' },
  'the other declines as the app says it': { act: ({ ben, room }) => ben.app.emit('call-rejected', { conversationId: room }), event: 'call-rejected', reason: 'declined' },
  'the caller cancels': { act: ({ ann, room }) => ann.app.emit('call-cancel', { conversationId: room }), event: 'call-cancelled', reason: 'cancelled' },
  'the caller hangs up while it rings': { act: ({ ann, room }) => ann.app.emit('call-end', { conversationId: room }), event: 'call-cancelled', reason: 'cancelled' },
  'nobody answers for 30 s': { act: () => later(30), event: 'call-timeout', reason: 'timeout' },
}))
  test(`the caller has one outcome when ${way}`, kTime, async () => {
    const crew = await aCrew();
    const { ann, rest: [ben], room } = crew;
    const call = await starts(ann, room);
    await ben.app.next('incoming-call');
    await act({ ann, ben, room });
    const outcome = await ann.app.next(event);
    assert.deepEqual([outcome.callId, outcome.conversationId, outcome.endReason ?? outcome.reason], [call.id, room, reason]);
    if (event === 'call-rejected') assert.deepEqual([outcome.userId, outcome.final, outcome.message], [ben.id, true, `${ben.name} declined the call`]);
    else await Promise.all([ben.app.next(event), ben.app.next('call-end')]);
    assert.equal(await pending(room), 'NOT_FOUND');
    await later(60);
    await quietFor([ann.app, ben.app], kHeard, 200);
    assert.equal(outcomes(ann.app).length, 1, JSON.stringify(ann.app.log));
    crew.gone();
  });

// R-000-20, R-000-23, J-5.3
test('a callee in another call is busy, and gets no event', kTime, async () => {
  const talking = await aCrew();
  await connected(talking);
  const ben = talking.rest[0];
  const ann = await aPerson(server.url);
  ann.app = await anApp(ann);
  const tablet = await anApp(ann), web = await aSocket(ann, { auth: { dialect: 'native' } });
  const { body } = await ann.post('/api/conversations', { kind: 'direct', userId: ben.id });
  await fetchesToken(ann, body.data.id);
  await refused(ann.app, 'call-started', { conversationId: body.data.id }, 'RECIPIENT_BUSY');
  for (const app of [ann.app, tablet])
    assert.deepEqual(await app.next('call-busy'), { callId: null, conversationId: body.data.id, userId: ben.id });
  const marks = ben.app.log.length;
  await quietFor([ann.app, tablet, ben.app], kHeard, 200);
  assert.deepEqual(web.log.filter(([event]) => event.startsWith('call')), []);
  assert.deepEqual([outcomes(ann.app).length, outcomes(tablet).length, ben.app.log.length], [1, 1, marks]);
  talking.gone();
  leave(ann.app, tablet, web);
});

// R-000-23, R-000-57
test('an offline callee is called in vain until the time-out', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  leave(ben.app);
  await eventually(async () => !(await server.users()).includes(ben.name), 'ben to be away');
  await starts(ann, room);
  assert.equal((await ann.app.next('call-progress')).reachable, false);
  await later(31);
  assert.equal((await ann.app.next('call-timeout')).endReason, 'timeout');
  assert.equal(outcomes(ann.app).length, 1);
  ben.app = await anApp(ben);
  crew.gone();
});

// R-000-08, R-000-23, R-000-36, J-5.5
test('a caller who is lost takes the call along, and gets its end on return', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  await starts(ann, room);
  await ben.app.next('incoming-call');
  ann.app.io.engine.close();
  await eventually(async () => !(await server.users()).includes(ann.name), 'ann to be lost');
  await later(6);
  assert.equal((await ben.app.next('call-cancelled')).endReason, 'caller_disconnected');
  await refused(ben.app, 'call-accept', { conversationId: room }, 'CALL_NOT_RINGING');
  ann.app = await anApp(ann);
  assert.equal((await ann.app.next('call-cancelled')).endReason, 'caller_disconnected');
  await quietFor([ann.app], kHeard, 200);
  assert.equal(outcomes(ann.app).length, 1);
  crew.gone();
});

// J-5.5, X-12
test('a callee who returns is rung again, and gets an end that they missed', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  for (const over of [false, true]) {
    const call = await starts(ann, room);
    await ben.app.next('incoming-call', ({ callId }) => callId === call.id);
    ben.app.io.engine.close();
    await eventually(async () => !(await server.users()).includes(ben.name), 'ben to be lost');
    if (over) await done(ann.app, 'call-cancel', { conversationId: room });
    ben.app = await anApp(ben);
    await ben.app.next(over ? 'call-cancelled' : 'incoming-call', ({ callId }) => callId === call.id);
    if (!over) await done(ben.app, 'call-reject', { callId: call.id });
  }
  assert.deepEqual(ben.app.all('incoming-call'), []);
  crew.gone();
});

// R-000-19, J-5.3, J-5.4
test('in a group of three one declines, the other still rings, and the last one ends it', kTime, async () => {
  const crew = await aCrew(2);
  const { ann, rest: [ben, cid], room } = crew;
  const call = await starts(ann, room);
  assert.equal(call.groupId, room);
  await Promise.all([ben.app.next('incoming-call'), cid.app.next('incoming-call')]);
  await done(ben.app, 'call-reject', { conversationId: room });
  const first = await ann.app.next('call-rejected');
  assert.deepEqual([first.userId, first.final], [ben.id, false]);
  assert.deepEqual((await pending(room)).calleeIds.sort(), [ben.id, cid.id].sort());
  await quietFor([cid.app], kHeard, 200);
  await done(cid.app, 'call-reject', { conversationId: room });
  assert.equal((await ann.app.next('call-rejected', ({ userId }) => userId === cid.id)).final, true);
  assert.equal(outcomes(ann.app).length, 1);

  const again = await starts(ann, room);
  await Promise.all([ben, cid].map(({ app }) => app.next('incoming-call', ({ callId }) => callId === again.id)));
  for (const { app } of [ben, cid]) await done(app, 'call-accept', { callId: again.id });
  assert.equal((await ann.app.next('call-accepted', ({ userId }) => userId === cid.id)).callId, again.id);
  assert.equal((await ben.app.next('call-peer')).state, 'joined');
  assert.equal((await ben.app.next('call-connected')).message, `${cid.name} has joined the call`);
  await done(ben.app, 'call-end', { conversationId: room });
  assert.equal((await cid.app.next('call-peer', ({ state }) => state === 'left')).userId, ben.id);
  await done(ann.app, 'call-end', { conversationId: room });
  await cid.app.next('call-ended');
  crew.gone();
});

// R-000-20, J-5.3
test('a member of a group who is in another call is busy, and the others ring', kTime, async () => {
  const crew = await aCrew(2);
  const { ann, rest: [ben, cid], room } = crew;
  const other = await aCrew();
  const { body } = await other.ann.post('/api/conversations', { kind: 'direct', userId: ben.id });
  await starts(other.ann, body.data.id);
  await ben.app.next('incoming-call');
  await done(ben.app, 'call-accept', { conversationId: body.data.id });
  const call = await starts(ann, room);
  await cid.app.next('incoming-call');
  assert.deepEqual(await ann.app.next('call-busy'), { callId: call.id, conversationId: room, userId: ben.id });
  assert.equal(outcomes(ann.app).length, 0);
  await done(ann.app, 'call-cancel', { conversationId: room });
  crew.gone();
  other.gone();
});

// R-000-24, R-000-25, J-1.4
test('a stranger is refused alike in a foreign conversation and in one that is not there', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  const dan = await aPerson(server.url);
  const app = await anApp(dan);
  const call = await starts(ann, room);
  await ben.app.next('incoming-call');
  const marks = [ann, ben].map((each) => each.app.log.length);
  for (const event of ['call-started', 'call-startedV2', 'call-accept', 'call-reject', 'call-cancel', 'call-end'])
    for (const conversationId of [room, randomUUID()]) {
      const { error, data } = await refused(app, event, { conversationId }, 'NOT_PARTICIPANT');
      assert.deepEqual([error.message, data], [kNoMember, undefined]);
    }
  await refused(app, 'call-accept', { callId: call.id }, 'CALL_NOT_FOUND');
  await refused(app, 'call-end', { callId: call.id }, 'NOT_PARTICIPANT');
  await quietFor([ann.app, ben.app], kHeard, 200);
  assert.deepEqual([ann, ben].map((each) => each.app.log.length), marks);
  crew.gone();
  leave(app);
});

// R-000-06, R-000-07, J-3.5
test('a call starts only behind a token for its conversation, which rings nobody', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  const { error } = await refused(ann.app, 'call-started', { conversationId: room }, 'TOKEN_REQUIRED');
  assert.equal(error.message, 'Fetch a token for this conversation first');
  await fetchesToken(ann, room);
  await later(35);
  await quietFor([ben.app], kHeard, 200);
  assert.equal(await pending(room), 'NOT_FOUND');
  await done(ann.app, 'call-started', { conversationId: room });
  await ben.app.next('incoming-call');
  crew.gone();
});

// R-000-35, R-000-06
for (const [way, fails] of Object.entries({
  'its token has expired': async ({ ann }, token) => {
    await later(301);
    const { status, body } = await ann.post('/api/call/join', { token });
    assert.deepEqual([status, body.error.code], [403, 'TOKEN_EXPIRED']);
  },
  'its network is gone': async ({ ann }) => {
    ann.app.io.engine.close();
    await eventually(async () => !(await server.users()).includes(ann.name), 'ann to be lost');
  },
  'it may not use the microphone': async ({ ann }) => leave(ann.app),
}))
  test(`an app that fetched a token and could not join its media has rung nobody: ${way}`, kTime, async () => {
    const crew = await aCrew();
    const { ann, rest: [ben], room } = crew;
    const { body } = await ann.get(`/api/call/token?conversationId=${room}`);
    await fails(crew, body.data.token);
    await later(35);
    if (!ann.app.connected) ann.app = await anApp(ann);
    await quietFor([ann.app, ben.app], kHeard, 200);
    for (const { app } of [ann, ben]) assert.deepEqual(app.log, []);
    assert.equal(await pending(room), 'NOT_FOUND');
    for (const person of [ann, ben]) assert.deepEqual((await person.get('/api/calls/history')).body.data.calls, []);
    const call = await starts(ann, room);
    assert.equal((await ben.app.next('incoming-call')).callId, call.id);
    crew.gone();
  });

// R-000-51, J-2.4, X-06
test('a repeated start is the same call and rings nobody again', kTime, async () => {
  for (const others of [1, 2]) {
    const crew = await aCrew(others);
    const { ann, rest: [ben], room } = crew;
    const call = await starts(ann, room);
    for (let i = 0; i < 5; ++i) {
      const again = await done(ann.app, i % 2 ? 'call-started' : 'call-startedV2', { conversationId: room });
      assert.deepEqual([again.id, again.status], [call.id, 'calling']);
    }
    await ben.app.next('incoming-call');
    await quietFor([ben.app], kHeard, 200);
    assert.equal(ben.app.all('incoming-call').length, 1);
    crew.gone();
  }
});

//
test('two who call each other meet in the first call', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  const call = await starts(ann, room);
  await ben.app.next('incoming-call');
  await fetchesToken(ben, room);
  const { data } = await refused(ben.app, 'call-started', { conversationId: room }, 'CALLER_BUSY');
  assert.deepEqual(data, { callId: call.id, glare: true });
  await eventually(() => ben.app.all('incoming-call').length === 2, 'the dialog to be raised again');
  await done(ben.app, 'call-accept', { conversationId: room });
  await ann.app.next('call-accepted');
  crew.gone();
});

// R-000-37: the app does not wait for answers.
test('a cancel right behind its start cancels that call', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  await fetchesToken(ann, room);
  ann.app.emit('call-started', { conversationId: room });
  ann.app.emit('call-cancel', { conversationId: room });
  await ann.app.next('call-cancelled');
  await ben.app.next('call-cancelled');
  assert.deepEqual(ann.app.all('io-error'), []);
  const { body } = await ben.get('/api/calls/history');
  assert.deepEqual([body.data.calls[0].status, body.data.calls[0].endReason], ['missed', 'cancelled'], 'a missed call (R-000-37)');
  crew.gone();
});

// J-5.4
test('the other devices of a callee get what one of them did', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  const tablet = await anApp(ben);
  for (const [act, event] of [['call-accept', 'call-accepted'], ['call-reject', 'call-rejected']]) {
    const call = await starts(ann, room);
    await Promise.all([ben.app, tablet].map((app) => app.next('incoming-call', ({ callId }) => callId === call.id)));
    await done(ben.app, act, { conversationId: room });
    const { userId, elsewhere } = await tablet.next(event);
    assert.deepEqual([userId, elsewhere], [ben.id, true]);
    assert.deepEqual(ben.app.all(event).filter((each) => each.elsewhere), []);
    if (act === 'call-accept') await done(ann.app, 'call-end', { conversationId: room });
  }
  crew.gone();
  leave(tablet);
});

// R-000-22
test('the app may say how long it rings', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  await starts(ann, room, { ringTimeoutSec: 5, callType: 'audio' });
  assert.equal((await ben.app.next('incoming-call')).callType, 'audio');
  await later(4);
  await quietFor([ann.app], ['call-timeout'], 200);
  await later(2);
  await Promise.all([ann.app.next('call-timeout'), ben.app.next('call-timeout')]);
  await refused(ann.app, 'call-started', { conversationId: room, ringTimeoutSec: 4 }, 'VALIDATION_FAILED');
  crew.gone();
});

// W-000-04, W-000-05, reading 11
test('the header token is a credential, and the default dialect is for sockets that name none', kTime, async () => {
  const ann = await aPerson(server.url);
  await assert.rejects(anApp({ ...ann, token: 'guess' }), /Authentication error/);
  const native = await aSocket(ann);
  assert.equal(native.session.dialect, 'native');
  const app = await anApp(ann);
  await quietFor([app], ['session.ready', 'authenticated', 'call.snapshot'], 200);
  await refused(app, 'call.start', {}, 'NOT_FOUND');
  leave(native, app);
});

// J-5.1, W-000-05
test('elsewhere the first event makes a socket one of the app', kTime, async () => {
  const plain = await startServer();
  try {
    const crew = await aCrew(1, plain.url);
    const { ann, rest: [ben], room } = crew;
    ben.app.disconnect();
    ben.app = await anApp(ben, { url: plain.url, auth: { dialect: 'token' } });
    const call = await starts(ann, room);
    assert.equal(call.dialect, 'token');
    await ben.app.next('incoming-call');
    await done(ben.app, 'call-accept', { callId: call.id });
    await ann.app.next('call-accepted');
    assert.deepEqual(ann.app.all('call.accepted'), []);
    crew.gone();
  } finally {
    await plain.stop();
  }
});

// C-19
test('no socket gets events of another dialect, whatever else its handshake or its first event may hint at', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  leave(ben.app);
  ben.app = await anApp(ben, { auth: { dialect: 'token' }, query: { userId: ben.id } });
  const [tablet, page] = [await aSocket(ann), await aSocket(ben, { query: { userId: ben.id } })];
  const phone = await anApp(ben, { auth: { dialect: 'signaling' } });
  await done(phone, 'register_user', { userId: ben.name });
  for (const [socket, event] of [[ben.app, 'register_user'], [page, 'call-started'], [phone, 'call-started']]) {
    const { success } = await socket.does(event, { userId: ben.name, conversationId: room });
    assert.equal(success, false, `${event} means nothing there`);
  }
  for (const [act, event] of [['call-accept', 'call-accepted'], ['call-reject', 'call-rejected']]) {
    const call = await starts(ann, room);
    const ofThis = ({ callId, call: { id } = {} }) => (callId ?? id) === call.id;
    await ben.app.next('incoming-call', ofThis);
    await page.next('call.incoming', ofThis);
    await later(2);  // a phone is rung once there is an offer, or without one
    await eventually(() => phone.all('incoming_call').length === (act === 'call-accept' ? 1 : 2), 'the phone to ring');
    await done(ben.app, act, { callId: call.id });
    await Promise.all([ann.app.next(event, ofThis), tablet.next(event.replace('-', '.'), ofThis)]);
    if (act === 'call-accept') await done(ann.app, 'call-end', { callId: call.id });
  }
  await quietFor([ann.app, ben.app, tablet, page, phone], ['end-call'], 200);
  const kForms = [[/^[a-z]+(-[a-z]+)+$/, ann.app, ben.app], [/^(call|session)\.[a-z_]+$/, tablet, page], [/^[a-z]+(_[a-z]+)+$/, phone]];
  for (const [form, ...sockets] of kForms)
    for (const socket of sockets) {
      assert.ok(socket.log.length > 2, `${socket.name} has heard events`);
      for (const [name] of socket.log) assert.match(name, form);
    }
  crew.gone();
  leave(tablet, page, phone);
});

// W-01, W-000-01, W-000-02, W-000-03: what the published backend's app sends, in its order and without acknowledgements.
test('the app plays its own sequence: POST for the token, call-startedV2, call-accepted, call-end', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  const shown = ({ message, image, conversationId }) => [typeof message, image, conversationId];
  const asks = async () => {
    const { status, body } = await ann.post('/api/v1/call/token', { channelName: room, role: 'publisher', userId: ann.id });
    assert.deepEqual([status, body.code, body.success, body.data.attributes.channelName], [200, 200, true, room]);
  };
  await asks();
  ann.app.emit('call-startedV2', { conversationId: room });
  assert.deepEqual(shown(await ben.app.next('incoming-call')), ['string', null, room]);
  ben.app.emit('call-accepted', { conversationId: room });
  assert.deepEqual(shown(await ann.app.next('call-connected')), ['string', null, room]);
  ben.app.emit('call-end', { conversationId: room });
  assert.deepEqual(shown(await ann.app.next('call-end')), ['string', null, room]);
  await asks();
  ann.app.emit('call-started', { conversationId: room });
  await eventually(() => ben.app.all('incoming-call').length === 2, 'the second ring');
  ben.app.emit('call-rejected', { conversationId: room });
  assert.deepEqual(shown(await ann.app.next('call-rejected')), ['string', null, room]);
  for (const { app } of [ann, ben]) assert.deepEqual(app.all('io-error'), []);
  crew.gone();
});

// W-01, W-000-04, W-000-05: the published backend takes its JWT from `auth.token` or the header `token`.
test('the app is rung wherever its credential stands in the handshake, and hears of the refusals that it asks no answers for', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  leave(ben.app);
  ben.app = await anApp(ben, { extraHeaders: {}, auth: { token: ben.token } });
  const { status } = await ann.post('/api/v1/call/token', { channelName: room });
  assert.equal(status, 200);
  ann.app.emit('call-startedV2', { conversationId: room });
  assert.equal((await ben.app.next('incoming-call')).conversationId, room);
  ben.app.emit('call-rejected', { conversationId: room });
  await ann.app.next('call-rejected');
  ben.app.emit('call-accepted', { conversationId: room });
  const { success, message, timestamp } = await ben.app.next('io-error');
  assert.deepEqual([success, typeof message, Number.isNaN(Date.parse(timestamp))], [false, 'string', false]);
  await quietFor([ann.app], kHeard, 200);
  crew.gone();
});

// 2.5: ring, accept, reject and end work between dialects.
test('the app and a native client call each other in a conversation', kTime, async () => {
  const crew = await aCrew();
  const { ann, rest: [ben], room } = crew;
  leave(ben.app);
  const native = await aSocket(ben);
  const call = await starts(ann, room);
  await native.next('call.incoming');
  await done(native, 'call.accept', { callId: call.id });
  await ann.app.next('call-accepted');
  await done(ann.app, 'call-end', { conversationId: room });
  assert.equal((await native.next('call.ended')).endReason, 'hangup');
  const back = await done(native, 'call.start', { conversationId: room, callType: 'video' });
  assert.equal((await ann.app.next('incoming-call')).conversationId, room);
  await done(ann.app, 'call-reject', { conversationId: room });
  assert.equal((await native.next('call.rejected', ({ callId }) => callId === back.id)).reason, 'declined');
  leave(ann.app, native);
});
