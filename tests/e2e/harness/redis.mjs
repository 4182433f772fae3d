// A private Redis on a loopback port, which keeps nothing: a restart is one after a crash without a copy on disk.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { eventually } from './wait.mjs';

const run = promisify(execFile);
const kProgram = '/usr/bin/redis-server';

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

export async function startRedis({ password = 'a password of Redis' } = {}) {
  if (!existsSync(kProgram)) throw new Error('Redis is missing; install it with: scripts/install-packages test');
  const port = await freePort();
  const redis = { port, password, url: `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}/1` };
  /** What redis-cli prints of the reply, one line an element. */
  redis.ask = async (...words) => {
    const { stdout } = await run('redis-cli', ['-p', String(port), '-n', '1', ...words], { env: { ...process.env, REDISCLI_AUTH: password } });
    return stdout.replace(/\n$/, '');
  };
  redis.members = async (key = 'chat:online_users') => (await redis.ask('SMEMBERS', key)).split('\n').filter(Boolean);
  redis.ttl = async (key) => Number(await redis.ask('TTL', key));
  redis.start = async () => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--requirepass', password];
    redis.child = spawn(kProgram, options, { stdio: 'ignore', cwd: tmpdir() });
    redis.ended = new Promise((resolve) => redis.child.once('close', resolve));
    await eventually(() => redis.ask('PING').then((answer) => answer === 'PONG', () => false), 'Redis to start', 30000);
  };
  redis.stop = async () => {
    redis.child.kill('SIGKILL');
    await redis.ended;
  };
  await redis.start();
  assert.equal(await redis.ask('DBSIZE'), '0');
  return redis;
}
