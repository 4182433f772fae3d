// Calls between clients of any two dialects: each rings, answers, declines, cancels, times out and ends with each, and each hears of it
// what its own clients know, once and in order (SPEC K55, 2.5).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, aPerson } from './harness/accounts.mjs';
import { aClient, hears, kDialects, kWait } from './harness/clients.mjs';
import { sharedServer } from './harness/server.mjs';
import { candidate, kAnswer, kOffer } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time', '--threads', '3'] });
const kTime = { timeout: 120_000 };
// Longer than any dialect rings (C-01).
const kRings = 61_000;

async function aPairOf(callerDialect, calleeDialect) {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const { body } = await ann.post('/api/conversations', { kind: 'direct', userId: ben.id });
  const caller = await aClient(callerDialect, ann, ben, body.data.id);
  const callee = await aClient(calleeDialect, ben, ann, body.data.id);
  return { ann, ben, room: body.data.id, caller, callee };
}

const idle = (pair) => eventually(async () => (await pair.ann.get('/api/calls/active')).body.data.calls.length === 0, 'no call is left');

async function ring(pair) {
  const { caller, callee } = pair;
  for (const client of [caller, callee]) client.begin();
  await caller.rings();
  await hears(server.url, callee, callee.hears.callee.ring);
}

async function connect(pair) {
  await ring(pair);
  await pair.callee.answers();
  await hears(server.url, pair.caller, pair.caller.hears.caller.answered);
}

/** What the two heard of the whole call. Whoever answered may hear so, too (K55). */
async function expectHeard({ caller, callee }, callerEvents, calleeEvents) {
  await Promise.all([hears(server.url, caller, callerEvents), hears(server.url, callee, calleeEvents)]);
  await quietFor([caller, callee], [], 150);
  const ofCallee = callee.heard().filter((event) => !['call.accepted', 'call-accepted'].includes(event) || calleeEvents.includes(event));
  assert.deepEqual({ caller: caller.heard(), callee: ofCallee }, { caller: callerEvents, callee: calleeEvents });
}

const kScenes = {
  'the caller ends it': async (pair) => {
    await connect(pair);
    await pair.caller.ends();
    const { caller: { caller }, callee: { callee } } = { caller: pair.caller.hears, callee: pair.callee.hears };
    await expectHeard(pair, [...caller.answered, ...caller.own], [...callee.ring, ...callee.ended]);
  },
  'the callee ends it': async (pair) => {
    await connect(pair);
    await pair.callee.ends();
    const { caller: { caller }, callee: { callee } } = { caller: pair.caller.hears, callee: pair.callee.hears };
    await expectHeard(pair, [...caller.answered, ...caller.ended], [...callee.ring, ...callee.own]);
  },
  'the callee declines': async (pair) => {
    await ring(pair);
    await pair.callee.declines();
    await expectHeard(pair, pair.caller.hears.caller.declined, pair.callee.hears.callee.ring);
  },
  'the caller cancels': async (pair) => {
    await ring(pair);
    await pair.caller.cancels();
    await expectHeard(pair, pair.caller.hears.caller.cancelled, [...pair.callee.hears.callee.ring, ...pair.callee.hears.callee.cancelled]);
  },
  'nobody answers': async (pair) => {
    await ring(pair);
    await advance(server.url, kRings);
    await expectHeard(pair, pair.caller.hears.caller.timeout, [...pair.callee.hears.callee.ring, ...pair.callee.hears.callee.timeout]);
  },
};

for (const caller of kDialects)
  for (const callee of kDialects) {
    // K55, issue 13 item 3: T-07, T-08, T-10, T-12, T-16
    test(`${caller} and ${callee}: ring, answer, decline, cancel, time out and end`, kTime, async (t) => {
      const pair = await aPairOf(caller, callee);
      for (const [name, scene] of Object.entries(kScenes))
        await t.test(name, async () => {
          await scene(pair);
          await idle(pair);
        });
      pair.caller.leave();
      pair.callee.leave();
    });

    // K55, X-01: the other device of the callee; a client of seed 003 has one (C-11)
    test(`${caller} calls ${callee}, and another device answers`, kTime, async () => {
      const pair = await aPairOf(caller, callee);
      const other = await aClient(callee === 'native' ? 'chat' : 'native', pair.ben, pair.ann, pair.room);
      await ring(pair);
      await hears(server.url, other, other.hears.callee.ring);
      await other.answers();
      await hears(server.url, pair.caller, pair.caller.hears.caller.answered);
      await hears(server.url, pair.callee, [...pair.callee.hears.callee.ring, ...pair.callee.hears.callee.elsewhere]);
      await pair.caller.ends();
      await idle(pair);
      if (['signaling', 'chat'].includes(callee)) {
        await quietFor([pair.callee], [], 150);
        assert.deepEqual(pair.callee.heard(), [...pair.callee.hears.callee.ring, ...pair.callee.hears.callee.elsewhere], 'nothing more');
      }
      for (const client of [pair.caller, pair.callee, other]) client.leave();
    });
  }

const kDescribed = kDialects.filter((dialect) => dialect !== 'token');
const kOfferAt = { native: ['call.incoming', 'offer'], signaling: ['incoming_call', 'offer'], chat: ['incoming-call', 'signal'], token: ['incoming-call', 'signal'] };
const kAnswerAt = { native: ['call.accepted', 'answer'], signaling: ['call_answered', 'answer'], chat: ['call-answered', 'signal'] };

// K55: the offer and the answer, unchanged
for (const caller of kDescribed)
  for (const callee of kDialects)
    test(`the offer of ${caller} reaches ${callee} unchanged, and so does the answer`, kTime, async () => {
      const pair = await aPairOf(caller, callee);
      await connect(pair);
      const [ringEvent, offer] = kOfferAt[callee];
      assert.deepEqual(pair.callee.payload(ringEvent)[offer], kOffer);
      const [answerEvent, answer] = kAnswerAt[caller];
      if (callee !== 'token') assert.deepEqual(pair.caller.payload(answerEvent)[answer], kAnswer);
      await pair.caller.ends();
      await idle(pair);
      pair.caller.leave();
      pair.callee.leave();
    });

// 2.5: nobody is left waiting for an offer that seed 000's app does not have
test('a token caller rings a signaling client without an offer, after two seconds', kTime, async () => {
  const pair = await aPairOf('token', 'signaling');
  for (const client of [pair.caller, pair.callee]) client.begin();
  await pair.caller.rings();
  assert.deepEqual(pair.callee.heard(), []);
  await advance(server.url, kWait);
  await eventually(() => pair.callee.heard().length === 1, 'the ring');
  assert.equal(pair.callee.payload('incoming_call').offer, null);
  pair.caller.leave();
  pair.callee.leave();
});

// K55: candidates pass between the three that send them, in order
for (const caller of kDescribed)
  for (const callee of kDescribed)
    test(`candidates pass between ${caller} and ${callee} in order`, kTime, async () => {
      const pair = await aPairOf(caller, callee);
      await connect(pair);
      for (const [from, to] of [[pair.caller, pair.callee], [pair.callee, pair.caller]]) {
        for (const n of [1, 2, 3]) await from.trickles(candidate(n));
        await eventually(() => to.candidates().length === 3, `candidates at ${to.dialect}`);
        assert.deepEqual(to.candidates(), [1, 2, 3].map(candidate));
      }
      await pair.caller.ends();
      await idle(pair);
      pair.caller.leave();
      pair.callee.leave();
    });

// K25, C-09, J-5.3: the called and their peer hear nothing
for (const dialect of kDialects)
  test(`a ${dialect} caller of somebody who is in a call is told that they are busy`, kTime, async () => {
    const pair = await aPairOf('chat', dialect);
    await connect(pair);
    const cid = await aPerson(server.url);
    const { body } = await cid.post('/api/conversations', { kind: 'direct', userId: pair.ben.id });
    const third = await aClient(dialect, cid, pair.ben, body.data.id);
    for (const client of [pair.caller, pair.callee]) client.begin();
    third.begin();
    const refusal = await Promise.resolve(third.rings()).catch((error) => error);
    const busy = { native: () => /RECIPIENT_BUSY/.test(refusal.message), signaling: () => third.heard().includes('call_busy'),
      token: () => third.heard().includes('call-busy'), chat: () => third.payload('call-rejected')?.reason === 'busy' }[dialect];
    await eventually(busy, `busy at ${dialect}; heard ${JSON.stringify(third.heard())}`);
    await quietFor([pair.caller, pair.callee], [], 150);
    assert.deepEqual([pair.caller.heard(), pair.callee.heard()], [[], []]);
    await pair.caller.ends();
    for (const client of [pair.caller, pair.callee, third]) client.leave();
  });
