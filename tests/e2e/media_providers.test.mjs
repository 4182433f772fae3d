// The providers of a call's media: their tokens, read with the vendors' own packages (SPEC J-3.2), and which provider a call is at (J-8.1).
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { TokenVerifier } from 'livekit-server-sdk';
import { aPerson, aSocket, advance, ask } from './harness/accounts.mjs';
import { aRoom, fetches, joins, kAgora, kLivekit, ok, readAgora, refused, startsServers } from './harness/call_tokens.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { quietFor } from './harness/wait.mjs';

const require = createRequire(import.meta.url);
const { AccessToken2, ServiceRtc } = require('agora-token/src/AccessToken2.js');
const { AccessToken } = require('agora-access-token/src/AccessToken.js');
const serverWith = startsServers({ after });

// R-000-30, R-000-31, J-3.2, J-3.3
test("a token of Agora is what the vendor's package expects", async () => {
  const server = await serverWith({ ...kAgora, MEDIA_PROVIDER: 'agora', TOKEN_TTL_SECONDS: '120' });
  const { ann, room } = await aRoom(server.url);
  const answer = ok(await fetches(ann, room));
  assert.equal(answer.appId, kAgora.AGORA_APP_ID);
  assert.deepEqual([answer.channel, answer.uid, answer.uidType, answer.expiresIn], [room, ann.id, 'string', 120]);
  const read = readAgora(answer.token);
  assert.deepEqual({ ...read, issued: 0 }, { appId: kAgora.AGORA_APP_ID, issued: 0, life: 120, channel: room, uid: ann.id, privileges: { 1: 86400, 2: 86400, 3: 86400, 4: 86400 } });
  assert.ok(Math.abs(read.issued * 1000 + 120_000 - Date.parse(answer.expiresAt)) <= 1000);
  const subscriber = ok(await fetches(ann, room, '&role=subscriber&uidType=numeric'));
  assert.equal(readAgora(subscriber.token).uid, `${subscriber.uid}`);
  assert.deepEqual(readAgora(subscriber.token).privileges, { 1: 86400 });
  // The vendor writes the same bytes for the same facts.
  const theirs = new AccessToken2(kAgora.AGORA_APP_ID, kAgora.AGORA_APP_CERT, read.issued, 120);
  const parsed = new AccessToken2('', '', 0, 0);
  parsed.from_string(answer.token);
  theirs.salt = parsed.salt;
  const service = new ServiceRtc(room, ann.id);
  for (const right of [1, 2, 3, 4]) service.add_privilege(right, 86400);
  theirs.add_service(service);
  const reread = new AccessToken2('', '', 0, 0);
  reread.from_string(theirs.build());
  assert.deepEqual(reread.__signature, parsed.__signature);
  // R-002-01
  assert.ok(!server.output().includes(kAgora.AGORA_APP_CERT) && !JSON.stringify(answer).includes(kAgora.AGORA_APP_CERT));
});

test("an old SDK's token of Agora is what the vendor's old package makes", async () => {
  const server = await serverWith({ ...kAgora, AGORA_TOKEN_VERSION: '006' });
  const { ann, room } = await aRoom(server.url);
  const { token } = ok(await fetches(ann, room, '&provider=agora'));
  const read = new AccessToken();
  assert.ok(read.fromString(token));
  const theirs = new AccessToken(kAgora.AGORA_APP_ID, kAgora.AGORA_APP_CERT, room, ann.id);
  Object.assign(theirs, { salt: read.salt, ts: read.ts, messages: read.messages });
  assert.equal(theirs.build(), token);
  assert.deepEqual(Object.keys(read.messages), ['1', '2', '3', '4']);
});

// J-3.2, J-3.3
test("a token of LiveKit is good for the vendor's verifier", async () => {
  const server = await serverWith({ ...kLivekit, MEDIA_PROVIDER: 'livekit' });
  const { ann, room } = await aRoom(server.url);
  const answer = ok(await fetches(ann, room));
  assert.deepEqual([answer.appId, answer.sfuUrl, answer.provider], ['APIkey', kLivekit.LIVEKIT_URL, 'livekit']);
  const claims = await new TokenVerifier(kLivekit.LIVEKIT_API_KEY, kLivekit.LIVEKIT_API_SECRET).verify(answer.token);
  assert.equal(claims.sub, ann.id);
  assert.deepEqual(claims.video, { roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true });
  await assert.rejects(new TokenVerifier(kLivekit.LIVEKIT_API_KEY, 'another secret').verify(answer.token));
  refused(await fetches(ann, room, '&provider=agora'), 400, 'VALIDATION_FAILED');
});

// J-8.1, J-2.11, J-3.4, J-3.6, X-23
for (const [name, make] of kDatabases)
  test(`a call is at the provider of its caller's token, and so is who answers it, on ${name}`, { timeout: 120_000 }, async () => {
    const kept = await make();
    let world;
    try {
      world = await aRestartableServer([...kept.args, '--virtual-time'], { env: { ...kAgora, ...kLivekit, MEDIA_PROVIDER: 'livekit' } });
      const { ann, bob, room } = await aRoom(world.url);
      const native = ok(await fetches(bob, room, '&provider=native'));
      await advance(world.url, 300_000);
      ok(await fetches(ann, room));
      ok(await fetches(ann, room, '&provider=agora'));
      const made = await ann.post('/api/calls', { conversationId: room, callType: 'audio' });
      assert.deepEqual([made.status, made.body.data.mediaMode], [201, 'external'], JSON.stringify(made.body));
      const call = made.body.data;
      ok(await fetches(ann, room, '&provider=native'));
      const theirs = ok(await bob.get(`/api/call/token?callId=${call.id}`));
      assert.deepEqual([theirs.provider, readAgora(theirs.token).channel], ['agora', room]);
      ok(await bob.responds(call, 'accept'));
      for (const person of [ann, bob]) assert.equal(ok(await person.post(`/api/calls/${call.id}/token`)).provider, 'agora');
      assert.equal(ok(await bob.post(`/api/calls/${call.id}/token`, { provider: 'native' })).provider, 'native');
      refused(await joins(bob, native.token), 403, 'TOKEN_EXPIRED');
      assert.equal(ok(await joins(ann, ok(await fetches(ann, room, '&provider=native')).token)).mediaMode, 'external');
      assert.equal(await kept.sql(`SELECT "provider" || ' ' || "mediaMode" FROM calls WHERE "conversationId" IS NOT NULL`), 'agora external');
      await world.crash();
      const later = (path, method = 'GET') => ask(world.url, path, { method, token: ann.token });
      assert.equal(ok(await later(`/api/calls/${call.id}`)).mediaMode, 'external');
      assert.equal(ok(await later(`/api/calls/${call.id}/token`, 'POST')).provider, 'agora');
      assert.equal(ok(await later('/api/calls/active')).calls[0].mediaMode, 'external');
      ok(await later(`/api/calls/${call.id}/end`, 'POST'));
      const plain = await ask(world.url, '/api/calls', { method: 'POST', token: ann.token, body: { recipientId: bob.id, callType: 'audio' } });
      assert.equal(plain.body.data.mediaMode, 'external', 'MEDIA_PROVIDER');
      assert.equal(ok(await later(`/api/calls/${plain.body.data.id}/token`, 'POST')).provider, 'livekit');
      await world.stop();
    } finally {
      world?.server.signal('SIGKILL');
      await kept.remove();
    }
  });

// J-2.11
test('a group call at a provider is never full', async () => {
  const server = await serverWith({ ...kAgora, CALL_MESH_MAX: '2' });
  const people = await Promise.all([0, 1, 2].map(() => aPerson(server.url)));
  const [ann, bob, dan] = people;
  const room = (await ann.post('/api/conversations', { kind: 'group', memberIds: [bob.id, dan.id] })).body.data.id;
  const rings = async () => (await ann.post('/api/calls', { conversationId: room, callType: 'audio' })).body.data;
  const mesh = await rings();
  assert.equal(mesh.mediaMode, 'p2p');
  ok(await bob.responds(mesh, 'accept'));
  refused(await dan.responds(mesh, 'accept'), 409, 'CALL_FULL');
  ok(await ann.ends(mesh));
  ok(await fetches(ann, room, '&provider=agora'));
  const call = await rings();
  assert.equal(call.mediaMode, 'external');
  for (const person of [bob, dan]) ok(await person.responds(call, 'accept'));
  refused(await bob.post(`/api/calls/${call.id}/signal`, { kind: 'offer', payload: {}, to: dan.id }), 409, 'MEDIA_INCOMPATIBLE');
});

// SPEC 2.5: "both sides on that provider"
test('a callee whose token is of another provider is not rung', async () => {
  const server = await serverWith({ ...kAgora, ...kLivekit });
  const { ann, bob, room } = await aRoom(server.url);
  const socket = await aSocket(bob);
  ok(await fetches(ann, room, '&provider=agora'));
  ok(await fetches(bob, room, '&provider=livekit'));
  const answer = await ann.post('/api/calls', { conversationId: room, callType: 'audio' });
  refused(answer, 409, 'MEDIA_INCOMPATIBLE');
  assert.deepEqual(answer.body.data, { userIds: [bob.id] });
  await quietFor([socket], ['call.incoming']);
  ok(await fetches(bob, room, '&provider=agora'));
  assert.equal((await ann.post('/api/calls', { conversationId: room, callType: 'audio' })).status, 201);
  await socket.next('call.incoming');
});
