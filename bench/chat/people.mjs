// Users of the chat benches and their Socket.IO sockets. They are users of another issuer, whose secret Belfry is started with: no
// password is hashed for them, so ten thousand are there within seconds.
import { createHash, createHmac } from 'node:crypto';
import { ask, inLanes } from '../measure.mjs';
import { frame, openWebSocket } from '../sockets.mjs';

export const kSecret = 'the bench signs its own tokens with this';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function tokenOf(id) {
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: id, exp: Math.floor(Date.now() / 1000) + 24 * 3600 })}`;
  return `${text}.${createHmac('sha256', kSecret).update(text).digest('base64url')}`;
}

/** The same users for the same `crowd`, so that a database which was filled once can be used again. */
export function people(count, crowd = Math.random().toString(36)) {
  return Array.from({ length: count }, (_, n) => {
    const hash = createHash('sha256').update(`${crowd} ${n}`).digest('hex');
    const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
    return { id, token: tokenOf(id), n };
  });
}

/** Members of a conversation must be known before; a socket makes its user known by itself. */
export const introduce = (port, all) => inLanes(all, 16, ({ token }) => ask(port, 'GET', '/api/users/me', undefined, token));

export const directOf = async (port, one, other) => (await ask(port, 'POST', '/api/conversations', { kind: 'direct', userId: other.id }, one.token)).data;
export const groupOf = async (port, [owner, ...others]) =>
  (await ask(port, 'POST', '/api/conversations', { kind: 'group', memberIds: others.map(({ id }) => id) }, owner.token)).data;

const kPong = frame('3'), kLeave = frame('41');

/**
 * A session of `dialect`, native or chat. heard(text, size) gets each event, as `["name",{...}]` (its first bytes; openWebSocket).
 * Resolves to {does(event, payload), leave()}; does() resolves to the data of the acknowledgement.
 */
export async function connect(port, { token }, dialect, heard = () => {}) {
  const waiting = new Map();
  let acks = 0, ready;
  const joined = new Promise((resolve, reject) => (ready = { resolve, reject }));
  const hear = (text, size) => {
    if (text.startsWith('42')) return heard(text.slice(2), size - 2);
    if (text.startsWith('43')) {
      const at = text.indexOf('[');
      const number = text.slice(2, at);
      const done = waiting.get(number);
      waiting.delete(number);
      return done(text.slice(at));
    }
    if (text === '2') return socket.send(kPong);
    if (text.startsWith('40')) return ready.resolve();
    if (text.startsWith('44')) return ready.reject(new Error(text));
    if (text[0] === '0') return opened.then(({ send }) => send(frame(`40${JSON.stringify({ token, dialect })}`)));
  };
  const opened = openWebSocket(port, '/socket.io/?EIO=4&transport=websocket', hear);
  const socket = await opened;
  await joined;
  const does = (event, payload) => new Promise((resolve, reject) => {
    const number = String(++acks);
    waiting.set(number, (text) => {
      const [{ success, data, error }] = JSON.parse(text);
      if (success) resolve(data);
      else reject(new Error(`${event}: ${JSON.stringify(error)}`));
    });
    socket.send(frame(`42${number}${JSON.stringify([event, payload])}`));
  });
  return { does, leave: () => socket.leave(kLeave) };
}

/** Sockets of all of them, 64 handshakes at a time. */
export async function connectAll(port, all, dialect, heard = () => {}) {
  const sockets = [];
  await inLanes(all, 64, async (each, at) => {
    sockets[at] = await connect(port, each, dialect, (text, size) => heard(at, text, size));
  });
  return sockets;
}
