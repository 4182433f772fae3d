// The people of a group for load: accounts, requests over kept connections, and sockets of the token dialect, Engine.IO 4 over
// WebSocket by hand, for Socket.IO's client costs more than the server that is measured.
import { createRequire } from 'node:module';
import { ask, closeRequests } from '../measure.mjs';

// Node has a WebSocket of its own from 22 on only.
const WebSocket = createRequire(new URL('../node-peer/package.json', import.meta.url))('ws');
const run = Math.random().toString(36).slice(2, 8);

export async function crowd(port, members) {
  const sign = async (_, n) => {
    const { id, token } = await ask(port, 'POST', '/user/sign-up', { username: `group_${run}_${n}`, password: 'a bench password' });
    return { id, token };
  };
  const people = await Promise.all(Array.from({ length: members }, sign));
  const [caller, ...others] = people;
  const group = (await ask(port, 'POST', '/api/conversations', { kind: 'group', memberIds: others.map(({ id }) => id) }, caller.token)).data.id;
  return { caller, others, people, group };
}

/** A session of the token dialect. `heard` gets each event as its text. */
export function connect(port, person, heard) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false });
  const waiting = new Map();
  let acks = 0;
  person.does = (event, payload) => new Promise((resolve, reject) => {
    waiting.set(++acks, ({ success, data, error }) => (success ? resolve(data) : reject(new Error(`${event}: ${JSON.stringify(error)}`))));
    socket.send(`42${acks}${JSON.stringify([event, payload])}`);
  });
  person.leaves = () => socket.close();
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (bytes) => {
      const data = bytes.toString();
      if (data[0] === '0') return socket.send(`40${JSON.stringify({ token: person.token, dialect: 'token' })}`);
      if (data === '2') return socket.send('3');
      if (data.startsWith('40')) return resolve(person);
      if (data.startsWith('44')) return reject(new Error(data));
      if (data.startsWith('43')) {
        const [, number, answer] = /^43(\d+)(.*)$/s.exec(data);
        return waiting.get(Number(number))(JSON.parse(answer)[0]);
      }
      if (data.startsWith('42')) heard(data);
    });
  });
}

export const done = (people) => {
  people.forEach(({ leaves }) => leaves?.());
  closeRequests();
};
