// What a page of seed 004's client has open: a chat socket, and a peer under its user's id, both with the cookie. The peer is a bare
// WebSocket; a browser with the stock `peerjs` is in chromium_virtual_peer.test.mjs.
import { io } from 'sio';
import { aPeer } from './peer.mjs';
import { eventually, within } from './wait.mjs';

const cookieOf = ({ cookie }) => ({ cookie: cookie.split(';')[0] });

/** A chat socket as that client opens it: it names its user, and nothing else. */
export async function aChatSocket(person) {
  const socket = io(person.url, { transports: ['websocket'], forceNew: true, reconnection: false, query: { userId: person.id }, extraHeaders: cookieOf(person) });
  socket.log = [];
  socket.name = person.name;
  socket.onAny((event, payload) => socket.log.push([event, payload, Date.now()]));
  socket.next = (event) =>
    eventually(() => socket.log.find(([name]) => name === event)?.[1], `${person.name} hearing ${event}; heard ${JSON.stringify(socket.log.map(([name]) => name))}`);
  socket.when = (event) => socket.log.find(([name]) => name === event)[2];
  socket.all = (event) => socket.log.filter(([name]) => name === event).map(([, payload]) => payload);
  await within(new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  }), 'a connection');
  await socket.next('getonline');
  return socket;
}

/** The peer of a page. Remembers when each message came. */
export async function aPageOf(person, options = {}) {
  const peer = await aPeer(person.url, person.id, { token: `page ${Math.random()}`, mount: '/peerjs', headers: { ...cookieOf(person), ...options } });
  peer.media = (type, dst, connectionId, member) => peer.say(type, dst, { ...member, type: 'media', connectionId });
  return peer;
}

/** Both. */
export async function aPeerPage(person) {
  const chat = await aChatSocket(person);
  const peer = await aPageOf(person);
  return { ...person, chat, peer, leave: () => { chat.disconnect(); peer.leave(); } };
}
