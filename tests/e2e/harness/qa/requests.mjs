// QA-01 to QA-14: the form of answers, and requests that are refused for what is in them.
import assert from 'node:assert/strict';
import { aPerson } from '../accounts.mjs';
import { blames, connected, enveloped, kNowhere, kUuid, refused, ringing, two } from './steps.mjs';

export const kRequests = {
  // --- API format
  'QA-01 POST /api/calls answers 201 with the envelope and its message': async ({ url }) => {  // R-001-01, R-001-02
    const [alice, bob] = await two(url);
    const answer = await alice.calls(bob);
    const call = enveloped(answer, 201);
    assert.equal(answer.body.message, 'Call initiated successfully');
    assert.match(call.id, kUuid);
    assert.deepEqual([call.callerId, call.recipientId, call.callType, call.status], [alice.id, bob.id, 'video', 'calling']);
    assert.deepEqual([call.startedAt, call.endedAt], [null, null]);
  },
  'QA-02 POST /api/calls/respond answers with the envelope': async ({ url }) => {  // R-001-03
    const { bob, call } = await ringing(url);
    assert.equal(enveloped(await bob.responds(call, 'accept'), 200).status, 'connected');
  },
  'QA-03 GET /api/calls/{id} answers with the envelope': async ({ url }) => {  // R-001-04
    const { alice, call } = await ringing(url);
    const { status, body } = await alice.reads(call);
    assert.equal(status, 200);
    assert.equal(body.success, true);
    assert.equal(body.data.id, call.id);
  },
  'QA-04 POST /api/calls/{id}/end answers with the envelope': async ({ url }) => {  // R-001-05
    const { alice, call } = await connected(url);
    assert.equal(enveloped(await alice.ends(call), 200).status, 'ended');
  },
  // --- Validation
  'QA-05 missing recipientId is 400': async ({ url }) => {  // R-001-08
    const alice = await aPerson(url);
    blames(await alice.post('/api/calls', { callType: 'video' }), 'recipientId');
  },
  'QA-06 a recipientId that is no UUID is 400': async ({ url }) => {  // R-001-09, R-001-16
    const alice = await aPerson(url);
    for (const recipientId of ['not-a-uuid', '', "' OR 1=1 --"]) blames(await alice.post('/api/calls', { recipientId, callType: 'video' }), 'recipientId');
  },
  'QA-07 recipientId null, number, object or array is 400': async ({ url }) => {  // R-001-09
    const alice = await aPerson(url);
    for (const recipientId of [null, 123, {}, []]) blames(await alice.post('/api/calls', { recipientId, callType: 'video' }), 'recipientId');
  },
  'QA-08 missing callType is 400': async ({ url }) => {  // R-001-10
    const [alice, bob] = await two(url);
    blames(await alice.post('/api/calls', { recipientId: bob.id }), 'callType');
  },
  'QA-09 an unknown callType is 400': async ({ url }) => {  // R-001-11
    const [alice, bob] = await two(url);
    for (const callType of ['hacked', 'VIDEO']) blames(await alice.calls(bob, { callType }), 'callType');
    enveloped(await alice.calls(bob, { callType: 'audio' }), 201);
  },
  'QA-10 callType number, null, object or array is 400': async ({ url }) => {  // R-001-11
    const [alice, bob] = await two(url);
    for (const callType of [123, null, {}, ['video']]) blames(await alice.calls(bob, { callType }), 'callType');
  },
  'QA-11 responding without a UUID callId is 400': async ({ url }) => {  // R-001-12
    const bob = await aPerson(url);
    blames(await bob.post('/api/calls/respond', { response: 'accept' }), 'callId');
    blames(await bob.post('/api/calls/respond', { callId: 'not-a-uuid', response: 'accept' }), 'callId');
  },
  'QA-12 responding without a response is 400': async ({ url }) => {  // R-001-13
    const bob = await aPerson(url);
    blames(await bob.post('/api/calls/respond', { callId: kNowhere }), 'response');
  },
  'QA-13 an unknown response is 400': async ({ url }) => {  // R-001-13
    const bob = await aPerson(url);
    for (const response of ['maybe', true]) blames(await bob.post('/api/calls/respond', { callId: kNowhere, response }), 'response');
  },
  'QA-14 a path id that is no UUID is 400': async ({ url }) => {  // R-001-14
    const alice = await aPerson(url);
    refused(await alice.post('/api/calls/abc/end'), 400, 'VALIDATION_FAILED');
    refused(await alice.get('/api/calls/abc'), 400, 'VALIDATION_FAILED');
  },
};
