// The examples of docs/protocol work as the pages say. The ```javascript blocks of a page are one program in parts, run against a
// server of its own with the stock client; the ```text and ```json blocks after a part are its expected output.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { io } from 'sio';
import { WebSocket } from 'ws';
import { startServer } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

const kFolder = new URL('../../docs/protocol/', import.meta.url);
/** A page begins with one of these. */
const kImports = ['import { io } from "socket.io-client";\n', 'import WebSocket from "ws";\n'];
const kUrl = 'http://localhost:3000';
const kUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** [{ code, shown: [text line or object] }], in the order of the page. */
function partsOf(page) {
  const parts = [];
  for (const [, kind, body] of page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)) {
    if (kind === 'javascript') parts.push({ code: body, shown: [] });
    if (kind === 'text') parts.at(-1).shown.push(...body.trimEnd().split('\n'));
    if (kind === 'json') parts.at(-1).shown.push(JSON.parse(body));
  }
  return parts;
}

/** A page shows the members that matter. Ids and times differ each time, and `…` stands for the rest of a long string. */
function assertShows(shown, logged, where) {
  if (typeof shown === 'object' && shown !== null) {
    assert.equal(typeof logged, 'object', `${where}: ${inspect(logged)} instead of ${inspect(shown)}`);
    if (Array.isArray(shown)) assert.equal(logged.length, shown.length, where);
    for (const [key, value] of Object.entries(shown)) assertShows(value, logged[key], `${where}.${key}`);
  } else if (typeof shown === 'string' && shown.endsWith('…')) {
    assert.ok(logged.startsWith(shown.slice(0, -1)), `${where}: ${logged} instead of ${shown}`);
  } else {
    for (const form of [kUuid, kTime]) if (form.test(shown) && form.test(logged)) return;
    assert.deepEqual(logged, shown, where);
  }
}

async function runPage(name, page, url) {
  const parts = partsOf(page);
  const [imported] = kImports.filter((line) => parts[0].code.startsWith(line));
  assert.ok(imported, `${name}: the first example begins with one of ${kImports.join('')}`);
  const sockets = [];
  const logged = [];
  const connect = (...words) => sockets[sockets.push(io(...words)) - 1];
  class Socket extends WebSocket {
    constructor(...words) {
      super(...words);
      sockets.push({ disconnect: () => this.terminate() });
    }
  }
  const log = (...words) => logged.push(words.length === 1 ? words[0] : words.map((word) => (typeof word === 'string' ? word : inspect(word))).join(' '));
  const partDone = async (at) => {
    const { shown } = parts[at];
    await eventually(() => logged.length >= shown.length, 'the lines').catch(() => assert.deepEqual(logged, shown, `${name}, part ${at + 1}`));
    logged.splice(0).forEach((line, n) => assertShows(shown[n], line, `${name}, part ${at + 1}, line ${n + 1}`));
  };
  const program = parts.map(({ code }, at) => `${code}\nawait partDone(${at});\n`).join('').replace(imported, '').replaceAll(kUrl, url);
  const AsyncFunction = (async () => {}).constructor;
  try {
    await new AsyncFunction('io', 'WebSocket', 'console', 'partDone', program)(connect, Socket, { log }, partDone);
  } finally {
    for (const socket of sockets) socket.disconnect();
  }
}

for (const name of readdirSync(kFolder).filter((file) => file.endsWith('.md')).sort()) {
  test(`the examples of docs/protocol/${name} run and log what the page shows`, async () => {
    const server = await startServer();
    try {
      await runPage(name, readFileSync(new URL(name, kFolder), 'utf8'), server.url);
    } finally {
      await server.stop();
    }
  });
}
