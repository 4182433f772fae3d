// Seed 000's app: its token, what a start needs, and what a second start does.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { advance, aPerson, done, leave } from './harness/accounts.mjs';
import { aRoom, fetches, kAgora, ok, readAgora, startsServers } from './harness/call_tokens.mjs';
import { sharedServer } from './harness/server.mjs';
import { aCrew, anApp, fetchesToken, kForTheApp, kHeard, kTime, pendingCallsOf, refused, starts } from './harness/token_app.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const kNoMember = 'You are not a participant in this conversation';
const server = sharedServer({ before, after }, kForTheApp);
const serverWith = startsServers({ after });
const pending = pendingCallsOf(server);
const later = (seconds) => advance(server.url, seconds * 1000);

// W-000-01
test("seed 000's app gets its token in its own form", async () => {
  const server = await serverWith({ ...kAgora, MEDIA_PROVIDER: 'agora', RATE_LIMIT_TOKEN_MAX: '3' });
  const { ann, dan, room } = await aRoom(server.url);
  for (const path of ['/api/call/token', '/api/v1/call/token']) {
    const { status, body } = await ann.post(path, { channelName: room, role: 'publisher', userId: ann.id });
    assert.equal(status, 200);
    assert.deepEqual([body.code, body.success, typeof body.message], [200, true, 'string']);
    assert.deepEqual(Object.keys(body.data.attributes).sort(), ['appId', 'channelName', 'token']);
    assert.deepEqual([body.data.attributes.appId, body.data.attributes.channelName], [kAgora.AGORA_APP_ID, room]);
    const { uid, channel } = readAgora(body.data.attributes.token);
    assert.deepEqual([uid, channel], ['', room], 'that app joins as user 0');
  }
  const stranger = await dan.post('/api/v1/call/token', { channelName: room });
  assert.deepEqual([stranger.status, stranger.body.code, stranger.body.message], [400, 400, 'You are not a participant in this conversation']);
  assert.deepEqual(stranger.body.error, [{ path: 'channelName', message: 'You are not a participant in this conversation' }]);
  assert.equal((await ann.post('/api/v1/call/token', {})).status, 400);
  ok(await fetches(ann, room));
  assert.equal((await ann.post('/api/v1/call/token', { channelName: room })).status, 429, 'one limit for both');
});

// R-000-24, R-000-25, J-1.4
test('a stranger is refused alike in a foreign conversation and in one that is not there', kTime, async () => {
  const crew = await aCrew(server.url);
  const { ann, rest: [ben], room } = crew;
  const dan = await aPerson(server.url);
  const app = await anApp(dan);
  const call = await starts(ann, room);
  await Promise.all([ben.app.next('incoming-call'), ann.app.next('call-progress')]);
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
  const crew = await aCrew(server.url);
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
    const crew = await aCrew(server.url);
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
    const crew = await aCrew(server.url, others);
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
  const crew = await aCrew(server.url);
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
  const crew = await aCrew(server.url);
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
