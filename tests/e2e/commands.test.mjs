// Operators' commands beside a running server (SPEC 0, 2.8.7): the server acts on their changes within a second.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aPerson, aSocket, ask } from './harness/accounts.mjs';
import { kBinary, launchReady, sharedServer } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

const data = mkdtempSync(join(tmpdir(), 'belfry-commands-'));
const place = ['--database', `sqlite:${join(data, 'belfry.db')}`];
const env = { JWT_SECRET: '5f1c0a7b9d3e4f60718293a4b5c6d7e8f' };
const server = sharedServer({ before, after }, { args: place, env });
after(() => rmSync(data, { recursive: true, force: true }));

/** { code, out, err } of `belfry …args`. */
const belfry = (...args) => new Promise((resolve) => {
  execFile(kBinary, [...args, ...place], { env }, (error, out, err) => resolve({ code: error?.code ?? 0, out: out.trim(), err: err.trim() }));
});
const check = (token) => ask(server.url, '/user/check', { token });

test('a user added by an operator logs in, in any letter case of the address', async () => {
  const added = await belfry('user', 'add', 'olga', '--password', 'correct horse', '--email', 'Olga@Example.com', '--role', 'admin');
  assert.equal(added.code, 0, added.err);
  const { status, body } = await ask(server.url, '/user/login', { method: 'POST', body: { email: 'olga@example.com', password: 'correct horse' } });
  assert.equal(status, 200);
  assert.equal(body.role, 'admin');
  assert.match((await belfry('user', 'list')).out, /^\S+ olga active admin$/m);
  assert.match((await belfry('user', 'add', 'olga', '--password', 'correct horse')).err, /olga is taken/);
});

test('a password is read from standard input, where ps does not show it', async () => {
  const added = await new Promise((resolve) => {
    const run = execFile(kBinary, ['user', 'add', 'oleg', '--password', '-', ...place], { env }, (error, out, err) => resolve({ code: error?.code ?? 0, err }));
    run.stdin.end('correct horse 2\n');
  });
  assert.equal(added.code, 0, added.err);
  const { status } = await ask(server.url, '/user/login', { method: 'POST', body: { username: 'oleg', password: 'correct horse 2' } });
  assert.equal(status, 200);
});

// X-28, SPEC 2.8.7
test('when an operator blocks a user, their token, login and socket end within a second', async () => {
  const person = await aPerson(server.url);
  const login = { method: 'POST', body: { username: person.name, password: person.password } };
  const { tokens } = (await ask(server.url, '/api/auth/login', login)).body.data;
  const renew = () => ask(server.url, '/api/auth/refresh', { method: 'POST', body: { refreshToken: tokens.refreshToken } });
  const socket = await aSocket(person);
  assert.equal((await belfry('user', 'set-status', person.name, 'blocked')).code, 0);
  assert.match((await belfry('user', 'list')).out, new RegExp(`^\\S+ ${person.name} blocked user$`, 'm'));
  const told = Date.now();
  await eventually(async () => (await check(person.token)).status === 403, 'the token to be refused');
  await eventually(() => !socket.connected, 'the socket to be closed');
  assert.ok(Date.now() - told < 1000, `took ${Date.now() - told} ms`);
  assert.equal((await ask(server.url, '/user/login', login)).status, 403);
  assert.equal((await renew()).status, 403);
  await belfry('user', 'set-status', person.name, 'active');
  await eventually(async () => (await ask(server.url, '/user/login', login)).status === 200, 'the login to be good again');
  await eventually(async () => (await check(person.token)).status !== 403, 'the server to read that the user is active');
  for (const { status, body } of [await check(person.token), await renew()])
    assert.deepEqual([status, body.error.code], [401, 'TOKEN_REVOKED'], 'what the user had before the block');
});

// R-002-06
test('a token issued by an operator is valid until it is revoked', async () => {
  const person = await aPerson(server.url);
  const { out: token } = await belfry('token', 'issue', person.name);
  assert.equal((await check(token)).status, 200);
  assert.match((await belfry('token', 'verify', token)).out, new RegExp(`^${person.id} ${person.name} user session `));
  const socket = await aSocket({ ...person, token });
  assert.equal((await belfry('token', 'revoke', token)).code, 0);
  await eventually(async () => (await check(token)).body.error?.code === 'TOKEN_REVOKED', 'the token to be refused');
  await eventually(() => !socket.connected, 'the socket to be closed');
  assert.equal((await check(person.token)).status, 200, 'another login of the same person');
  assert.deepEqual(await belfry('token', 'verify', token), { code: 1, out: '', err: 'belfry: revoked' });
  assert.match((await belfry('token', 'verify', 'nonsense')).err, /no token of this server/);
});

test('audit and migration commands work beside the running server', async () => {
  const [alice, bob] = [await aPerson(server.url), await aPerson(server.url)];
  const { body } = await alice.calls(bob);
  await alice.ends(body.data);
  assert.match((await belfry('audit', 'verify')).out, /^[1-9]\d* records of 1 calls, 0 broken$/m);
  const { code, out } = await belfry('migrate', 'status');
  assert.equal(code, 0);
  assert.doesNotMatch(out, /pending/);
});

test('every command prints its help without a database', async () => {
  for (const words of [['user', '--help'], ['token', 'issue', '-h'], ['migrate', 'up', '--help'], ['audit', '--help']])
    assert.match((await belfry(...words)).out, /belfry user add NAME/, words.join(' '));
});

test('an invalid command prints its usage', async () => {
  for (const words of [['user'], ['user', 'remove', 'x'], ['token', 'issue'], ['audit'], ['migrate', 'down']]) {
    const { code, err } = await belfry(...words);
    assert.equal(code, 1, words.join(' '));
    assert.match(err, new RegExp(`^belfry: belfry ${words[0]} `));
  }
});

// Other users of the machine must not be able to read password hashes, addresses and SDP.
test('files that the server and its commands create in the data folder are readable by their own user only', async () => {
  process.umask(0o022);
  const folders = [join(data, 'served'), join(data, 'migrated')];
  const other = await launchReady(['serve', '--data', folders[0], '--listen', '127.0.0.1:0', '--log-file', join(data, 'belfry.log')]);
  try {
    const command = ['migrate', 'up', '--database', `sqlite:${join(folders[1], 'belfry.db')}`];
    assert.equal(await new Promise((done) => execFile(kBinary, command, { env }, (error) => done(error))), null);
    const made = folders.flatMap((folder) => [folder, ...readdirSync(folder).map((name) => join(folder, name))]);
    assert.ok(made.length >= 6, made.join());
    for (const path of [...made, join(data, 'belfry.log')]) assert.equal(statSync(path).mode & 0o077, 0, path);
  } finally {
    other.signal('SIGINT');
    await other.exit;
  }
});
