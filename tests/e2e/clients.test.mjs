// Unmodified socket.io-client of four generations, by each transport that a client may choose.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { once } from 'node:events';
import { io as newest } from 'sio';
import { io as v40 } from 'sio40';
import { io as v30 } from 'sio30';
import v2 from 'sio2';
import { sharedServer } from './harness/server.mjs';
import { startProxy } from './harness/proxy.mjs';
import { aName, aUser, candidate, connectUser, everybodyLeaves, kAnswer, kOffer } from './harness/user.mjs';
import { eventually, within } from './harness/wait.mjs';

const server = sharedServer({ before, after });
afterEach(() => everybodyLeaves(server));

const kClients = { '2.5.0': v2, '3.1.3': v30, '4.0.2': v40, '4.8.4': newest };
const kWays = {
  'polling only': { transports: ['polling'] },
  'websocket only': { transports: ['websocket'] },
  'polling, then upgrade': { transports: ['polling', 'websocket'] },
};
const numbers = (count) => Array.from({ length: count }, (_, n) => n);
const candidatesAt = (user) => user.all('ice_candidate').map((heard) => heard.candidate.candidate);

for (const [version, client] of Object.entries(kClients)) {
  for (const [way, options] of Object.entries(kWays)) {
    // R-003-06..08, R-003-10, R-003-11, R-003-13..15, R-003-17, R-003-23, R-003-31, R-003-45
    test(`client ${version}, ${way}: register, call, 20 candidates in order, answer, end`, async () => {
      const [alice, bob] = [
        connectUser(server.url, { name: aName('alice'), client, options }),
        connectUser(server.url, { name: aName('bob'), client, options }),
      ];
      await Promise.all([alice, bob].map((user) => user.next('connect')));
      await Promise.all([alice, bob].map((user) => user.register()));
      alice.call(bob);
      numbers(20).forEach((n) => alice.ice(bob, n));
      assert.deepEqual(await bob.next('incoming_call'), { from: alice.name, offer: kOffer });
      for (const n of numbers(20)) {
        assert.deepEqual(await bob.next('ice_candidate'), { from: alice.name, candidate: candidate(n) });
      }
      bob.answer(alice);
      assert.deepEqual(await alice.next('call_answered'), { from: bob.name, answer: kAnswer });
      bob.ice(alice, 21);
      assert.deepEqual(await alice.next('ice_candidate'), { from: bob.name, candidate: candidate(21) });
      if (options.transports.length > 1) {
        await eventually(() => [alice, bob].every((user) => user.socket.io.engine.transport.name === 'websocket'), 'both upgrades');
      }
      alice.end(bob);
      assert.deepEqual(await bob.next('call_ended'), { from: alice.name });
      assert.deepEqual(alice.all('call_failed'), []);
    });
  }

  // R-003-45: at least 200 candidates, sent during the probe, the pause and the switch; none lost, none reordered.
  for (const side of ['sender', 'receiver']) {
    test(`client ${version}: 200 candidates while the ${side} upgrades arrive whole and in order`, async () => {
      const proxy = await startProxy(server.url);
      try {
        proxy.holdWebSockets();
        const upgrading = connectUser(proxy.url, { name: aName(side), client, options: kWays['polling, then upgrade'] });
        await upgrading.next('connect');
        await upgrading.register();
        await eventually(() => proxy.heldCount() > 0, 'the probe');
        const still = await aUser(server.url, { name: aName('peer') });
        const [from, to] = side === 'sender' ? [upgrading, still] : [still, upgrading];
        from.call(to);
        await to.next('incoming_call');
        const engine = upgrading.socket.io.engine;
        assert.equal(engine.transport.name, 'polling');
        const upgraded = within(once(engine, 'upgrade'), 'the upgrade');
        let switched = false;
        upgraded.then(() => (switched = true), () => {});
        let sent = 0;
        const send = () => from.ice(to, sent++);
        numbers(50).forEach(send);
        proxy.releaseWebSockets();
        while (!switched && sent < 5000) {
          send();
          await new Promise(setImmediate);
        }
        await upgraded;
        while (sent < 200) send();
        numbers(50).forEach(send);
        await eventually(() => candidatesAt(to).length >= sent, `${sent} candidates`);
        assert.deepEqual(candidatesAt(to), numbers(sent).map((n) => candidate(n).candidate));
      } finally {
        proxy.stop();
      }
    });
  }
}

// R-004-47: a page that requests its connection ten times holds one.
test('connecting ten times through one manager opens one connection', async () => {
  const alice = await aUser(server.url);
  for (let n = 0; n < 10; ++n) alice.socket.connect();
  assert.equal((await server.health()).connectedUsers, 1);
  assert.deepEqual(alice.all('connect').length, 1);
});

// R-004-57
test('a client without a path option connects at /socket.io/', async () => {
  const alice = await aUser(server.url);
  assert.equal(new URL(alice.socket.io.engine.transport.ws.url).pathname, '/socket.io/');
});

// R-003-50, shortened from 60 s to about 10 s; 100 users in 50 calls, candidates in both directions all the time.
test('100 users in 50 calls exchange candidates for 10 s without an error', { timeout: 60000 }, async () => {
  const users = await Promise.all(numbers(100).map(() => aUser(server.url)));
  const pairs = numbers(50).map((n) => [users[2 * n], users[2 * n + 1]]);
  await Promise.all(pairs.map(async ([caller, callee]) => {
    caller.call(callee);
    await callee.next('incoming_call');
    callee.answer(caller);
    await caller.next('call_answered');
  }));
  assert.deepEqual(await server.health().then(({ connectedUsers, activeCalls }) => [connectedUsers, activeCalls]), [100, 50]);
  const end = Date.now() + 10000;
  for (let n = 0; Date.now() < end; ++n) {
    await Promise.all(pairs.flatMap(([caller, callee]) => {
      caller.ice(callee, n);
      callee.ice(caller, n);
      return [caller.next('ice_candidate'), callee.next('ice_candidate')];
    }));
  }
  await Promise.all(pairs.map(([caller, callee]) => {
    caller.end(callee);
    return callee.next('call_ended');
  }));
  for (const user of users) assert.deepEqual(user.all('call_failed'), []);
  assert.equal((await server.health()).activeCalls, 0);
});
