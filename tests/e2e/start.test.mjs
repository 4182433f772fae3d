// Clients that do not wait for the ready line.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { launch, launchReady } from './harness/server.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kStarts = Number(process.env.BELFRY_STARTS ?? 20);

async function aFreePort() {
  const holder = createServer();
  await new Promise((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address();
  await new Promise((resolve) => holder.close(resolve));
  return port;
}

/** Asks again and again, whatever comes of it, until told to stop. */
function aPoller(port, path) {
  const poller = { stopped: false };
  poller.done = (async () => {
    while (!poller.stopped) {
      await new Promise((resolve) => {
        const asked = request({ host: '127.0.0.1', port, path }, (response) => {
          response.resume();
          response.on('close', resolve);
        });
        asked.on('error', resolve);
        asked.end();
      });
    }
  })();
  return poller;
}

// A scrape of /metrics in the first moments of a server gets an answer.
test(`${kStarts} starts under a storm of /metrics requests: none crashes`, async () => {
  const data = mkdtempSync(join(tmpdir(), 'belfry-start-'));
  for (let start = 0; start < kStarts; ++start) {
    const port = await aFreePort();
    const pollers = Array.from({ length: 8 }, () => aPoller(port, '/metrics'));
    const threads = ['1', '2', '8'][start % 3];
    try {
      const server = await launchReady(['serve', '--dev', '--listen', `127.0.0.1:${port}`, '--data', data, '--threads', threads]);
      assert.equal((await fetch(`${server.url}/metrics`)).status, 200);
      server.signal('SIGINT');
      assert.deepEqual(await server.exit, { code: 0, signal: null }, `start ${start} with ${threads} threads: ${server.output()}`);
    } finally {
      for (const poller of pollers) poller.stopped = true;
      await Promise.all(pollers.map((poller) => poller.done));
    }
  }
  rmSync(data, { recursive: true });
});

// Two servers on one SQLite file would end each other's calls.
test('a second server on one SQLite file is refused, with a hint', async () => {
  const data = mkdtempSync(join(tmpdir(), 'belfry-start-'));
  const args = ['serve', '--dev', '--listen', '127.0.0.1:0', '--data', data];
  const first = await launchReady(args);
  const second = launch(args);
  assert.equal((await second.exit).code, 1);
  assert.match(second.output(), /another belfry serves from .*--data DIR/);
  assert.equal((await launch(['user', 'list', '--data', data]).exit).code, 0, 'commands work beside a running server');
  first.signal('SIGKILL');
  await first.exit;
  const next = await launchReady(args);
  next.signal('SIGINT');
  assert.equal((await next.exit).code, 0, 'a killed server leaves no lock behind');
  rmSync(data, { recursive: true });
});
