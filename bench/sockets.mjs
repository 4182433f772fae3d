// WebSockets that cost the load generator little, so that ten thousand fit into one process: frames leave with mask 0 (legal, and
// free), all sockets read into one buffer, and of a message only its first bytes are kept.
import net from 'node:net';

const kKept = 4096;
const shared = Buffer.alloc(256 * 1024);
// Source addresses in turn: the ports of one are not enough for sockets that come and go.
const kSources = 8;
let opened = 0;

export function frame(text) {
  const size = Buffer.byteLength(text);
  const extended = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const bytes = Buffer.alloc(6 + extended + size);
  bytes[0] = 0x81;
  bytes[1] = 0x80 | (extended === 0 ? size : extended === 2 ? 126 : 127);
  if (extended === 2) bytes.writeUInt16BE(size, 2);
  if (extended === 8) bytes.writeBigUInt64BE(BigInt(size), 2);
  bytes.write(text, 6 + extended);
  return bytes;
}

/** Calls heard(text, size) for each message; `text` has no more than its first 4096 bytes. */
class Messages {
  constructor(heard) {
    this.heard = heard;
    this.rest = undefined;  // of a head that is not complete
    this.left = 0;          // of a payload that is not complete
    this.size = 0;
    this.kept = '';
  }
  take(bytes) {
    if (this.rest) bytes = Buffer.concat([this.rest, bytes]);
    this.rest = undefined;
    let at = 0;
    while (at < bytes.length) {
      if (this.left === 0 && (at = this.head(bytes, at)) < 0) return;
      const part = Math.min(this.left, bytes.length - at);
      const room = Math.min(part, kKept - this.kept.length);
      if (room > 0) this.kept += bytes.latin1Slice(at, at + room);
      at += part;
      this.left -= part;
      if (this.left === 0) this.heard(this.kept, this.size);
    }
  }
  /** Where the payload begins; -1: the head is not complete. */
  head(bytes, at) {
    const short = bytes.length - at < 2 ? 0 : bytes[at + 1] & 0x7f;
    const whole = bytes.length - at < 2 ? Infinity : short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length - at < whole) {
      this.rest = Buffer.from(bytes.subarray(at));
      return -1;
    }
    this.size = short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
    this.left = this.size;
    this.kept = '';
    if (this.size === 0) this.heard('', 0);
    return at + whole;
  }
}

/** Resolves to {send(frame), leave()} after the handshake. A socket that the server closes ends the measurement. */
export function openWebSocket(port, path, heard) {
  return new Promise((resolve, reject) => {
    const messages = new Messages(heard);
    let answer = '', upgraded = false, left = false;
    const take = (bytes) => {
      if (upgraded) return messages.take(bytes);
      answer += bytes.latin1Slice(0, bytes.length);
      const end = answer.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!answer.startsWith('HTTP/1.1 101')) return reject(new Error(`no upgrade: ${answer.slice(0, 200)}`));
      upgraded = true;
      resolve(socket);
      const more = Buffer.from(answer.slice(end + 4), 'latin1');
      if (more.length > 0) messages.take(more);
    };
    const onread = { buffer: shared, callback: (size, buffer) => (take(buffer.subarray(0, size)), true) };
    const wire = net.connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + opened++ % kSources}`, noDelay: true, onread });
    const socket = {
      send: (bytes) => wire.write(bytes),
      leave: (last) => {
        left = true;
        wire.end(last);
      },
    };
    wire.on('error', (error) => left || reject(error));
    wire.on('close', () => {
      if (left) return;
      reject(new Error('the server closed a socket'));
      if (upgraded) throw new Error('the server closed a socket');
    });
    wire.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  });
}
