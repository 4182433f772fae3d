// The examples of docs/operations.md, as they stand there but for paths, addresses and the place of the binary.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { aPair, aPerson, ask, leave } from './harness/accounts.mjs';
import { startNginx } from './harness/nginx.mjs';
import { png } from './harness/pictures.mjs';
import { launchReady, startServer } from './harness/server.mjs';
import { aConnectedCall, assertTalking } from './harness/user.mjs';
import { within } from './harness/wait.mjs';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'belfry-operations-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const logIn = (url, { name, password }) => ask(url, '/user/login', { method: 'POST', body: { username: name, password } });

async function ended(server) {
  server.signal('SIGINT');
  await server.exit;
}

test('the command of "Start" serves people with accounts, to pages of the origin that it names', async () => {
  const words = /^ {4}(.*build\/release\/belfry serve .*)$/m.exec(page)[1].split(' ');
  const binary = words.indexOf('build/release/belfry');
  const env = Object.fromEntries(words.slice(0, binary).map((setting) => setting.split('=')));
  const ours = { '0.0.0.0:3000': '127.0.0.1:0', '/var/lib/belfry': join(folder, 'started') };
  const server = await launchReady(words.slice(binary + 1).map((word) => ours[word] ?? word), { env });
  try {
    const person = await aPerson(server.url);
    assert.equal((await person.get('/api/calls/active')).status, 200);
    assert.equal((await ask(server.url, '/api/calls/active')).status, 401);
    const origin = async (name) => (await ask(server.url, '/', { headers: { Origin: name } })).headers.get('access-control-allow-origin');
    assert.equal(await origin('https://yourdomain.com'), 'https://yourdomain.com');
    assert.equal(await origin('https://evil.example'), null);
  } finally {
    await ended(server);
  }
});

test('the backup command copies the database of a running server, and a server starts with the copy', async () => {
  const command = /`(sqlite3 .*?)`/.exec(page)[1];
  const data = join(folder, 'running');
  const server = await launchReady(['serve', '--listen', '127.0.0.1:0', '--data', data]);
  let restored;
  try {
    const { alice, bob, aliceSocket, bobSocket } = await aPair(server.url);
    const { body } = await alice.calls(bob);
    await alice.ends(body.data);
    leave(aliceSocket, bobSocket);
    await promisify(execFile)('bash', ['-euc', command], { cwd: data });
    const later = await aPerson(server.url);
    restored = await launchReady(['serve', '--listen', '127.0.0.1:0', '--data', join(folder, 'restored'), '--database', `sqlite:${join(data, 'copy.db')}`]);
    const login = await logIn(restored.url, alice);
    assert.equal(login.status, 200);
    const history = await ask(restored.url, '/api/calls/history', { token: login.body.token });
    assert.deepEqual(history.body.data.calls.map(({ id }) => id), [body.data.id]);
    assert.equal((await logIn(restored.url, later)).status, 401, 'who signed up after the backup');
  } finally {
    await ended(server);
    if (restored) await ended(restored);
  }
});

/** The `location` of the page, with this server behind it. */
const locationOf = (server) => {
  const block = /^ {4}location [^]*?^ {4}\}$/m.exec(page)[0];
  assert.match(block, /http:\/\/127\.0\.0\.1:3000;/);
  return block.replace('http://127.0.0.1:3000', server.url);
};

async function behindNginx(args, does) {
  const server = await startServer({ args });
  try {
    const proxy = await startNginx(locationOf(server));
    try {
      await does(proxy.url);
    } finally {
      await proxy.stop();
    }
  } finally {
    await server.stop();
  }
}

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  test(`two users talk through the nginx of the page, by ${transports.join(', then ')}`, () => behindNginx(['--trust-proxy'], async (url) => {
    const pair = await aConnectedCall(url, { options: { transports } });
    if (transports.length > 1) {
      for (const { socket } of [pair.caller, pair.callee])
        if (socket.io.engine.transport.name !== 'websocket') await within(new Promise((resolve) => socket.io.engine.once('upgrade', resolve)), 'the upgrade');
    }
    await assertTalking(pair);
    pair.caller.leave();
    pair.callee.leave();
  }));
}

test('behind the nginx of the page a client cannot choose its address by a header of its own', () =>
  behindNginx(['--trust-proxy', '--rate-limit-login-max', '3'], async (url) => {
    const { name } = await aPerson(url);
    const answers = [];
    for (let n = 0; n < 5; ++n) {
      const { status } = await ask(url, '/user/login', {
        method: 'POST', body: { username: name, password: 'not this one' }, headers: { 'X-Forwarded-For': `10.0.0.${n}` },
      });
      answers.push(status);
    }
    assert.deepEqual(answers, [401, 401, 401, 429, 429]);
  }));

const section = (title) => page.slice(page.indexOf(`\n## ${title}\n`)).split(/\n## /)[1];

// C-27
test('the page names a replacement for each hosted service of the seeds, and settings that exist', () => {
  const rows = section('Instead of hosted services').split('\n').filter((line) => line.startsWith('| ')).slice(1)
    .map((line) => line.split('|').slice(1, 4).map((cell) => cell.trim()));
  assert.deepEqual(rows.map(([service]) => service), ['Agora', 'Cloudinary', 'Twilio', 'Supabase', 'Render']);
  const reference = readFileSync(new URL('../../docs/reference-config.md', import.meta.url), 'utf8');
  for (const [service, own, connector] of rows) {
    assert.ok(own, service);
    for (const [, name] of `${own} ${connector}`.matchAll(/`([A-Z_]{4,}|--[a-z-]+)`/g)) assert.ok(reference.includes(`\`${name}\``), `${service}: ${name}`);
  }
});

// C-27: the connectors are tested where they are: call_tokens (Agora, LiveKit), ice_servers (Twilio), accounts (an issuer).
test('a server with none of the hosted services has accounts, avatars, tokens and calls', async () => {
  const server = await startServer();
  try {
    const { alice, bob, aliceSocket, bobSocket } = await aPair(server.url);
    const avatar = `data:image/png;base64,${png(20, 20).toString('base64')}`;
    assert.equal((await alice.post('/user/update', { avatar })).status, 200);
    const room = (await alice.post('/api/conversations', { kind: 'direct', userId: bob.id })).body.data.id;
    assert.equal((await alice.get(`/api/call/token?conversationId=${room}`)).body.data.provider, 'native');
    assert.deepEqual((await alice.get('/api/ice-servers')).body.data.iceServers, []);
    const { body } = await alice.calls(bob);
    assert.equal(body.data.mediaMode, 'p2p');
    const shown = (await bob.reads(body.data)).body.data.caller.avatar;
    assert.ok(shown.startsWith(`/api/users/${alice.id}/avatars/`), shown);
    assert.equal((await bob.get(shown)).status, 200);
    assert.equal((await bob.responds(body.data, 'accept')).status, 200);
    leave(aliceSocket, bobSocket);
  } finally {
    await server.stop();
  }
});
