// The server of PeerJS clients on the wire: addresses, ids, relayed messages, absent peers, users' ids (R-004-42, K51, K58, K59).
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aPerson, aSocket, ask, leave, loggedInAgain } from './harness/accounts.mjs';
import { aPeer, connectPeer } from './harness/peer.mjs';
import { launchReady, sharedServer, startServer } from './harness/server.mjs';
import { aName } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const kUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const kExpire = 500;
// Several shards: most pairs of peers live on two of them.
const server = sharedServer({ before, after }, { args: ['--threads', '3'], env: { PEERJS_EXPIRE_MS: String(kExpire) } });
const cookieOf = ({ cookie }) => ({ cookie: cookie.split(';')[0] });

// W-004-09, K51
test('both mounts give ids and open peers', async () => {
  for (const mount of ['', '/peerjs']) {
    const { status, headers, body } = await ask(server.url, `${mount}/peerjs/id?ts=1700000000000&version=1.5.5`, { headers: { origin: 'http://localhost:5173' } });
    assert.equal(status, 200);
    assert.match(body, kUuid);
    assert.equal(headers.get('access-control-allow-origin'), 'http://localhost:5173');
    const peer = await aPeer(server.url, body, { mount });
    assert.deepEqual(peer.log, [{ type: 'OPEN' }]);
    peer.leave();
    assert.equal((await ask(server.url, `${mount}/peerjs/peers`)).status, 401);
  }
  assert.equal((await ask(server.url, '/peerjs/nonsense')).status, 404);
  assert.equal((await ask(server.url, '/peerjs/id', { method: 'POST' })).status, 405);
});

// R-004-42, W-004-11
test('what a peer sends reaches the one that it names, with its own id and in order', async () => {
  const [alice, bob] = [await aPeer(server.url, aName('alice')), await aPeer(server.url, aName('bob'))];
  alice.socket.send(JSON.stringify({ type: 'OFFER', src: 'mallory', dst: bob.id, more: 1, payload: { sdp: { type: 'offer', sdp: 'v=0\r\n' }, type: 'media' } }));
  for (let i = 0; i < 60; ++i) alice.say('CANDIDATE', bob.id, i);
  alice.say('LEAVE', bob.id);
  await bob.next('LEAVE');
  assert.deepEqual(bob.log.slice(1), [
    { type: 'OFFER', src: alice.id, dst: bob.id, payload: { sdp: { type: 'offer', sdp: 'v=0\r\n' }, type: 'media' } },
    ...Array.from({ length: 60 }, (_, payload) => ({ type: 'CANDIDATE', src: alice.id, dst: bob.id, payload })),
    { type: 'LEAVE', src: alice.id, dst: bob.id },
  ]);
  bob.say('ANSWER', alice.id, { sdp: 1 });
  assert.deepEqual(await alice.next('ANSWER'), { type: 'ANSWER', src: bob.id, dst: alice.id, payload: { sdp: 1 } });
  alice.leave();
  bob.leave();
});

test('what is no message is passed over', async () => {
  const alice = await aPeer(server.url, aName('alice'));
  for (const text of ['', 'junk', 'null', '[]', '{}', '{"type":"OPEN","dst":"x"}', '{"type":"OFFER"}', '{"type":7}']) alice.socket.send(text);
  alice.say('OFFER', alice.id, 'to myself');
  assert.equal((await alice.next('OFFER')).payload, 'to myself');
  assert.deepEqual(alice.types(), ['OPEN', 'OFFER']);
  alice.leave();
});

// W-004-11
test('messages for an absent peer wait for it, and expire once', async () => {
  const [alice, late, never] = [await aPeer(server.url, aName('alice')), aName('late'), aName('never')];
  for (const dst of [late, never]) {
    alice.say('OFFER', dst, 0);
    for (let i = 1; i <= 24; ++i) alice.say('CANDIDATE', dst, i);
  }
  const peer = connectPeer(server.url, late);
  await peer.next('CANDIDATE', ({ payload }) => payload === 24);
  assert.deepEqual(peer.log.map(({ payload }) => payload), [undefined, ...Array(25).keys()]);
  assert.deepEqual(await alice.next('EXPIRE'), { type: 'EXPIRE', src: never, dst: alice.id });
  const after = await aPeer(server.url, never);
  alice.say('OFFER', never, 'again');
  await after.next('OFFER');
  assert.deepEqual(after.types(), ['OPEN', 'OFFER']);
  assert.equal(alice.all('EXPIRE').length, 1);
  for (const each of [alice, peer, after]) each.leave();
});

// W-004-10, R-004-42
test('an id is taken for another token; the same token takes it over, and the old socket frees nothing', async () => {
  const [id, bob] = [aName('alice'), await aPeer(server.url, aName('bob'))];
  const first = await aPeer(server.url, id, { token: 'one' });
  const stranger = connectPeer(server.url, id, { token: 'two' });
  assert.deepEqual(await stranger.next('ID-TAKEN'), { type: 'ID-TAKEN', payload: { msg: 'ID is taken' } });
  await stranger.gone();
  const second = await aPeer(server.url, id, { token: 'one' });
  first.leave();
  await first.gone();
  bob.say('OFFER', id, 'for whom?');
  await second.next('OFFER');
  assert.deepEqual(first.types(), ['OPEN']);
  const again = connectPeer(server.url, id, { token: 'two' });
  await again.next('ID-TAKEN');
  second.leave();
  await eventually(async () => {
    const next = connectPeer(server.url, id, { token: 'two' });
    await eventually(() => next.log.length > 0, 'an answer');
    next.leave();
    return next.log[0].type === 'OPEN';
  }, 'the id to be free');
  bob.leave();
});

test('a wrong key, no token and no id are errors in the words of the stock server', async () => {
  const refusals = [
    [{ key: 'other' }, 'Invalid key provided'],
    [{ token: '' }, 'No id, token, or key supplied to websocket server'],
    [{ key: '' }, 'No id, token, or key supplied to websocket server'],
  ];
  for (const [options, msg] of refusals) {
    const peer = connectPeer(server.url, 'x', options);
    assert.deepEqual(await peer.next('ERROR'), { type: 'ERROR', payload: { msg } });
    await peer.gone();
  }
});

// W-004-10, K58: in --dev too.
test('with a credential a peer has only its user’s ids, and reloads without meeting ID-TAKEN', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  for (const id of [ben.id, 'anything', `${ann.id}x`]) {
    const peer = connectPeer(server.url, id, { headers: cookieOf(ann) });
    assert.match((await peer.next('ERROR')).payload.msg, /user id/);
    await peer.gone();
  }
  const screen = await aPeer(server.url, `${ann.id}-screen`, { headers: { authorization: `Bearer ${ann.token}` } });
  const pages = [];
  for (let i = 0; i < 20; ++i) {
    const begin = Date.now();
    pages.push(await aPeer(server.url, ann.id, { token: `page ${i}`, headers: cookieOf(ann) }));
    assert.ok(Date.now() - begin <= 1000, `reload ${i}`);
  }
  pages.slice(0, -1).forEach((page) => page.leave());
  await Promise.all(pages.slice(0, -1).map((page) => page.gone()));
  screen.say('OFFER', ann.id, 1);
  await pages.at(-1).next('OFFER');
  for (const each of [screen, pages.at(-1)]) each.leave();
});

// W-004-10: the stock client keeps its peer over a log-out, and makes no other at the next login.
test('the peer of a page that has logged out is muted until its user is back', async () => {
  const [ann, bob] = [await aPerson(server.url), await aPeer(server.url, aName('bob'))];
  const page = await aPeer(server.url, ann.id, { headers: cookieOf(ann) });
  page.say('OFFER', bob.id, 1);
  await bob.next('OFFER');
  assert.equal((await ann.get('/user/logout')).status, 200);
  page.say('OFFER', bob.id, 2);
  page.say('CANDIDATE', bob.id, 3);
  bob.say('OFFER', ann.id, 4);
  assert.deepEqual(await page.next('EXPIRE'), { type: 'EXPIRE', src: bob.id, dst: ann.id });
  await bob.next('EXPIRE');
  assert.deepEqual([bob.types(), page.types()], [['OPEN', 'OFFER', 'EXPIRE'], ['OPEN', 'EXPIRE']]);

  const socket = await aSocket(await loggedInAgain(ann));
  page.say('OFFER', bob.id, 5);
  assert.equal((await bob.next('OFFER', ({ payload }) => payload === 5)).src, ann.id);
  leave(socket);
  for (const each of [page, bob]) each.leave();
});

// K45, K58
test('people who block each other find each other’s peers absent', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const [mine, theirs] = [await aPeer(server.url, ann.id, { headers: cookieOf(ann) }), await aPeer(server.url, ben.id, { headers: cookieOf(ben) })];
  assert.equal((await ask(server.url, `/api/users/${ann.id}/block`, { method: 'PUT', token: ben.token })).status, 200);
  for (const [from, to] of [[mine, theirs], [theirs, mine]]) {
    from.say('OFFER', to.id, 1);
    from.say('CANDIDATE', to.id, 2);
    assert.equal((await from.next('EXPIRE')).src, to.id);
    assert.deepEqual(to.types().filter((type) => type === 'OFFER' || type === 'CANDIDATE'), []);
  }
  assert.equal((await ask(server.url, `/api/users/${ann.id}/block`, { method: 'DELETE', token: ben.token })).status, 200);
  mine.say('OFFER', ben.id, 3);
  assert.equal((await theirs.next('OFFER')).payload, 3);
  for (const each of [mine, theirs]) each.leave();
});

test('a peer that floods is closed, and the others go on', async () => {
  const [alice, bob] = [await aPeer(server.url, aName('alice')), await aPeer(server.url, aName('bob'))];
  for (let i = 0; i < 5000; ++i) alice.say('CANDIDATE', bob.id, i);
  assert.equal((await alice.next('ERROR')).payload.msg, 'Too many messages');
  await alice.gone();
  const carol = await aPeer(server.url, aName('carol'));
  carol.say('OFFER', bob.id, 1);
  await bob.next('OFFER');
  for (const each of [bob, carol]) each.leave();
});

// K59
test('key, limit and discovery are settings', async () => {
  const other = await startServer({ args: ['--threads', '3'], env: { PEERJS_KEY: 'secret', PEERJS_CONCURRENT_LIMIT: '3', PEERJS_DISCOVERY: 'true' } });
  try {
    const peers = [];
    for (const id of ['alice', 'bob', 'carol']) peers.push(await aPeer(other.url, id, { key: 'secret' }));
    const beyond = connectPeer(other.url, 'dave', { key: 'secret' });
    assert.equal((await beyond.next('ERROR')).payload.msg, 'Server has reached its concurrent user limit');
    for (const mount of ['', '/peerjs']) {
      assert.match((await ask(other.url, `${mount}/secret/id`)).body, kUuid);
      assert.deepEqual((await ask(other.url, `${mount}/secret/peers`)).body.sort(), ['alice', 'bob', 'carol']);
    }
    assert.equal((await ask(other.url, '/peerjs/id')).status, 404);
    peers.forEach((peer) => peer.leave());
  } finally {
    await other.stop();
  }
});

test('a peer without a heartbeat is closed', async () => {
  const other = await startServer({ env: { PEERJS_ALIVE_MS: '1000' } });
  try {
    const [silent, lively] = [await aPeer(other.url, 'silent'), await aPeer(other.url, 'lively')];
    await eventually(() => {
      lively.say('HEARTBEAT');
      return silent.closed;
    }, 'the silent peer to be closed');
    assert.equal(lively.closed, false);
    lively.leave();
  } finally {
    await other.stop();
  }
});

// K58
test('outside --dev nobody without a credential has an account’s id', async () => {
  const data = mkdtempSync(join(tmpdir(), 'belfry-peerjs-'));
  const strict = await launchReady(['serve', '--listen', '127.0.0.1:0', '--data', data]);
  try {
    const ann = await aPerson(strict.url);
    for (const id of [ann.id, `${ann.id}-1`]) {
      const peer = connectPeer(strict.url, id);
      assert.match((await peer.next('ERROR')).payload.msg, /belongs to an account/);
      await peer.gone();
    }
    const free = (await ask(strict.url, '/peerjs/id')).body;
    for (const id of [free, 'alice']) (await aPeer(strict.url, id)).leave();
    (await aPeer(strict.url, ann.id, { headers: { authorization: `Bearer ${ann.token}` } })).leave();
  } finally {
    strict.signal('SIGINT');
    await strict.exit;
    rmSync(data, { recursive: true, force: true });
  }
});
