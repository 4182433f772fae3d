// A process of harness/crowd.mjs: many clients, each the stock client of Socket.IO with the settings of the web client's socket. It answers
// each message of its parent with one.
import { readFileSync } from 'node:fs';
import { io } from 'sio';

/** What the web client does after a loss, read from its source, so that the two cannot differ. */
const source = readFileSync(new URL('../../../web/src/wire/socket.ts', import.meta.url), 'utf8');
const setting = (name) => Number(new RegExp(`^const ${name} = (\\d+);$`, 'm').exec(source)[1]);
const kPolicy = { reconnectionDelay: setting('kFirstRetryMs'), reconnectionDelayMax: setting('kLongestRetryMs') };
/** Handshakes under way at first: what is measured comes later. */
const kLanes = 50;

const clients = [];

function open(url, token, localAddress) {
  const client = { socket: io(url, { transports: ['websocket', 'polling'], tryAllTransports: true, forceNew: true, auth: { token, dialect: 'native' }, localAddress, ...kPolicy }), back: 0, tries: 0 };
  client.socket.on('connect', () => { client.back = Date.now(); });
  client.socket.io.on('reconnect_attempt', () => { ++client.tries; });
  clients.push(client);
  return new Promise((resolve) => { client.socket.once('connect', resolve); });
}

async function connectAll({ url, all }) {
  let next = 0;
  const lane = async () => {
    while (next < all.length) {
      const { token, localAddress } = all[next++];
      await open(url, token, localAddress);
    }
  };
  await Promise.all(Array.from({ length: kLanes }, lane));
}

process.on('message', async ({ what, ...rest }) => {
  if (what === 'connect') await connectAll(rest);
  if (what === 'leave') for (const { socket } of clients) socket.disconnect();
  process.send({ here: clients.filter(({ socket }) => socket.connected).length, clients: what === 'tell' ? clients.map(({ back, tries }) => ({ back, tries })) : [] });
  if (what === 'leave') process.disconnect();
});
