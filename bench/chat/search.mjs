// Search over all conversations of a user: CHATS direct ones with MESSAGES messages together, one question at a time. One question in five is
// for one of the ten commonest words, for a word in the middle, for a rare one, for two words of one message, and for the first three letters
// of a word.
//   node bench/chat/search.mjs PORT QUESTIONS MESSAGES [CHATS]
// The users are the same in each run, so a database that was filled before is not filled again.
import { closeRequests, cpu, percentile, print, since } from '../measure.mjs';
import { anyRank, chance, fill, get, kWords, sentence, word } from './filled.mjs';
import { directOf, introduce, people } from './people.mjs';

const [port, questions, messages, chats = 100] = process.argv.slice(2).map(Number);

const [reader, ...others] = people(chats + 1, 'search');
await introduce(port, [reader, ...others]);
const rooms = [];
for (const each of others) rooms.push(await directOf(port, reader, each));
await fill(port, others, rooms, Math.ceil(messages / chats));

const next = chance(7);
const between = (from, to) => from + Math.floor(next() * (to - from));
const kinds = {
  common: () => word(between(0, 10)),
  middle: () => word(between(200, 1000)),
  rare: () => word(between(kWords / 2, kWords)),
  two: () => sentence(next).split(' ').slice(0, 2).join(' '),
  prefix: () => word(anyRank(next)).slice(0, 3),
};
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
for (let i = 0; i < questions; ++i) await search(Object.keys(kinds)[i % Object.keys(kinds).length]);
const all = Object.values(times).flat();
print({ search_p50_ms: percentile(all, 0.5, 2), search_p99_ms: percentile(all, 0.99, 2), ...Object.fromEntries(Object.entries(times).map(([kind, each]) => [`${kind}_p99_ms`, percentile(each, 0.99, 2)])),
  search_cpu_us: ((cpu() - before) / questions).toFixed(0), results: (found / all.length).toFixed(1) });
closeRequests();
process.exit(0);
