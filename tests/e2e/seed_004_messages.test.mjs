// Seed 004's client as its page speaks, on the stock library: messages and typing.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, aSocket, leave } from './harness/accounts.mjs';
import { aPage, twoPages } from './harness/chat_page.mjs';
import { sharedServer } from './harness/server.mjs';
import { quietFor } from './harness/wait.mjs';

const server = sharedServer({ before, after }, { args: ['--virtual-time', '--threads', '3'] });
const kTime = { timeout: 60_000 };

// R-004-14, R-004-16, W-004-05, W-004-07, K17: the page sends by HTTP and hears by its socket
test('a message of the page reaches the pages of its receiver, and none of its sender', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages(server.url);
  const tab = await aPage(ben);
  const { status, body } = await ann.post('/api/message/send', { text: 'hello', receiver: ben.id });
  assert.equal(status, 201, JSON.stringify(body));
  for (const page of [benPage, tab]) {
    const message = await page.next('newMessage');
    assert.deepEqual([message._id, message.sender, message.receiver, message.text, message.read], [body.data._id, ann.id, ben.id, 'hello', false]);
  }
  await quietFor([annPage, benPage, tab], ['newMessage'], 300);
  leave(annPage, benPage, tab);
});

// R-004-17, K17, K32, K35, K38
test('newMessage of a client is stored, acknowledged, relayed once, and native devices hear message.new', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages(server.url);
  const benPhone = await aSocket(ben), annPhone = await aSocket(ann);
  const sent = await annPage.does('newMessage', { to: ben.name, text: 'hi', clientMessageId: 'c1' });
  assert.equal(sent.success, true, JSON.stringify(sent));
  assert.deepEqual([sent.data.sender, sent.data.receiver, sent.data.seq], [ann.id, ben.id, 1]);
  assert.equal((await benPage.next('newMessage'))._id, sent.data._id);
  for (const phone of [benPhone, annPhone]) assert.equal((await phone.next('message.new')).message.id, sent.data.id);
  assert.equal((await annPage.does('newMessage', { to: ben.id, text: 'hi', clientMessageId: 'c1' })).data._id, sent.data._id);
  assert.equal((await annPhone.next('message.status')).deliveredUpToSeq, 1, 'it was written to the page of its receiver');
  await quietFor([annPage, benPage], ['newMessage', 'message.new'], 300);
  assert.deepEqual([benPage.all('newMessage').length, annPage.all('newMessage').length, benPhone.all('newMessage').length], [1, 0, 0]);
  const { body } = await ben.get(`/api/conversations/${sent.data.conversationId}/messages`);
  assert.deepEqual(body.data.messages.map(({ text }) => text), ['hi']);
  leave(annPage, benPage, benPhone, annPhone);
});

// K26, K45
test('a message that is refused is an error, by its acknowledgement or by an event', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages(server.url);
  annPage.emit('newMessage', { to: ben.id, text: ' ' });
  const { event, code, details } = await annPage.next('chat-error');
  assert.deepEqual([event, code, details], ['newMessage', 'VALIDATION_FAILED', [{ field: 'text', issue: 'required' }]]);
  assert.equal((await annPage.does('newMessage', { to: 'nobody-at-all', text: 'x' })).error.code, 'USER_NOT_FOUND');
  assert.equal((await annPage.does('no-such-event')).error.code, 'NOT_FOUND');
  await ask(server.url, `/api/users/${ann.id}/block`, { method: 'PUT', token: ben.token });
  const { error } = await annPage.does('newMessage', { to: ben.id, text: 'x' });
  assert.deepEqual([error.code, error.message], ['FORBIDDEN', 'You cannot message this user']);
  assert.ok(annPage.connected);
  assert.deepEqual(benPage.all('newMessage'), []);
  leave(annPage, benPage);
});

// K18, K40
test('typing goes from person to person, and groups are silent', kTime, async () => {
  const { ann, ben, annPage, benPage } = await twoPages(server.url);
  annPage.emit('typing', { to: ben.id, typing: true });
  assert.deepEqual(await benPage.next('typing'), { from: ann.id, typing: true });
  annPage.emit('typing', { to: ben.id, typing: false });
  await benPage.next('typing', ({ typing }) => !typing);
  assert.deepEqual((await ben.get('/api/conversations')).body.data.conversations, [], 'it makes no conversation');
  const { body } = await ann.post('/api/conversations', { kind: 'group', memberIds: [ben.id] });
  await ann.post(`/api/conversations/${body.data.id}/messages`, { text: 'to all' });
  await ann.post(`/api/conversations/${body.data.id}/typing`);
  await quietFor([benPage, annPage], ['newMessage', 'typing'], 300);
  leave(annPage, benPage);
});
