// What crash_loop.test.mjs does not check when a server is killed under load: calls by sockets and their acks, the ends that
// sessions get, starts retried with their key, slots. BELFRY_CRASH_CYCLES and BELFRY_CRASH_SEED as there.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { aPerson, ask, aSocket } from './harness/accounts.mjs';
import { anAdmin, assertInvariants, operate } from './harness/operators.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { aRandomMoment, within } from './harness/wait.mjs';

const kCouples = 8;
const kAsked = Number(process.env.BELFRY_CRASH_CYCLES ?? 40);
const kCycles = { SQLite: kAsked, PostgreSQL: Math.ceil(kAsked / 4) };
const kRank = { calling: 0, connected: 1, ended: 2, rejected: 2, missed: 2 };
const kTerminal = ['call.ended', 'call.rejected', 'call.cancelled', 'call.missed', 'call.declined_elsewhere'];

/** mulberry32: small, and the same everywhere. */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What a couple was told, to be held against what the database says after the crash. */
class Couple {
  told = new Map();  // call id -> the latest acknowledged call
  endings = new Map();  // call id -> session -> Set of callSeq of its terminal events
  key = undefined;  // of a start that was not acknowledged

  constructor(caller, callee) {
    Object.assign(this, { caller, callee });
  }

  request(person, path, body, headers = {}) {
    return ask(this.url, path, { method: 'POST', token: person.token, body, headers });
  }

  note(answer, expected) {
    assert.equal(answer.status, expected, JSON.stringify(answer.body));
    this.told.set(answer.body.data.id, answer.body.data);
    return answer.body.data;
  }

  async start() {
    this.key ??= randomUUID();
    const call = this.note(await this.request(this.caller, '/api/calls', { recipientId: this.callee.id, callType: 'video' }, { 'idempotency-key': this.key }), 201);
    this.key = undefined;
    return call;
  }

  async bySocket(socket, event, call) {
    const answer = await socket.emitWithAck(event, { callId: call.id }).catch(() => Promise.reject(new TypeError('the socket ended')));
    assert.equal(answer.success, true, JSON.stringify(answer));
    this.told.set(call.id, answer.data);
  }

  /** Calls until the server is gone; a refusal by a living server is a failure. */
  async talk(random, sockets) {
    for (;;) {
      const call = await this.start();
      const dice = random();
      const callee = sockets && random() < 0.5;
      if (dice < 0.15) this.note(await this.request(this.callee, '/api/calls/respond', { callId: call.id, response: 'reject' }), 200);
      else if (dice < 0.3) this.note(await this.request(this.caller, `/api/calls/${call.id}/end`, {}), 200);
      else {
        if (callee) await this.bySocket(sockets[1], 'call.accept', call);
        else this.note(await this.request(this.callee, '/api/calls/respond', { callId: call.id, response: 'accept' }), 200);
        if (callee) await this.bySocket(sockets[0], 'call.end', call);
        else this.note(await this.request(this.callee, `/api/calls/${call.id}/end`, {}), 200);
      }
    }
  }

  async listen(person) {
    const socket = await aSocket({ ...person, url: this.url });
    socket.onAny((event, { callId, callSeq }) => {
      if (!kTerminal.includes(event)) return;
      if (!this.endings.has(callId)) this.endings.set(callId, new Set());
      this.endings.get(callId).add(callSeq);
    });
    return socket;
  }

  /** After a restart: what was told still holds, and the couple is made free. */
  async takeStock() {
    const unanswered = this.key;
    if (unanswered) await this.start();  // the retry makes one call
    for (const [id, before] of this.told) {
      const { status, body } = await ask(this.url, `/api/calls/${id}`, { token: this.caller.token });
      assert.equal(status, 200, `the call ${id} was acknowledged as ${before.status} and is lost: ${JSON.stringify(body)}`);
      const now = body.data;
      assert.ok(kRank[now.status] >= kRank[before.status], `${before.status} became ${now.status}`);
      if (kRank[before.status] === 2) assert.deepEqual([now.status, now.endedAt, now.duration, now.endReason], [before.status, before.endedAt, before.duration, before.endReason]);
      if (before.startedAt) assert.equal(now.startedAt, before.startedAt);
      assert.equal(now.startedAt !== null, ['connected', 'ended'].includes(now.status), JSON.stringify(now));
      assert.equal(now.endedAt !== null, kRank[now.status] === 2, JSON.stringify(now));
    }
    this.told.clear();
    const { body } = await ask(this.url, '/api/calls/active', { token: this.caller.token });
    assert.ok(body.data.calls.length <= 1);
    for (const call of body.data.calls) this.note(await this.request(this.caller, `/api/calls/${call.id}/end`, {}), 200);
  }
}

async function killAgainAndAgain(kept, cycles, random) {
  const world = await aRestartableServer(kept.args);
  const couples = [];
  for (let i = 0; i < kCouples; ++i) couples.push(new Couple(await aPerson(world.url), await aPerson(world.url)));
  for (let cycle = 0; cycle < cycles; ++cycle) {
    await Promise.all(couples.map(async (couple, i) => {
      couple.url = world.url;
      await couple.takeStock();
      couple.sockets = i % 2 ? await Promise.all([couple.listen(couple.caller), couple.listen(couple.callee)]) : undefined;
    }));
    let killed = false;
    const gone = Promise.all(couples.map((couple) => {
      const lost = couple.sockets && new Promise((_, reject) => couple.sockets[0].once('disconnect', () => reject(new TypeError('the socket ended'))));
      return Promise.race([couple.talk(random, couple.sockets), ...(lost ? [lost] : [])]).catch((failure) => {
        // fetch() throws a TypeError when the connection breaks.
        if (!killed || !(failure instanceof TypeError)) throw failure;
      });
    }));
    const early = gone.then(() => 'ended');
    early.catch(() => {});
    // As in crash_loop.test.mjs: a crash at any moment, not at an event. `early` ends the wait when a couple fails before it.
    await Promise.race([early, aRandomMoment(10 + random() * 250)]);
    killed = true;
    await world.kill();
    await within(gone, 'everybody to notice');
    couples.forEach(({ sockets }) => sockets?.forEach((socket) => socket.disconnect()));
    await world.start();
  }
  for (const couple of couples) {
    couple.url = world.url;
    await couple.takeStock();
    for (const [id, seqs] of couple.endings) assert.equal(seqs.size, 1, `the call ${id} ended ${seqs.size} times`);
  }
  assert.ok(couples.some(({ endings }) => endings.size > 0), 'nobody heard of an end');
  await assertInvariants(world.url, await anAdmin(kept.args));
  await world.stop();
}

for (const [name, make] of kDatabases) {
  const cycles = kCycles[name];
  // R-001-20, I-1 to I-8
  test(`${name}, killed ${cycles} times under load, loses nothing acknowledged and repeats no retry or end`, { timeout: 900_000 }, async (t) => {
    const seed = Number(process.env.BELFRY_CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
    t.diagnostic(`seed ${seed}`);
    const kept = await make();
    try {
      await killAgainAndAgain(kept, cycles, chance(seed));
      assert.equal(await kept.sql('SELECT count(*) FROM user_call_slots'), '0', 'somebody stays busy');
      assert.equal(await kept.sql(`SELECT count(*) FROM calls WHERE "status" IN ('calling', 'connected')`), '0');
      const audit = await operate(['audit', 'verify', ...kept.args]);
      assert.match(audit, /0 broken/);
      t.diagnostic(audit.trim());
    } finally {
      await kept.remove();
    }
  });
}
