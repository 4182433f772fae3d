// Messages between pairs, each stored before its sender gets the acknowledgement: how many a second, and how long from the send until the
// other side has it. A server on Node (bench/node-peer/chat.js) keeps them in an array.
//   node bench/chat/messages.mjs PORT SECONDS PAIRS WINDOW DIALECT [RATE]
// Each sender has WINDOW messages under way; with RATE that many a second leave, whatever is under way, and each counts from when it was
// due. DIALECT: native (message.send) or chat (newMessage). One process sends and receives all, so what it needs for a message is part of
// the times; message_cpu_us is the server's alone.
import { closeRequests, cpu, now, pause, percentile, print, until } from '../measure.mjs';
import { connectAll, directOf, introduce, people } from './people.mjs';

const [port, seconds, pairs, window] = process.argv.slice(2, 6).map(Number);
const [dialect, rate] = [process.argv[6], Number(process.argv[7] ?? 0)];
const kWarm = 1000;
const kStamp = /@(\d+\.\d+)@/;
const kArrival = dialect === 'chat' ? '["newMessage"' : '["message.new"';

const everybody = people(2 * pairs);
const [senders, receivers] = [everybody.slice(0, pairs), everybody.slice(pairs)];
await introduce(port, everybody);
const rooms = dialect === 'chat' ? [] : await Promise.all(senders.map((each, i) => directOf(port, each, receivers[i])));

let received = 0, acknowledged = 0, sent = 0, counting = false;
const ways = [], acks = [];
const heard = (at, text) => {
  if (!text.startsWith(kArrival)) return;
  ++received;
  if (counting) ways.push(now() - Number(kStamp.exec(text)[1]));
};
await connectAll(port, receivers, dialect, heard);
const sockets = await connectAll(port, senders, dialect);

async function send(i, due = now()) {
  const text = `The lighthouse keeper climbs the stairs once more and lights the lamp @${due.toFixed(3)}@`;
  const clientMessageId = `m${++sent}`;
  if (dialect === 'chat') await sockets[i].does('newMessage', { to: receivers[i].id, text, clientMessageId });
  else await sockets[i].does('message.send', { conversationId: rooms[i].id, clientMessageId, text });
  ++acknowledged;
  if (counting) acks.push(now() - due);
}
let stopped = false;
async function keepSending(i) {
  while (!stopped) await send(i);
}
async function sendAtRate(failed) {
  for (let due = now(), next = 0; !stopped; await pause(1))
    for (; due <= now(); due += 1000 / rate) send(next++ % pairs, due).catch(failed);
}

let failed;
const failure = new Promise((_, reject) => (failed = reject));
const load = rate ? [sendAtRate(failed)] : sockets.flatMap((_, i) => Array.from({ length: window }, () => keepSending(i)));
await Promise.race([pause(kWarm), failure, ...load]);
counting = true;
const before = { cpu: cpu(), at: now(), acknowledged };
await Promise.race([pause(seconds * 1000), failure, ...load]);
const done = acknowledged - before.acknowledged, took = now() - before.at, used = cpu() - before.cpu;
stopped = true;
await Promise.all(load);
await until('acknowledgement of each message', () => acknowledged === sent);
await until('arrival of each message', () => received >= sent);
print({ messages_per_s: (done / took * 1000).toFixed(0), message_cpu_us: (used / done).toFixed(1), receive_p50_ms: percentile(ways, 0.5, 2),
  receive_p99_ms: percentile(ways, 0.99, 2), ack_p99_ms: percentile(acks, 0.99, 2), doubled: received - sent });
closeRequests();
process.exit(0);
