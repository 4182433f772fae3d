// Seed 000's app: a call of two, from its ring to its end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { sharedServer } from './harness/server.mjs';
import { aCrew, anApp, connected, fetchesToken, kForTheApp, kHeard, kTime, outcomes, pendingCallsOf, refused, starts } from './harness/token_app.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after }, kForTheApp);
const pending = pendingCallsOf(server);
const later = (seconds) => advance(server.url, seconds * 1000);

// R-000-04, R-000-05, R-000-10, R-000-11, R-000-13, R-000-15, R-000-16, W-000-02, W-000-03
test('the app calls, the other accepts, and one hangs up', kTime, async () => {
  const crew = await aCrew(server.url);
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
    const crew = await aCrew(server.url);
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
  const talking = await aCrew(server.url);
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
  const crew = await aCrew(server.url);
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
  const crew = await aCrew(server.url);
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
  const crew = await aCrew(server.url);
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

// J-5.4
test('the other devices of a callee get what one of them did', kTime, async () => {
  const crew = await aCrew(server.url);
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
  const crew = await aCrew(server.url);
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

// W-01, W-000-01, W-000-02, W-000-03: what the published backend's app sends, in its order and without acknowledgements.
test('the app plays its own sequence: POST for the token, call-startedV2, call-accepted, call-end', kTime, async () => {
  const crew = await aCrew(server.url);
  const { ann, rest: [ben], room } = crew;
  const shown = ({ message, image, conversationId }) => [typeof message, image, conversationId];
  const asks = async () => {
    const { status, body } = await ann.post('/api/v1/call/token', { channelName: room, role: 'publisher', userId: ann.id });
    assert.deepEqual([status, body.code, body.success, body.data.attributes.channelName], [200, 200, true, room]);
  };
  await asks();
  ann.app.emit('call-startedV2', { conversationId: room });
  assert.deepEqual(shown(await ben.app.next('incoming-call')), ['string', '/avatars/default.svg', room]);
  ben.app.emit('call-accepted', { conversationId: room });
  assert.deepEqual(shown(await ann.app.next('call-connected')), ['string', '/avatars/default.svg', room]);
  ben.app.emit('call-end', { conversationId: room });
  assert.deepEqual(shown(await ann.app.next('call-end')), ['string', '/avatars/default.svg', room]);
  await asks();
  ann.app.emit('call-started', { conversationId: room });
  await eventually(() => ben.app.all('incoming-call').length === 2, 'the second ring');
  ben.app.emit('call-rejected', { conversationId: room });
  assert.deepEqual(shown(await ann.app.next('call-rejected')), ['string', '/avatars/default.svg', room]);
  for (const { app } of [ann, ben]) assert.deepEqual(app.all('io-error'), []);
  crew.gone();
});
