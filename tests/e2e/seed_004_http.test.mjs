// The HTTP requests of seed 004's client, in its order and with its fields, on SQLite and on PostgreSQL (SPEC W-004-01 to
// W-004-05, K1 to K10): it reads little of an answer, but that it needs. Its sockets: chat dialect and PeerJS, elsewhere.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { aSocket, ask, leave } from './harness/accounts.mjs';
import { aPage as aChatSocket } from './harness/chat_page.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { png } from './harness/pictures.mjs';
import { launchReady } from './harness/server.mjs';
import { quietFor } from './harness/wait.mjs';

const kTime = { timeout: 120_000 };
const kId = /^[0-9a-f-]{36}$/;
const kTimeOfDay = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function onEach(title, body, args = []) {
  for (const [name, make] of kDatabases)
    test(`${title}, on ${name}`, kTime, async () => {
      const kept = await make();
      let world;
      try {
        world = await aRestartableServer([...kept.args, ...args]);
        await body({ world, kept });
        await world.stop();
      } finally {
        world?.server.signal('SIGKILL');
        await kept.remove();
      }
    });
}

/** A page of the client at `base`, its axios `baseURL`: it keeps the cookie, and a browser names the page's origin. */
function aPage(world, base = '/api') {
  const page = { cookie: '' };
  const asks = async (method, path, body, headers = {}) => {
    const answer = await ask(world.url, base + path, {
      method, body, headers: { cookie: page.cookie, ...(method === 'POST' && { origin: world.url }), ...headers } });
    const set = answer.headers.get('set-cookie');
    if (set) page.cookie = set.split(';')[0];
    return answer;
  };
  page.get = (path, headers) => asks('GET', path, undefined, headers);
  page.post = (path, body, headers) => asks('POST', path, body, headers);
  return page;
}

async function signedUp(world, username, base) {
  const page = aPage(world, base);
  const { status, body } = await page.post('/user/sign-up',
    { name: `Ms ${username}`, email: `${username}@example.com`, username, password: 'secret' });
  assert.equal(status, 200, JSON.stringify(body));
  Object.assign(page, { user: body.user, token: body.token, id: body.user._id, url: world.url, name: username });
  return page;
}

const good = async (answer, status = 200) => {
  const { status: was, body } = await answer;
  assert.equal(was, status, JSON.stringify(body));
  assert.equal(body.success, true);
  return body;
};
const send = async (from, to, text) => (await good(from.post('/message/send', { text, receiver: to.id }), 201)).data;
const texts = async (page, of, query = '') => (await good(page.get(`/message/get/${of.id}${query}`))).messages.map(({ text }) => text);
const unread = async (page, of) => (await good(page.get(`/message/getunread/${of.id}`))).unreadmessages;

// W-004-02, W-004-03
onEach('a page signs up, finds itself logged in after a reload, changes its profile and logs out', async ({ world }) => {
  const page = await signedUp(world, 'alice');
  const { user } = page;
  assert.match(user._id, kId);
  assert.deepEqual([user.name, user.email, user.username, user.bio], ['Ms alice', 'alice@example.com', 'alice', 'Busy']);
  for (const field of ['createdAt', 'updatedAt']) assert.match(user[field], kTimeOfDay);
  assert.notEqual(user.profileImg, null);
  assert.ok(!JSON.stringify(user).includes('argon2'));

  const check = await good(page.get('/user/check'));
  assert.deepEqual([check.user, typeof check.message], [user, 'string']);
  const updated = await good(page.post('/user/update', { name: 'Alice', username: 'alice_b', bio: 'At <b>sea</b>', image: 'undefined' }));
  assert.deepEqual([updated.user._id, updated.user.name, updated.user.username, updated.user.bio], [user._id, 'Alice', 'alice_b', 'At <b>sea</b>']);
  assert.equal(typeof updated.message, 'string');

  const gone = await good(page.get('/user/logout'));
  assert.equal(typeof gone.message, 'string');
  assert.equal((await page.get('/user/check')).status, 401);
  for (const email of ['alice@example.com', 'alice_b']) {
    const back = await good(page.post('/user/login', { email, password: 'secret' }));
    assert.deepEqual([back.user._id, typeof back.message], [user._id, 'string']);
  }
  const wrong = await aPage(world).post('/user/login', { email: 'alice_b', password: 'secret-2' });
  assert.deepEqual([wrong.status, typeof wrong.body.message], [401, 'string']);
  const taken = await aPage(world).post('/user/sign-up', { name: 'x', email: 'x@example.com', username: 'alice_b', password: 'secret' });
  assert.deepEqual([taken.status, typeof taken.body.message], [409, 'string']);
});

// R-004-14, R-004-15, W-004-04, W-004-05, K7 to K10: a chat of two, as its pages ask for it
onEach('two pages chat', async ({ world }) => {
  const [alice, bob, carol] = [await signedUp(world, 'alice'), await signedUp(world, 'bob'), await signedUp(world, 'carol')];
  const { users } = await good(alice.get('/user/getusers'));
  assert.deepEqual(users.map(({ username }) => username), ['bob', 'carol']);
  for (const each of users) {
    assert.match(each._id, kId);
    assert.deepEqual([each.name, each.bio, each.online, each.unreadCount, each.lastMessage, each.conversationId, 'email' in each],
      [`Ms ${each.username}`, 'Busy', false, 0, null, null, false]);
  }
  // It opens a chat: marks it read, then reads it. Neither makes a conversation.
  await good(alice.get(`/message/markread/${bob.id}`));
  assert.deepEqual((await good(alice.get(`/message/get/${bob.id}`))).messages, []);
  assert.deepEqual((await ask(world.url, '/api/conversations', { token: bob.token })).body.data.conversations, []);

  const sent = await send(alice, bob, 'hello');
  assert.deepEqual([sent.sender, sent.receiver, sent.text, sent.image, sent.read, sent.delivered, sent.seq, sent.kind],
    [alice.id, bob.id, 'hello', null, false, false, 1, 'text']);
  assert.match(sent._id, kId);
  assert.deepEqual([sent.id, sent.timestamp], [sent._id, sent.createdAt]);
  assert.match(sent.timestamp, kTimeOfDay);

  // The other one's page: a count for each contact at once, then the chat.
  assert.deepEqual(await Promise.all([unread(bob, alice), unread(bob, carol)]), [1, 0]);
  const [first] = (await good(bob.get('/user/getusers'))).users;
  assert.deepEqual([first._id, first.unreadCount, first.lastMessage], [alice.id, 1, sent]);
  const marked = await good(bob.get(`/message/markread/${alice.id}`));
  assert.deepEqual([marked.data, typeof marked.message], [{ readUpToSeq: 1 }, 'string']);
  assert.equal(await unread(bob, alice), 0);
  const answered = await send(bob, alice, 'hi');
  assert.equal(answered.conversationId, sent.conversationId);
  const { messages, data } = await good(alice.get(`/message/get/${bob.id}`));
  assert.deepEqual(messages, [{ ...sent, read: true, delivered: true }, answered]);
  assert.deepEqual(data, { messages, hasMore: false, conversationId: sent.conversationId });
  assert.deepEqual(await texts(carol, alice), [], 'nobody else reads it');
});

// W-004-01, K1, K2, C-12
onEach('both prefixes, ids and usernames reach the same', async ({ world }) => {
  const [alice, bob] = [await signedUp(world, 'alice', ''), await signedUp(world, 'bob')];
  await send(alice, bob, 'one');
  await send(bob, alice, 'two');
  for (const path of ['/user/check', '/user/getusers', `/message/get/${bob.id}`, `/message/getunread/${bob.id}`]) {
    const [one, other] = [await ask(world.url, path, { token: alice.token }), await ask(world.url, `/api${path}`, { token: alice.token })];
    assert.deepEqual([one.status, one.body], [200, other.body], path);
  }
  const pages = [];
  for (const path of [`/message/${bob.id}`, '/message/bob', '/message/get/bob', '/api/message/bob'])
    pages.push((await ask(world.url, path, { token: alice.token })).body);
  for (const page of pages) assert.deepEqual(page, pages[0]);
  for (const path of ['/message/bob', '/message/send/bob', `/api/message/send/${bob.id}`]) {
    const { status } = await ask(world.url, path, { method: 'POST', token: alice.token, body: { text: 'x' } });
    assert.equal(status, 201, path);
  }
  for (const path of ['/message/get/nobody', '/message/get/get', '/message/markread/64b7f1c2a9d3e4f5a6b7c8d9']) {
    const { status, body } = await ask(world.url, path, { token: alice.token });
    assert.deepEqual([status, body.error?.code, body.message], [404, 'USER_NOT_FOUND', 'User not found'], path);
  }
  assert.equal((await ask(world.url, '/message/get/alice', { token: alice.token })).status, 400);
  assert.equal((await ask(world.url, '/message/get/bob')).status, 401);
});

// R-004-13, K10
onEach('a page of another site changes nothing by a GET', async ({ world }) => {
  const [alice, bob] = [await signedUp(world, 'alice'), await signedUp(world, 'bob')];
  await send(bob, alice, 'hi');
  for (const from of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
    const { status, body } = await alice.get(`/message/markread/${bob.id}`, from);
    assert.deepEqual([status, body.error.code], [403, 'ORIGIN_NOT_ALLOWED']);
  }
  assert.equal(await unread(alice, bob), 1);
});

// R-004-22, K33, K54
onEach('hostile text is stored and answered as it is, as JSON that no browser takes for a page', async ({ world }) => {
  const [alice, bob] = [await signedUp(world, 'alice'), await signedUp(world, 'bob')];
  const hostile = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'; DROP TABLE messages; --", '{{7*7}} #{7*7}',
    '\u202Etxt.exe', '\uFEFF \u200B.', 'javascript:alert(1)', '</script><svg/onload=alert(1)>', '😀👩‍👩‍👧‍👦', '\\u0000 \\x00', '  spaces  '];
  for (const text of hostile) assert.equal((await send(alice, bob, text)).text, text);
  assert.deepEqual(await texts(bob, alice), hostile);
  const answers = [await bob.get(`/message/get/${alice.id}`), await bob.get('/user/getusers'), await bob.get(`/message/getunread/${alice.id}`),
    await bob.get(`/message/markread/${alice.id}`), await bob.post('/message/send', { text: '<b>', receiver: alice.id }),
    await bob.post('/message/send', { text: '', receiver: alice.id }), await bob.get('/message/get/<script>')];
  for (const { headers } of answers) {
    assert.match(headers.get('content-type'), /^application\/json/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('content-security-policy'), /default-src 'none'/);
  }
  for (const body of [{}, { text: ' ' }, { text: 7 }, { text: { $gt: '' } }, { text: ['x'] }, { text: 'x'.repeat(8001) }, { text: 'a\u0000b' }]) {
    const { status, body: refused } = await alice.post('/message/send', { receiver: bob.id, ...body });
    assert.deepEqual([status, refused.error.code, typeof refused.message], [400, 'VALIDATION_FAILED', 'string'], JSON.stringify(body).slice(0, 60));
  }
  for (const receiver of [undefined, null, '', 7, { $ne: null }, [bob.id]])
    assert.equal((await alice.post('/message/send', { text: 'x', receiver })).status, 400, JSON.stringify(receiver));
  assert.deepEqual(await texts(bob, alice), [...hostile, '<b>']);
  for (const text of ['DROP TABLE', 'onerror']) assert.ok(!world.server.output().includes(text), 'no text of a message is logged');
});

// R-004-15, R-004-71, K9
onEach('a long chat is read page by page, oldest first, without gap or repeat', async ({ world }) => {
  const [alice, bob] = [await signedUp(world, 'alice'), await signedUp(world, 'bob')];
  const all = Array.from({ length: 230 }, (_, i) => `m${i}`);
  for (const text of all) await send(Number(text.slice(1)) % 3 ? alice : bob, Number(text.slice(1)) % 3 ? bob : alice, text);
  const latest = await good(bob.get(`/message/get/${alice.id}`));
  assert.deepEqual([latest.messages.length, latest.data.hasMore], [100, true]);
  const read = [...latest.messages];
  while (read[0].seq > 1) read.unshift(...(await good(bob.get(`/message/get/${alice.id}?before=${read[0]._id}&limit=64`))).messages);
  assert.deepEqual(read.map(({ text }) => text), all);
});

// K47, R-004-67: the client's route, ours and sockets share one bucket.
onEach('a flood of messages is refused by every door alike', async ({ world }) => {
  const [alice, bob] = [await signedUp(world, 'alice'), await signedUp(world, 'bob')];
  const socket = await aSocket(alice);
  const { conversationId } = await send(alice, bob, '1');
  const ours = () => ask(world.url, `/api/conversations/${conversationId}/messages`, { method: 'POST', token: alice.token, body: { text: 'x' } });
  assert.equal((await ours()).status, 201);
  assert.equal((await socket.does('message.send', { conversationId, text: 'x' })).success, true);
  const last = await alice.post('/message/send', { text: '4', receiver: bob.id });
  assert.deepEqual([last.status, last.headers.get('ratelimit-limit'), last.headers.get('ratelimit-remaining')], [201, '4', '0']);
  for (const { status, headers, body } of [await ours(), await alice.post('/message/send', { text: '5', receiver: bob.id })]) {
    assert.deepEqual([status, body.error.code, headers.get('ratelimit-remaining')], [429, 'RATE_LIMITED', '0']);
    assert.ok(Number(headers.get('retry-after')) > 0);
  }
  const refused = await socket.does('message.send', { conversationId, text: 'x' });
  assert.deepEqual([refused.success, refused.error.code], [false, 'RATE_LIMITED']);
  assert.equal((await texts(bob, alice)).length, 4);
  leave(socket);
}, ['--rate-limit-message-max', '4']);

// K32, SPEC 2.1: the key is stored with the message.
onEach('a message with an Idempotency-Key that is sent again after a crash is there once', async ({ world }) => {
  const [alice, bob] = [await signedUp(world, 'alice'), await signedUp(world, 'bob')];
  const again = (text = 'once') => alice.post('/message/send', { text, receiver: bob.id }, { 'idempotency-key': 'k-1' });
  const first = await good(again(), 201);
  await world.crash();
  assert.deepEqual((await good(again(), 201)).data, first.data);
  assert.equal((await again('twice')).status, 409);
  assert.deepEqual(await texts(bob, alice), ['once']);
});

// K9, K32: the picture of a repeat is not stored again
onEach('a picture that is sent again is the same message, and another one under its id is a conflict', async ({ world }) => {
  const [alice, bob] = [await signedUp(world, 'alice'), await signedUp(world, 'bob')];
  const body = (picture) => ({ image: `data:image/png;base64,${picture.toString('base64')}`, receiver: bob.id, clientMessageId: 'c-1' });
  const { data } = await good(alice.post('/message/send', body(png(9, 9))), 201);
  assert.deepEqual((await good(alice.post('/message/send', body(png(9, 9))))).data, data);
  const socket = await aChatSocket(alice);
  assert.deepEqual((await socket.does('newMessage', body(png(9, 9)))).data, data);
  assert.equal((await alice.post('/message/send', body(png(90, 90)))).status, 409);
  leave(socket);
});

// W-004-16: the page shows the message of a refusal alone
onEach('passwords of six characters are taken, and a refusal is a sentence that names the field', async ({ world }) => {
  const page = aPage(world);
  const signUp = (username, password) => page.post('/user/sign-up', { name: 'Ann', email: `${password}@example.com`, username, password });
  for (const [username, password, message] of [['ann', 'abcde', 'Password must have at least 6 characters'], ['two words', 'abcdef', 'Username may hold letters, digits, - and _']]) {
    const { status, body } = await signUp(username, password);
    assert.deepEqual([status, body.message], [400, message]);
  }
  assert.equal((await good(signUp('ann', 'abcdef'))).user.username, 'ann');
  await good(page.post('/user/login', { email: 'ann', password: 'abcdef' }));
});

// R-004-13: what a page shows may have been chosen by another user
onEach('a picture of a user logs nobody out', async ({ world }) => {
  const alice = await signedUp(world, 'alice');
  const { status } = await alice.post('/user/update', { image: '/user/logout' });
  assert.equal(status, 400);
  const shown = await alice.get('/user/logout', { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' });
  assert.deepEqual([shown.status, shown.body.error?.code], [403, 'ORIGIN_NOT_ALLOWED']);
  await good(alice.get('/user/check'));
});

// K32, SPEC 2.1: two servers on one database get the same request at the same time.
test('a message sent to two servers at once is stored once', kTime, async () => {
  const postgres = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'belfry-two-'));
  const env = { JWT_SECRET: '0123456789abcdef0123456789abcdef' };
  const worlds = [];
  try {
    for (const name of ['one', 'two'])
      worlds.push(await launchReady(['serve', '--dev', '--listen', '127.0.0.1:0', '--data', join(folder, name), '--database', postgres.url], { env }));
    const [alice, bob] = [await signedUp(worlds[0], 'alice'), await signedUp(worlds[0], 'bob')];
    const post = ({ url }, body, key) => ask(url, '/api/message/send', {
      method: 'POST', token: alice.token, body: { receiver: bob.id, ...body }, headers: key && { 'idempotency-key': key } });
    for (let i = 0; i < 25; ++i) {
      const bodies = [[{ text: `by key ${i}` }, `k-${i}`], [{ text: `by id ${i}`, clientMessageId: `c-${i}` }]];
      for (const [body, key] of bodies) {
        const answers = await Promise.all([...worlds, ...worlds].map((world) => post(world, body, key)));
        const good = answers.filter(({ status }) => status < 300);
        assert.ok(good.length > 0, JSON.stringify(answers.map(({ body }) => body)));
        assert.equal(new Set(good.map(({ body }) => body.data._id)).size, 1);
        // A server that has the key already under way says so.
        for (const { status } of answers) assert.ok([200, 201, 409].includes(status), String(status));
      }
    }
    const all = (await ask(worlds[1].url, `/message/get/${bob.id}`, { token: alice.token })).body.messages;
    assert.deepEqual(all.map(({ seq }) => seq), Array.from({ length: 50 }, (_, i) => i + 1));
    for (const { signal, exit } of worlds) {
      signal('SIGINT');
      assert.equal((await exit).code, 0);
    }
  } finally {
    for (const { signal } of worlds) signal('SIGKILL');
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

// K17, K32, K35: a native socket hears what the client sends; its repeat is heard by nobody.
onEach('a message of a page reaches native sessions of both, and its repeat none', async ({ world }) => {
  const [alice, bob] = [await signedUp(world, 'alice'), await signedUp(world, 'bob')];
  const sockets = [await aSocket(alice), await aSocket(bob)];
  const body = { text: 'hello', receiver: bob.id, clientMessageId: 'c-1' };
  const { data } = await good(alice.post('/message/send', body), 201);
  for (const socket of sockets) assert.equal((await socket.next('message.new')).message.id, data._id);
  assert.deepEqual((await good(alice.post('/message/send', body))).data, data);
  await quietFor(sockets, ['message.new', 'message.updated']);
  leave(...sockets);
});
