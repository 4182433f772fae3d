// Starts the server under test, reads its ready line, and at the end checks its whole output against R-001-85.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, within } from './wait.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const kBinary = resolve(root, process.env.BELFRY_BIN ?? 'build/dev/belfry');
const kReady = /^listening on (https?:\/\/\S+)$/;

/** Only what a process needs; the settings of the user who runs the tests must not leak in (R-003-41). */
function environment(extra) {
  const { PATH, HOME, BELFRY_WEB, ASAN_OPTIONS, UBSAN_OPTIONS, TSAN_OPTIONS, LSAN_OPTIONS } = process.env;
  const kept = { PATH, HOME, BELFRY_WEB, ASAN_OPTIONS, UBSAN_OPTIONS, TSAN_OPTIONS, LSAN_OPTIONS, ...extra };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

/**
 * With BELFRY_TEST_POSTGRES, a cluster's URL, the database of a server that has a data folder and names no database: one for each
 * folder, so that a server started again and the commands beside it find what was written.
 */
function databaseOf(args) {
  const folder = args[args.indexOf('--data') + 1];
  if (!process.env.BELFRY_TEST_POSTGRES || !args.includes('--data') || args.includes('--database')) return undefined;
  const url = new URL(process.env.BELFRY_TEST_POSTGRES);
  url.pathname = `belfry_${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16)}`;
  return url;
}

async function createDatabase(args) {
  const url = databaseOf(args);
  if (!url) return;
  const name = url.pathname.slice(1);
  const said = await promisify(execFile)('psql', ['-X', '-q', '-h', url.hostname, '-p', url.port, '-U', url.username, 'postgres', '-c', `CREATE DATABASE ${name}`])
    .catch(({ stderr }) => stderr);
  if (typeof said === 'string' && !said.includes('already exists')) throw new Error(`no database for ${args.join(' ')}: ${said}`);
}

/** Runs the binary whatever becomes of it. `exit` resolves to { code, signal }. */
export function launch(args, { env = {}, cwd = root } = {}) {
  const database = databaseOf(args);
  const child = spawn(kBinary, database ? [...args, '--database', database.href] : args, { env: environment(env), cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, out: [], err: [], url: undefined };
  let ready;
  server.ready = new Promise((resolveReady) => (ready = resolveReady));
  server.exit = new Promise((resolveExit) => {
    child.once('error', (error) => resolveExit({ code: null, signal: null, error }));
    child.once('close', (code, signal) => resolveExit({ code, signal }));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const match = server.url === undefined && kReady.exec(line);
    if (!match) return server.out.push(line);
    server.url = match[1];
    ready(server.url);
  });
  createInterface({ input: child.stderr }).on('line', (line) => server.err.push(line));
  server.lines = () => [...server.out, ...server.err];
  server.records = () => server.lines().map((line) => JSON.parse(line));
  server.output = () => server.lines().join('\n');
  server.signal = (name) => child.kill(name);
  return server;
}

// Ports that fetch refuses (https://fetch.spec.whatwg.org/#bad-port), among those that a system may assign.
const kRefusedByFetch = new Set([1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080]);

/** Runs the binary until it says that it listens, on a free port which fetch will talk to. */
export async function launchReady(args, options) {
  await createDatabase(args);
  for (;;) {
    const server = launch(args, options);
    const early = server.exit.then(({ code, signal, error }) => {
      throw new Error(`${kBinary} did not become ready (${error?.message ?? `exit ${code ?? signal}`}):\n${server.output()}`);
    });
    early.catch(() => {});
    try {
      await within(Promise.race([server.ready, early]), 'the line `listening on …`', 15000);
    } catch (failure) {
      server.signal('SIGKILL');
      throw failure;
    }
    if (!kRefusedByFetch.has(Number(new URL(server.url).port))) return server;
    server.signal('SIGKILL');
    await server.exit;
  }
}

export async function startServer({ env = {}, args = [], listen = '127.0.0.1:0' } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'belfry-e2e-'));
  const server = await launchReady(['serve', '--dev', ...(listen ? ['--listen', listen] : []), '--data', data, ...args], { env });
  server.data = data;
  server.port = Number(new URL(server.url).port);
  server.json = async (path, init) => (await fetch(server.url + path, init)).json();
  server.health = () => server.json('/');
  server.users = async () => (await server.json('/users')).connectedUsers;
  server.logged = (what, test) => eventually(() => server.records().find(test), `the log line: ${what}`);

  /** Ends the server, expects a clean exit, and (R-001-85) finds nothing but JSON records in what it printed. */
  server.stop = async (signal = 'SIGINT') => {
    server.signal(signal);
    const kill = setTimeout(() => server.signal('SIGKILL'), 20000);
    const ended = await server.exit;
    clearTimeout(kill);
    rmSync(data, { recursive: true, force: true });
    assert.deepEqual(ended, { code: 0, signal: null }, `ended badly:\n${server.output().slice(-4000)}`);
    assertStructured(server.lines());
  };
  return server;
}

export function assertStructured(lines) {
  for (const line of lines) {
    let record;
    try {
      record = JSON.parse(line);
    } catch {
      assert.fail(`a line that is no JSON: ${line}`);
    }
    assert.ok(['trace', 'debug', 'info', 'warn', 'error', 'fatal'].includes(record.level), `no level: ${line}`);
    assert.ok(!Number.isNaN(Date.parse(record.ts)), `no time: ${line}`);
    assert.equal(typeof record.msg, 'string', `no msg: ${line}`);
  }
}

/**
 * One server for a file's tests: `const server = sharedServer({ before, after })`, then server.url and so on. `settle` runs
 * once it is ready and `leave` before it stops; hooks of their own would not wait for these.
 */
export function sharedServer({ before, after }, { settle = () => {}, leave = () => {}, ...options } = {}) {
  const handle = {};
  before(async () => {
    Object.assign(handle, await startServer(options));
    await settle(handle);
  });
  after(async () => {
    try {
      await leave(handle);
    } finally {
      await handle.stop?.();
    }
  });
  return handle;
}
