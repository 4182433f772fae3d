// One message to a whole group: what one delivery costs the server, and when the last session has it. A group has up to 1 000 members, so
// 10 000 deliveries are 1 000 members with ten sessions each. Every session gets `message.new`; Belfry also counts what is unread and sends
// each of the others `unread.update`, which is part of its cost.
//   node bench/chat/fanout.mjs PORT SECONDS MEMBERS SESSIONS
import { closeRequests, cpu, now, pause, percentile, print, since, until } from '../measure.mjs';
import { connectAll, groupOf, introduce, people } from './people.mjs';

const [port, seconds, members, sessions] = process.argv.slice(2).map(Number);

const crowd = people(members);
await introduce(port, crowd);
const group = await groupOf(port, crowd);
let arrived = 0, updates = 0, began, last;
const deliveries = members * sessions;
const heard = (at, text) => {
  if (text.startsWith('["unread.update"')) ++updates;
  if (!text.startsWith('["message.new"')) return;
  last = since(began);
  ++arrived;
};
const sockets = await connectAll(port, Array.from({ length: sessions }, () => crowd).flat(), 'native', heard);

async function sendOne(sender) {
  arrived = 0;
  began = process.hrtime.bigint();
  await sockets[sender].does('message.send', { conversationId: group.id, text: 'The lighthouse is dark. Who has the matches?' });
  await until('delivery to everybody', () => arrived >= deliveries);
  return last;
}
await sendOne(0);
await pause(500);
// The counts of what is unread follow the message; so that they are in the figures, the next message waits for them.
const counted = updates > 0;
async function settle() {
  if (counted) await until('counts', () => updates >= deliveries - sessions);
  updates = 0;
}
await settle();
const lasts = [];
const before = cpu();
for (const end = now() + seconds * 1000; now() < end;) {
  lasts.push(await sendOne(lasts.length % members));
  await settle();
}
print({ delivery_cpu_us: ((cpu() - before) / (lasts.length * deliveries)).toFixed(2), last_p50_ms: percentile(lasts, 0.5), last_p99_ms: percentile(lasts, 0.99),
  messages: lasts.length, deliveries, unread_updates: counted ? 'yes' : 'no' });
closeRequests();
process.exit(0);
