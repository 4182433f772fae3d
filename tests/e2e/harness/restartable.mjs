// A server that can be killed and started again on the same database, and the two kinds of databases, with a way to run SQL by
// hand.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { operate } from './operators.mjs';
import { startPostgres } from './postgres.mjs';
import { launchReady } from './server.mjs';
import { eventually } from './wait.mjs';

const run = promisify(execFile);

/** `args` place the state: `kept.args` of the databases below. */
export async function aRestartableServer(args, options) {
  const world = {};
  world.start = async () => {
    world.server = await launchReady(['serve', '--dev', '--listen', '127.0.0.1:0', ...args], options);
    world.url = world.server.url;
    return world.url;
  };
  world.logged = (what, match) => eventually(() => world.server.records().find(match), `the log line: ${what}`);
  world.command = (words) => operate([...words, ...args.filter((each) => each !== '--virtual-time')]);
  world.kill = async () => {
    world.server.signal('SIGKILL');
    await world.server.exit;
  };
  world.crash = async () => {
    await world.kill();
    return world.start();
  };
  world.stop = async () => {
    world.server.signal('SIGINT');
    assert.equal((await world.server.exit).code, 0, world.server.output().slice(-3000));
  };
  await world.start();
  return world;
}

function onSqlite() {
  const data = mkdtempSync(join(tmpdir(), 'belfry-kept-'));
  const file = join(data, 'belfry.db');
  return {
    name: 'SQLite', data, file, args: ['--data', data],
    sql: async (text) => (await run('sqlite3', ['-cmd', '.timeout 5000', file, text])).stdout.trim(),
    remove: () => rmSync(data, { recursive: true, force: true }),
  };
}

async function onPostgres() {
  const postgres = await startPostgres();
  const data = mkdtempSync(join(tmpdir(), 'belfry-kept-'));
  return {
    name: 'PostgreSQL', data, postgres, args: ['--data', data, '--database', postgres.url],
    sql: (text, user) => postgres.psql(text, user),
    remove: async () => {
      await postgres.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export const kDatabases = [['SQLite', onSqlite], ['PostgreSQL', onPostgres]];
