// R-001-94: many calls at once through one server: everybody gets their notices soon, and nothing is broken afterwards.
// scripts/bench measures how many calls the server can take.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aPair, done, leave } from './harness/accounts.mjs';
import { anAdmin, assertInvariants } from './harness/operators.mjs';
import { sharedServer } from './harness/server.mjs';

const kPairs = 40, kRounds = 5;
const kBudgetMs = 500;  // the same as R-001-26 allows for the ring
const server = sharedServer({ before, after });

/** One whole call; answers how long after the callee's accept the caller was told. */
async function wholeCall({ bob, aliceSocket, bobSocket }) {
  const { id: callId } = await done(aliceSocket, 'call.start', { recipientId: bob.id, callType: 'audio', offer: { type: 'offer', sdp: 'v=0' } });
  await bobSocket.next('call.incoming', ({ call }) => call.id === callId);
  const told = new Promise((resolve) => aliceSocket.on('call.accepted', (event) => event.callId === callId && resolve(performance.now())));
  const accepted = performance.now();
  await done(bobSocket, 'call.accept', { callId, answer: { type: 'answer', sdp: 'v=0' } });
  const took = (await told) - accepted;
  await done(aliceSocket, 'call.end', { callId });
  await bobSocket.next('call.ended', (event) => event.callId === callId);
  return took;
}

test(`${kPairs} pairs call each other ${kRounds} times, all at once`, { timeout: 60_000 }, async () => {
  const pairs = [];
  for (let n = 0; n < kPairs; ++n) pairs.push(await aPair(server.url));
  const waits = [];
  for (let round = 0; round < kRounds; ++round) waits.push(...(await Promise.all(pairs.map(wholeCall))));
  waits.sort((a, b) => a - b);
  const p99 = waits[Math.floor(waits.length * 0.99)];
  assert.ok(p99 < kBudgetMs, `p99 of accept to notice was ${p99.toFixed(1)} ms`);
  await assertInvariants(server.url, await anAdmin(['--data', server.data]));
  leave(...pairs.flatMap(({ aliceSocket, bobSocket }) => [aliceSocket, bobSocket]));
});
