// A PeerJS peer on a bare WebSocket, which records every message that it gets. The stock client is in chromium_peerjs.test.mjs: it
// needs a browser.
import WebSocket from 'ws';
import { eventually } from './wait.mjs';

/** Connects as `id`; does not wait for OPEN. `mount`: the path that the client was given, without the slash at its end. */
export function connectPeer(url, id, { token = 'a token', key = 'peerjs', mount = '', headers = {} } = {}) {
  const asked = new URLSearchParams({ key, id, token, version: '1.5.5' });
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${mount}/peerjs?${asked}`, { headers });
  const peer = { id, socket, log: [], closed: false };
  peer.times = [];  // of each message of the log
  socket.on('message', (text) => {
    peer.log.push(JSON.parse(text));
    peer.times.push(Date.now());
  });
  socket.on('close', () => { peer.closed = true; });
  socket.on('error', () => {});
  peer.types = () => peer.log.map(({ type }) => type);
  peer.next = (type, test = () => true) =>
    eventually(() => peer.log.find((each) => each.type === type && test(each)), `${type} at ${id}; got ${peer.types()}`);
  peer.when = (type) => peer.times[peer.log.findIndex((each) => each.type === type)];
  peer.all = (type) => peer.log.filter((each) => each.type === type);
  peer.say = (type, dst, payload) => socket.send(JSON.stringify({ type, dst, payload }));
  peer.gone = () => eventually(() => peer.closed, `${id} to be closed`);
  peer.leave = () => socket.close();
  return peer;
}

/** One that is open. */
export async function aPeer(url, id, options) {
  const peer = connectPeer(url, id, options);
  await peer.next('OPEN');
  return peer;
}
