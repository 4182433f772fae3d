// Messages over real HTTP and real sockets, on SQLite and on PostgreSQL (SPEC K30 to K47, K56).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, aPerson, ask, aSocket, done, failMessages, leave } from './harness/accounts.mjs';
import { bytesOf, png, sendFile } from './harness/pictures.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';
import { eventually, quietFor } from './harness/wait.mjs';

const kTime = { timeout: 240_000 };

/** One test for each database, with four people: the first three are in a group. */
function onEach(title, args, body) {
  for (const [name, make] of kDatabases)
    test(`${title}, on ${name}`, kTime, async () => {
      const kept = await make();
      let world;
      try {
        world = await aRestartableServer([...kept.args, ...args]);
        const people = [];
        for (let i = 0; i < 4; ++i) people.push(await aPerson(world.url));
        const [ann, bob, cid] = people;
        const made = await ann.post('/api/conversations', { kind: 'group', title: 'Crew', memberIds: [bob.id, cid.id] });
        await body({ kept, world, people, room: made.body.data.id });
        await world.stop();
      } finally {
        world?.server.signal('SIGKILL');
        await kept.remove();
      }
    });
}

const in_ = (room, rest = '') => `/api/conversations/${room}${rest}`;
const says = (person, room, text, more = {}) => person.post(in_(room, '/messages'), { text, ...more });
const seqs = (messages) => messages.map(({ seq }) => seq);
const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);
const page = async (person, room, query = '') => {
  const { status, body } = await person.get(in_(room, `/messages${query}`));
  assert.equal(status, 200, JSON.stringify(body));
  return body.data;
};
/** Every message after `seq`, page by page, as one who was away reads them. */
async function catchUp(person, room, seq = 0) {
  const all = [];
  for (let more = true; more;) {
    const { messages, hasMore } = await page(person, room, `?after=${all.at(-1)?.seq ?? seq}&limit=100`);
    all.push(...messages);
    more = hasMore;
  }
  return all;
}

// R-004-71
onEach('ten thousand messages are walked back, fifty at a time, without gap or repeat', [], async ({ people: [ann, bob], room }) => {
  const annSocket = await aSocket(ann);
  const all = upTo(10_000);
  for (let sent = 0; sent < all.length; sent += 100)
    await Promise.all(all.slice(sent, sent + 100).map((n) => done(annSocket, 'message.send', { conversationId: room, text: `m${n}` })));
  leave(annSocket);
  const read = [];
  for (let more = true; more;) {
    const { messages, hasMore } = await page(bob, room, read.length === 0 ? '?limit=50' : `?before=${read[0].id}&limit=50`);
    assert.equal(messages.length, 50);
    read.unshift(...messages);
    more = hasMore;
  }
  assert.deepEqual(seqs(read), all);
  assert.equal(new Set(read.map(({ text }) => text)).size, all.length);
});

// K31, K32, K35, K39
onEach('a message reaches every session of every member once, and is in the history before', [], async ({ people: [ann, bob, cid, eve], room }) => {
  const sockets = [await aSocket(ann), await aSocket(bob), await aSocket(bob), await aSocket(cid), await aSocket(eve)];
  const [annSocket, bobSocket, bobTablet, cidSocket, eveSocket] = sockets;
  const sent = await done(annSocket, 'message.send', { conversationId: room, clientMessageId: 'c1', text: '<b>Ahoy</b> ' });
  assert.deepEqual([sent.seq, sent.senderId, sent.clientMessageId, sent.text], [1, ann.id, 'c1', '<b>Ahoy</b> ']);
  for (const socket of [annSocket, bobSocket, bobTablet, cidSocket])
    assert.deepEqual((await socket.next('message.new')).message, sent);
  assert.deepEqual((await page(cid, room)).messages, [sent]);
  assert.deepEqual(await done(annSocket, 'message.send', { conversationId: room, clientMessageId: 'c1', text: '<b>Ahoy</b> ' }), sent);
  const byRest = await says(ann, room, '<b>Ahoy</b> ', { clientMessageId: 'c1' });
  assert.deepEqual([byRest.status, byRest.body.data], [200, sent]);
  const { unreadCount, total } = await bobSocket.next('unread.update');
  assert.deepEqual([unreadCount, total], [1, 1]);
  await quietFor(sockets, ['message.new', 'message.updated']);
  for (const socket of [annSocket, bobSocket, bobTablet, cidSocket]) assert.equal(socket.all('message.new').length, 1, socket.name);
  assert.equal(annSocket.all('unread.update').length, 0);
  assert.deepEqual([...eveSocket.all('message.new'), ...eveSocket.all('unread.update')], []);
  leave(...sockets);
});

// K30, R-000-24
onEach('a stranger is refused the same everywhere, and what is refused writes nothing', [], async ({ people: [ann, , , eve], room }) => {
  const { id } = (await says(ann, room, 'hi')).body.data;
  const socket = await aSocket(eve);
  for (const [event, more] of [['message.send', { text: 'x' }], ['message.edit', { messageId: id, text: 'x' }], ['message.delete', { messageId: id }],
    ['message.read', { upTo: 1 }], ['message.delivered', { upTo: 1 }], ['typing', {}]]) {
    const answer = await socket.does(event, { conversationId: room, ...more });
    assert.deepEqual([answer.success, answer.error?.code], [false, 'NOT_PARTICIPANT'], event);
  }
  assert.equal((await page(ann, room)).lastSeq, 1);
  assert.deepEqual((await eve.get('/api/messages/search?q=hi')).body.data.results, []);
  leave(socket);
});

// K36, K38, K40
onEach('edits, receipts and typing reach the others', ['--virtual-time'], async ({ world, people: [ann, bob], room }) => {
  const [annSocket, bobSocket] = [await aSocket(ann), await aSocket(bob)];
  const sent = await done(annSocket, 'message.send', { conversationId: room, text: 'helo' });
  const edited = await done(annSocket, 'message.edit', { conversationId: room, messageId: sent.id, text: 'hello' });
  assert.deepEqual((await bobSocket.next('message.updated')).message, edited);
  assert.deepEqual([edited.seq, edited.createdAt, edited.text], [sent.seq, sent.createdAt, 'hello']);
  const moved = await done(bobSocket, 'message.read', { conversationId: room, upTo: 1 });
  assert.deepEqual(moved, { conversationId: room, readUpToSeq: 1, deliveredUpToSeq: 1, unreadCount: 0 });
  const status = await annSocket.next('message.status');
  assert.deepEqual([status.userId, status.readUpToSeq], [bob.id, 1]);
  await done(bobSocket, 'message.read', { conversationId: room, upTo: 0 });
  await done(bobSocket, 'typing', { conversationId: room });
  assert.equal((await annSocket.next('typing')).typing, true);
  await done(bobSocket, 'typing', { conversationId: room });
  await advance(world.url, 5_000);
  await annSocket.next('typing', ({ typing }) => !typing);
  assert.deepEqual(annSocket.all('typing').map(({ typing }) => typing), [true, false]);
  assert.equal(annSocket.all('message.status').length, 1);
  const deleted = await ann.get(in_(room, '/messages'));
  assert.equal(deleted.body.data.messages.length, 1);
  await done(annSocket, 'message.delete', { conversationId: room, messageId: sent.id });
  const gone = await bobSocket.next('message.updated', ({ message }) => message.deletedAt);
  assert.deepEqual([gone.message.text, gone.message.seq], ['', 1]);
  assert.deepEqual((await bob.get('/api/messages/search?q=hello')).body.data.results, []);
  leave(annSocket, bobSocket);
});

// K56
onEach('a send that the store could not do is heard by nobody, and its retry writes once', ['--virtual-time'], async ({ world, people: [ann, bob], room }) => {
  const socket = await aSocket(bob);
  await failMessages(world.url, 1);
  const failed = await says(ann, room, 'hi', { clientMessageId: 'c1' });
  assert.deepEqual([failed.status, failed.body.error.code], [503, 'STORE_UNAVAILABLE']);
  const sent = await says(ann, room, 'hi', { clientMessageId: 'c1' });
  assert.deepEqual([sent.status, sent.body.data.seq], [201, 1]);
  assert.equal((await says(ann, room, 'hi', { clientMessageId: 'c1' })).status, 200);
  await socket.next('message.new');
  await quietFor([socket], ['message.new']);
  assert.equal(socket.all('message.new').length, 1);
  leave(socket);
});

// R-004-23: what was acknowledged is there, in order, once.
onEach('kill -9 during many sends loses and doubles nothing', [], async ({ world, people: [ann, bob, cid], room }) => {
  const acknowledged = new Map();
  let stopped = false;
  const sends = async (person, name) => {
    for (let i = 0; !stopped; ++i) {
      const clientMessageId = `${name}${i}`;
      const answer = await ask(world.url, in_(room, '/messages'), {
        method: 'POST', token: person.token, body: { text: clientMessageId, clientMessageId },
      }).catch(() => undefined);
      if (answer?.status === 201) acknowledged.set(clientMessageId, answer.body.data.seq);
    }
  };
  const senders = [ann, bob, cid].flatMap((person, p) => [0, 1, 2].map((n) => sends(person, `${p}-${n}-`)));
  await eventually(() => acknowledged.size > 60, 'some messages');
  await world.crash();
  stopped = true;
  await Promise.all(senders);
  const all = await catchUp({ ...ann, get: (path) => ask(world.url, path, { token: ann.token }) }, room);
  assert.deepEqual(seqs(all), upTo(all.length));
  assert.equal(new Set(all.map(({ senderId, clientMessageId }) => senderId + clientMessageId)).size, all.length);
  const stored = new Map(all.map(({ clientMessageId, seq }) => [clientMessageId, seq]));
  for (const [id, seq] of acknowledged) assert.equal(stored.get(id), seq, id);
});

// R-004-23
onEach('who loses the connection again and again misses and doubles nothing', [], async ({ people: [ann, bob], room }) => {
  const heard = new Map();
  const note = ({ message }) => heard.set(message.seq, message.text);
  let last = 0;
  let running = true;
  const listening = (async () => {
    while (running) {
      const socket = await aSocket(bob);
      socket.on('message.new', note);
      for (const message of await catchUp(bob, room, last)) note({ message });
      while (heard.has(last + 1)) ++last;
      const before = heard.size;
      await eventually(() => heard.size > before + 2 || !running, 'a few messages');
      socket.io.engine.close();
    }
  })();
  for (let i = 1; i <= 200; ++i) assert.equal((await says(ann, room, `m${i}`)).status, 201);
  running = false;
  await listening;
  for (const message of await catchUp(bob, room, last)) note({ message });
  assert.deepEqual([...heard.keys()].sort((a, b) => a - b), upTo(200));
  for (const [seq, text] of heard) assert.equal(text, `m${seq}`);
});

// K39: the count of who never reads stays exact, and is told to nobody for whom it did not change.
onEach('who never reads a busy group is told the true count', [], async ({ people: [ann, bob, cid], room }) => {
  const sockets = [await aSocket(bob), await aSocket(cid)];
  const [bobSocket, cidSocket] = sockets;
  let last;
  for (const i of upTo(150)) last = (await says(ann, room, `m${i}`)).body.data;
  for (const socket of sockets) {
    await socket.next('unread.update', ({ unreadCount }) => unreadCount === 150);
    socket.log = [];  // the numbers below were heard on the way up, too
  }
  assert.equal((await done(bobSocket, 'message.read', { conversationId: room, upTo: 150 })).unreadCount, 0);
  assert.equal((await done(cidSocket, 'message.read', { conversationId: room, upTo: 10 })).unreadCount, 140);
  await cidSocket.next('unread.update', ({ unreadCount }) => unreadCount === 140);
  await bobSocket.next('unread.update', ({ unreadCount }) => unreadCount === 0);
  const told = bobSocket.all('unread.update').length;
  await ask(ann.url, in_(room, `/messages/${last.id}`), { method: 'DELETE', token: ann.token });
  await cidSocket.next('unread.update', ({ unreadCount }) => unreadCount === 139);
  await quietFor(sockets, ['unread.update']);
  assert.equal(bobSocket.all('unread.update').length, told, 'Bob had read it');
  assert.deepEqual((await cid.get('/api/unread')).body.data, { total: 139, conversations: [{ conversationId: room, unreadCount: 139 }] });
  leave(...sockets);
});

// K40, K45
onEach('typing ends with a block, and what was written stays readable', [], async ({ people: [ann, bob] }) => {
  const { body } = await ann.post('/api/conversations', { kind: 'direct', userId: bob.id });
  const pair = body.data.id;
  await says(ann, pair, 'hello');
  const [annSocket, bobSocket] = [await aSocket(ann), await aSocket(bob)];
  await done(annSocket, 'typing', { conversationId: pair });
  await bobSocket.next('typing', ({ typing }) => typing);
  assert.equal((await ask(bob.url, `/api/users/${ann.id}/block`, { method: 'PUT', token: bob.token })).status, 200);
  const refused = await annSocket.does('typing', { conversationId: pair });
  assert.deepEqual([refused.error?.code, refused.error?.message], ['FORBIDDEN', 'You cannot message this user']);
  await bobSocket.next('typing', ({ typing }) => !typing);
  for (const person of [ann, bob]) assert.deepEqual((await page(person, pair)).messages.map(({ text }) => text), ['hello']);
  leave(annSocket, bobSocket);
});

// K40, K42
onEach('typing of somebody who is removed ends for the others', [], async ({ people: [ann, bob, cid], room }) => {
  const [annSocket, bobSocket, cidSocket] = [await aSocket(ann), await aSocket(bob), await aSocket(cid)];
  await done(bobSocket, 'typing', { conversationId: room });
  await cidSocket.next('typing', ({ typing }) => typing);
  assert.equal((await ask(ann.url, in_(room, `/members/${bob.id}`), { method: 'DELETE', token: ann.token })).status, 200);
  await cidSocket.next('typing', ({ typing }) => !typing);
  assert.equal((await bobSocket.does('typing', { conversationId: room })).error?.code, 'NOT_PARTICIPANT');
  leave(annSocket, bobSocket, cidSocket);
});

// K44
onEach('search goes on page by page and ends', [], async ({ people: [ann, bob], room }) => {
  for (const i of upTo(5)) await says(ann, room, `light ${i}`);
  const search = async (query) => (await bob.get(`/api/messages/search?q=light&limit=2${query}`)).body.data;
  const found = [];
  let cursor = '';
  for (let pages = 0; cursor !== null && pages < 5; ++pages) {
    const { results, nextCursor } = await search(cursor && `&cursor=${cursor}`);
    found.push(...results.map(({ message }) => message.seq));
    cursor = nextCursor;
  }
  assert.deepEqual(found, [5, 4, 3, 2, 1]);
  for (const beyond of ['6', '1000', '99999999999']) assert.deepEqual(await search(`&cursor=${beyond}`), { results: [], nextCursor: null });
});

// R-004-74: per member, as their devices say so.
onEach('the sender of a message sees it delivered to and read by each member', [], async ({ people: [ann, bob, cid], room }) => {
  const [annSocket, bobSocket, cidSocket] = [await aSocket(ann), await aSocket(bob), await aSocket(cid)];
  await done(annSocket, 'message.send', { conversationId: room, text: 'one' });
  const pointers = async () => Object.fromEntries((await ann.get(in_(room))).body.data.members
    .map(({ userId, deliveredUpToSeq, readUpToSeq }) => [userId, [deliveredUpToSeq, readUpToSeq]]));
  assert.deepEqual(await pointers(), { [ann.id]: [0, 0], [bob.id]: [0, 0], [cid.id]: [0, 0] });
  const hears = (who, delivered, read) => annSocket.next('message.status', (status) =>
    status.userId === who.id && status.deliveredUpToSeq === delivered && status.readUpToSeq === read);
  await done(bobSocket, 'message.delivered', { conversationId: room, upTo: 1 });
  await hears(bob, 1, 0);
  await done(bobSocket, 'message.read', { conversationId: room, upTo: 1 });
  await hears(bob, 1, 1);
  await done(cidSocket, 'message.read', { conversationId: room, upTo: 1 });
  await hears(cid, 1, 1);
  assert.deepEqual(await pointers(), { [ann.id]: [0, 0], [bob.id]: [1, 1], [cid.id]: [1, 1] });
  assert.deepEqual(bobSocket.all('message.status').map(({ userId }) => userId), [cid.id], 'nobody is told of their own');
  leave(annSocket, bobSocket, cidSocket);
});

// R-004-75
onEach('typing is seen at once, and is over with the message', [], async ({ people: [ann, bob], room }) => {
  const [annSocket, bobSocket] = [await aSocket(ann), await aSocket(bob)];
  const began = performance.now();
  await done(annSocket, 'typing', { conversationId: room });
  const { userId, expiresAt } = await bobSocket.next('typing', ({ typing }) => typing);
  assert.equal(userId, ann.id);
  assert.ok(performance.now() - began < 300, `${performance.now() - began} ms`);
  assert.ok(Date.parse(expiresAt) - Date.now() <= 5_000);
  await done(annSocket, 'message.send', { conversationId: room, text: 'there' });
  await bobSocket.next('message.new');
  await done(annSocket, 'typing', { conversationId: room });
  await bobSocket.next('typing', ({ expiresAt: at }) => at !== expiresAt);
  leave(annSocket, bobSocket);
});

// K42, K48, K49
onEach('files follow the messages that bear them', [], async ({ world, people: [ann, bob, cid, dan], room }) => {
  const { body } = await sendFile(ann, '/api/files', 'file', png(9, 9), { name: 'a.png' });
  const { id, url } = body.data;
  const reads = async (...people) => Promise.all(people.map(async (person) => (await bytesOf(world.url, url, { person })).status));
  assert.deepEqual(await reads(ann, bob, dan), [200, 404, 404]);
  const sent = await says(ann, room, '', { attachments: [id], clientMessageId: 'c1' });
  assert.deepEqual([sent.status, sent.body.data.kind, sent.body.data.attachments], [201, 'file', [body.data]]);
  assert.deepEqual((await says(ann, room, '', { attachments: [id], clientMessageId: 'c1' })).body.data, sent.body.data);
  assert.equal((await says(ann, room, '', { clientMessageId: 'c2' })).status, 400);
  assert.deepEqual((await page(bob, room)).messages[0].attachments, [body.data]);
  await ann.post(in_(room, '/members'), { userIds: [dan.id] });
  await ann.get(in_(room, `/members/${cid.id}`), { method: 'DELETE' });
  assert.deepEqual(await reads(bob, cid, dan), [200, 404, 404], 'not who left, nor who came later');
  await ann.get(in_(room, `/messages/${sent.body.data.id}`), { method: 'DELETE' });
  assert.deepEqual(await reads(ann, bob), [200, 404]);
});
