// R-001-96: the release gate. The QA report of seed 001 (SPEC 1.6) on each database: `QA on sqlite: 52 of 52`.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kTests } from './harness/qa.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { launch, launchReady } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

/** A server that can be killed and started again on the same database. */
async function aRestartableServer(database, data) {
  const place = ['--data', data, ...(database ? ['--database', database] : [])];
  const world = {};
  const start = async () => {
    world.server = await launchReady(['serve', '--dev', '--virtual-time', '--listen', '127.0.0.1:0', ...place]);
    world.url = world.server.url;
  };
  await start();
  world.logged = (what, match) => eventually(() => world.server.records().find(match), `the log line: ${what}`);
  world.command = async (args) => {
    const { code } = await launch([...args, ...place]).exit;
    assert.equal(code, 0, `belfry ${args.join(' ')}`);
  };
  world.crash = async () => {
    world.server.signal('SIGKILL');
    await world.server.exit;
    await start();
    return world.url;
  };
  world.stop = async () => {
    world.server.signal('SIGINT');
    assert.equal((await world.server.exit).code, 0);
  };
  return world;
}

async function report(name, database) {
  const data = mkdtempSync(join(tmpdir(), 'belfry-qa-'));
  const world = await aRestartableServer(database, data);
  let passed = 0;
  for (const [title, body] of Object.entries(kTests))
    await test(`${name}: ${title}`, async () => {
      await body(world);
      ++passed;
    });
  await world.stop();
  rmSync(data, { recursive: true, force: true });
  const total = Object.keys(kTests).length;
  assert.equal(total, 52);
  console.log(`QA on ${name}: ${passed} of ${total}`);
}

test('the QA report of seed 001 on SQLite', { timeout: 180_000 }, () => report('sqlite'));

test('the QA report of seed 001 on PostgreSQL', { timeout: 180_000 }, async () => {
  const postgres = await startPostgres();
  after(() => postgres.stop());
  await report('postgres', postgres.url);
});
