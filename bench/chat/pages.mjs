// Pages of a long conversation: the latest 50 messages, and 50 before any place in it.
//   node bench/chat/pages.mjs PORT SECONDS MESSAGES
import { closeRequests, cpu, now, percentile, print, since } from '../measure.mjs';
import { chance, fill, get } from './filled.mjs';
import { directOf, introduce, people } from './people.mjs';

const [port, seconds, messages] = process.argv.slice(2).map(Number);

const [reader, writer] = people(2);
await introduce(port, [reader, writer]);
const room = await directOf(port, reader, writer);
await fill(port, [writer], [room], messages);

const next = chance(1);
const times = { latest: [], before: [] };
async function ask(kind, path) {
  const begun = process.hrtime.bigint();
  const { data } = await get(port, path, reader);
  times[kind].push(since(begun));
  return data.messages;
}
const path = `/api/conversations/${room.id}/messages?limit=50`;
await ask('latest', path);
times.latest = [];
const before = cpu();
let read = 0;
for (const end = now() + seconds * 1000; now() < end; read += 2) {
  const latest = await ask('latest', path);
  if (latest.at(-1).seq !== messages) throw new Error(`the latest message is ${latest.at(-1).seq}, not ${messages}`);
  const bound = 2 + Math.floor(next() * (messages - 1));
  const older = await ask('before', `${path}&before=${bound}`);
  if (older.at(-1).seq !== bound - 1) throw new Error(`the message before ${bound} is ${older.at(-1).seq}`);
}
print({ latest_p50_ms: percentile(times.latest, 0.5, 2), latest_p99_ms: percentile(times.latest, 0.99, 2), before_p50_ms: percentile(times.before, 0.5, 2),
  before_p99_ms: percentile(times.before, 0.99, 2), page_cpu_us: ((cpu() - before) / read).toFixed(1), pages: read });
closeRequests();
process.exit(0);
