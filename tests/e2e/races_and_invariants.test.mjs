// Races of two servers on one PostgreSQL that races_two_nodes.test.mjs leaves out: accept and reject, both hang up, everybody
// calls everybody; and that the database is consistent afterwards. BELFRY_RACES sets how many of each kind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aPerson, ask, loggedInAgain } from './harness/accounts.mjs';
import { anAdmin, assertInvariants, operate } from './harness/operators.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';

const kRaces = Number(process.env.BELFRY_RACES ?? 300);
const kCouples = 8;  // racing in parallel, each in its own series
const kTime = { timeout: 120_000 + kRaces * 200 };
const secret = { env: { JWT_SECRET: '5f1c0a7b9d3e4f60718293a4b5c6d7e8f' } };
let kept;
let nodes;
let couples;  // [caller, callee, the callee's other device]

before(async () => {
  kept = await kDatabases[1][1]();
  nodes = [await aRestartableServer(kept.args, secret), await aRestartableServer(kept.args, secret)];
  couples = [];
  for (let i = 0; i < kCouples; ++i) {
    const [caller, callee] = [await aPerson(nodes[0].url), await aPerson(nodes[1].url)];
    couples.push([caller, callee, await loggedInAgain(callee)]);
  }
});
after(async () => {
  for (const node of nodes ?? []) await node.stop();
  await kept?.remove();
});

/** A request at one of the two servers. */
const at = (node, person, path, body = {}) => ask(nodes[node].url, path, { method: 'POST', token: person.token, body });
const starts = (node, caller, callee) => at(node, caller, '/api/calls', { recipientId: callee.id, callType: 'video' });
const accepts = (node, callee, call) => at(node, callee, '/api/calls/respond', { callId: call.id, response: 'accept' });
const rejects = (node, callee, call) => at(node, callee, '/api/calls/respond', { callId: call.id, response: 'reject' });
const ends = (node, person, call) => at(node, person, `/api/calls/${call.id}/end`);
const reads = async (node, person, call) => (await ask(nodes[node].url, `/api/calls/${call.id}`, { token: person.token })).body.data;

async function started(node, [caller, callee]) {
  const { status, body } = await starts(node, caller, callee);
  assert.equal(status, 201, JSON.stringify(body));
  return body.data;
}

const tally = (answers) => answers.map(({ status }) => status).sort().join();
const wins = (answers) => answers.filter(({ status }) => status < 300);

/** Every couple races `kRaces / kCouples` times; `race` leaves them free. Odd rounds swap the servers. */
async function eachCouple(race) {
  const outcomes = new Map();
  await Promise.all(couples.map(async (couple) => {
    for (let round = 0; round < kRaces / kCouples; ++round) {
      const outcome = await race(round % 2, 1 - (round % 2), couple);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }));
  return [...outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join(', ');
}

// X-04, R-001-67
test(`accept on one server and reject on the other, ${kRaces} times: the state is the winner's`, kTime, async (t) => {
  t.diagnostic(await eachCouple(async (here, there, couple) => {
    const call = await started(here, couple);
    const answers = await Promise.all([accepts(here, couple[1], call), rejects(there, couple[2], call)]);
    assert.equal(tally(answers), '200,400');
    const accepted = answers[0].status === 200;
    const { status } = await reads(there, couple[0], call);
    assert.equal(status, accepted ? 'connected' : 'rejected');
    if (accepted) await ends(here, couple[0], call);
    return status;
  }));
});

//
test(`both hang up, ${kRaces} times: the call ended once`, kTime, async (t) => {
  t.diagnostic(await eachCouple(async (here, there, couple) => {
    const call = await started(here, couple);
    assert.equal((await accepts(there, couple[1], call)).status, 200);
    const answers = await Promise.all([ends(here, couple[0], call), ends(there, couple[1], call)]);
    assert.equal(tally(answers), '200,400', JSON.stringify(answers.map(({ body }) => body)));
    const { endedBy, status } = await reads(here, couple[0], call);
    assert.deepEqual([status, endedBy], ['ended', answers[0].status === 200 ? couple[0].id : couple[1].id]);
    return endedBy === couple[0].id ? 'the caller' : 'the callee';
  }));
});

// X-09, R-001-39
test(`everybody calls everybody, ${kRaces} times: nobody is in two calls`, kTime, async () => {
  const people = couples.flatMap(([caller, callee]) => [caller, callee]);
  for (let round = 0; round < kRaces / people.length; ++round) {
    const distance = 1 + (round % (people.length - 1));
    const answers = await Promise.all(people.map((person, i) => starts(i % 2, person, people[(i + distance) % people.length])));
    const made = wins(answers).map(({ body }) => body.data);
    const busy = made.flatMap(({ callerId, recipientId }) => [callerId, recipientId]);
    assert.equal(new Set(busy).size, busy.length, 'somebody is in two calls');
    assert.ok(answers.every(({ status }) => [201, 400].includes(status)), tally(answers));
    for (const call of made) assert.equal((await ends(1, people.find(({ id }) => id === call.callerId), call)).status, 200);
  }
});

// I-1 to I-8
test('after the races the invariants hold on both servers', async () => {
  const admin = await anAdmin(kept.args);
  for (const { url } of nodes) await assertInvariants(url, admin);
  assert.equal(await kept.sql('SELECT count(*) FROM user_call_slots'), '0');
  assert.match(await operate(['audit', 'verify', ...kept.args]), /0 broken/);
});
