// The published clients of seed 001, a messenger on REST and Socket.IO: how they connect, and what they send in a call. Its web
// client runs here on the oldest and the newest socket.io-client 4; its mobile client uses WebSocket alone.
import { io as newest } from 'sio';
import { io as oldest } from 'sio40';
import { aPerson } from './accounts.mjs';
import { eventually, within } from './wait.mjs';

export const kClients = { '4.8.4': newest, '4.0.2': oldest };

/** A web session: it names no dialect and no user, and presents nothing but its token. */
export async function aPage(person, { client = newest, ...options } = {}) {
  const socket = client(person.url, { auth: { token: person.token }, transports: ['websocket', 'polling'], reconnectionAttempts: 5, forceNew: true, ...options });
  const page = { ...person, socket, log: [] };
  socket.onAny((event, payload) => page.log.push([event, payload]));
  page.next = (event, test = () => true) =>
    eventually(() => page.log.find(([name, payload]) => name === event && test(payload))?.[1], `${person.name} waits for ${event}; got ${JSON.stringify(page.log.map(([name]) => name))}`);
  page.all = (event) => page.log.filter(([name]) => name === event).map(([, payload]) => payload);
  page.emit = (event, ...payload) => socket.emit(event, ...payload);
  page.leave = () => socket.disconnect();
  await within(new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  }), 'a connection');
  await page.next('authenticated');
  return page;
}

/** Two people with a page each. */
export async function twoPages(url, { caller = {}, callee = {} } = {}) {
  const [alice, bob] = await Promise.all([aPerson(url), aPerson(url)]);
  return Promise.all([aPage(alice, caller), aPage(bob, callee)]);
}

/** A call that rings at the callee's page. */
export async function rings(alice, bob) {
  const { body } = await alice.post('/api/calls', { recipientId: bob.id, callType: 'video' });
  const { call } = await bob.next('call.incoming', (event) => event.call.id === body.data.id);
  return call;
}
