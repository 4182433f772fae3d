// What is unread for a user who has read nothing of a group of MEMBERS in which the others wrote LAG messages. Nobody is connected. In turn
// one of them writes another message, the user asks for the counts and for the list of conversations, and reads a bit of what is behind.
//   node bench/chat/unread.mjs PORT ROUNDS MEMBERS LAG
import { ask, closeRequests, cpu, inLanes, percentile, print, since } from '../measure.mjs';
import { get } from './filled.mjs';
import { groupOf, introduce, people } from './people.mjs';

const [port, rounds, members, lag] = process.argv.slice(2).map(Number);

const crowd = people(members);
const [reader, ...writers] = crowd;
await introduce(port, crowd);
const group = await groupOf(port, crowd);
const path = `/api/conversations/${group.id}`;
const write = (n) => ask(port, 'POST', `${path}/messages`, { text: `Message ${n}: the lighthouse is dark` }, writers[n % writers.length].token);
await inLanes(Array.from({ length: lag }), 32, (_, n) => write(n));

const times = { send: [], unread: [], list: [], read: [] }, costs = { send: 0, unread: 0, list: 0, read: 0 };
async function measured(kind, what) {
  const begun = process.hrtime.bigint(), before = cpu();
  const answer = await what();
  times[kind].push(since(begun));
  costs[kind] += cpu() - before;
  return answer;
}
const { data: { total } } = await get(port, '/api/unread', reader);
if (total < lag) throw new Error(`${total} of ${lag} messages are unread`);
for (let round = 0; round < rounds; ++round) {
  await measured('send', () => write(lag + round));
  await measured('unread', () => get(port, '/api/unread', reader));
  await measured('list', () => get(port, '/api/conversations', reader));
  await measured('read', () => ask(port, 'POST', `${path}/read`, { upTo: Math.ceil(lag / 2 * (round + 1) / rounds) }, reader.token));
}
print(Object.fromEntries(Object.entries(times).flatMap(([kind, all]) => [
  [`${kind}_p50_ms`, percentile(all, 0.5, 2)], [`${kind}_p99_ms`, percentile(all, 0.99, 2)], [`${kind}_cpu_us`, (costs[kind] / rounds).toFixed(0)]])));
closeRequests();
process.exit(0);
