// The sockets of seed 000's app: their credential, their dialect, and calls with clients of other dialects.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { aCrew, anApp, kForTheApp, kHeard, kTime, refused, starts } from './harness/token_app.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after }, kForTheApp);
const later = (seconds) => advance(server.url, seconds * 1000);

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
    const crew = await aCrew(plain.url);
    const { ann, rest: [ben], room } = crew;
    ben.app.disconnect();
    ben.app = await anApp(ben, { auth: { dialect: 'token' } });
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
  const crew = await aCrew(server.url);
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
  const kForms = [[/^[a-z]+(-[a-z]+)+$/, ann.app, ben.app], [/^(call|conversation|message|session|unread)\.[a-z_]+$/, tablet, page], [/^[a-z]+(_[a-z]+)+$/, phone]];
  for (const [form, ...sockets] of kForms)
    for (const socket of sockets) {
      assert.ok(socket.log.length > 2, `${socket.name} has heard events`);
      for (const [name] of socket.log) assert.match(name, form);
    }
  crew.gone();
  leave(tablet, page, phone);
});

// W-01, W-000-04, W-000-05: the published backend takes its JWT from `auth.token` or the header `token`.
test('the app is rung wherever its credential stands in the handshake, and hears of the refusals that it asks no answers for', kTime, async () => {
  const crew = await aCrew(server.url);
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
  const crew = await aCrew(server.url);
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
