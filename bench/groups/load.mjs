// R-000-38, R-000-43: starts of a group call with everybody online, one after the other. Prints `name=value` pairs like loadgen: from
// `call-started` to its acknowledgement, and to the last `incoming-call`, 99th percentiles. The members' sockets are in this process
// too, so what Node needs to read the events is part of it: the figures are upper bounds of the server's.
//   node bench/groups/load.mjs PORT SECONDS MEMBERS
import { ask, percentile, since } from '../measure.mjs';
import { connect, crowd, done } from './people.mjs';

const [port, seconds, members] = process.argv.slice(2).map(Number);
let rung = 0, lastRing = 0, begin = 0n, allRung;
const heard = (data) => {
  if (!data.startsWith('42["incoming-call"')) return;
  lastRing = since(begin);
  if (++rung === members - 1) allRung();
};

const { caller, people, group } = await crowd(port, members);
for (const each of people) await connect(port, each, heard);
await ask(port, 'GET', `/api/call/token?conversationId=${group}`, undefined, caller.token);
const acks = [], rings = [];
const end = Date.now() + seconds * 1000;
while (Date.now() < end) {
  rung = 0;
  const everybody = new Promise((resolve) => (allRung = resolve));
  begin = process.hrtime.bigint();
  const { id } = await caller.does('call-started', { conversationId: group });
  acks.push(since(begin));
  await everybody;
  rings.push(lastRing);
  await caller.does('call-cancel', { callId: id });
}
console.log(`group_starts=${rings.length}`, `ack_p99_ms=${percentile(acks, 0.99)}`, `last_ring_p50_ms=${percentile(rings, 0.5)}`, `last_ring_p99_ms=${percentile(rings, 0.99)}`);
done(people);
