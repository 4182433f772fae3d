// PeerJS clients of a server: Belfry, or npm `peer` (bench/node-peer/peerjs.js).
//   node bench/peerjs/load.mjs PORT relay SECONDS PAIRS RATE   candidates from one peer of each pair to the other, RATE a second over all pairs
//   node bench/peerjs/load.mjs PORT idle PEERS                 memory of a connection on which nothing happens
// A peer of Belfry may send 1 000 messages in ten seconds, so RATE is at most 90 for each pair. Times count from when a message was due.
import { cpu, inLanes, now, pause, percentile, print, residentBytes, until } from '../measure.mjs';
import { frame, openWebSocket } from '../sockets.mjs';

const [port, mode, ...amounts] = [Number(process.argv[2]), process.argv[3], ...process.argv.slice(4).map(Number)];
const run = Math.random().toString(36).slice(2, 8);
const idOf = (n) => `peer${run}${n}`;

/** Resolves when the peer is open. */
async function connectPeer(n, heard = () => {}) {
  let opened;
  const open = new Promise((resolve, reject) => (opened = { resolve, reject }));
  const socket = await openWebSocket(port, `/peerjs?key=peerjs&id=${idOf(n)}&token=t${n}&version=1.5.5`, (text) => {
    if (text === '{"type":"OPEN"}') opened.resolve();
    else if (text.startsWith('{"type":"ERROR"') || text.startsWith('{"type":"ID-TAKEN"')) opened.reject(new Error(text));
    else heard(text);
  });
  await open;
  return socket;
}
async function connectPeers(from, to, heard) {
  const sockets = [];
  await inLanes(Array.from({ length: to - from }), 64, async (_, i) => (sockets[i] = await connectPeer(from + i, heard)));
  return sockets;
}

/** As the stock client writes it, some 330 bytes, with its time. */
const candidate = (to, due) => frame(JSON.stringify({ type: 'CANDIDATE', payload: {
  candidate: { candidate: 'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 192.168.0.17 rport 46154 generation 0 ufrag ABCD network-cost 999', sdpMLineIndex: 0, sdpMid: '0', usernameFragment: `@${due.toFixed(3)}@` },
  type: 'media', connectionId: 'mc_h3kzv8xk2d' }, dst: idOf(to) }));
const kStamp = /@(\d+\.\d+)@/;

async function relay([seconds, pairs, rate]) {
  let received = 0, sent = 0, counting = false, stopped = false;
  const ways = [];
  const callers = await connectPeers(0, pairs);
  await connectPeers(pairs, 2 * pairs, (text) => {
    ++received;
    if (counting) ways.push(now() - Number(kStamp.exec(text)[1]));
  });
  async function send() {
    for (let due = now(); !stopped; await pause(1))
      for (; due <= now(); due += 1000 / rate, ++sent) callers[sent % pairs].send(candidate(pairs + sent % pairs, due));
  }
  const sending = send();
  await pause(1000);
  counting = true;
  const before = { cpu: cpu(), received, at: now() };
  await pause(seconds * 1000);
  const done = received - before.received, used = cpu() - before.cpu, took = now() - before.at;
  counting = false;
  stopped = true;
  await sending;
  await until('arrival of each message', () => received === sent);
  print({ relay_cpu_us: (used / done).toFixed(2), relay_per_s: (done / took * 1000).toFixed(0), relay_p50_ms: percentile(ways, 0.5, 3), relay_p99_ms: percentile(ways, 0.99, 3) });
}

async function idle([peers]) {
  const base = Math.min(1000, Math.ceil(peers / 10));  // these measure the process, not the connection
  await connectPeers(0, base);
  await pause(2000);
  const before = residentBytes();
  await connectPeers(base, peers);
  await pause(3000);
  print({ idle_bytes: ((residentBytes() - before) / (peers - base)).toFixed(0), peers });
}

await { relay, idle }[mode](amounts);
process.exit(0);
