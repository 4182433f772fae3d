// The secret that signs our own tokens: given, rotated, generated, refused.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { aPerson, ask } from './harness/accounts.mjs';
import { launch } from './harness/server.mjs';
import { within } from './harness/wait.mjs';

const folder = mkdtempSync(join(tmpdir(), 'belfry-signing-secret-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// R-004-52
test('a session stays valid after a secret is rotated, while the settings name the old secret', async () => {
  const [old, fresh] = ['a'.repeat(16) + 'b'.repeat(16), 'c'.repeat(16) + 'd'.repeat(16)];
  const data = join(folder, 'rotation');
  const run = async (env, use) => {
    const running = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--data', data], { env });
    const url = await within(running.ready, 'the server');
    const result = await use(url);
    running.signal('SIGINT');
    await running.exit;
    return result;
  };
  const person = await run({ JWT_SECRET: old }, (url) => aPerson(url));
  const check = (url) => ask(url, '/api/auth/session', { token: person.token });
  assert.equal((await run({ JWT_SECRET: fresh, JWT_SECRET_PREVIOUS: old }, check)).status, 200);
  assert.equal((await run({ JWT_SECRET: fresh }, check)).status, 401);
});

// SPEC 0
test('a generated secret is stored for its owner only, so that tokens survive a restart', async () => {
  const data = join(folder, 'kept');
  const start = async () => {
    const running = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--data', data]);
    return { running, url: await within(running.ready, 'the server') };
  };
  const first = await start();
  const person = await aPerson(first.url);
  first.running.signal('SIGKILL');
  await first.running.exit;
  const second = await start();
  assert.equal((await ask(second.url, '/api/auth/session', { token: person.token })).status, 200);
  assert.equal(statSync(join(data, 'session-secret')).mode & 0o777, 0o600);
  assert.ok(!second.running.output().includes(readFileSync(join(data, 'session-secret'), 'utf8').trim()));
  second.running.signal('SIGINT');
  await second.running.exit;
});

// R-004-53
test('production refuses to start with a placeholder as secret', async () => {
  for (const secret of ['your_long_random_secret', 'short']) {
    const refused = launch(['serve', '--listen', '127.0.0.1:0', '--data', folder], { env: { JWT_SECRET: secret } });
    assert.notEqual((await refused.exit).code, 0);
    assert.match(refused.output(), /openssl rand/);
  }
});
