// A private PostgreSQL 15 cluster on a loopback port, in a folder that is deleted with it. PostgreSQL refuses to run as root;
// then it runs as the user `postgres` that Debian's package creates. It does not sync to disk: the tests crash processes, never the
// machine.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './wait.mjs';

const run = promisify(execFile);
const kPrograms = '/usr/lib/postgresql/15/bin';

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

const asRoot = process.getuid() === 0;
const command = (program, args) => (asRoot ? ['runuser', ['-u', 'postgres', '--', join(kPrograms, program), ...args]] : [join(kPrograms, program), args]);

export async function startPostgres() {
  if (!existsSync(join(kPrograms, 'initdb'))) throw new Error('PostgreSQL 15 is missing; install it with: scripts/install-packages test');
  const folder = mkdtempSync(join(tmpdir(), 'belfry-postgres-'));
  if (asRoot) {
    const { stdout } = await run('id', ['-u', 'postgres']);
    chownSync(folder, Number(stdout), -1);
  }
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  await run(...command('initdb', ['-D', data, '-U', 'belfry', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']), { cwd: tmpdir() });
  const port = await freePort();
  const cluster = { url: `postgres://belfry@127.0.0.1:${port}/postgres`, port };
  cluster.psql = async (sql, user = 'belfry') =>
    (await run('psql', ['-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', String(port), '-U', user, 'postgres', '-c', sql])).stdout.trim();
  cluster.start = async () => {
    const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'max_connections=200', '-c', 'fsync=off'];
    const child = spawn(...command('postgres', options), { stdio: 'ignore', cwd: tmpdir() });
    cluster.ended = new Promise((resolve) => child.once('close', resolve));
    await eventually(() => cluster.psql('SELECT 1').catch(() => false), 'PostgreSQL to start', 30000);
  };
  /** `immediate` is a crash: no shutdown checkpoint. */
  cluster.halt = async (how = 'fast') => {
    await run(...command('pg_ctl', ['-D', data, '-m', how, '-w', 'stop']), { cwd: tmpdir() });
    await cluster.ended;
  };
  cluster.restart = async (how) => {
    await cluster.halt(how);
    await cluster.start();
  };
  cluster.stop = async () => {
    await cluster.halt('immediate').catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  };
  await cluster.start();
  return cluster;
}
