// Pictures and forms for tests of files.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

// zlib has crc32 from Node 22 on; an older one counts here.
const crc = crc32 ?? ((bytes) => {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; ++bit) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
});

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const size = Buffer.alloc(4), sum = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([size, body, sum]);
}

/** A grey PNG, with a text chunk that says `secret`. Its rows may be fewer than its head says. */
export function png(width, height, { rows = height, secret = 'none' } = {}) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('tEXt', Buffer.from(`Comment\0${secret}`)),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * rows))), chunk('IEND', Buffer.alloc(0))]);
}

/** Our own default picture, with an Exif block that says `secret`. */
export function jpeg(secret) {
  const plain = readFileSync(resolve(root, 'web/public/avatar.jpg'));
  const text = Buffer.from(`Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0${secret}`, 'latin1');
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([plain.subarray(0, 2), head, text, plain.subarray(2)]);
}

/** The size that the head of a WebP says: of its lossy, lossless or extended form. */
export function sizeOfWebp(bytes) {
  const form = bytes.toString('latin1', 12, 16);
  if (form === 'VP8X') return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
  if (form === 'VP8L') return [(bytes.readUInt32LE(21) & 0x3fff) + 1, ((bytes.readUInt32LE(21) >>> 14) & 0x3fff) + 1];
  return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
}

/** POSTs a form with one file and other fields in the name of `person`. */
export async function sendFile(person, path, field, bytes, { name = 'a.bin', type = 'application/octet-stream', fields = {} } = {}) {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  form.append(field, new Blob([bytes], { type }), name);
  const answer = await fetch(person.url + path, { method: 'POST', body: form, headers: { authorization: `Bearer ${person.token}` } });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

/** GETs bytes, in the name of `person` unless that is null. */
export async function bytesOf(url, path, { person = null, headers = {} } = {}) {
  const answer = await fetch(url + path, { headers: { ...(person && { authorization: `Bearer ${person.token}` }), ...headers } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}
