// How long a call rings: on the clock of the server, to the millisecond, and once in real time (1.5 s).
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { sharedServer } from './harness/server.mjs';
import { aStage, kKinds } from './harness/transcripts.mjs';
import { aCall, aConnectedCall, assertTalking, everybodyLeaves } from './harness/user.mjs';
import { quietFor } from './harness/wait.mjs';

const kTimeout = 1500;
const server = sharedServer({ before, after }, { env: { CALL_TIMEOUT_MS: String(kTimeout) } });
afterEach(() => everybodyLeaves(server));

for (const [env, ms] of [[{}, 30_000], [{ CALL_TIMEOUT_MS: '5000' }, 5_000]]) {
  const timed = sharedServer({ before, after }, { env, args: ['--virtual-time'] });
  for (const kind of ['pages', 'phones']) {
    // R-003-18, R-003-19, R-003-29, C-01
    test(`a call rings for ${ms} ms and no longer: ${kind}`, async () => {
      const stage = await aStage(['A', 'B'], timed, kKinds[kind]);
      await stage.call('A', 'B');
      await stage.hears('B', 'incoming_call');
      await stage.onlyAfter(ms, 'A', 'call_timeout');
      assert.deepEqual(await stage.hears('B', 'call_ended'), { from: stage.users.A.name, reason: 'timeout' });
      stage.leave();
    });
  }
}

// R-003-18, R-003-19, R-003-29, R-003-34, C-01
test('an unanswered call times out for the caller and stops ringing for the callee', async () => {
  const begin = Date.now();
  const { caller, callee } = await aCall(server.url);
  assert.deepEqual(await caller.next('call_timeout', kTimeout + 1000), { user: callee.name });
  const took = Date.now() - begin;
  assert.ok(took >= kTimeout - 50 && took < kTimeout + 1000, `took ${took} ms`);
  assert.deepEqual(await callee.next('call_ended'), { from: caller.name, reason: 'timeout' });
  assert.equal((await server.health()).activeCalls, 0);
  callee.call(caller);
  await caller.next('incoming_call');
});

// R-003-30
test('an answer stops the timer', async () => {
  const pair = await aConnectedCall(server.url);
  await quietFor([pair.caller, pair.callee], ['call_timeout', 'call_ended'], kTimeout + 1000);
  await assertTalking(pair);
});

// R-003-30
for (const [way, stop] of Object.entries({
  decline: ({ caller, callee }) => callee.decline(caller),
  'hang-up': ({ caller, callee }) => caller.end(callee),
})) {
  test(`a ${way} stops the timer`, async () => {
    const pair = await aCall(server.url);
    stop(pair);
    await quietFor([pair.caller, pair.callee], ['call_timeout'], kTimeout + 1000);
  });
}
