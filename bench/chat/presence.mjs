// Presence churn: RATE changes a second of users with one session each, of whom everybody watches WATCHED others. Belfry gathers changes
// for 200 ms (PRESENCE_COALESCE_MS), which is part of the time until they are told.
//   node bench/chat/presence.mjs PORT SECONDS SESSIONS RATE WATCHED set    `presence.set`: away, and online again
//   node bench/chat/presence.mjs PORT SECONDS SESSIONS RATE WATCHED come   leaves, and two seconds later connects and watches again
import { closeRequests, cpu, inLanes, now, pause, percentile, print } from '../measure.mjs';
import { connect, connectAll, people } from './people.mjs';

const [port, seconds, sessions, rate, watched] = process.argv.slice(2, 7).map(Number);
const how = process.argv[7];
const kWarm = 2000;

const crowd = people(sessions);
const place = new Map(crowd.map(({ id, n }) => [id, n]));
const watches = ({ n }) => ({ userIds: Array.from({ length: Math.min(watched, sessions - 1) }, (_, i) => crowd[(n + 1 + i) % sessions].id) });
const changedAt = [], ways = [];
let counting = false, updates = 0;
const kUser = /"userId":"([^"]*)"/;
const heard = (text) => {
  if (!counting || !text.startsWith('["presence.update"')) return;
  ++updates;
  const at = changedAt[place.get(kUser.exec(text)[1])];
  if (at !== undefined) ways.push(now() - at);
};
const sockets = await connectAll(port, crowd, 'native', (_, text) => heard(text));
await inLanes(crowd, 64, (each) => sockets[each.n].does('presence.subscribe', watches(each)));

const away = new Set(), out = [];
const mostOut = Math.min(rate, Math.floor(sessions / 2));
// Scattered: who watches a user must not leave just before them.
let turn = 0;
const next = () => (turn++ * 7919) % sessions;
const change = {
  async set(due) {
    const n = next();
    changedAt[n] = due;
    if (!away.delete(n)) away.add(n);
    await sockets[n].does('presence.set', { state: away.has(n) ? 'away' : 'online' });
  },
  async come(due) {
    if (out.length <= mostOut) return leave(due);
    const n = out.shift();
    changedAt[n] = due;
    sockets[n] = await connect(port, crowd[n], 'native', heard);
    await sockets[n].does('presence.subscribe', watches(crowd[n]));
  },
}[how];
function leave(due) {
  let n = next();
  for (let tries = 0; !sockets[n]; n = next())  // still out, or on the way back
    if (++tries > sessions) throw new Error('the server is too slow: nobody is left who could leave');
  changedAt[n] = due;
  sockets[n].leave();
  sockets[n] = undefined;
  out.push(n);
}

let failed, changes = 0, stopped = false;
const failure = new Promise((_, reject) => (failed = reject));
async function run() {
  for (let due = now(); !stopped; await pause(1))
    for (; due <= now(); due += 1000 / rate, ++changes) change(due).catch(failed);
}
const running = run();
await Promise.race([pause(kWarm), failure]);
counting = true;
const before = { cpu: cpu(), at: now(), changes };
await Promise.race([pause(seconds * 1000), failure]);
const used = cpu() - before.cpu, took = now() - before.at, done = changes - before.changes;
counting = false;
stopped = true;
await running;
print({ change_cpu_us: (used / done).toFixed(1), core: (used / took / 1000).toFixed(3), changes_per_s: (done / took * 1000).toFixed(0),
  updates_per_change: (updates / done).toFixed(1), told_p50_ms: percentile(ways, 0.5), told_p99_ms: percentile(ways, 0.99) });
closeRequests();
process.exit(0);
