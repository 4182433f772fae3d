// Seed 000's app in calls of three.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done } from './harness/accounts.mjs';
import { sharedServer } from './harness/server.mjs';
import { aCrew, kForTheApp, kHeard, kTime, outcomes, pendingCallsOf, starts } from './harness/token_app.mjs';
import { quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after }, kForTheApp);
const pending = pendingCallsOf(server);

// R-000-19, J-5.3, J-5.4
test('in a group of three one declines, the other still rings, and the last one ends it', kTime, async () => {
  const crew = await aCrew(server.url, 2);
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
  const crew = await aCrew(server.url, 2);
  const { ann, rest: [ben, cid], room } = crew;
  const other = await aCrew(server.url);
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
