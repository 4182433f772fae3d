// `getonline` of the chat dialect: the list of all who are online, to each of USERS sockets, whenever somebody comes or goes. First CHANGES
// changes, each when everybody has the list of the one before; then, with RATE, so many changes a second.
//   node bench/chat/online.mjs PORT USERS CHANGES [RATE SECONDS]
// A server on Node must be told (LISTS_FROM) to send no lists before all are there: it would send one for each who comes.
import { closeRequests, cpu, now, pause, percentile, print, until } from '../measure.mjs';
import { connect, connectAll, people } from './people.mjs';

const [port, users, changes, rate = 0, seconds = 0] = process.argv.slice(2).map(Number);
const kGuests = 512;
const kList = '["getonline",';
// 38 characters and a comma for each id, two brackets, and the one that closes the event.
const idsIn = (size) => Math.round((size - kList.length - 2) / 39);

let lists = 0, listed = 0, wanted = 0, lastList = 0;
const ids = new Array(users).fill(0);  // in the last list of each socket
const heard = (at, text, size) => {
  if (!text.startsWith(kList)) return;
  const count = idsIn(size);
  if (ids[at] === wanted) --listed;
  ids[at] = count;
  if (count === wanted) ++listed;
  ++lists;
  lastList = now();
};
function want(count) {
  wanted = count;
  listed = ids.filter((each) => each === count).length;
}
const everybody = people(users + kGuests);
await connectAll(port, everybody.slice(0, users), 'chat', heard);
const guests = everybody.slice(users);

// The first change makes a server on Node begin to send lists.
want(users + 1);
const opener = await connect(port, guests[0], 'chat');
await until('list for everybody', () => listed === users);
await pause(500);

let used = 0;
const lasts = [];
const begun = lists;
async function changeTo(count, what) {
  want(count);
  const before = cpu(), at = now();
  await what();
  await until('list for everybody', () => listed === users);
  used += cpu() - before;
  lasts.push(lastList - at);
}
for (let i = 0, guest; i < changes; ++i) {
  if (guest) await changeTo(users + 1, () => guest = void guest.leave());
  else await changeTo(users + 2, async () => guest = await connect(port, guests[1], 'chat'));
}
const figures = { change_cpu_ms: (used / changes / 1000).toFixed(2), list_cpu_us: (used / (lists - begun)).toFixed(2), lists: lists - begun,
  megabytes: (users * (users + 1) * 39 / 1e6).toFixed(1), last_p50_ms: percentile(lasts, 0.5) };

/** Guests come and leave in turn. A server that is slower than RATE has fewer changes: one who is on the way is left alone. */
async function churn() {
  const sockets = guests.map(() => undefined);
  let failed, turn = 0, done = 0, stopped = false;
  const failure = new Promise((_, reject) => (failed = reject));
  const step = async (n) => {
    if (sockets[n] === 'comes') return;
    if (sockets[n]) {
      sockets[n].leave();
      sockets[n] = undefined;
    } else {
      sockets[n] = 'comes';
      sockets[n] = await connect(port, guests[n], 'chat');
    }
    ++done;
  };
  async function run() {
    for (let due = now(); !stopped; await pause(1))
      for (; due <= now(); due += 1000 / rate) step(1 + turn++ % (kGuests - 1)).catch(failed);
  }
  const before = { cpu: cpu(), lists, at: now() };
  const running = run();
  await Promise.race([pause(seconds * 1000), failure]);
  const took = now() - before.at;
  Object.assign(figures, { churn_per_s: (done / took * 1000).toFixed(0), churn_core: ((cpu() - before.cpu) / took / 1000).toFixed(3),
    churn_lists_per_s: ((lists - before.lists) / users / took * 1000).toFixed(2) });
  stopped = true;
  await running;
}
if (rate > 0) await churn();
opener.leave();
print(figures);
closeRequests();
process.exit(0);
