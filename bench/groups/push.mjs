// R-000-42: pushes to a local APNs. Writes the server's flags to FOLDER/apns.flags and reads the server's port from standard input.
//   node bench/groups/push.mjs FOLDER online SECONDS MEMBERS           all are online and pushed too (--push-always): from `call-started`
//                                                                      to the last push at the provider, in each start
//   node bench/groups/push.mjs FOLDER offline ROUNDS MEMBERS DEVICES   one start pushes all devices of members who are offline
// Prints `name=value` pairs. The provider and the members' sockets are in this process, so the figures are bounds of the server's.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ask, percentile, since } from '../measure.mjs';
import { anApns } from './apns.mjs';
import { connect, crowd, done } from './people.mjs';

const [folder, mode] = process.argv.slice(2, 4);
const [amount, members, devices = 1] = process.argv.slice(4).map(Number);
const kPatience = 60_000;

const apns = await anApns(folder);
writeFileSync(join(folder, 'apns.new'), `${apns.flags}${mode === 'online' ? ' --push-always' : ''}\n`);
renameSync(join(folder, 'apns.new'), join(folder, 'apns.flags'));
const lines = createInterface({ input: process.stdin });
const port = Number(await new Promise((resolve) => lines.once('line', resolve)));
lines.close();

const { caller, others, people, group } = await crowd(port, members);
let serial = 0;
const register = ({ token }) => ask(port, 'POST', '/api/devices', {
  platform: 'ios', pushProvider: 'apns', pushToken: (++serial).toString(16).padStart(64, '0'), name: 'bench' }, token);
await Promise.all(others.flatMap((each) => Array.from({ length: devices }, () => register(each))));
await ask(port, 'GET', `/api/call/token?conversationId=${group}`, undefined, caller.token);
await connect(port, caller, () => {});
if (mode === 'online') for (const each of others) await connect(port, each, () => {});

/** Milliseconds until each of `serial` devices was pushed once; fewer pushes than that are lost ones. */
async function pushed(what) {
  const begin = process.hrtime.bigint();
  const all = apns.pushes(serial);
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, kPatience)));
  const answer = await what();
  await Promise.race([all, late]);
  clearTimeout(timer);
  lost += serial - apns.count();
  return { took: since(begin), answer };
}

let lost = 0;
const rings = [];
const end = Date.now() + amount * 1000;
while (mode === 'online' ? Date.now() < end : rings.length < amount) {
  const { took, answer: { id } } = await pushed(() => caller.does('call-started', { conversationId: group }));
  rings.push(took);
  await pushed(() => caller.does('call-cancel', { callId: id }));
}
console.log(`group_starts=${rings.length}`, `pushes=${serial}`, `lost=${lost}`, `last_push_p50_ms=${percentile(rings, 0.5)}`, `last_push_p99_ms=${percentile(rings, 0.99)}`,
  `per_s=${(serial / (Number(percentile(rings, 0.5)) / 1000)).toFixed(0)}`);
done(people);
apns.close();
process.exit(0);  // the server keeps its connection to the provider
