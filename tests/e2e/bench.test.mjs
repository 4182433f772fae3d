// The loads of bench/chat and bench/peerjs run to their end with a few users, and print figures. What the figures are decides nothing.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kSecret } from '../../bench/chat/people.mjs';
import { startServer } from './harness/server.mjs';

const kBench = fileURLToPath(new URL('../../bench', import.meta.url));
const kLoads = {
  'chat/messages.mjs': [[1, 2, 2, 'native'], [1, 2, 2, 'chat'], [1, 2, 1, 'native', 50]],
  'chat/fanout.mjs': [[1, 4, 2]],
  'chat/presence.mjs': [[1, 8, 20, 3, 'set'], [1, 8, 20, 3, 'come']],
  'chat/online.mjs': [[5, 2, 20, 1]],
  'chat/pages.mjs': [[1, 120]],
  'chat/search.mjs': [[10, 60, 3]],
  'chat/unread.mjs': [[3, 4, 20]],
  'peerjs/load.mjs': [['relay', 1, 2, 50], ['idle', 20]],
};

test('each load on messages, presence and PeerJS measures a server', { concurrency: 3, timeout: 180_000 }, async (t) => {
  const runs = Object.entries(kLoads).flatMap(([file, all]) => all.map((sizes) => [file, sizes]));
  await Promise.all(runs.map(([file, sizes]) => t.test(`${file} ${sizes.join(' ')}`, async () => {
    const server = await startServer({ args: ['--threads', '1', '--auth-external-secret', kSecret] });
    let printed;
    try {
      const env = { ...process.env, SERVER_PID: server.child.pid };
      printed = (await promisify(execFile)(process.execPath, [`${kBench}/${file}`, server.port, ...sizes], { env })).stdout.trim();
      await server.stop();
    } finally {
      server.signal('SIGKILL');
    }
    const figures = Object.fromEntries(printed.split(' ').map((pair) => pair.split('=')));
    for (const [name, value] of Object.entries(figures)) assert.match(value, /^-?\d+(\.\d+)?$|^yes$/, name);
    assert.ok(Object.keys(figures).length > 1, printed);
  })));
});
