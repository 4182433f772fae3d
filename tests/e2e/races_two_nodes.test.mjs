// Races of two servers on one PostgreSQL: the first commit wins, and there is exactly one winner (R-001-68, X-01, X-02, X-08,
// BELFRY_RACES sets how many of each kind (default 300; the full run is 10000).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Agent, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aPerson, loggedInAgain } from './harness/accounts.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { launchReady } from './harness/server.mjs';
import { aConnectedCall, assertTalking, aUser, everybodyLeaves } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const kRaces = Number(process.env.BELFRY_RACES ?? 300);
const kPairs = 8;
const folder = mkdtempSync(join(tmpdir(), 'belfry-two-'));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const secret = '0123456789abcdef0123456789abcdef';
let postgres;
const nodes = [];
const pairs = [];

/** fetch() costs more than the server does; ten thousand races want plain requests. */
function post(url, token, path, body = {}) {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asking = request(url + path, { method: 'POST', agent, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } }, (answer) => {
      let whole = '';
      answer.on('data', (piece) => (whole += piece));
      answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(whole) }));
    });
    asking.on('error', reject);
    asking.end(text);
  });
}

before(async () => {
  postgres = await startPostgres();
  for (const name of ['one', 'two']) {
    const server = await launchReady(['serve', '--dev', '--listen', '127.0.0.1:0', '--log-level', 'error', '--data', join(folder, name), '--database', postgres.url], { env: { JWT_SECRET: secret } });
    nodes.push({ server, url: server.url });
  }
  for (let n = 0; n < kPairs; ++n) {
    const [alice, bob] = [await aPerson(nodes[0].url), await aPerson(nodes[0].url)];
    pairs.push({ alice: alice.token, bob: bob.token, tablet: (await loggedInAgain(bob)).token, ids: { alice: alice.id, bob: bob.id } });
  }
});

after(async () => {
  for (const { server } of nodes) {
    server.signal('SIGINT');
    await server.exit;
  }
  await postgres?.stop();
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const [one, two] = [(...rest) => post(nodes[0].url, ...rest), (...rest) => post(nodes[1].url, ...rest)];

async function ring({ alice, ids }) {
  const { status, body } = await one(alice, '/api/calls', { recipientId: ids.bob, callType: 'audio' });
  assert.equal(status, 201, JSON.stringify(body));
  return body.data.id;
}

/** Runs `race(pair)` kRaces times, kPairs at a time; it answers which side won. */
async function run(t, race) {
  const won = {};
  const begin = Date.now();
  let left = kRaces;
  await Promise.all(pairs.map(async (pair) => {
    while (left-- > 0) {
      const winner = await race(pair);
      won[winner] = (won[winner] ?? 0) + 1;
    }
  }));
  const line = `${kRaces} races in ${((Date.now() - begin) / 1000).toFixed(1)} s: ${JSON.stringify(won)}`;
  t.diagnostic(line);
  console.log(`${t.name}: ${line}`);
}

// R-001-65, R-001-68
test('accept against accept', { timeout: 1_200_000 }, (t) => run(t, async (pair) => {
  const callId = await ring(pair);
  const answers = await Promise.all([one(pair.bob, '/api/calls/respond', { callId, response: 'accept' }), two(pair.tablet, '/api/calls/respond', { callId, response: 'accept' })]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400], JSON.stringify(answers));
  assert.equal((await two(pair.alice, `/api/calls/${callId}/end`)).status, 200);
  return answers[0].status === 200 ? 'node one' : 'node two';
}));

//
test('accept against cancel', { timeout: 1_200_000 }, (t) => run(t, async (pair) => {
  const callId = await ring(pair);
  const [accepted, cancelled] = await Promise.all([one(pair.bob, '/api/calls/respond', { callId, response: 'accept' }), two(pair.alice, `/api/calls/${callId}/cancel`)]);
  // A cancel that comes second is a hang-up: then both succeed, in that order, and the call was connected.
  assert.equal(cancelled.status, 200, JSON.stringify(cancelled.body));
  const { status, startedAt } = cancelled.body.data;
  assert.equal(accepted.status, status === 'ended' ? 200 : 400, JSON.stringify(accepted.body));
  assert.equal(startedAt !== null, status === 'ended');
  return status === 'ended' ? 'accept' : 'cancel';
}));

// X-08, R-001-39
test('call against call', { timeout: 1_200_000 }, (t) => run(t, async (pair) => {
  const answers = await Promise.all([one(pair.alice, '/api/calls', { recipientId: pair.ids.bob, callType: 'audio' }), two(pair.bob, '/api/calls', { recipientId: pair.ids.alice, callType: 'audio' })]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 400], JSON.stringify(answers));
  const winner = answers[0].status === 201 ? 0 : 1;
  const lost = answers[1 - winner].body;
  assert.deepEqual([lost.error.code, lost.data.glare, lost.data.callId], ['CALLER_BUSY', true, answers[winner].body.data.id]);
  assert.equal((await (winner ? one : two)(winner ? pair.alice : pair.bob, `/api/calls/${answers[winner].body.data.id}/end`)).status, 200);
  return winner ? 'node two' : 'node one';
}));

// the other server counts the stopped one as gone, and takes over a call whose participants are all connected to the
// stopped one.
test('a server that was stopped for longer than the others wait takes its calls back', { timeout: 60_000 }, async () => {
  const pair = [];
  for (const name of ['still', 'watching']) {
    pair.push(await launchReady(['serve', '--dev', '--listen', '127.0.0.1:0', '--log-level', 'warn', '--data', join(folder, name), '--database', postgres.url], { env: { JWT_SECRET: secret, RESTART_GRACE_SECONDS: '5' } }));
  }
  const [still] = pair;
  const { caller, callee } = await aConnectedCall(still.url);
  const status = () => postgres.psql(`SELECT c."status" || ' ' || count(p."awaySince") FROM calls c JOIN call_participants p ON p."callId" = c."id" JOIN users u ON u."id" = c."callerId" WHERE u."username" = '${caller.name}' GROUP BY c."status"`);
  still.signal('SIGSTOP');
  await eventually(async () => (await status()) === 'connected 2', 'another server to take the call over', 15_000);
  still.signal('SIGCONT');
  await eventually(async () => (await status()) === 'connected 0', 'its own server to take it back');
  await quietFor([caller, callee], ['call_ended'], 7000);  // longer than the grace of the takeover
  await assertTalking({ caller, callee });
  for (const server of pair) {
    server.signal('SIGINT');
    await server.exit;
  }
  await everybodyLeaves();
});

// a new server ends no call of the others. The last test of this file: it kills one of the two servers.
test('a new server touches no call of a living server, and takes over those of a dead one', { timeout: 60_000 }, async () => {
  const [owner, other] = [nodes[0], nodes[1]];
  const { caller, callee } = await aConnectedCall(owner.url);
  const calls = () => postgres.psql(`SELECT c."status" || ' ' || c."version" FROM calls c JOIN users u ON u."id" = c."callerId" WHERE u."username" = '${caller.name}'`);
  const before = await calls();
  const third = await launchReady(['serve', '--dev', '--listen', '127.0.0.1:0', '--log-level', 'error', '--data', join(folder, 'three'), '--database', postgres.url], { env: { JWT_SECRET: secret } });
  await quietFor([caller, callee], ['call_ended'], 7000);  // longer than a server may be silent
  assert.equal(await calls(), before);
  await assertTalking({ caller, callee });
  third.signal('SIGINT');
  await third.exit;
  owner.server.signal('SIGKILL');
  await owner.server.exit;
  await eventually(async () => (await calls()) !== before, 'the other server to take the call over');
  const [back, again] = [await aUser(other.url, { name: caller.name }), await aUser(other.url, { name: callee.name })];
  await assertTalking({ caller: back, callee: again });
  back.end(again);
  await again.next('call_ended');
  await everybodyLeaves();
});
