// Edge cases of the signaling dialect found by black-box acceptance: acknowledgements, names, limits, and the events for a page
// that reconnects without its recovery log.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { advance, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { operate } from './harness/operators.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { aCall, aConnectedCall, aName, aUser, assertTalking, candidate, connectUser, kAnswer, kOffer } from './harness/user.mjs';
import { eventually, within } from './harness/wait.mjs';

const server = sharedServer({ before, after });

/** Somebody with an account, in this dialect. */
async function withAccount(person, register = person.name) {
  const user = connectUser(server.url, { name: person.name, options: { auth: { token: person.token } } });
  await user.next('connect');
  user.emit('register_user', { userId: register });
  assert.deepEqual(await user.next('user_registered'), { success: true, userId: person.name });
  return user;
}
const asked = (user, event, payload) => user.socket.timeout(5000).emitWithAck(event, payload);

// SPEC 0
test('an acknowledgement contains the result of the command', async () => {
  const { caller, callee } = await aCall(server.url);
  const to = (peer, more = {}) => ({ to: peer.name, from: caller.name, ...more });
  const idle = await aUser(server.url);
  const dialled = async (user) => (await asked(user, 'make_call', { to: 'nobody_here', from: user.name, offer: kOffer })).error.code;
  assert.equal(await dialled(idle), 'PEER_OFFLINE');
  assert.equal(await dialled(caller), 'CALLER_BUSY');  // W-003-10: the own call comes first
  idle.leave();
  assert.equal((await asked(caller, 'answer_call', to(callee, { answer: kAnswer }))).error.code, 'CALL_NOT_FOUND');
  assert.deepEqual(await asked(callee, 'answer_call', { to: caller.name, from: callee.name, answer: kAnswer }), { success: true });
  assert.deepEqual(await asked(caller, 'decline_call', to(callee)), { success: true });  // a hang-up
  assert.equal((await asked(caller, 'end_call', to(callee))).error.code, 'CALL_NOT_ACTIVE');
  caller.leave();
  callee.leave();
});

// R-001-22: found by an attack. The native snapshot, which such a page cannot read, counted as the end.
test('a page with a credential is notified of a missed end although it was shown natively before it registered', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const page = await withAccount(ann);
  const call = (await ben.calls(ann, { offer: kOffer })).body.data;
  await page.next('incoming_call');
  page.loseTransport();
  await eventually(async () => !(await server.users()).includes(ann.name), 'ann to be away');
  assert.equal((await ben.ends(call)).status, 200);
  const back = connectUser(server.url, { name: ann.name, options: { auth: { token: ann.token } } });
  await within(new Promise((resolve) => { back.socket.once('call.snapshot', resolve); }), 'the snapshot');
  await back.register();
  assert.deepEqual(await back.next('call_ended'), { from: ben.name, reason: 'cancelled' });
  page.leave();
  back.leave();
});

// C-12, C-09, T-04
test('a user is found by name or id, and a call to a user who is away is recorded as an attempt for both', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const caller = await withAccount(ann, ann.id);
  caller.emit('make_call', { to: ben.name, from: ann.name, offer: kOffer });
  assert.equal((await caller.next('call_failed')).targetUser, ben.name);
  const reasons = async (person) => (await person.get('/api/calls/history?include=attempts')).body.data.attempts.map(({ reason }) => reason);
  for (const person of [ann, ben]) {
    await eventually(async () => (await reasons(person)).join() === 'unreachable', `the attempt in the history of ${person.name}`);
  }
  const callee = await withAccount(ben);
  caller.emit('make_call', { to: ben.id, from: ann.name, offer: kOffer });
  assert.deepEqual(await callee.next('incoming_call'), { from: ann.name, offer: kOffer });
  caller.emit('end_call', { to: ben.id, from: ann.id });
  await callee.next('call_ended');
  caller.emit('logout_user', { userId: ann.id });
  await eventually(async () => !(await server.users()).includes(ann.name), 'ann to be gone');
  caller.leave();
  callee.leave();
});

//
test('a page whose login has expired can join no call, but can decline one', async () => {
  const trial = await startServer({ args: ['--virtual-time', '--auth-session-ttl', '60s'] });
  const [ann, ben] = [await aPerson(trial.url), await aPerson(trial.url)];
  const page = async (person) => {
    const user = connectUser(trial.url, { name: person.name, options: { auth: { token: person.token } } });
    await user.next('connect');
    user.emit('register_user', { userId: person.name });
    await user.next('user_registered');
    return user;
  };
  const [caller, callee] = [await page(ann), await page(ben)];
  const guest = await aUser(trial.url);
  await advance(trial.url, 61_000);
  caller.emit('make_call', { to: ben.name, from: ann.name, offer: kOffer });
  assert.match((await caller.next('call_failed')).error, /expired/);
  guest.emit('make_call', { to: ben.name, from: guest.name, offer: kOffer });
  await callee.next('incoming_call');
  callee.emit('answer_call', { to: guest.name, from: ben.name, answer: kAnswer });
  assert.match((await callee.next('call_failed')).error, /expired/);
  callee.emit('decline_call', { to: guest.name, from: ben.name });
  await guest.next('call_declined');
  for (const user of [caller, callee, guest]) user.leave();
  await trial.stop();
});

// SPEC 2.8.5, C-14
test('a token of another tool is valid for its user, by name or id', async () => {
  const ann = await aPerson(server.url);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const secret = '0123456789abcdef0123456789abcdef';
  const shared = await startServer({ env: { JWT_SECRET: secret } });
  const ben = await aPerson(shared.url);
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: ben.id, jti: ann.id, iat: now, exp: now + 60 })}`;
  const token = `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
  for (const userId of [ben.name, ben.id]) {
    const page = connectUser(shared.url, { name: ben.name, options: { auth: { token } } });
    await page.next('connect');
    page.emit('register_user', { userId });
    assert.deepEqual(await page.next('user_registered'), { success: true, userId: ben.name });
    page.leave();
  }
  const stranger = connectUser(shared.url, { name: 'ann', options: { auth: { token } } });
  await stranger.next('connect');
  assert.equal((await stranger.socket.timeout(5000).emitWithAck('register_user', { userId: 'ann' })).success, false);
  stranger.leave();
  await shared.stop();
});

// R-001-63
test('a blocked guest cannot register', async () => {
  const guest = await aUser(server.url);
  await operate(['user', 'set-status', guest.name, 'blocked', '--data', server.data]);
  await guest.next('disconnect');
  const again = connectUser(server.url, { name: guest.name });
  await again.next('connect');
  again.emit('register_user', { userId: guest.name });
  assert.equal((await again.next('user_registered')).success, false);
  again.leave();
});

// C-02 `signal`
test('candidates are limited as in every dialect', async () => {
  const limited = await startServer({ env: { BELFRY_RATE_LIMIT_SIGNAL_MAX: '20' } });
  const { caller, callee } = await aConnectedCall(limited.url);
  for (let n = 0; n < 40; ++n) caller.ice(callee, n);
  assert.match((await caller.next('call_failed')).error, /Rate limit/);
  await eventually(() => callee.all('ice_candidate').length >= 20, 'those within the limit');
  caller.end(callee);
  await callee.next('call_ended');
  assert.ok(callee.all('ice_candidate').length < 40);
  caller.leave();
  callee.leave();
  await limited.stop();
});

// SPEC 0, R-001-22: the recovery log is gone with the old socket; this dialect has no snapshot.
for (const [what, meanwhile, heard] of [
  ['was hung up', ({ other, away }) => other.end(away), 'call_ended'],
  ['was answered', ({ other, away }) => other.answer(away), 'call_answered'],
  ['was declined', ({ other, away }) => other.decline(away), 'call_declined'],
]) {
  test(`a reloaded page is notified that its call ${what}`, async () => {
    const pair = what === 'was hung up' ? await aConnectedCall(server.url) : await aCall(server.url);
    pair.caller.loseTransport();
    await eventually(async () => !(await server.users()).includes(pair.caller.name), 'the loss to be noticed');
    meanwhile({ other: pair.callee, away: pair.caller });
    if (what === 'was answered') await eventually(async () => (await server.health()).activeCalls >= 1, 'the call to be there');
    const again = await aUser(server.url, { name: pair.caller.name });
    assert.equal((await again.next(heard)).from, pair.callee.name);
    again.end(pair.callee);
    again.leave();
    pair.callee.leave();
  });
}

// R-003-31
test('a new login of the callee gets the candidates that the old one had', async () => {
  const { caller, callee } = await aCall(server.url);
  for (let n = 1; n <= 3; ++n) caller.ice(callee, n);
  await eventually(() => callee.all('ice_candidate').length === 3, 'three candidates');
  const fresh = await aUser(server.url, { name: callee.name });
  assert.deepEqual(await fresh.next('incoming_call'), { from: caller.name, offer: kOffer });
  await eventually(() => fresh.all('ice_candidate').length === 3, 'three candidates on the new device');
  assert.deepEqual(fresh.all('ice_candidate').map((each) => each.candidate), [1, 2, 3].map(candidate));
  caller.end(callee);
  await fresh.next('call_ended');
  caller.leave();
  fresh.leave();
});

// Terminal events, each exactly once.
test('a page whose call was answered on another device gets one end', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const [phone, native, page] = [await aSocket(ann), await aSocket(ben), await withAccount(ben)];
  const call = await done(phone, 'call.start', { recipientId: ben.id, callType: 'audio', offer: kOffer });
  await page.next('incoming_call');
  await done(native, 'call.accept', { callId: call.id, answer: kAnswer });
  assert.equal((await page.next('call_ended')).reason, 'answered_elsewhere');
  await done(phone, 'call.end', { callId: call.id });
  await native.next('call.ended');
  const marker = aName('marker');  // everything sent to the page before this has arrived
  page.emit('make_call', { to: marker, from: ben.name, offer: kOffer });
  await page.next('call_failed');
  assert.equal(page.all('call_ended').length, 1);
  leave(phone, native);
  page.leave();
});

// SPEC 2.8.1
test('a page that dials twice is in one call, can signal in it and hang up', async () => {
  const pair = await aCall(server.url);
  assert.deepEqual(await asked(pair.caller, 'make_call', { to: pair.callee.name, from: pair.caller.name, offer: kOffer }), { success: true });
  pair.callee.answer(pair.caller);
  await pair.caller.next('call_answered');
  await assertTalking(pair);
  pair.caller.end(pair.callee);
  await pair.callee.next('call_ended');
  assert.deepEqual(pair.caller.all('call_failed'), []);
  pair.caller.leave();
  pair.callee.leave();
});

// R-003-34
test('a page that dials again before it is notified of its call\'s end rings the next callee', async () => {
  const { caller, callee } = await aConnectedCall(server.url);
  const next = await aUser(server.url);
  caller.end(callee);
  caller.call(next);
  caller.ice(next, 1);
  assert.deepEqual(await next.next('incoming_call'), { from: caller.name, offer: kOffer });
  assert.deepEqual(await next.next('ice_candidate'), { from: caller.name, candidate: candidate(1) });
  caller.end(next);
  caller.call(callee);
  await callee.next('call_ended');
  assert.deepEqual(await callee.next('incoming_call'), { from: caller.name, offer: kOffer });
  assert.deepEqual([...caller.all('call_failed'), ...caller.all('call_busy')], []);
  for (const user of [caller, callee, next]) user.leave();
});

// SPEC 2.5: native and signaling clients exchange descriptions directly, also a late one.
test('a late offer comes with a second ring, and a call that ends before it was shown sends no end', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const [phone, page] = [await aSocket(ann), await withAccount(ben)];
  const call = await done(phone, 'call.start', { recipientId: ben.id, callType: 'video' });
  assert.deepEqual(await page.next('incoming_call'), { from: ann.name, offer: null });
  await done(phone, 'call.signal', { callId: call.id, kind: 'offer', payload: kOffer });
  assert.deepEqual(await page.next('incoming_call'), { from: ann.name, offer: kOffer });
  page.answer(ann);
  await phone.next('call.accepted');
  await done(phone, 'call.end', { callId: call.id });
  await page.next('call_ended');
  const brief = await done(phone, 'call.start', { recipientId: ben.id, callType: 'video' });
  await done(phone, 'call.cancel', { callId: brief.id });
  const again = await done(phone, 'call.start', { recipientId: ben.id, callType: 'video', offer: kOffer });
  await page.next('incoming_call');
  assert.equal(page.all('call_ended').length, 1);
  await done(phone, 'call.cancel', { callId: again.id });
  leave(phone);
  page.leave();
});

// This dialect names calls by their peer: the end of an older call must not end the newer one.
test('the end of an older call does not end the ring of a newer one', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const [phone, page] = [await aSocket(ann), await withAccount(ben)];
  const older = await done(phone, 'call.start', { recipientId: ben.id, callType: 'audio', offer: kOffer });
  await page.next('incoming_call');
  page.loseTransport();
  await eventually(async () => !(await server.users()).includes(ben.name), 'the loss to be noticed');
  await done(phone, 'call.cancel', { callId: older.id });
  const newer = await done(phone, 'call.start', { recipientId: ben.id, callType: 'audio', offer: kOffer });
  const again = await withAccount(ben);
  await again.next('incoming_call');
  again.answer(ann);
  await phone.next('call.accepted', ({ callId }) => callId === newer.id);
  await eventually(() => again.all('call_ended').length <= 1, 'at most the end of the older one');
  again.end(ann);
  await phone.next('call.ended', ({ callId }) => callId === newer.id);
  const ring = again.log.findIndex(([event]) => event === 'incoming_call');
  assert.ok(again.log.every(([event], at) => event !== 'call_ended' || at < ring), JSON.stringify(again.log));
  leave(phone);
  again.leave();
});
