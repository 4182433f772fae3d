// Search over all conversations of a user: CHATS direct ones with MESSAGES messages together, one question at a time, each kind in turn.
//   node bench/chat/search.mjs PORT QUESTIONS MESSAGES [CHATS]
// The users are the same in each run, so a database that was filled before is not filled again.
import { closeRequests, cpu, percentile, print, since } from '../measure.mjs';
import { chance, fill, get, questions } from './filled.mjs';
import { directOf, introduce, people } from './people.mjs';

const [port, count, messages, chats = 100] = process.argv.slice(2).map(Number);

const [reader, ...others] = people(chats + 1, 'search');
await introduce(port, [reader, ...others]);
const rooms = [];
for (const each of others) rooms.push(await directOf(port, reader, each));
await fill(port, others, rooms, Math.ceil(messages / chats));

const kinds = questions(chance(7));
const times = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
let found = 0;
async function search(kind) {
  const begun = process.hrtime.bigint();
  const { data } = await get(port, `/api/messages/search?q=${encodeURIComponent(kinds[kind]())}&limit=20`, reader);
  times[kind].push(since(begun));
  found += data.results.length;
}
for (const kind of Object.keys(kinds)) await search(kind);
for (const kind of Object.keys(kinds)) times[kind] = [];
const before = cpu();
for (let i = 0; i < count; ++i) await search(Object.keys(kinds)[i % Object.keys(kinds).length]);
const all = Object.values(times).flat();
print({ search_p50_ms: percentile(all, 0.5, 2), search_p99_ms: percentile(all, 0.99, 2), ...Object.fromEntries(Object.entries(times).map(([kind, each]) => [`${kind}_p99_ms`, percentile(each, 0.99, 2)])),
  search_cpu_us: ((cpu() - before) / count).toFixed(0), results: (found / all.length).toFixed(1) });
closeRequests();
process.exit(0);
