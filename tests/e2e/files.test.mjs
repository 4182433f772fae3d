// Files that people send, and their pictures (SPEC K9, K11, K48 to K50), on the local disk.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { advance, aPerson, aSocket, ask } from './harness/accounts.mjs';
import { bytesOf, jpeg, png, sendFile, sizeOfWebp } from './harness/pictures.mjs';
import { sharedServer, startServer } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after });

const upload = (person, bytes, options) => sendFile(person, '/api/files', 'file', bytes, options);
async function directOf(one, other) {
  const { body } = await one.post('/api/conversations', { kind: 'direct', userId: other.id });
  return body.data.id;
}

// K48
test('an upload is described by its bytes, whatever its sender says', async () => {
  const ann = await aPerson(server.url);
  const { status, body } = await upload(ann, png(640, 480), { name: '../../etc/x.html', type: 'text/html' });
  assert.equal(status, 201, JSON.stringify(body));
  const { id, url, thumbnailUrl, ...rest } = body.data;
  assert.equal(url, `/api/files/${id}`);
  assert.equal(thumbnailUrl, `${url}/thumbnail`);
  assert.deepEqual({ ...rest, size: 0 }, { name: 'x.html', mime: 'image/png', size: 0, width: 640, height: 480 });
  const small = await bytesOf(server.url, thumbnailUrl, { person: ann });
  assert.equal(small.headers.get('content-type'), 'image/webp');
  assert.deepEqual(sizeOfWebp(small.bytes), [640, 480]);
});

// K48, R-004-69
test('an empty file, one that is too large and one without a session are refused', async () => {
  const ann = await aPerson(server.url);
  assert.equal((await upload(ann, Buffer.alloc(0))).status, 400);
  assert.equal((await upload({ ...ann, token: 'x' }, Buffer.from('x'))).status, 401);
  assert.equal((await upload(ann, Buffer.alloc(10 * 1024 * 1024 + 1))).status, 413);
});

// K49
test('ten megabytes come back as they were sent, whole and in parts', { timeout: 60_000 }, async () => {
  const ann = await aPerson(server.url);
  const sent = randomBytes(10 * 1024 * 1024);
  sent[0] = 1;
  const { status, body } = await upload(ann, sent);
  assert.equal(status, 201, JSON.stringify(body));
  const whole = await bytesOf(server.url, body.data.url, { person: ann });
  assert.equal(whole.status, 200);
  assert.ok(whole.bytes.equals(sent), 'more than a connection may leave unsent');
  const part = await bytesOf(server.url, body.data.url, { person: ann, headers: { range: 'bytes=9000000-9000099' } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes 9000000-9000099/${sent.length}`);
  assert.ok(part.bytes.equals(sent.subarray(9_000_000, 9_000_100)));
  const beyond = await bytesOf(server.url, body.data.url, { person: ann, headers: { range: `bytes=${sent.length}-` } });
  assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${sent.length}`]);
  const known = await bytesOf(server.url, body.data.url, { person: ann, headers: { 'if-none-match': whole.headers.get('etag') } });
  assert.equal(known.status, 304);
});

// K49
test('files that were never sent, and those of deleted messages, are removed after their time', async () => {
  const other = await startServer({ args: ['--virtual-time'], env: { FILES_UNUSED_KEPT_SECONDS: '3600' } });
  try {
    const [ann, ben] = [await aPerson(other.url), await aPerson(other.url)];
    const kMinutes = 60 * 1000;
    const [unsent, sent] = [(await upload(ann, png(9, 9))).body.data, (await upload(ann, png(9, 9))).body.data];
    const where = `/api/conversations/${await directOf(ann, ben)}/messages`;
    const message = (await ann.post(where, { attachments: [sent.id] })).body.data;
    const statusOf = async (url) => (await bytesOf(other.url, url, { person: ann })).status;
    await advance(other.url, 75 * kMinutes);
    await eventually(async () => (await statusOf(unsent.url)) === 404, 'the unsent file to be gone');
    assert.equal((await ann.post(where, { attachments: [unsent.id] })).status, 400);
    for (const url of [sent.url, sent.thumbnailUrl]) assert.equal(await statusOf(url), 200);
    assert.equal((await ask(other.url, `${where}/${message.id}`, { method: 'DELETE', token: ann.token })).status, 200);
    await advance(other.url, 50 * kMinutes);
    assert.equal(await statusOf(sent.url), 200);
    await advance(other.url, 25 * kMinutes);
    for (const url of [sent.url, sent.thumbnailUrl]) await eventually(async () => (await statusOf(url)) === 404, `${url} to be gone`);
  } finally {
    await other.stop();
  }
});

// K49, K42
test('a file is private until a message bears it, and again when that is deleted', async () => {
  const [ann, bob, eve] = await Promise.all([1, 2, 3].map(() => aPerson(server.url)));
  const { id, url } = (await upload(ann, png(8, 8))).body.data;
  const read = async (person) => (await bytesOf(server.url, url, { person })).status;
  assert.deepEqual([await read(ann), await read(bob), await read(eve), await read(null)], [200, 404, 404, 401]);
  const direct = await directOf(ann, bob);
  const socket = await aSocket(bob);
  const sent = await ann.post(`/api/conversations/${direct}/messages`, { attachments: [id] });
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  assert.equal(sent.body.data.kind, 'file');
  assert.deepEqual(sent.body.data.attachments.map((each) => each.url), [url]);
  const heard = await socket.next('message.new');
  assert.deepEqual(heard.message.attachments, sent.body.data.attachments);
  assert.deepEqual([await read(bob), await read(eve)], [200, 404]);
  await ann.get(`/api/conversations/${direct}/messages/${sent.body.data.id}`, { method: 'DELETE' });
  assert.deepEqual([await read(ann), await read(bob)], [200, 404]);
  socket.disconnect();
});

// K48, K33
test('a native message bears files as one over HTTP does, and nobody sends the files of others', async () => {
  const [ann, bob] = await Promise.all([1, 2].map(() => aPerson(server.url)));
  const direct = await directOf(ann, bob);
  const { id } = (await upload(ann, Buffer.from('hello'), { name: 'note.txt' })).body.data;
  const [mine, theirs] = [await aSocket(ann), await aSocket(bob)];
  const sent = await mine.does('message.send', { conversationId: direct, attachments: [id] });
  assert.ok(sent.success, JSON.stringify(sent));
  assert.deepEqual([sent.data.text, sent.data.attachments[0].name], ['', 'note.txt']);
  const refused = await theirs.does('message.send', { conversationId: direct, attachments: [id] });
  assert.equal(refused.success, false);
  for (const wrong of [['x'], [id, id], Array(11).fill(id), 'x', {}])
    assert.equal((await ann.post(`/api/conversations/${direct}/messages`, { text: 'x', attachments: wrong })).status, 400, JSON.stringify(wrong));
  for (const socket of [mine, theirs]) socket.disconnect();
});

// K49: a page or a picture with script must never run on our origin.
test('what a browser could run is sent as bytes to be saved', async () => {
  const ann = await aPerson(server.url);
  for (const [bytes, name] of [['<!DOCTYPE html><script>alert(1)</script>', 'a.png'], ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'a.svg'],
    ['%PDF-1.7', 'a.pdf'], ['alert(1)', 'a.js']]) {
    const { url } = (await upload(ann, Buffer.from(bytes), { name, type: 'image/png' })).body.data;
    const { headers } = await bytesOf(server.url, url, { person: ann });
    assert.equal(headers.get('content-type'), 'application/octet-stream', name);
    assert.match(headers.get('content-disposition'), /^attachment; filename="a\.\w+"/);
    assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox");
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('cache-control'), /^private/);
  }
});

// K50, R-004-62
test('a picture is made small, says nothing else, and has a new address with each change', async () => {
  const [ann, bob] = await Promise.all([1, 2].map(() => aPerson(server.url)));
  const set = (bytes, field = 'avatar') => sendFile(ann, '/api/users/me/avatar', field, bytes);
  const seen = new Set();
  for (const [bytes, size, field] of [[png(1024, 512, { secret: 'the-garden' }), [512, 256], 'avatar'], [jpeg('the-garden'), [256, 256], 'image'], [png(10, 20), [10, 20], 'file']]) {
    const { status, body } = await set(bytes, field);
    assert.equal(status, 200, JSON.stringify(body));
    seen.add(body.data.avatar);
    const shown = await bytesOf(server.url, body.data.avatar);
    assert.equal(shown.status, 200);
    assert.match(shown.headers.get('cache-control'), /public.*immutable/);
    assert.deepEqual(sizeOfWebp(shown.bytes), size);
    assert.ok(!shown.bytes.includes('the-garden'));
    assert.equal((await bob.get(`/api/users/${ann.id}`)).body.data.avatar, body.data.avatar);
  }
  assert.equal(seen.size, 3);
  const [first] = seen;
  assert.equal((await bytesOf(server.url, first)).status, 404, 'an old picture is gone');
  assert.equal((await ann.get('/api/users/me/avatar', { method: 'DELETE' })).status, 200);
  for (const path of seen) assert.equal((await bytesOf(server.url, path)).status, 404);
});

// K50, R-004-62
test('what is no picture, and a bomb, are refused before they cost anything', async () => {
  const ann = await aPerson(server.url);
  const set = async (bytes) => (await sendFile(ann, '/api/users/me/avatar', 'avatar', bytes, { type: 'image/png' })).status;
  assert.equal(await set(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), 400);
  assert.equal(await set(Buffer.from('GIF89a\x08\0\x08\0', 'latin1')), 400);
  assert.equal(await set(png(64, 64).subarray(0, 60)), 400);
  assert.equal(await set(png(16_000, 16_000, { rows: 1 })), 400);
  assert.equal(await set(png(20_000, 1)), 400);
  assert.equal(await set(Buffer.alloc(5 * 1024 * 1024 + 1)), 413);
  assert.equal((await ann.get('/health')).status, 200);
});

// K6, K50, W-004-15
test("the form of seed 004's profile page works with and without a picture", async () => {
  const ann = await aPerson(server.url);
  const form = new FormData();
  form.append('name', 'Ann Smith');
  form.append('image', 'undefined');
  const answer = await fetch(`${server.url}/user/update`, { method: 'POST', body: form, headers: { authorization: `Bearer ${ann.token}` } });
  assert.equal(answer.status, 200, await answer.text());
  const { status, body } = await sendFile(ann, '/user/update', 'image', png(30, 30), { fields: { name: 'Ann S' } });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.name, 'Ann S');
  assert.equal((await bytesOf(server.url, body.avatar)).status, 200);
  const again = await ann.post('/user/update', { image: `data:image/png;base64,${png(40, 40).toString('base64')}` });
  assert.equal(again.status, 200, JSON.stringify(again.body));
  assert.deepEqual(sizeOfWebp((await bytesOf(server.url, again.body.avatar)).bytes), [40, 40]);
});

// K11, R-004-63, W-004-19
test('the ringtone and the default picture are there for anybody', async () => {
  for (const [path, type] of [['/ringtone.mp3', 'audio/mpeg'], ['/avatar.jpg', 'image/jpeg'], ['/avatars/default.svg', 'image/svg+xml'], ['/chat.png', 'image/png']]) {
    const { status, headers, bytes } = await bytesOf(server.url, path);
    assert.deepEqual([status, headers.get('content-type')], [200, type], path);
    assert.match(headers.get('cache-control'), /public, max-age=(\d+)/);
    const part = await bytesOf(server.url, path, { headers: { range: 'bytes=0-9' } });
    assert.equal(part.status, 206, path);
    assert.ok(part.bytes.equals(bytes.subarray(0, 10)));
  }
});
