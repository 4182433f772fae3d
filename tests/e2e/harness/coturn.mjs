// coturn as Debian packages it, on loopback, with the configuration that we hand out; and its own client.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './wait.mjs';

const kTurnserver = process.env.TURNSERVER ?? '/usr/bin/turnserver';
const kClient = process.env.TURNUTILS_UCLIENT ?? '/usr/bin/turnutils_uclient';
const kConfiguration = new URL('../../../deploy/coturn/turnserver.conf', import.meta.url);

/** coturn cannot choose a port and say which, so a free one is looked for. */
async function aFreePort() {
  const probe = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** deploy/coturn/turnserver.conf as an operator would change it, and `more` lines. */
function configuration(folder, port, secret, more) {
  const ours = readFileSync(kConfiguration, 'utf8')
    .replace(/^static-auth-secret=.*$/m, `static-auth-secret=${secret}`)
    .replace(/^listening-port=.*$/m, `listening-port=${port}`);
  const here = ['listening-ip=127.0.0.1', 'relay-ip=127.0.0.1', 'no-tls', 'no-dtls', `pidfile=${folder}/pid`, `userdb=${folder}/db`];
  return [ours, ...here, ...more, ''].join('\n');
}

/** coturn relays to other clients on this machine only if it is told to; our configuration forbids it. */
export const kToLoopback = ['allow-loopback-peers', 'cli-password=x', 'allowed-peer-ip=127.0.0.1'];

/** { port, stop }; ready when it answers a STUN binding request. */
export async function startCoturn(secret, more = []) {
  // Never skipped: what we hand out must work.
  assert.ok(existsSync(kTurnserver), `no coturn at ${kTurnserver}; install it with: apt-get install coturn (or name one in TURNSERVER)`);
  const folder = mkdtempSync(join(tmpdir(), 'belfry-coturn-'));
  const port = await aFreePort();
  writeFileSync(join(folder, 'turnserver.conf'), configuration(folder, port, secret, more));
  const child = spawn(kTurnserver, ['-c', join(folder, 'turnserver.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
  const exit = once(child, 'exit');
  const socket = dgram.createSocket('udp4');
  const answered = once(socket, 'message');
  // RFC 8489 5: a binding request has no attributes.
  const request = Buffer.from('00010000 2112a442 0102030405060708090a0b0c'.replaceAll(' ', ''), 'hex');
  let ready = false;
  answered.then(() => (ready = true));
  const stop = async () => {
    child.kill('SIGTERM');
    await exit;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(() => {
      assert.equal(child.exitCode, null, `coturn ended:\n${said}`);
      if (!ready) socket.send(request, port, '127.0.0.1');
      return ready;
    }, 'coturn to answer', 30_000);
  } catch (failure) {
    await stop(); // A child that lives on keeps the whole run from ending.
    throw failure;
  } finally {
    socket.close();
  }
  return { port, stop, output: () => said };
}

/** Two clients send each other two packets through the relay. What the vendor's client said, and whether all came. */
export async function relayThrough({ port }, { username, credential }) {
  const child = spawn(kClient, ['-u', username, '-w', credential, '-p', `${port}`, '-n', '2', '-m', '1', '-l', '100', '-y', '-c', '127.0.0.1'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
  const kill = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = await once(child, 'close');
  clearTimeout(kill);
  return { relayed: code === 0 && /tot_send_msgs=4, tot_recv_msgs=4/.test(said), said };
}
