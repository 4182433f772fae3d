// Raw bytes on a socket, for what no stock client would send.
import net from 'node:net';
import { once } from 'node:events';
import { eventually, within } from './wait.mjs';

export async function connectRaw(url) {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => {});
  await within(once(socket, 'connect'), 'a TCP connection');
  const raw = { socket, received: Buffer.alloc(0), ended: false };
  socket.on('data', (bytes) => (raw.received = Buffer.concat([raw.received, bytes])));
  socket.on('close', () => (raw.ended = true));
  raw.send = (bytes) => socket.write(bytes);
  raw.text = () => raw.received.toString('latin1');
  raw.status = () => eventually(() => Number(/^HTTP\/1\.1 (\d{3})/.exec(raw.text())?.[1]), 'a status line');
  raw.gone = (deadline) => eventually(() => raw.ended, 'the server closing the connection', deadline);
  raw.destroy = () => socket.destroy();
  return raw;
}

/** A WebSocket whose frames are ours to build; `frames()` is what the server sent since the handshake. */
export async function connectRawWebSocket(url, path = '/socket.io/?EIO=4&transport=websocket') {
  const raw = await connectRaw(url);
  raw.send(`GET ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  await eventually(() => raw.text().includes('\r\n\r\n'), 'the WebSocket handshake');
  if (!raw.text().startsWith('HTTP/1.1 101')) throw new Error(raw.text());
  const start = raw.received.indexOf('\r\n\r\n') + 4;
  raw.frames = () => parseFrames(raw.received.subarray(start));
  raw.sendText = (text) => raw.send(frame({ payload: Buffer.from(text) }));
  raw.heard = (text) => eventually(() => raw.frames().some((each) => each.payload.toString().startsWith(text)), `a frame ${text}`);
  raw.closeCode = () => eventually(() => {
    const close = raw.frames().find((each) => each.opcode === 8);
    return close && close.payload.readUInt16BE(0);
  }, 'a close frame');
  return raw;
}

/** RFC 6455 5.2, with every field open to abuse. */
export function frame({ opcode = 1, payload = Buffer.alloc(0), fin = true, reserved = 0, masked = true, length } = {}) {
  const announced = BigInt(length ?? payload.length);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  let head;
  if (announced < 126n) {
    head = Buffer.from([first, mask | Number(announced)]);
  } else if (announced < 65536n) {
    head = Buffer.from([first, mask | 126, 0, 0]);
    head.writeUInt16BE(Number(announced), 2);
  } else {
    head = Buffer.alloc(10);
    head[0] = first;
    head[1] = mask | 127;
    head.writeBigUInt64BE(announced, 2);
  }
  // A key of zeros masks nothing, and is valid.
  return Buffer.concat(masked ? [head, Buffer.alloc(4), payload] : [head, payload]);
}

function parseFrames(bytes) {
  const frames = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    let size = bytes[at + 1] & 0x7f;
    let head = 2;
    if (size === 126) {
      if (at + 4 > bytes.length) break;
      size = bytes.readUInt16BE(at + 2);
      head = 4;
    } else if (size === 127) {
      if (at + 10 > bytes.length) break;
      size = Number(bytes.readBigUInt64BE(at + 2));
      head = 10;
    }
    if (at + head + size > bytes.length) break;
    frames.push({ opcode: bytes[at] & 0x0f, payload: bytes.subarray(at + head, at + head + size) });
    at += head + size;
  }
  return frames;
}
