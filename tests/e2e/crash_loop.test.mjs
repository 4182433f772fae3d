// kill -9 at random moments under load: nothing acknowledged is lost, nothing is half done, every call ends exactly once, and
// nobody stays busy. BELFRY_CRASH_CYCLES sets how often (default 200, and 20 on PostgreSQL), BELFRY_CRASH_SEED repeats a run's moments.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'sio';
import { aPerson, ask } from './harness/accounts.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { launch, launchReady } from './harness/server.mjs';
import { aRandomMoment, eventually, within } from './harness/wait.mjs';

const kCycles = Number(process.env.BELFRY_CRASH_CYCLES ?? 200);
const kPostgresCycles = Number(process.env.BELFRY_CRASH_CYCLES ?? 20);
const kSeed = Number(process.env.BELFRY_CRASH_SEED ?? Date.now() % 1_000_000);
const kRank = { calling: 0, connected: 1, rejected: 2, missed: 2, ended: 2 };

/** mulberry32: the moments of a run can be had again. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

async function start(place) {
  const server = await launchReady(['serve', '--dev', '--listen', '127.0.0.1:0', '--log-level', 'error', ...place]);
  return { server, url: server.url, ask: (path, options) => ask(server.url, path, options) };
}

/** One pair keeps calling until the server is gone; records what was acknowledged. */
async function keepCalling({ ask: request }, [caller, callee], acknowledged, roll) {
  const post = async (person, path, body = {}) => {
    const answer = await request(path, { method: 'POST', token: person.token, body });
    const call = answer.body?.data?.call ?? answer.body?.data;
    if ([200, 201].includes(answer.status)) note(acknowledged, call);
    return { ...answer, call };
  };
  try {
    for (;;) {
      const started = await post(caller, '/api/calls', { recipientId: callee.id, callType: 'audio' });
      const id = started.call?.id ?? started.body?.data?.callId;
      if (started.status !== 201) {
        if (id) await post(caller, `/api/calls/${id}/end`);
        continue;
      }
      if (roll(4) > 0) await post(callee, '/api/calls/respond', { callId: id, response: roll(3) > 0 ? 'accept' : 'reject' });
      if (roll(4) > 0) await post(roll(2) ? caller : callee, `/api/calls/${id}/end`);
      else await post(caller, `/api/calls/${id}/end`);
    }
  } catch {
    // the server is dead
  }
}

function note(acknowledged, call) {
  const before = acknowledged.get(call.id);
  if (!before || before.version < call.version) acknowledged.set(call.id, call);
}

async function verify({ ask: request }, people, acknowledged) {
  for (const [id, known] of acknowledged) {
    const { status, body } = await request(`/api/calls/${id}`, { token: people.get(known.callerId).token });
    assert.equal(status, 200, `an acknowledged call is lost: ${id}`);
    const { data } = body;
    assert.ok(kRank[data.status] >= kRank[known.status], `${known.status} became ${data.status}`);
    if (kRank[known.status] === 2) assert.deepEqual([data.status, data.endReason, data.endedAt], [known.status, known.endReason, known.endedAt]);
    if (known.startedAt) assert.equal(data.startedAt, known.startedAt);
    assert.equal(['connected', 'ended'].includes(data.status), data.startedAt !== null, 'half');
    assert.equal(kRank[data.status] === 2, data.endedAt !== null, 'half');
  }
}

async function finish(world, pairs, acknowledged) {
  for (const [caller, callee] of pairs) {
    for (const call of (await world.ask('/api/calls/active', { token: caller.token })).body.data.calls)
      assert.equal((await world.ask(`/api/calls/${call.id}/end`, { method: 'POST', token: caller.token })).status, 200);
    const again = await world.ask('/api/calls', { method: 'POST', token: callee.token, body: { recipientId: caller.id, callType: 'audio' } });
    assert.equal(again.status, 201, `somebody stays busy: ${JSON.stringify(again.body)}`);
    await world.ask(`/api/calls/${again.body.data.id}/end`, { method: 'POST', token: callee.token });
  }
  for (const [id, { callerId }] of acknowledged) {
    const token = pairs.flat().find((person) => person.id === callerId).token;
    const { entries } = (await world.ask(`/api/calls/${id}/audit`, { token })).body.data;
    const endings = entries.filter(({ payload }) => kRank[payload.status] === 2);
    assert.equal(endings.length, 1, `${id} ended ${endings.length} times`);
    assert.deepEqual(entries.map(({ callSeq }) => callSeq), entries.map((_, i) => i + 1));
  }
}

/** A page of the signaling dialect: what it believes of its call comes from what it did and heard. */
function aPage(url, name, peer) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  const page = { socket, name, inCall: false };
  for (const event of ['call_ended', 'call_timeout', 'call_declined']) socket.on(event, () => (page.inCall = false));
  socket.on('incoming_call', () => (page.inCall = true));
  const gone = new Promise((resolve) => ['disconnect', 'connect_error'].forEach((event) => socket.once(event, () => resolve(undefined))));
  /** The acknowledgement, or nothing if the connection goes first. */
  page.says = (event, more) => Promise.race([gone, new Promise((resolve) => socket.emit(event, { to: peer, from: name, ...more }, resolve))]);
  page.registered = Promise.race([gone, new Promise((resolve) => socket.once('user_registered', resolve))]);
  socket.on('connect', () => socket.emit('register_user', { userId: name }));
  return page;
}

const kOffer = { type: 'offer', sdp: 'v=0' }, kAnswer = { type: 'answer', sdp: 'v=0' };

/** Two pages dial, answer and hang up until the server is gone. */
async function keepDialling([caller, callee], roll) {
  await Promise.all([caller.registered, callee.registered]);
  callee.socket.on('incoming_call', () => { if (roll(4) > 0) callee.says('answer_call', { answer: kAnswer }); });
  while (caller.socket.connected) {
    // A page that dials or hangs up and gets no answer cannot know the outcome, and need not be notified of its call's end.
    caller.inCall = false;
    caller.inCall = Boolean((await caller.says('make_call', { offer: kOffer }))?.success);
    if (roll(3) === 0) continue;
    const leaver = roll(2) ? caller : callee;
    if (!leaver.inCall) continue;
    leaver.inCall = false;
    await leaver.says('end_call');
  }
}

/** The page of `before` at the server's new address, as its user sees it again. */
const backAt = (url, page, peer) => Object.assign(aPage(url, page.name, peer.name), { inCall: page.inCall });

/** X-25, R-001-22: a page that comes back and still shows a call gets that call's end, or the call is still on; then it hangs up. */
async function returns(page) {
  await within(page.registered, `${page.name} to register`);
  if (!page.inCall) return;
  const ended = await page.says('end_call');
  if (!ended.success) await eventually(() => !page.inCall, `${page.name}, who was answered ${JSON.stringify(ended)}, to be told that its call is over`, 3000);
  page.inCall = false;
}

/** One comes back and hangs up while the other is away, and the server is killed again: the other is told all the same. */
async function oneReturnsAlone(world, [one, other], place) {
  const first = backAt(world.url, one, other);
  await returns(first);
  first.socket.disconnect();
  world.server.signal('SIGKILL');
  await world.server.exit;
  return [await start(place), [{ ...one, inCall: false }, other]];
}

async function crashLoop(place, cycles, t) {
  console.log(`crash loop: seed ${kSeed}, ${cycles} cycles`);
  const roll = dice(kSeed);
  const admin = await launch(['user', 'add', 'root', '--password', 'the admin pass', '--role', 'admin', ...place]).exit;
  assert.equal(admin.code, 0);
  let world = await start(place);
  const pairs = [];
  for (let n = 0; n < 4; ++n) pairs.push([await aPerson(world.url), await aPerson(world.url)]);
  const people = new Map(pairs.flat().map((person) => [person.id, person]));
  const all = new Map();
  let crashes = 0;
  let pages = [aPage(world.url, 'page-one', 'page-two'), aPage(world.url, 'page-two', 'page-one')];
  for (; crashes < cycles; ++crashes) {
    const acknowledged = new Map();
    const sockets = pairs.map(([, callee]) => io(world.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token: callee.token } }));
    const load = [...pairs.map((pair) => keepCalling(world, pair, acknowledged, roll)), keepDialling(pages, roll)];
    // A crash has to hit any moment, so none is waited for: only this time decides, and the checks below hold whenever it comes.
    await aRandomMoment(20 + roll(120));
    world.server.signal('SIGKILL');
    await Promise.all([world.server.exit, ...load]);
    sockets.forEach((socket) => socket.disconnect());
    world = await start(place);
    if (crashes % 4 === 3) [world, pages] = await oneReturnsAlone(world, pages, place);
    pages = [backAt(world.url, pages[0], pages[1]), backAt(world.url, pages[1], pages[0])];
    await Promise.all(pages.map(returns));
    await verify(world, people, acknowledged);
    for (const [id, call] of acknowledged) all.set(id, call);
  }
  pages.forEach(({ socket }) => socket.disconnect());
  await finish(world, pairs, all);
  const { token } = (await world.ask('/user/login', { method: 'POST', body: { username: 'root', password: 'the admin pass' } })).body;
  const invariants = (await world.ask('/api/admin/invariants', { token })).body;
  assert.deepEqual(invariants.data.violations, [], JSON.stringify(invariants));
  const verified = launch(['audit', 'verify', ...place]);
  assert.equal((await verified.exit).code, 0, verified.output());
  world.server.signal('SIGINT');
  assert.equal((await world.server.exit).code, 0);
  t.diagnostic(`${crashes} crashes, ${all.size} acknowledged calls, none lost`);
  console.log(`crash loop: ${crashes} crashes, ${all.size} acknowledged calls, none lost`);
}

const folder = mkdtempSync(join(tmpdir(), 'belfry-crash-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// R-001-20, X-23...X-26
test(`kill -9 ${kCycles} times under load on SQLite loses nothing that was acknowledged`, { timeout: 600_000 }, (t) =>
  crashLoop(['--data', join(folder, 'sqlite')], kCycles, t));

test(`kill -9 ${kPostgresCycles} times under load on PostgreSQL loses nothing that was acknowledged`, { timeout: 900_000 }, async (t) => {
  const postgres = await startPostgres();
  after(() => postgres.stop());
  await crashLoop(['--data', join(folder, 'postgres'), '--database', postgres.url], kPostgresCycles, t);
});
