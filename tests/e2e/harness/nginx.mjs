// nginx as Debian packages it, in front of a server: with a server block around the `location` that is given, and nothing else.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './wait.mjs';

const kNginx = process.env.NGINX ?? '/usr/sbin/nginx';

/** nginx cannot choose a port and say which, so a free one is looked for. */
async function aFreePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

const configuration = (folder, port, location) => `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port};
${location}
  }
}
`;

/** { url, stop } */
export async function startNginx(location) {
  // Never skipped: what docs/operations.md shows must work.
  assert.ok(existsSync(kNginx), `no nginx at ${kNginx}; install it with: apt-get install nginx (or name one in NGINX)`);
  const folder = mkdtempSync(join(tmpdir(), 'belfry-nginx-'));
  const port = await aFreePort();
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, location));
  const child = spawn(kNginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => (said += bytes));
  const exit = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await eventually(() => {
    assert.equal(child.exitCode, null, `nginx ended:\n${said}`);
    return fetch(url).then(() => true, () => false);
  }, 'nginx to answer');
  const stop = async () => {
    child.kill('SIGTERM');
    await exit;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
}
