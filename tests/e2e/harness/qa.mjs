// The 52 tests of seed 001's QA report (SPEC 1.6), against one running server under --virtual-time. qa.test.mjs runs them once
// per database.
import assert from 'node:assert/strict';
import { advance, aPair, aPerson, ask, aSocket, failCommits, loggedInAgain } from './accounts.mjs';
import { eventually, quietFor } from './wait.mjs';

const kNowhere = '018f3c1e-7b2a-7cde-9abc-0123456789ab';
const kUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function enveloped({ status, body }, expected) {
  assert.equal(status, expected, JSON.stringify(body));
  assert.deepEqual(Object.keys(body).sort(), ['data', 'message', 'success']);
  assert.equal(body.success, true);
  return body.data;
}

function refused({ status, body }, expected, code, message) {
  assert.equal(status, expected, JSON.stringify(body));
  assert.equal(body.success, false);
  assert.equal(typeof body.message, 'string');
  assert.equal(body.error.code, code);
  if (message) assert.equal(body.message, message);
  assert.ok(!/\bat .*\.(cpp|js|hpp)|sqlite|postgres|SELECT /i.test(JSON.stringify(body)), 'no internals');
  return body;
}

function blames(answer, field) {
  const { error } = refused(answer, 400, 'VALIDATION_FAILED');
  assert.ok(error.details.some((detail) => detail.field === field), `${field} in ${JSON.stringify(error.details)}`);
}

const two = async (url) => [await aPerson(url), await aPerson(url)];

async function ringing(url) {
  const [alice, bob] = await two(url);
  return { alice, bob, call: enveloped(await alice.calls(bob), 201) };
}

async function connected(url) {
  const { alice, bob, call } = await ringing(url);
  return { alice, bob, call: enveloped(await bob.responds(call, 'accept'), 200) };
}

const command = (server, args) => server.command(args);

export const kTests = {
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
  // --- Business
  'QA-15 calling an existing active user rings': async ({ url }) => {  // R-001-64
    assert.equal((await ringing(url)).call.status, 'calling');
  },
  'QA-16 accepting connects and sets startedAt': async ({ url }) => {  // R-001-03
    const { call } = await connected(url);
    assert.equal(call.status, 'connected');
    assert.ok(Date.parse(call.startedAt));
  },
  'QA-17 rejecting sets endedAt and neither startedAt nor duration': async ({ url }) => {  // R-001-56
    const { bob, call } = await ringing(url);
    const over = enveloped(await bob.responds(call, 'reject'), 200);
    assert.deepEqual([over.status, over.startedAt, over.duration], ['rejected', null, null]);
    assert.ok(Date.parse(over.endedAt));
  },
  'QA-18 ending a connected call sets everything': async ({ url }) => {  // R-001-53
    const { bob, call } = await connected(url);
    const over = enveloped(await bob.ends(call), 200);
    assert.equal(over.status, 'ended');
    assert.equal(over.duration, Math.floor((Date.parse(over.endedAt) - Date.parse(over.startedAt)) / 1000));
  },
  'QA-19 duration is whole seconds': async ({ url }) => {  // R-001-23
    for (const [ms, seconds] of [[60_000, 60], [600_000, 600], [1_999, 1], [400, 0]]) {
      const { alice, call } = await connected(url);
      await advance(url, ms);
      assert.equal(enveloped(await alice.ends(call), 200).duration, seconds);
    }
  },
  'QA-20 a caller in a call is refused': async ({ url }) => {  // R-001-36
    const { alice } = await ringing(url);
    const carol = await aPerson(url);
    refused(await alice.calls(carol), 400, 'CALLER_BUSY', 'You already have an active call. End it before starting a new one.');
  },
  'QA-21 a busy recipient is refused': async ({ url }) => {  // R-001-37, R-001-40
    const { alice, bob, call } = await connected(url);
    const carol = await aPerson(url);
    refused(await carol.calls(bob), 400, 'RECIPIENT_BUSY', 'Recipient is already on another call.');
    await alice.ends(call);
    enveloped(await carol.calls(bob), 201);
  },
  'QA-22 calling oneself is refused': async ({ url }) => {  // R-001-41
    const alice = await aPerson(url);
    refused(await alice.calls(alice), 400, 'SELF_CALL', 'Cannot call yourself');
  },
  'QA-23 nobody answers for 60 s: missed': async ({ url }) => {  // R-001-42, R-001-45
    const { alice, bob, call } = await ringing(url);
    await advance(url, 59_000);
    assert.equal((await alice.reads(call)).body.data.status, 'calling');
    await advance(url, 1_000);
    const { data } = (await alice.reads(call)).body;
    assert.deepEqual([data.status, data.endReason, data.endedAt], ['missed', 'timeout', data.ringExpiresAt]);
    enveloped(await alice.calls(bob), 201);
  },
  'QA-24 accepting an ended call is refused and changes nothing': async ({ url }) => {  // R-001-47
    const { alice, bob, call } = await connected(url);
    await alice.ends(call);
    const before = (await bob.reads(call)).body.data;
    refused(await bob.responds(call, 'accept'), 400, 'CALL_NOT_RINGING', "Cannot respond to call in status: ended. Call must be in 'calling' status.");
    assert.deepEqual((await bob.reads(call)).body.data, before);
  },
  'QA-25 ending: ringing becomes missed, final is refused': async ({ url }) => {  // R-001-52, R-001-54
    const { alice, bob, call } = await ringing(url);
    const over = enveloped(await alice.ends(call), 200);
    assert.deepEqual([over.status, over.endReason], ['missed', 'cancelled']);
    refused(await bob.ends(call), 400, 'CALL_NOT_ACTIVE', 'Cannot end call in status: missed');
  },
  'QA-26 inactive, pending and blocked recipients are refused': async ({ url, ...server }) => {  // R-001-62, C-07
    const [alice, bob] = await two(url);
    for (const status of ['pending', 'inactive', 'blocked', 'deleted']) {
      await command(server, ['user', 'set-status', bob.name, status]);
      refused(await alice.calls(bob), 400, 'USER_INACTIVE', 'Cannot call inactive or blocked user');
    }
    await command(server, ['user', 'set-status', bob.name, 'active']);
    enveloped(await alice.calls(bob), 201);
  },
  // --- Transactions
  'QA-27 accepting writes status and startedAt together': async ({ url }) => {  // R-001-18
    const { alice, bob, call } = await ringing(url);
    const accepting = bob.responds(call, 'accept');
    for (let seen = 'calling'; seen !== 'connected';) {
      const { data } = (await alice.reads(call)).body;
      assert.equal(data.status === 'connected', data.startedAt !== null);
      seen = data.status;
    }
    await accepting;
  },
  'QA-28 a failing commit rolls back and nobody is notified of it': async ({ url }) => {  // R-001-19, R-001-21
    const { alice, bob, aliceSocket, bobSocket } = await aPair(url);
    const call = enveloped(await alice.calls(bob), 201);
    await bobSocket.next('call.incoming');
    await failCommits(url, 1);
    const answer = await bob.responds(call, 'accept');
    refused(answer, 503, 'STORE_UNAVAILABLE');
    assert.ok(answer.headers.get('retry-after'));
    await quietFor([aliceSocket, bobSocket], ['call.accepted', 'call.ended'], 500);
    assert.equal((await alice.reads(call)).body.data.status, 'calling');
    assert.equal(enveloped(await bob.responds(call, 'accept'), 200).status, 'connected');
    aliceSocket.disconnect();
    bobSocket.disconnect();
  },
  'QA-29 of two concurrent accepts one wins': async ({ url }) => {  // R-001-65, R-001-67
    for (let round = 0; round < 10; ++round) {
      const { alice, bob, call } = await ringing(url);
      const tablet = await loggedInAgain(bob);
      const answers = await Promise.all([bob.responds(call, 'accept'), tablet.responds(call, 'accept')]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
      const winner = answers.find(({ status }) => status === 200).body.data;
      assert.equal((await alice.reads(call)).body.data.startedAt, winner.startedAt);
    }
  },
  'QA-30 a crash in the middle leaves no orphan': async ({ url, crash }) => {  // R-001-20
    const { alice, bob, call } = await ringing(url);
    const accepting = bob.responds(call, 'accept').catch(() => undefined);
    const restarted = await crash();
    await accepting;
    const again = { ...alice, url: restarted };
    const read = async () => {
      const { status, body } = await ask(restarted, `/api/calls/${call.id}`, { token: again.token });
      assert.equal(status, 200, JSON.stringify(body));
      return body.data;
    };
    const data = await read();
    assert.ok(['calling', 'connected'].includes(data.status), data.status);
    assert.equal(data.status === 'connected', data.startedAt !== null);
    await advance(restarted, 120_000);
    assert.ok(['missed', 'ended'].includes((await read()).status));
  },
  // --- WebSocket
  'QA-31 call.incoming reaches every device of the recipient': async ({ url }) => {  // R-001-26
    const [alice, bob] = await two(url);
    const [phone, tablet] = [await aSocket(bob), await aSocket(bob)];
    const call = enveloped(await alice.calls(bob), 201);
    for (const device of [phone, tablet]) assert.equal((await device.next('call.incoming')).call.id, call.id);
    await quietFor([phone, tablet], ['call.incoming'], 300);
    phone.disconnect();
    tablet.disconnect();
  },
  'QA-32 call.incoming has call, caller and timestamp': async ({ url }) => {  // R-001-27
    const [alice, bob] = await two(url);
    const phone = await aSocket(bob);
    await alice.calls(bob);
    const { call, caller, timestamp } = await phone.next('call.incoming');
    assert.deepEqual([call.callerId, caller.id, caller.username], [alice.id, alice.id, alice.name]);
    assert.deepEqual(Object.keys(caller).sort(), ['avatar', 'id', 'username']);
    assert.match(timestamp, /^\d{4}-\d\d-\d\dT.*Z$/);
    phone.disconnect();
  },
  'QA-33 the caller is notified of the acceptance': async ({ url }) => {  // R-001-29
    const [alice, bob] = await two(url);
    const phone = await aSocket(alice);
    const call = enveloped(await alice.calls(bob), 201);
    const answered = enveloped(await bob.responds(call, 'accept'), 200);
    const heard = await phone.next('call.accepted');
    assert.deepEqual([heard.callId, heard.startedAt], [call.id, answered.startedAt]);
    phone.disconnect();
  },
  'QA-34 the caller is notified of the rejection': async ({ url }) => {  // R-001-30
    const [alice, bob] = await two(url);
    const phone = await aSocket(alice);
    const call = enveloped(await alice.calls(bob), 201);
    await bob.responds(call, 'reject');
    assert.equal((await phone.next('call.rejected')).callId, call.id);
    phone.disconnect();
  },
  'QA-35 the peer is notified of the end, with its duration': async ({ url }) => {  // R-001-31
    const { alice, bob, call } = await connected(url);
    const phone = await aSocket(bob);
    await advance(url, 5_000);
    await alice.ends(call);
    const heard = await phone.next('call.ended');
    assert.deepEqual([heard.callId, heard.duration], [call.id, 5]);
    phone.disconnect();
  },
  'QA-36 call.missed reaches both, once': async ({ url }) => {  // R-001-43
    const { alice, bob, aliceSocket, bobSocket } = await aPair(url);
    const call = enveloped(await alice.calls(bob), 201);
    await bobSocket.next('call.incoming');
    await advance(url, 60_000);
    for (const socket of [aliceSocket, bobSocket]) assert.equal((await socket.next('call.missed')).callId, call.id);
    await quietFor([aliceSocket, bobSocket], ['call.missed', 'call.ended', 'call.cancelled'], 300);
    for (const socket of [aliceSocket, bobSocket]) assert.equal(socket.all('call.missed').length, 1);
    aliceSocket.disconnect();
    bobSocket.disconnect();
  },
  'QA-37 offer, answer and candidates are relayed unchanged': async ({ url }) => {  // R-001-32, R-001-34
    const { alice, bob, aliceSocket, bobSocket } = await aPair(url);
    const { data: call } = await aliceSocket.does('call.start', { recipientId: bob.id, callType: 'video' });
    await bobSocket.next('call.incoming');
    const offer = { type: 'offer', sdp: 'v=0\r\n…' };
    assert.equal((await aliceSocket.does('call.signal', { callId: call.id, kind: 'offer', payload: offer })).success, true);
    const got = await bobSocket.next('call.signal', ({ kind }) => kind === 'offer');
    assert.deepEqual([got.payload, got.from.id ?? got.from], [offer, alice.id]);
    await bobSocket.does('call.accept', { callId: call.id });
    const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 1 typ host', sdpMid: '0' };
    await bobSocket.does('call.signal', { callId: call.id, kind: 'candidate', payload: candidate });
    assert.deepEqual((await aliceSocket.next('call.signal', ({ kind }) => kind === 'candidate')).payload, candidate);
    const mallory = await aSocket(await aPerson(url));
    const answer = await mallory.does('call.signal', { callId: call.id, kind: 'offer', payload: offer });
    assert.deepEqual([answer.success, answer.error.code], [false, 'NOT_PARTICIPANT']);
    for (const socket of [aliceSocket, bobSocket, mallory]) socket.disconnect();
  },
  'QA-38 a signal to an offline target is refused to its sender and logged': async ({ url, logged }) => {  // R-001-33
    const [alice, bob] = await two(url);
    const phone = await aSocket(alice);
    const { data: call } = await phone.does('call.start', { recipientId: bob.id, callType: 'audio' });
    const answer = await phone.does('call.signal', { callId: call.id, kind: 'offer', payload: { type: 'offer', sdp: '' } });
    assert.deepEqual([answer.success, answer.error.code], [false, 'PEER_OFFLINE']);
    await logged('the warning', ({ level, msg, targetUserId }) => level === 'warn' && msg === 'WebRTC signal target offline' && targetUserId === bob.id);
    phone.disconnect();
  },
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
