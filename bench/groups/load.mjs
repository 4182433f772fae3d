// R-000-38, R-000-43: starts of a group call with everybody online, one after the other. Prints `name=value` pairs like loadgen: from the
// start to its acknowledgement, and to the last call.incoming, 99th percentiles. The members' sockets are in this process too, so what Node
// needs to read the events is part of it: the figures are upper bounds of the server's.
//   node --experimental-websocket bench/groups/load.mjs PORT SECONDS MEMBERS
const [port, seconds, members] = process.argv.slice(2).map(Number);
const run = Math.random().toString(36).slice(2, 8);

async function post(path, body, token) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A native session: Engine.IO 4 over WebSocket, by hand. `heard` gets each event. */
function connect(person, heard) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  const waiting = new Map();
  let acks = 0;
  person.does = (event, payload) => new Promise((resolve) => {
    waiting.set(++acks, resolve);
    socket.send(`42${acks}${JSON.stringify([event, payload])}`);
  });
  person.leaves = () => socket.close();
  return new Promise((resolve, reject) => {
    socket.onerror = reject;
    socket.onmessage = ({ data }) => {
      if (data[0] === '0') return socket.send(`40${JSON.stringify({ token: person.token, dialect: 'native' })}`);
      if (data === '2') return socket.send('3');
      if (data.startsWith('44')) return reject(new Error(data));
      if (data.startsWith('43')) {
        const [, number, answer] = /^43(\d+)(.*)$/s.exec(data);
        return waiting.get(Number(number))(JSON.parse(answer)[0]);
      }
      if (data.startsWith('42["session.ready"')) return resolve(person);
      if (data.startsWith('42')) heard(data);
    };
  });
}

const person = async (n) => {
  const { id, token } = await post('/user/sign-up', { username: `group_${run}_${n}`, password: 'a bench password' });
  return { id, token };
};

let rung = 0, lastRing = 0n, allRung;
const heard = (data) => {
  if (!data.startsWith('42["call.incoming"')) return;
  lastRing = process.hrtime.bigint();
  if (++rung === members - 1) allRung();
};

const people = [];
for (let n = 0; n < members; ++n) people.push(await connect(await person(n), heard));
const [caller, ...others] = people;
const group = (await post('/api/conversations', { kind: 'group', memberIds: others.map(({ id }) => id) }, caller.token)).data.id;
const acks = [], rings = [];
const end = Date.now() + seconds * 1000;
while (Date.now() < end) {
  rung = 0;
  const everybody = new Promise((resolve) => (allRung = resolve));
  const begin = process.hrtime.bigint();
  const { success, data, error } = await caller.does('call.start', { groupId: group, callType: 'audio', ring: 'immediate' });
  if (!success) throw new Error(JSON.stringify(error));
  acks.push(Number(process.hrtime.bigint() - begin) / 1e6);
  await everybody;
  rings.push(Number(lastRing - begin) / 1e6);
  await caller.does('call.cancel', { callId: data.id });
}
const p99 = (all) => all.sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * 0.99))].toFixed(1);
console.log(`group_starts=${rings.length}`, `ack_p99_ms=${p99(acks)}`, `last_ring_p99_ms=${p99(rings)}`);
people.forEach((each) => each.leaves());
