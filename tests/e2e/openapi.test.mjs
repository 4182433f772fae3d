// Checks /api/openapi.json against a running server with third-party tools: the document is valid OpenAPI 3.1, and every answer
// has a status and a body that it documents. server/gateway/api/openapi_contract_test.cpp causes each documented error code.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { aPerson, ask, loggedInAgain } from './harness/accounts.mjs';
import { anAdmin } from './harness/operators.mjs';
import { sharedServer } from './harness/server.mjs';

const kNowhere = '018f3c1e-7b2a-7cde-9abc-0123456789ab';
const kMethods = ['get', 'put', 'post', 'patch', 'delete'];
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
let document;
const server = sharedServer({ before, after }, {
  settle: async ({ json }) => {
    document = await json('/api/openapi.json');
    ajv.addSchema(document, 'document');
  },
});

const operations = () => Object.entries(document.paths).flatMap(([path, item]) =>
  kMethods.filter((method) => item[method]).map((method) => ({ path, method, ...item[method] })));
const pointer = (...words) => words.map((word) => encodeURIComponent(String(word).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

/** The answer is one that the document tells of. */
function assertDocumented({ path, method, responses }, { status, body, headers }) {
  const where = `${method} ${path} answering ${status} ${JSON.stringify(body).slice(0, 300)}`;
  const response = responses[status];
  assert.ok(response, `undocumented: ${where}`);
  const documented = response.content?.['application/json'];
  if (!documented) return assert.ok(!body, where);
  assert.match(headers.get('content-type'), /^application\/json/, where);
  const matches = ajv.compile({ $ref: `document#/${pointer('paths', path, method, 'responses', status, 'content', 'application/json', 'schema')}` });
  assert.ok(matches(body), `${where}\n${ajv.errorsText(matches.errors)}`);
}

async function drive(operation, { token, id = kNowhere, userId = kNowhere, messageId = kNowhere, user = kNowhere, body, query = '' } = {}) {
  const method = operation.method.toUpperCase();
  const path = operation.path.replace('{id}', id).replace('{userId}', userId).replace('{conversationId}', id).replace('{messageId}', messageId).replace('{user}', user);
  const answer = await ask(server.url, path + query, { method, token, body: method === 'GET' ? undefined : body ?? {} });
  assertDocumented(operation, answer);
  return answer;
}

// R-001-97
test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors)?.slice(0, 2000));
  const ids = operations().map(({ operationId }) => operationId);
  assert.equal(new Set(ids).size, ids.length);
});

// R-001-06, R-001-07, R-001-93
test('a request without a credential, with an invalid one, or without valid input gets a documented answer everywhere', async () => {
  const person = await aPerson(server.url);
  for (const operation of operations()) {
    const isOpen = (await drive(operation)).status !== 401;
    assert.equal(isOpen, !operation.security?.length, `${operation.method} ${operation.path}: open as documented`);
    if (isOpen) continue;
    assert.equal((await drive(operation, { token: 'nonsense' })).status, 401);
    if (/logout|sessions|refresh/.test(operation.path)) continue;  // these end the session that later operations need
    await drive(operation, { token: person.token });
    await drive(operation, { token: person.token, id: 'no-uuid', body: { unheard: 'of' } });
    if (operation.path.startsWith('/api/admin/')) assert.equal((await drive(operation, { token: person.token })).status, 403);
  }
});

// R-001-07, R-001-84, R-001-93
test('every operation succeeds as documented', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const admin = await anAdmin(['--data', server.data]);
  const { body: { token: adminToken } } = await ask(server.url, '/user/login', { method: 'POST', body: { username: admin.name, password: admin.password } });
  const left = new Map(operations().map((operation) => [`${operation.method} ${operation.path}`, operation]));
  const goes = async (name, how) => {
    const operation = operations().find(({ method, path }) => `${method} ${path}` === name);
    assert.ok(operation, name);
    const answer = await drive(operation, how);
    assert.ok(answer.status < 300, `${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    left.delete(name);
    return answer.body.data;
  };
  const as = ({ token }, more) => ({ token, ...more });
  const rings = () => goes('post /api/calls', as(alice, { body: { recipientId: bob.id, callType: 'video' } }));

  let { id } = await rings();
  await goes('post /api/calls/respond', as(bob, { body: { callId: id, response: 'accept' } }));
  await goes('post /api/calls/{id}/quality', as(alice, { id, body: { samples: [{ rttMs: 20, packetLoss: 0.01, jitterMs: 3 }] } }));
  await goes('get /api/calls/active', as(alice));
  await goes('post /api/calls/{id}/end', as(alice, { id }));
  for (const part of ['', '/audit', '/quality']) await goes(`get /api/calls/{id}${part}`, as(bob, { id }));
  ({ id } = await rings());
  await goes('post /api/calls/{id}/accept', as(bob, { id }));
  await goes('post /api/admin/calls/{id}/end', { token: adminToken, id });
  ({ id } = await rings());
  await goes('post /api/calls/{id}/reject', as(bob, { id }));
  ({ id } = await rings());
  await goes('post /api/calls/{id}/cancel', as(alice, { id }));
  for (const path of ['/api/calls', '/api/calls/turn-credentials', '/api/calls/history', '/api/calls/stats', '/api/sessions', '/api/users/me', '/api/users', '/api/auth/session', '/user/check', '/user/getusers'])
    await goes(`get ${path}`, as(alice));
  await goes('get /api/users/{id}', as(alice, { id: bob.id }));
  await goes('get /api/presence', as(alice, { query: `?ids=${bob.id}` }));
  await goes('patch /api/users/me', as(alice, { body: { displayName: 'Alice' } }));
  await goes('delete /api/users/me/avatar', as(alice));
  for (const path of ['calls', 'sessions', 'quality', 'audit', 'invariants', 'config']) await goes(`get /api/admin/${path}`, { token: adminToken });
  for (const method of ['put', 'post']) await goes(`${method} /api/admin/users/{id}/status`, { token: adminToken, id: bob.id, body: { status: 'active' } });

  ({ id } = await goes('post /api/conversations', as(alice, { body: { kind: 'group', memberIds: [bob.id], title: 'Documented' } })));
  await goes('get /api/conversations', as(bob));
  await goes('get /api/conversations/{id}', as(bob, { id }));
  await goes('patch /api/conversations/{id}', as(alice, { id, body: { title: 'Better documented' } }));
  await goes('patch /api/conversations/{id}/members/me', as(bob, { id, body: { ringMode: 'none' } }));
  const message = await goes('post /api/conversations/{id}/messages', as(alice, { id, body: { text: 'Documented words' } }));
  await goes('get /api/conversations/{id}/messages', as(bob, { id, query: '?limit=1' }));
  await goes('patch /api/conversations/{id}/messages/{messageId}', as(alice, { id, messageId: message.id, body: { text: 'Better words' } }));
  await goes('get /api/messages/search', as(bob, { query: '?q=words' }));
  await goes('get /api/unread', as(bob));
  for (const receipt of ['delivered', 'read']) await goes(`post /api/conversations/{id}/${receipt}`, as(bob, { id, body: { upTo: 1 } }));
  await goes('post /api/conversations/{id}/typing', as(bob, { id }));
  await goes('delete /api/conversations/{id}/messages/{messageId}', as(alice, { id, messageId: message.id }));
  await goes('patch /api/conversations/{id}/members/{userId}', as(alice, { id, userId: bob.id, body: { role: 'admin' } }));
  const { token } = await goes('get /api/call/token', as(alice, { query: `?conversationId=${id}` }));
  await goes('post /api/call/join', as(alice, { body: { token } }));
  const group = await goes('post /api/calls', as(alice, { body: { groupId: id, callType: 'audio' } }));
  await goes('get /api/admin/calls/pending/{conversationId}', { token: adminToken, id });
  await goes('post /api/calls/{id}/token', as(alice, { id: group.id }));
  await goes('post /api/calls/{id}/away', as(alice, { id: group.id }));
  await goes('post /api/calls/{id}/leave', as(alice, { id: group.id }));
  await goes('delete /api/conversations/{id}/members/{userId}', as(alice, { id, userId: bob.id }));
  await goes('post /api/conversations/{id}/members', as(alice, { id, body: { userIds: [bob.id] } }));
  await goes('post /message/send', as(alice, { body: { text: 'hello', receiver: bob.name } }));
  for (const part of ['get', 'getunread', 'markread']) await goes(`get /message/${part}/{user}`, as(bob, { user: alice.id }));
  await goes('delete /api/conversations/{id}', as(alice, { id }));
  for (const method of ['put', 'delete']) await goes(`${method} /api/users/{id}/block`, as(alice, { id: bob.id }));

  await goes('get /api/ice-servers', as(alice));
  const device = await goes('post /api/devices', as(bob, { body: { platform: 'android', pushProvider: 'none', name: 'phone' } }));
  await goes('get /api/devices', as(bob));
  await goes('patch /api/devices/{id}', as(bob, { id: device.id, body: { dnd: true } }));
  await goes('delete /api/devices/{id}', as(bob, { id: device.id }));
  await goes('get /api/admin/push/deliveries', { token: adminToken });
  await goes('get /api/admin/config/lint', { token: adminToken });

  const somebody = (username) => ({ body: { username, email: `${username}@example.com`, password: 'correct horse 1' } });
  await goes('post /api/auth/signup', somebody('documented_one'));
  await goes('post /user/sign-up', somebody('documented_two'));
  await goes('post /api/auth/register', somebody('documented_three'));
  await goes('get /api/auth/me', as(alice));
  for (const path of ['/api/auth/login', '/user/login']) await goes(`post ${path}`, somebody('documented_one'));
  await goes('post /api/auth/logout', as(await loggedInAgain(alice)));
  await goes('get /user/logout', as(await loggedInAgain(alice)));
  await goes('post /api/auth/refresh', as(await loggedInAgain(alice)));
  const [session] = (await ask(server.url, '/api/sessions', { token: (await loggedInAgain(bob)).token })).body.data.sessions;
  await goes('delete /api/sessions/{id}', as(bob, { id: session.id }));
  await goes('delete /api/sessions', as(await loggedInAgain(bob)));
  // A signal by REST needs a peer with a session (native.test.mjs), files and pictures a form (files.test.mjs), and draining ends the
  // server (drain.test.mjs).
  assert.deepEqual([...left.keys()].sort(), ['post /api/admin/drain', 'post /api/calls/{id}/signal', 'post /api/files', 'post /api/users/me/avatar', 'post /user/update']);
});
