// QA-39 to QA-52: who may do what, and the form of errors.
import assert from 'node:assert/strict';
import { advance, aPerson, ask, failCommits } from '../accounts.mjs';
import { eventually } from '../wait.mjs';
import { blames, connected, enveloped, kNowhere, refused, ringing, two } from './steps.mjs';

export const kRefusals = {
  // --- Authorization
  'QA-39 without a credential every call route is 401': async ({ url }) => {  // R-004-12
    for (const [method, path] of [['POST', '/api/calls'], ['POST', '/api/calls/respond'], ['POST', `/api/calls/${kNowhere}/end`], ['GET', `/api/calls/${kNowhere}`],
      ['GET', '/api/calls/active'], ['GET', '/api/calls/history'], ['GET', '/api/calls/stats']])
      refused(await ask(url, path, { method, ...(method === 'POST' && { body: {} }) }), 401, 'UNAUTHENTICATED');
  },
  'QA-40 an invalid or expired credential is 401': async ({ url }) => {  // R-002-04
    const alice = await aPerson(url);
    const [head, claims, signature] = alice.token.split('.');
    const flipped = (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);
    for (const token of ['nonsense', `${head}.${claims}.${flipped}`, `${head}.${claims}.`])
      refused(await ask(url, '/api/calls/active', { token }), 401, 'UNAUTHENTICATED');
    refused(await ask(url, '/api/calls/active', { headers: { authorization: 'Basic abc' } }), 401, 'UNAUTHENTICATED');
    await advance(url, 8 * 24 * 3600 * 1000);
    refused(await alice.get('/api/calls/active'), 401, 'SESSION_EXPIRED');
  },
  'QA-41 only the recipient responds': async ({ url }) => {  // R-001-48
    const { call } = await ringing(url);
    const carol = await aPerson(url);
    for (const response of ['accept', 'reject']) refused(await carol.responds(call, response), 404, 'CALL_NOT_FOUND', 'Call not found');
  },
  'QA-42 only a participant ends': async ({ url }) => {  // R-001-51
    const { alice, call } = await connected(url);
    const carol = await aPerson(url);
    refused(await carol.ends(call), 403, 'NOT_PARTICIPANT', 'You are not a participant in this call');
    assert.equal((await alice.reads(call)).body.data.status, 'connected');
  },
  'QA-43 only a participant reads': async ({ url }) => {  // R-002-12, R-002-13
    const { call } = await ringing(url);
    const carol = await aPerson(url);
    refused(await carol.reads(call), 404, 'CALL_NOT_FOUND');
    refused(await carol.get(`/api/calls/${call.id}/audit`), 404, 'CALL_NOT_FOUND');
    assert.equal((await carol.get('/api/calls/history')).body.data.pagination.total, 0);
  },
  'QA-44 the caller cannot accept': async ({ url }) => {  // R-001-66, C-08
    const { alice, bob, call } = await ringing(url);
    const [own, theirs] = await Promise.all([alice.responds(call, 'accept'), bob.responds(call, 'accept')]);
    refused(own, 404, 'CALL_NOT_FOUND', 'Call not found');
    enveloped(theirs, 200);
  },
  // --- Errors
  'QA-45 an unknown recipient is 404': async ({ url }) => {  // R-001-35
    const alice = await aPerson(url);
    refused(await alice.calls({ id: kNowhere }), 404, 'USER_NOT_FOUND', 'Recipient not found');
  },
  'QA-46 responding to an unknown call is 404': async ({ url }) => {  // R-001-49
    const bob = await aPerson(url);
    refused(await bob.responds({ id: kNowhere }, 'accept'), 404, 'CALL_NOT_FOUND', 'Call not found');
  },
  'QA-47 ending an unknown call is 404': async ({ url }) => {  // R-001-50
    const bob = await aPerson(url);
    refused(await bob.ends({ id: kNowhere }), 404, 'CALL_NOT_FOUND', 'Call not found');
  },
  'QA-48 reading an unknown call is 404': async ({ url }) => {  // R-001-06
    const bob = await aPerson(url);
    refused(await bob.reads({ id: kNowhere }), 404, 'CALL_NOT_FOUND', 'Call not found');
  },
  'QA-49 malformed JSON, a foreign type and an oversized body give clean errors': async ({ url }) => {  // R-001-17
    const alice = await aPerson(url);
    const post = (raw, headers) => ask(url, '/api/calls', { method: 'POST', token: alice.token, raw, headers });
    for (const raw of ['{', '', '[]', '"x"']) blames(await post(raw), 'body');
    refused(await post('{}', { 'content-type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE');
    assert.equal((await post(`{"x":"${'y'.repeat(2_000_000)}"}`)).status, 413);
  },
  'QA-50 a failing database gives an error without internals': async ({ url }) => {  // R-001-19
    const [alice, bob] = await two(url);
    await failCommits(url, 1);
    refused(await alice.calls(bob), 503, 'STORE_UNAVAILABLE');
    enveloped(await alice.calls(bob), 201);
  },
  'QA-51 unknown routes are 404 and wrong methods 405, in the same shape': async ({ url }) => {  // R-001-06
    const alice = await aPerson(url);
    refused(await alice.get('/api/nothing'), 404, 'NOT_FOUND');
    const answer = await alice.get('/api/calls/respond', { method: 'PUT' });
    refused(answer, 405, 'METHOD_NOT_ALLOWED');
    assert.match(answer.headers.get('allow'), /POST/);
  },
  'QA-52 every error has code, message and request id': async ({ url }) => {  // R-001-06
    const alice = await aPerson(url);
    for (const answer of [await alice.get('/api/calls/abc'), await alice.reads({ id: kNowhere }), await ask(url, '/api/calls/active'), await alice.get('/api/nothing')]) {
      const { error } = answer.body;
      assert.ok(error.code && error.message && error.requestId, JSON.stringify(answer.body));
      assert.equal(answer.headers.get('x-request-id'), error.requestId);
    }
    await eventually(() => true, 'nothing more');
  },
};
