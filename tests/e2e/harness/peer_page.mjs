// What a page of seed 004's client has open: a chat socket, and a peer under its user's id, both with the cookie. The peer is a bare
// WebSocket; a browser with the stock `peerjs` is in chromium_virtual_peer.test.mjs.
import { aPage, cookieOf } from './chat_page.mjs';
import { aPeer } from './peer.mjs';

/** A chat socket that has been sent who is online. */
export async function aChatSocket(person) {
  const socket = await aPage(person, { transports: ['websocket'] });
  await socket.next('getonline');
  return socket;
}

/** The peer of a page. Remembers when each message came. */
export async function aPageOf(person, options = {}) {
  const peer = await aPeer(person.url, person.id, { token: `page ${Math.random()}`, mount: '/peerjs', headers: { cookie: cookieOf(person), ...options } });
  peer.media = (type, dst, connectionId, member) => peer.say(type, dst, { ...member, type: 'media', connectionId });
  return peer;
}

/** Both. */
export async function aPeerPage(person) {
  const chat = await aChatSocket(person);
  const peer = await aPageOf(person);
  return { ...person, chat, peer, leave: () => { chat.disconnect(); peer.leave(); } };
}
