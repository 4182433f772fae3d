// QA-31 to QA-38: what sockets are told.
import assert from 'node:assert/strict';
import { advance, aPair, aPerson, aSocket } from '../accounts.mjs';
import { quietFor } from '../wait.mjs';
import { connected, enveloped, two } from './steps.mjs';

export const kEvents = {
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
};
