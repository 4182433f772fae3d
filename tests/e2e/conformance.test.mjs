// belfry-conformance by what the official Engine.IO 4 and Socket.IO 5 suites check (SPEC section 0). The suites are in no npm
// package and are run by hand (README.md); these are our own assertions of the same behaviour, so that CI notices when it breaks.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { kBinary } from './harness/server.mjs';
import { within } from './harness/wait.mjs';

const kKeys = ['maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades'];
let child;
let url;

before(async () => {
  child = spawn(join(dirname(kBinary), 'belfry-conformance'), ['--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await within(once(createInterface({ input: child.stdout }), 'line'), 'the ready line', 15000);
  url = /^listening on (http:\S+)$/.exec(line)[1];
});
after(() => child.kill());

const polling = (path, sid) => `${url}${path}?EIO=4&transport=polling${sid ? `&sid=${sid}` : ''}`;
const post = (path, sid, body) => fetch(polling(path, sid), { method: 'POST', body });
const poll = (path, sid) => fetch(polling(path, sid));
const open = async (path) => JSON.parse((await (await poll(path)).text()).slice(1));

/** A WebSocket whose messages come one after the other, binary as Buffers. */
async function connect(path) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}?EIO=4&transport=websocket`);
  const heard = [];
  let wake = () => {};
  socket.on('message', (data, binary) => {
    heard.push(binary ? data : data.toString());
    wake();
  });
  socket.next = async () => {
    while (heard.length === 0) await within(new Promise((resolve) => (wake = resolve)), 'a message');
    return heard.shift();
  };
  socket.nextBut = async (skipped) => {
    for (;;) {
      const message = await socket.next();
      if (message !== skipped) return message;
    }
  };
  /** The close that a packet brings: silence would bring it too, but not before the first ping. */
  socket.goneAtOnce = async () => {
    await socket.gone();
    assert.ok(!heard.includes('2'), 'closed for its silence only');
  };
  socket.gone = () => within(socket.readyState === WebSocket.CLOSED ? Promise.resolve() : once(socket, 'close'), 'the close');
  await within(once(socket, 'open'), 'the WebSocket');
  return socket;
}

async function join40(namespace = '') {
  const socket = await connect('/socket.io/');
  await socket.next();
  socket.send(`40${namespace}`);
  await socket.nextBut('2');
  await socket.nextBut('2');  // `auth`
  return socket;
}

for (const path of ['/engine.io/', '/socket.io/']) {
  test(`${path}: a handshake has exactly the five keys, with the suite's values`, async () => {
    const handshake = await open(path);
    assert.deepEqual(Object.keys(handshake).sort(), kKeys);
    assert.deepEqual([handshake.pingInterval, handshake.pingTimeout, handshake.maxPayload], [300, 200, 1000000]);
    assert.deepEqual(handshake.upgrades, ['websocket']);
    const socket = await connect(path);
    assert.deepEqual(JSON.parse((await socket.next()).slice(1)).upgrades, []);
    socket.close();
  });

  test(`${path}: both deadlines count from the handshake`, async () => {
    const started = performance.now();
    const socket = await connect(path);
    await socket.next();
    assert.equal(await socket.next(), '2');
    const pinged = performance.now() - started;
    await socket.gone();
    const closed = performance.now() - started;
    assert.ok(pinged >= 295 && pinged < 600, `pinged after ${pinged} ms`);
    assert.ok(closed >= 495 && closed < 800, `closed after ${closed} ms`);
  });
}

for (const query of ['transport=polling', 'EIO=abc&transport=polling', 'EIO=4', 'EIO=4&transport=abc']) {
  test(`a handshake with ?${query} is refused by both transports`, async () => {
    assert.equal((await fetch(`${url}/engine.io/?${query}`)).status, 400);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/engine.io/?${query.replace('polling', 'websocket')}`);
    const [error] = await once(socket, 'error');
    assert.equal(error.message, 'Unexpected server response: 400');
  });
}

test('a handshake must be a GET', async () => {
  for (const method of ['POST', 'PUT']) assert.equal((await fetch(polling('/engine.io/'), { method })).status, 400);
});

test('polling echoes several texts in one body', async () => {
  const { sid } = await open('/engine.io/');
  assert.equal(await (await post('/engine.io/', sid, '4one\x1e4two\x1e4three')).text(), 'ok');
  assert.equal(await (await poll('/engine.io/', sid)).text(), '4one\x1e4two\x1e4three');
});

test('a body that is not a packet ends the session', async () => {
  const { sid } = await open('/engine.io/');
  assert.equal((await post('/engine.io/', sid, 'abc')).status, 400);
  assert.equal((await poll('/engine.io/', sid)).status, 400);
});

test('a second poll beside the first ends the session, and the first poll gets a close packet', async () => {
  const { sid } = await open('/engine.io/');
  const answers = await Promise.all([poll('/engine.io/', sid), poll('/engine.io/', sid)]);
  const bodies = await Promise.all(answers.map(async (answer) => (answer.status === 200 ? answer.text() : '')));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
  assert.deepEqual(bodies.sort(), ['', '1']);
  assert.equal((await poll('/engine.io/', sid)).status, 400);
});

test('a poll that its client aborts ends the session', async () => {
  const { sid } = await open('/engine.io/');
  const stop = new AbortController();
  const given = fetch(polling('/engine.io/', sid), { signal: stop.signal }).catch(() => 'given up');
  assert.equal((await post('/engine.io/', sid, '3')).status, 200);  // a round trip: the poll has reached the server
  stop.abort();
  assert.equal(await given, 'given up');
  assert.equal((await poll('/engine.io/', sid)).status, 400);
});

test('a close packet ends the session and answers a waiting poll', async () => {
  const { sid } = await open('/engine.io/');
  const waiting = poll('/engine.io/', sid);
  assert.equal((await post('/engine.io/', sid, '3')).status, 200);  // a round trip: the poll has reached the server
  await post('/engine.io/', sid, '1');
  assert.equal(await (await waiting).text(), '6');
  assert.equal((await poll('/engine.io/', sid)).status, 400);
});

for (const [packet, what] of [['1', 'a close packet'], ['abc', 'a text that is no packet']]) {
  test(`${what} closes the WebSocket`, async () => {
    const socket = await connect('/engine.io/');
    await socket.next();
    socket.send(packet);
    await socket.goneAtOnce();
  });
}

test('a session stays open while pings are answered', async () => {
  const { sid } = await open('/engine.io/');
  const socket = await connect('/engine.io/');
  await socket.next();
  for (let n = 0; n < 3; ++n) {
    assert.equal(await socket.next(), '2');
    socket.send('3');
    assert.equal(await (await poll('/engine.io/', sid)).text(), '2');
    assert.equal((await post('/engine.io/', sid, '3')).status, 200);
  }
  socket.close();
});

test('polling echoes text and binary in one body', async () => {
  const { sid } = await open('/engine.io/');
  assert.equal(await (await post('/engine.io/', sid, '4hello\x1ebAQIDBA==')).text(), 'ok');
  assert.equal(await (await poll('/engine.io/', sid)).text(), '4hello\x1ebAQIDBA==');
});

test('websocket echoes text and binary', async () => {
  const socket = await connect('/engine.io/');
  await socket.next();
  socket.send('4hello');
  assert.equal(await socket.nextBut('2'), '4hello');
  socket.send(Buffer.from([1, 2, 3, 4]));
  assert.deepEqual(await socket.nextBut('2'), Buffer.from([1, 2, 3, 4]));
  socket.close();
});

test('an upgrade ends the poll with a noop and continues by websocket', async () => {
  const { sid } = await open('/engine.io/');
  const socket = await connect('/engine.io/').then((first) => (first.close(), new WebSocket(`${url.replace('http', 'ws')}/engine.io/?EIO=4&transport=websocket&sid=${sid}`)));
  await once(socket, 'open');
  const next = async () => (await within(once(socket, 'message'), 'a message'))[0].toString();
  const probed = next();
  socket.send('2probe');
  assert.equal(await probed, '3probe');
  assert.equal(await (await poll('/engine.io/', sid)).text(), '6');
  socket.send('5');
  assert.equal((await poll('/engine.io/', sid)).status, 400);
  const second = new WebSocket(`${url.replace('http', 'ws')}/engine.io/?EIO=4&transport=websocket&sid=${sid}`);
  await once(second, 'close').catch(({ message }) => assert.equal(message, 'Unexpected server response: 400'));
  const echoed = next();
  socket.send('4hello');
  assert.equal(await echoed, '4hello');
  socket.close();
});

test('the namespaces / and /custom exist, and the CONNECT payload is returned as `auth`', async () => {
  const socket = await connect('/socket.io/');
  await socket.next();
  socket.send('40');
  assert.match(await socket.nextBut('2'), /^40\{"sid":"[^"]+"\}$/);
  assert.equal(await socket.nextBut('2'), '42["auth",{}]');
  socket.send('40/custom,{"token":"123"}');
  assert.match(await socket.nextBut('2'), /^40\/custom,\{"sid":"[^"]+"\}$/);
  assert.equal(await socket.nextBut('2'), '42/custom,["auth",{"token":"123"}]');
  socket.send('40/random');
  assert.equal(await socket.nextBut('2'), '44/random,{"message":"Invalid namespace"}');
  socket.close();
});

test('a connection that joins no namespace is closed', async () => {
  const socket = await connect('/socket.io/');
  await socket.gone();
});

test('a connection that has left its namespace stays open, and can leave one namespace and continue in another', async () => {
  const socket = await join40();
  socket.send('40/custom,');
  assert.match(await socket.nextBut('2'), /^40\/custom,/);
  assert.equal(await socket.nextBut('2'), '42/custom,["auth",{}]');
  socket.send('41/custom,');
  socket.send('42["message","still here"]');
  assert.equal(await socket.nextBut('2'), '42["message-back","still here"]');
  socket.send('41');
  assert.equal(await socket.next(), '2');
  socket.close();
});

test('messages are returned with their arguments and attachments, and acks with theirs', async () => {
  const socket = await join40();
  socket.send('42["message",1,"2",{"3":[true]}]');
  assert.equal(await socket.nextBut('2'), '42["message-back",1,"2",{"3":[true]}]');
  socket.send('42456["message-with-ack",1,"2",{"3":[false]}]');
  assert.equal(await socket.nextBut('2'), '43456[1,"2",{"3":[false]}]');
  socket.send('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
  socket.send(Buffer.from([1, 2]));
  socket.send(Buffer.from([3]));
  assert.equal(await socket.nextBut('2'), '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
  assert.deepEqual(await socket.nextBut('2'), Buffer.from([1, 2]));
  assert.deepEqual(await socket.nextBut('2'), Buffer.from([3]));
  socket.send('451-789["message-with-ack",{"_placeholder":true,"num":0}]');
  socket.send(Buffer.from([4]));
  assert.equal(await socket.nextBut('2'), '461-789[{"_placeholder":true,"num":0}]');
  assert.deepEqual(await socket.nextBut('2'), Buffer.from([4]));
  socket.close();
});

for (const text of ['4abc', '42{}', '42abc["message-with-ack",1]']) {
  test(`the malformed packet ${text} closes the connection`, async () => {
    const socket = await join40();
    socket.send(text);
    await socket.goneAtOnce();
  });
}
