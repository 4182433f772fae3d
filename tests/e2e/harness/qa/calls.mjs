// QA-15 to QA-30: what becomes of a call, and that each change is whole.
import assert from 'node:assert/strict';
import { advance, aPair, aPerson, ask, failCommits, loggedInAgain } from '../accounts.mjs';
import { quietFor } from '../wait.mjs';
import { command, connected, enveloped, refused, ringing, two } from './steps.mjs';

export const kCalls = {
  // --- Business
  'QA-15 calling an existing active user rings': async ({ url }) => {  // R-001-64
    assert.equal((await ringing(url)).call.status, 'calling');
  },
  'QA-16 accepting connects and sets startedAt': async ({ url }) => {  // R-001-03
    const { call } = await connected(url);
    assert.equal(call.status, 'connected');
    assert.ok(Date.parse(call.startedAt));
  },
  'QA-17 rejecting sets endedAt and neither startedAt nor duration': async ({ url }) => {  // R-001-56
    const { bob, call } = await ringing(url);
    const over = enveloped(await bob.responds(call, 'reject'), 200);
    assert.deepEqual([over.status, over.startedAt, over.duration], ['rejected', null, null]);
    assert.ok(Date.parse(over.endedAt));
  },
  'QA-18 ending a connected call sets everything': async ({ url }) => {  // R-001-53
    const { bob, call } = await connected(url);
    const over = enveloped(await bob.ends(call), 200);
    assert.equal(over.status, 'ended');
    assert.equal(over.duration, Math.floor((Date.parse(over.endedAt) - Date.parse(over.startedAt)) / 1000));
  },
  'QA-19 duration is whole seconds': async ({ url }) => {  // R-001-23
    for (const [ms, seconds] of [[60_000, 60], [600_000, 600], [1_999, 1], [400, 0]]) {
      const { alice, call } = await connected(url);
      await advance(url, ms);
      assert.equal(enveloped(await alice.ends(call), 200).duration, seconds);
    }
  },
  'QA-20 a caller in a call is refused': async ({ url }) => {  // R-001-36
    const { alice } = await ringing(url);
    const carol = await aPerson(url);
    refused(await alice.calls(carol), 400, 'CALLER_BUSY', 'You already have an active call. End it before starting a new one.');
  },
  'QA-21 a busy recipient is refused': async ({ url }) => {  // R-001-37, R-001-40
    const { alice, bob, call } = await connected(url);
    const carol = await aPerson(url);
    refused(await carol.calls(bob), 400, 'RECIPIENT_BUSY', 'Recipient is already on another call.');
    await alice.ends(call);
    enveloped(await carol.calls(bob), 201);
  },
  'QA-22 calling oneself is refused': async ({ url }) => {  // R-001-41
    const alice = await aPerson(url);
    refused(await alice.calls(alice), 400, 'SELF_CALL', 'Cannot call yourself');
  },
  'QA-23 nobody answers for 60 s: missed': async ({ url }) => {  // R-001-42, R-001-45
    const { alice, bob, call } = await ringing(url);
    await advance(url, 59_000);
    assert.equal((await alice.reads(call)).body.data.status, 'calling');
    await advance(url, 1_000);
    const { data } = (await alice.reads(call)).body;
    assert.deepEqual([data.status, data.endReason, data.endedAt], ['missed', 'timeout', data.ringExpiresAt]);
    enveloped(await alice.calls(bob), 201);
  },
  'QA-24 accepting an ended call is refused and changes nothing': async ({ url }) => {  // R-001-47
    const { alice, bob, call } = await connected(url);
    await alice.ends(call);
    const before = (await bob.reads(call)).body.data;
    refused(await bob.responds(call, 'accept'), 400, 'CALL_NOT_RINGING', "Cannot respond to call in status: ended. Call must be in 'calling' status.");
    assert.deepEqual((await bob.reads(call)).body.data, before);
  },
  'QA-25 ending: ringing becomes missed, final is refused': async ({ url }) => {  // R-001-52, R-001-54
    const { alice, bob, call } = await ringing(url);
    const over = enveloped(await alice.ends(call), 200);
    assert.deepEqual([over.status, over.endReason], ['missed', 'cancelled']);
    refused(await bob.ends(call), 400, 'CALL_NOT_ACTIVE', 'Cannot end call in status: missed');
  },
  'QA-26 inactive, pending and blocked recipients are refused': async ({ url, ...server }) => {  // R-001-62, C-07
    const [alice, bob] = await two(url);
    for (const status of ['pending', 'inactive', 'blocked', 'deleted']) {
      await command(server, ['user', 'set-status', bob.name, status]);
      refused(await alice.calls(bob), 400, 'USER_INACTIVE', 'Cannot call inactive or blocked user');
    }
    await command(server, ['user', 'set-status', bob.name, 'active']);
    enveloped(await alice.calls(bob), 201);
  },
  // --- Transactions
  'QA-27 accepting writes status and startedAt together': async ({ url }) => {  // R-001-18
    const { alice, bob, call } = await ringing(url);
    const accepting = bob.responds(call, 'accept');
    for (let seen = 'calling'; seen !== 'connected';) {
      const { data } = (await alice.reads(call)).body;
      assert.equal(data.status === 'connected', data.startedAt !== null);
      seen = data.status;
    }
    await accepting;
  },
  'QA-28 a failing commit rolls back and nobody is notified of it': async ({ url }) => {  // R-001-19, R-001-21
    const { alice, bob, aliceSocket, bobSocket } = await aPair(url);
    const call = enveloped(await alice.calls(bob), 201);
    await bobSocket.next('call.incoming');
    await failCommits(url, 1);
    const answer = await bob.responds(call, 'accept');
    refused(answer, 503, 'STORE_UNAVAILABLE');
    assert.ok(answer.headers.get('retry-after'));
    await quietFor([aliceSocket, bobSocket], ['call.accepted', 'call.ended'], 500);
    assert.equal((await alice.reads(call)).body.data.status, 'calling');
    assert.equal(enveloped(await bob.responds(call, 'accept'), 200).status, 'connected');
    aliceSocket.disconnect();
    bobSocket.disconnect();
  },
  'QA-29 of two concurrent accepts one wins': async ({ url }) => {  // R-001-65, R-001-67
    for (let round = 0; round < 10; ++round) {
      const { alice, bob, call } = await ringing(url);
      const tablet = await loggedInAgain(bob);
      const answers = await Promise.all([bob.responds(call, 'accept'), tablet.responds(call, 'accept')]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
      const winner = answers.find(({ status }) => status === 200).body.data;
      assert.equal((await alice.reads(call)).body.data.startedAt, winner.startedAt);
    }
  },
  'QA-30 a crash in the middle leaves no orphan': async ({ url, crash }) => {  // R-001-20
    const { alice, bob, call } = await ringing(url);
    const accepting = bob.responds(call, 'accept').catch(() => undefined);
    const restarted = await crash();
    await accepting;
    const again = { ...alice, url: restarted };
    const read = async () => {
      const { status, body } = await ask(restarted, `/api/calls/${call.id}`, { token: again.token });
      assert.equal(status, 200, JSON.stringify(body));
      return body.data;
    };
    const data = await read();
    assert.ok(['calling', 'connected'].includes(data.status), data.status);
    assert.equal(data.status === 'connected', data.startedAt !== null);
    await advance(restarted, 120_000);
    assert.ok(['missed', 'ended'].includes((await read()).status));
  },
};
