// Accounts and their logins: sign-up, login, log-out, profiles, names (SPEC 1.5 "Authentication").
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { io } from 'sio';
import { aPerson, ask, aSocket, handshake, loggedInAgain } from './harness/accounts.mjs';
import { sharedServer } from './harness/server.mjs';
import { eventually, within } from './harness/wait.mjs';

const server = sharedServer({ before, after });

const post = (path, body, options = {}) => ask(server.url, path, { method: 'POST', body, ...options });

// R-004-01, R-004-08, SPEC 2.8.5
test('sign-up returns the user and a token, and sets an HTTP-only cookie', async () => {
  const answer = await post('/user/sign-up', { username: 'ann', email: 'Ann@Example.com', password: 'long enough' });
  assert.equal(answer.status, 200);
  const { data, id, username, email, token } = answer.body;
  assert.deepEqual([data.user.id, data.user.username, data.token, username, email], [id, 'ann', token, 'ann', 'ann@example.com']);
  assert.match(answer.headers.get('set-cookie'), /HttpOnly/);
  assert.ok(!JSON.stringify(answer.body).includes('argon2'));
});

// R-004-01
test('a user of seed 004 signs up with a name only', async () => {
  const answer = await post('/user/sign-up', { name: 'Mary Poppins', email: 'mary@example.com', password: 'long enough' });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.match(answer.body.username, /^[a-zA-Z0-9_-]{1,64}$/);
  assert.equal(answer.body.name, 'Mary Poppins');
});

// R-004-02
test('a username or address that is taken is refused', async () => {
  const taken = await aPerson(server.url);
  const again = await post('/user/sign-up', { username: taken.name, email: 'other@example.com', password: 'long enough' });
  assert.deepEqual([again.status, again.body.error.code, again.body.error.details[0].field], [409, 'DUPLICATE', 'username']);
  const address = await post('/user/sign-up', { username: 'unheardof', email: `${taken.name.toUpperCase()}@example.com`, password: 'long enough' });
  assert.deepEqual([address.status, address.body.error.details[0].field], [409, 'email']);
});

test('sign-up reports every fault at once', async () => {
  const { status, body } = await post('/user/sign-up', { username: 'al<i>ce', email: 'nowhere', password: 'short' });
  assert.equal(status, 400);
  const once = await post('/user/sign-up', { username: 'fine', email: 'nowhere', password: 'long enough' });
  assert.deepEqual(once.body.error.details.map(({ field }) => field), ['email']);
  assert.ok(body.error.details.length >= 1);
});

// R-004-03
test('a wrong password and an unknown user get the same answer', async () => {
  const person = await aPerson(server.url);
  const answers = [await post('/user/login', { email: `${person.name}@example.com`, password: 'not this one' }),
    await post('/user/login', { email: 'nobody@example.com', password: 'not this one' })];
  for (const { status } of answers) assert.equal(status, 401);
  assert.equal(answers[0].body.message, answers[1].body.message);
  assert.equal((await post('/user/login', { username: person.name, password: person.password })).status, 200);
});

// R-004-04, R-004-05, R-002-06
test('logging out ends the cookie, the token and the live sockets at once, of that login only', async () => {
  const person = await aPerson(server.url);
  const other = await loggedInAgain(person);
  const [phone, tablet] = [await aSocket(person), await aSocket(other)];
  const cookie = person.cookie.split(';')[0];
  assert.equal((await ask(server.url, '/user/check', { headers: { cookie } })).body.id, person.id);
  const left = await person.get('/user/logout');
  assert.equal(left.status, 200);
  assert.match(left.headers.get('set-cookie'), /Max-Age=0/);
  for (const options of [{ token: person.token }, { headers: { cookie } }]) {
    const { status, body } = await ask(server.url, '/user/check', options);
    assert.deepEqual([status, body.error.code], [401, 'TOKEN_REVOKED']);
  }
  await eventually(() => phone.disconnected, 'the socket of that login being closed');
  assert.ok(tablet.connected);
  assert.equal((await other.get('/user/check')).status, 200);
  assert.equal(await handshake(server.url, { auth: { token: person.token } }), 'Authentication error');
  tablet.disconnect();
});

test('logging out everywhere ends every login', async () => {
  const person = await aPerson(server.url);
  const other = await loggedInAgain(person);
  assert.equal((await other.get('/api/sessions')).body.data.sessions.length, 2);
  assert.equal((await person.get('/api/sessions', { method: 'DELETE' })).status, 200);
  for (const each of [person, other]) assert.equal((await each.get('/api/auth/session')).status, 401);
});

// T-22, 2.8.11
test('a call without sockets ends with the login of a participant', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const other = await loggedInAgain(ben);
  const connected = async () => {
    const { data: call } = (await ann.calls(ben)).body;
    assert.equal((await ben.responds(call, 'accept')).status, 200);
    return call;
  };
  const ended = (call) => eventually(async () => (await ann.reads(call)).body.data.endReason, 'the end of the call');
  const first = await connected();
  assert.equal((await ben.post('/api/auth/refresh')).status, 200);
  assert.equal((await ann.reads(first)).body.data.status, 'connected', 'a refresh goes on with the login');
  assert.equal((await other.get('/api/sessions', { method: 'DELETE' })).status, 200);
  assert.equal(await ended(first), 'token_revoked');
  Object.assign(ben, await loggedInAgain(ben));
  const second = await connected();
  assert.equal((await ben.post('/api/auth/logout')).status, 200);
  assert.equal(await ended(second), 'hangup');
});

test('a refreshed session gets a new token, and the old one is void', async () => {
  const person = await aPerson(server.url);
  const { status, body } = await person.post('/api/auth/refresh');
  assert.equal(status, 200);
  assert.notEqual(body.token, person.token);
  assert.equal((await person.get('/api/auth/session')).status, 401);
  assert.equal((await ask(server.url, '/api/auth/session', { token: body.token })).body.data.userId, person.id);
});

// R-004-06, R-001-71
test('others see a changed profile, but no address and no hash', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  await ann.post('/user/update', { name: 'Ann the Great', avatar: 'https://example.com/ann.png' });
  const seen = (await ben.get(`/api/users?q=${ann.name}`)).body.data.users[0];
  assert.deepEqual([seen.id, seen.name, seen.avatar], [ann.id, 'Ann the Great', 'https://example.com/ann.png']);
  assert.ok(!('email' in seen) && !JSON.stringify(seen).includes('argon2'));
  assert.equal((await ann.post('/user/update', { avatar: 'javascript:alert(1)' })).status, 400);
});

// R-004-07
test('the list of people has all other users, and shows who is online', async () => {
  const [ann, ben] = [await aPerson(server.url), await aPerson(server.url)];
  const phone = await aSocket(ben);
  const { users } = (await ann.get('/user/getusers?limit=100')).body;
  assert.ok(!users.some(({ id }) => id === ann.id));
  assert.equal(users.find(({ id }) => id === ben.id)?.online, true);
  phone.disconnect();
});

// SPEC 0: "the name of an account with a password is refused without its credential"
test('a client cannot register the name of an account without its token', async () => {
  const person = await aPerson(server.url);
  const stranger = io(server.url, { transports: ['websocket'], forceNew: true });
  stranger.emit('register_user', { userId: person.name });
  const [refused] = await within(once(stranger, 'user_registered'), 'the refusal');
  assert.equal(refused.success, false);
  const owner = io(server.url, { transports: ['websocket'], forceNew: true, auth: { token: person.token } });
  owner.emit('register_user', { userId: person.name });
  const [registered] = await within(once(owner, 'user_registered'), 'the registration');
  assert.deepEqual(registered, { success: true, userId: person.name });
  stranger.disconnect();
  owner.disconnect();
});

// SPEC 0
test('a name of the open mode becomes a guest that the API finds', async () => {
  const guest = io(server.url, { transports: ['websocket'], forceNew: true });
  guest.emit('register_user', { userId: 'a_guest' });
  await within(once(guest, 'user_registered'), 'the registration');
  const person = await aPerson(server.url);
  const [found] = (await person.get('/api/users?q=a_guest')).body.data.users;
  assert.equal(found.username, 'a_guest');
  const { data } = (await person.calls(found)).body;
  assert.equal(data.status, 'calling');
  assert.equal((await person.ends(data)).status, 200);
  guest.disconnect();
});
