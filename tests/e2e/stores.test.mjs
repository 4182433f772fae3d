// What is stored, and what happens when it cannot be: crashes, restarts, locks, full disks, and SQL run by hand; on SQLite and on
// PostgreSQL.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { about, advance, aPerson, ask, aSocket, done, leave } from './harness/accounts.mjs';
import { anAdmin, assertInvariants, operate } from './harness/operators.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { aConnectedCall, aUser, everybodyLeaves } from './harness/user.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const kTime = { timeout: 120_000 };
/** The same person at the server's address after a restart, with the old token. */
const movedTo = (url, person) => ({
  ...person, url,
  reads: (call) => ask(url, `/api/calls/${call.id}`, { token: person.token }),
  calls: (peer) => ask(url, '/api/calls', { method: 'POST', token: person.token, body: { recipientId: peer.id, callType: 'video' } }),
});
const two = async (url) => [await aPerson(url), await aPerson(url)];
const readBy = async (person, call) => {
  const { status, body } = await person.reads(call);
  assert.equal(status, 200, JSON.stringify(body));
  return body.data;
};

/** One test for each database; `body` gets a way to start servers on it. */
function onEach(title, body) {
  for (const [name, make] of kDatabases)
    test(`${title}, on ${name}`, kTime, async () => {
      const kept = await make();
      const servers = [];
      const serve = async (args = [], options) => {
        servers.push(await aRestartableServer([...kept.args, ...args], options));
        return servers.at(-1);
      };
      try {
        await body(kept, serve);
        for (const world of servers) await world.stop();
        assert.match(await operate(['audit', 'verify', ...kept.args]), /0 broken/);  // I-6
      } finally {
        for (const world of servers) world.server.signal('SIGKILL');
        await kept.remove();
      }
    });
}

// R-002-18
onEach('migrating an empty database makes the tables, and again changes nothing', async (kept) => {
  await operate(['migrate', 'up', ...kept.args]);
  const status = await operate(['migrate', 'status', ...kept.args]);
  assert.doesNotMatch(status, /pending/);
  await operate(['migrate', 'up', ...kept.args]);
  assert.equal(await operate(['migrate', 'status', ...kept.args]), status);
  for (const table of ['calls', 'call_audit']) assert.equal(await kept.sql(`SELECT count(*) FROM ${table}`), '0');
});

//
onEach('who was blocked while no server ran is in no call afterwards', async (kept, serve) => {
  const world = await serve();
  const [alice, bob] = await two(world.url);
  const call = (await alice.calls(bob)).body.data;
  await bob.responds(call, 'accept');
  await world.kill();
  await operate(['user', 'set-status', bob.name, 'blocked', ...kept.args]);
  const back = movedTo(await world.start(), alice);
  await eventually(async () => (await readBy(back, call)).status === 'ended', 'the call to end');
  assert.equal((await readBy(back, call)).endReason, 'user_deactivated');
});

//
onEach('a call that rings through a crash can be answered after it', async (kept, serve) => {
  const world = await serve(['--virtual-time']);
  const [alice, bob] = await two(world.url);
  const call = (await alice.calls(bob)).body.data;
  await world.crash();
  const phone = await aSocket(movedTo(world.url, bob));
  assert.equal((await phone.next('call.incoming', about(call))).call.id, call.id);
  assert.equal((await done(phone, 'call.accept', { callId: call.id })).status, 'connected');
  leave(phone);
});

//
onEach('a call whose ring ended while the server was down was missed when it ended', async (kept, serve) => {
  const world = await serve();
  const [alice, bob] = await two(world.url);
  const call = (await alice.calls(bob, { ringTimeoutSec: 5 })).body.data;
  await world.kill();
  await eventually(() => Date.now() > Date.parse(call.ringExpiresAt) + 100, 'the ring to end');
  await world.start();
  const seen = await eventually(async () => {
    const row = await readBy(movedTo(world.url, alice), call);
    return row.status === 'missed' && row;
  }, 'the call to be missed');
  assert.deepEqual([seen.endReason, seen.endedAt], ['timeout', call.ringExpiresAt]);
  assert.equal((await movedTo(world.url, alice).calls(bob)).status, 201, 'both are free again');
});

//
onEach('a connected call goes on after a restart if its people come back, and ends if they do not', async (kept, serve) => {
  const world = await serve(['--virtual-time']);
  const people = [await aPerson(world.url), await aPerson(world.url), await aPerson(world.url), await aPerson(world.url)];
  const [anna, bert, carl, dora] = await Promise.all(people.map((person) => aSocket(person)));
  const calls = [];
  for (const [from, to, callee] of [[anna, bert, people[1]], [carl, dora, people[3]]]) {
    const call = await done(from, 'call.start', { recipientId: callee.id, callType: 'video' });
    await done(to, 'call.accept', { callId: call.id });
    calls.push(call);
  }
  await world.crash();
  const back = await Promise.all([aSocket(movedTo(world.url, people[0])), aSocket(movedTo(world.url, people[1]))]);
  await advance(world.url, 31_000);
  assert.equal((await readBy(movedTo(world.url, people[0]), calls[0])).status, 'connected');
  const lost = await readBy(movedTo(world.url, people[2]), calls[1]);
  assert.deepEqual([lost.status, lost.endReason], ['ended', 'server_restart']);
  leave(...back);
  await eventually(async () => (await readBy(movedTo(world.url, people[0]), calls[0])).status === 'ended', 'the leavers to end it');
  await assertInvariants(world.url, await anAdmin(kept.args));
});

// X-25, R-001-22: both are away when their call ends, and stay away for long.
onEach('a user who comes back long after a crash is told once how the call ended', async (kept, serve) => {
  const world = await serve(['--virtual-time']);
  const { caller, callee } = await aConnectedCall(world.url);
  const people = [await aPerson(world.url), await aPerson(world.url)];
  const [anna, bert] = await Promise.all(people.map((person) => aSocket(person)));
  const call = await done(anna, 'call.start', { recipientId: people[1].id, callType: 'audio' });
  await done(bert, 'call.accept', { callId: call.id });
  await world.crash();
  await advance(world.url, 31_000);  // the grace after the restart: the calls end, and nobody is connected
  await world.crash();
  await advance(world.url, 3_600_000);
  for (const { name } of [caller, callee]) {
    const page = await aUser(world.url, { name });
    await page.next('call_ended');
    const again = await aUser(world.url, { name });
    await quietFor([again], ['call_ended']);
  }
  for (const person of people.map((each) => movedTo(world.url, each))) {
    const first = await aSocket(person);
    const { calls } = await first.next('call.snapshot');
    assert.deepEqual(calls.map(({ id, status, endReason }) => [id, status, endReason]), [[call.id, 'ended', 'server_restart']]);
    await eventually(async () => (await kept.sql(`SELECT count(*) FROM outbox WHERE "userId" = '${person.id}'`)) === '0', 'the entry to be settled');
    const second = await aSocket(person);
    assert.deepEqual((await done(second, 'call.sync', {})).calls, []);
    leave(first, second);
  }
  await everybodyLeaves();
});

// R-001-44: the sweep
onEach('a ringing call which the server never heard of is missed by the sweep, which says so', async (kept, serve) => {
  const world = await serve([], { env: { CALL_SWEEP_SECONDS: '1' } });
  const [alice, bob] = await two(world.url);
  const call = { id: randomUUID() };
  const then = Date.now() - 3_600_000;
  await kept.sql(`INSERT INTO calls ("id", "callerId", "recipientId", "callType", "status", "createdAt", "ringExpiresAt")
    VALUES ('${call.id}', '${alice.id}', '${bob.id}', 'video', 'calling', ${then}, ${then + 60_000})`);
  await eventually(async () => (await readBy(alice, call)).status === 'missed', 'the sweep');
  assert.equal(Date.parse((await readBy(alice, call)).endedAt), then + 60_000);
  await world.logged('how many', ({ msg, count }) => msg === 'overdue calls expired' && count === 1);
});

// R-001-78, R-001-79, R-001-80
onEach('the database itself refuses rows that cannot be', async (kept, serve) => {
  const world = await serve();
  const [alice, bob] = await two(world.url);
  const call = (await alice.calls(bob)).body.data;
  const change = (text) => kept.sql(`UPDATE calls SET ${text} WHERE "id" = '${call.id}'`);
  for (const impossible of [
    `"status" = 'connected', "startedAt" = NULL`, `"status" = 'missed', "endedAt" = NULL`, `"status" = 'rejected'`, `"status" = 'ended'`,
    `"status" = 'ended', "startedAt" = 2000, "endedAt" = 1000, "duration" = 0`, `"status" = 'ended', "startedAt" = 1, "endedAt" = 2, "duration" = -1`,
    `"status" = 'paused'`, `"recipientId" = "callerId"`, `"callType" = 'hologram'`,
  ]) await assert.rejects(change(impossible), /constraint/i, impossible);
  await assert.rejects(kept.sql(`INSERT INTO user_call_slots ("userId", "callId") VALUES ('${bob.id}', '${randomUUID()}')`), /unique/i);
  assert.equal((await readBy(alice, call)).status, 'calling');
});

/** While `broken` lasts: 503 within 5 s, nobody hears of a call; afterwards the same people call without a restart. */
async function outage(world, breakIt, mendIt) {
  const [alice, bob] = await two(world.url);
  const [aliceSocket, bobSocket] = [await aSocket(alice), await aSocket(bob)];
  await breakIt();
  const asked = Date.now();
  const { status, body, headers } = await alice.calls(bob);
  assert.ok(Date.now() - asked < 5000, `answered after ${Date.now() - asked} ms`);
  assert.deepEqual([status, body.error?.code], [503, 'STORE_UNAVAILABLE'], JSON.stringify(body));
  assert.match(headers.get('retry-after'), /^\d+$/);
  assert.ok(!/sql|database is|connection/i.test(body.message), body.message);
  const bySocket = await aliceSocket.does('call.start', { recipientId: bob.id, callType: 'audio' });
  assert.equal(bySocket.error.code, 'STORE_UNAVAILABLE');
  await quietFor([aliceSocket, bobSocket], ['call.incoming', 'call.progress']);
  await mendIt();
  const call = await eventually(async () => {
    const answer = await alice.calls(bob);
    return answer.status === 201 && answer.body.data;
  }, 'service to resume', 20_000);
  await bobSocket.next('call.incoming', about(call));
  assert.equal(bobSocket.all('call.incoming').length, 1);
  await alice.ends(call);
  leave(aliceSocket, bobSocket);
}

function sqlitePlace() {
  const data = mkdtempSync(join(tmpdir(), 'belfry-outage-'));
  return { data, file: join(data, 'belfry.db'), remove: () => rmSync(data, { recursive: true, force: true }) };
}

test('a file locked by another process gives 503 until the lock is released', kTime, async () => {
  const { data, file, remove } = sqlitePlace();
  const world = await aRestartableServer(['--data', data]);
  let holder;
  await outage(world, async () => {
    holder = spawn('sqlite3', [file], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    holder.stdout.on('data', (bytes) => (said += bytes));
    holder.stdin.write('.timeout 5000\nBEGIN EXCLUSIVE;\nSELECT \'held\';\n');
    await eventually(() => said.includes('held'), 'the lock');
  }, () => holder.kill('SIGKILL'));
  await world.stop();
  remove();
});

/** A disk of 16 MiB, if this machine lets us mount one. */
function tinyDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return { folder, unmount: () => (execFileSync('umount', [folder]), rmSync(folder, { recursive: true })) };
}

test('a full disk gives 503 until there is space', kTime, async (t) => {
  const disk = tinyDisk();
  if (!disk) return t.skip('this machine lets nobody mount a small disk');
  const data = join(disk.folder, 'data');
  const filler = join(disk.folder, 'filler');
  mkdirSync(data);
  const world = await aRestartableServer(['--data', data]);
  await outage(world, async () => {
    // The log reuses its pages; end calls until it must grow.
    const [carol, dave] = await two(world.url);
    const { bavail, bsize } = statfsSync(disk.folder);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    await eventually(async () => {
      const { status, body } = await carol.calls(dave);
      if (status !== 201) return true;
      return (await carol.ends(body.data)).status !== 200;
    }, 'the disk to be full', 30_000);
  }, () => rmSync(filler));
  await world.stop();
  disk.unmount();
});

test('an unreachable PostgreSQL gives 503 until it is back', { timeout: 180_000 }, async () => {
  const kept = await kDatabases[1][1]();
  const world = await aRestartableServer(kept.args);
  await outage(world, () => kept.postgres.halt('immediate'), () => kept.postgres.start());
  await outage(world, () => kept.postgres.halt('fast'), () => kept.postgres.start());
  await world.stop();
  await kept.remove();
});

// R-002-12, R-002-13, R-002-14
test('a reader of the PostgreSQL database sees the calls of one user; a stranger sees none', kTime, async () => {
  const kept = await kDatabases[1][1]();
  const world = await aRestartableServer(kept.args);
  const [alice, bob] = await two(world.url);
  const carol = await aPerson(world.url);
  const call = (await alice.calls(bob)).body.data;
  await kept.sql('CREATE ROLE analyst LOGIN IN ROLE belfry_reader');
  const seen = async (id, table) => Number(await kept.sql(`SET app.user_id = '${id}'; SELECT count(*) FROM ${table}`, 'analyst'));
  for (const table of ['calls', 'call_audit']) {
    assert.ok(await seen(alice.id, table) >= 1);
    assert.ok(await seen(bob.id, table) >= 1);
    assert.equal(await seen(carol.id, table), 0);
    assert.equal(await kept.sql(`SELECT count(*) FROM ${table}`, 'analyst'), '0', 'nobody named, nothing seen');
  }
  for (const forbidden of ['SELECT * FROM users', 'SELECT * FROM logins', `UPDATE calls SET "callType" = 'audio'`, 'DELETE FROM call_audit'])
    await assert.rejects(kept.sql(`SET app.user_id = '${alice.id}'; ${forbidden}`, 'analyst'), /permission denied/);
  await alice.ends(call);
  await world.stop();
  await kept.remove();
});
