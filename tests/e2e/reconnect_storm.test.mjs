// R-004-48: the server is killed and started again while many clients are connected. They come back by their own policy, which spreads them, and
// the server lets in as many as its limits say. BELFRY_CLIENTS=10000 makes it the whole row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kSecret, people } from '../../bench/chat/people.mjs';
import { aCrowd } from './harness/crowd.mjs';
import { kDatabases } from './harness/restartable.mjs';
import { launchReady } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

const kClients = Number(process.env.BELFRY_CLIENTS ?? 1500);
const kBackWithinMs = 60_000;
/** From this server's start on: at each moment that was looked at, how many connections it had accepted and refused. */
async function watchArrivals(url) {
  const samples = [];
  const look = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const number = (name) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)[1]);
    samples.push({ at: Date.now(), accepted: number('belfry_connections_accepted_total'), refused: number('belfry_connections_refused_total') });
  };
  await look();
  return { samples, look };
}

/** The most connections that were accepted within about a second. */
const busiestSecond = (samples) => Math.max(...samples.map(({ at, accepted }) => accepted - samples.find((each) => each.at > at - 1000).accepted));

/**
 * Clients from `addresses` addresses in turn connect; the server is killed, and starts again with these settings. Resolves when all are back,
 * with what was seen meanwhile.
 */
async function theReturn(t, count, addresses, env) {
  const kept = kDatabases[0][1]();
  const serve = (port, settings) => launchReady(['serve', '--listen', `127.0.0.1:${port}`, '--auth-external-secret', kSecret, ...kept.args], { env: settings });
  let server = await serve(0, { RATE_LIMIT_CONNECT_MAX: '0' });
  let crowd;
  try {
    const { port } = new URL(server.url);
    crowd = await aCrowd(server.url, people(count).map(({ token }, at) => ({ token, localAddress: `127.0.0.${1 + (at % addresses)}` })));
    server.signal('SIGKILL');
    await server.exit;
    server = await serve(port, env);
    const began = Date.now();
    const { samples, look } = await watchArrivals(server.url);
    await eventually(async () => {
      await look();
      return (await crowd.here()) === count;
    }, 'all clients to be back', kBackWithinMs);
    const all = await crowd.tell();
    const took = Math.max(...all.map(({ back }) => back)) - began;
    const { refused } = samples.at(-1);
    t.diagnostic(`${count} clients were back after ${took} ms; busiest second: ${busiestSecond(samples)} connections; refused: ${refused}; ` +
      `tries of a client: ${Math.max(...all.map(({ tries }) => tries))} at most`);
    await crowd.leave();
    server.signal('SIGINT');
    assert.equal((await server.exit).code, 0, server.output().slice(-3000));
    return { samples, took, refused };
  } finally {
    crowd?.kill();
    server.signal('SIGKILL');
    kept.remove();
  }
}

test(`R-004-48: ${kClients} clients of several addresses are back after a restart, and none is refused`, { timeout: 240_000 }, async (t) => {
  // With the limits of a server without any setting.
  const { refused, took } = await theReturn(t, kClients, Math.ceil(kClients / 2500) + 1, {});
  assert.equal(refused, 0);
  assert.ok(took <= kBackWithinMs, `${took} ms`);
});

test('R-004-48: clients of one address that are more than it may open at once come in as fast as the limit admits them', { timeout: 120_000 }, async (t) => {
  const count = 400, max = 240, windowMs = 15_000;
  const { samples, took, refused } = await theReturn(t, count, 1, {
    RATE_LIMIT_CONNECT_MAX: String(max), BELFRY_RATE_LIMIT_CONNECT_WINDOW: `${windowMs}ms`,
  });
  assert.ok(refused > 0, 'the limit was reached');
  assert.ok(took <= kBackWithinMs, `${took} ms`);
  // The server was ready a moment before the first sample, and gave back that much more.
  for (const { at, accepted } of samples)
    assert.ok(accepted <= max + (max * (at - samples[0].at + 1000)) / windowMs, `${accepted} accepted ${at - samples[0].at} ms after the start`);
});
