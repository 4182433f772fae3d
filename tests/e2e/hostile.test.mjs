// The "Bad input", a test per case. After each, an unrelated pair can still call, and an offender whose framing was valid
// is still connected and has got an error. An offender that breaks the framing itself loses the connection; no other client does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { sharedServer } from './harness/server.mjs';
import { connectRaw, connectRawWebSocket, frame } from './harness/raw.mjs';
import { aConnectedCall, assertTalking, aUser, everybodyLeaves, kAnswer, kClientEvents, kOffer, candidate } from './harness/user.mjs';
import { eventually, within } from './harness/wait.mjs';

let innocents;
const server = sharedServer({ before, after }, {
  settle: async ({ url }) => (innocents = await aConnectedCall(url)),
  leave: everybodyLeaves,
});

async function assertNobodyElseNoticed() {
  await assertTalking(innocents);
  for (const user of [innocents.caller, innocents.callee]) {
    const strange = user.log.filter(([event]) => !['connect', 'user_registered', 'incoming_call', 'call_answered', 'ice_candidate'].includes(event));
    assert.deepEqual(strange, []);
  }
}

const kMore = { make_call: { offer: kOffer }, answer_call: { answer: kAnswer }, ice_candidate: { candidate: candidate(1) } };
/** A payload of `event` that is right in every field. */
const sound = (event, from, to) =>
  ['register_user', 'logout_user'].includes(event) ? { userId: from } : { to, from, ...kMore[event] };

/** A refusal of `event`: user_registered {success:false} or call_failed, each with words. */
async function told(user, event) {
  const answer = await user.next(event === 'register_user' ? 'user_registered' : 'call_failed', 3000);
  if (event === 'register_user') assert.equal(answer.success, false);
  assert.ok(answer.error?.length > 0, JSON.stringify(answer));
}

async function stillWelcome(user) {
  assert.equal(user.socket.connected, true);
  user.emit('make_call', { to: 'nobody-at-all', from: user.name, offer: kOffer });
  await eventually(() => user.all('call_failed').some((heard) => heard.targetUser === 'nobody-at-all'), 'the offender to be served');
}

/** The offender sends whatever `misbehave` sends; he is told and stays. `raw` writes one Engine.IO message as it is. */
async function offends(event, misbehave, options) {
  const offender = await aUser(server.url, options);
  const raw = (text) => offender.socket.io.engine.write(text);
  misbehave(offender, raw);
  await told(offender, event);
  await stillWelcome(offender);
  await assertNobodyElseNoticed();
  offender.leave();
}

const kPayloads = {
  'no payload': [],
  'null': [null],
  'a number': [42],
  'a string': ['alice'],
  'a boolean': [true],
  'an array': [[{ to: 'a', from: 'b' }]],
  'an empty object': [{}],
  'binary': [Buffer.from([0xff, 0x00, 0xfe])],
};

// R-003-37
for (const event of kClientEvents) {
  for (const [kind, payload] of Object.entries(kPayloads)) {
    test(`${event} with ${kind}`, () => offends(event, (offender) => offender.emit(event, ...payload)));
  }
  test(`${event} with binary, by polling`, () =>
    offends(event, (offender) => offender.emit(event, Buffer.from([1, 2, 3])), { options: { transports: ['polling'] } }));

  for (const field of Object.keys(sound(event, 'a', 'b'))) {
    // W-003-11: `from` may be left out, and without `candidate` there are no more of them.
    if (!['from', 'candidate'].includes(field)) test(`${event} without ${field}`, () => offends(event, (offender) => {
      const { [field]: _, ...rest } = sound(event, offender.name, innocents.callee.name);
      offender.emit(event, rest);
    }));
    for (const [kind, value] of Object.entries({ 'a number': 7, 'an array': [1], 'a boolean': false, 'binary': Buffer.from([1]) })) {
      test(`${event} with ${kind} as ${field}`, () => offends(event, (offender) =>
        offender.emit(event, { ...sound(event, offender.name, innocents.callee.name), [field]: value })));
    }
  }

  test(`${event} with binary deep inside`, () => offends(event, (offender) => {
    const payload = sound(event, offender.name, innocents.callee.name);
    const body = payload.offer ?? payload.answer ?? payload.candidate ?? payload;
    const binary = { ...body, extra: [{ deep: Buffer.from([1, 2, 3]) }] };
    const field = ['offer', 'answer', 'candidate'].find((name) => payload[name]);
    offender.emit(event, field ? { ...payload, [field]: binary } : binary);
  }));

  test(`${event} with binary and a lone surrogate`, () => offends(event, (offender, raw) => {
    raw(`51-["${event}",{"note":"\\ud800","binary":{"_placeholder":true,"num":0}}]`);
    offender.socket.io.engine.write(Buffer.from([1, 2, 3]));
  }));

  test(`${event} with a lone surrogate`, () => offends(event, (offender, raw) => {
    const text = JSON.stringify({ ...sound(event, offender.name, innocents.callee.name), note: 'NOTE' });
    raw(`2["${event}",${text.replace('NOTE', '\\ud800')}]`);
  }));

  test(`${event} nested 100 000 deep`, () => offends(event, (offender, raw) =>
    raw(`2["${event}",${'['.repeat(100000)}${']'.repeat(100000)}]`)));

  test(`${event} with all its fields under __proto__`, () => offends(event, (offender, raw) =>
    raw(`2["${event}",{"__proto__":${JSON.stringify(sound(event, offender.name, innocents.callee.name))}}]`)));

  test(`${event} with a name of 900 KB`, () => offends(event, (offender) => {
    const key = 'userId' in sound(event, 'a', 'b') ? 'userId' : 'to';
    offender.emit(event, { ...sound(event, offender.name, innocents.callee.name), [key]: 'x'.repeat(900000) });
  }));

  // SPEC 0: 413 on polling
  test(`${event} of 2 MB by polling gets 413`, async () => {
    const { sid, post } = await aPollingSession();
    const text = `42["${event}",${JSON.stringify({ ...sound(event, 'a', 'b'), filler: 'x'.repeat(2_000_000) })}]`;
    assert.equal((await post(text)).status, 413);
    assert.ok(sid);
    await assertNobodyElseNoticed();
  });

  // and 1009 on websocket
  test(`${event} of 2 MB by websocket is closed with 1009`, async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    await within(new Promise((resolve) => socket.once('open', resolve)), 'the socket');
    socket.send('40');
    socket.send(`42["${event}",${JSON.stringify({ ...sound(event, 'a', 'b'), filler: 'x'.repeat(2_000_000) })}]`);
    assert.equal(await within(closed, 'the close'), 1009);
    await assertNobodyElseNoticed();
  });
}

async function aPollingSession() {
  const base = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(base)).text()).slice(1));
  const url = `${base}&sid=${sid}`;
  const post = (body) => fetch(url, { method: 'POST', body });
  assert.equal((await post('40')).status, 200);
  assert.match(await (await fetch(url)).text(), /^40/);
  return { sid, url, post, poll: () => fetch(url) };
}

// --- names with a meaning in JavaScript ---

test('__proto__ inside an offer is passed on as data and changes no prototype', async () => {
  const [alice, bob] = [await aUser(server.url), await aUser(server.url)];
  alice.socket.io.engine.write(`2["make_call",{"to":"${bob.name}","from":"${alice.name}","offer":{"type":"offer","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}]`);
  const { offer } = await bob.next('incoming_call');
  assert.equal(offer.type, 'offer');
  assert.equal({}.polluted, undefined);
  await assertNobodyElseNoticed();
});

for (const name of ['__proto__', 'constructor', 'toString']) {
  test(`a username may be ${name}`, async () => {
    const [odd, bob] = [await aUser(server.url, { name }), await aUser(server.url)];
    bob.call(odd);
    assert.equal((await odd.next('incoming_call')).from, bob.name);
    odd.decline(bob);
    assert.deepEqual(await bob.next('call_declined'), { from: name });
    odd.leave();
  });
}

test('a field given twice has one value for every check', async () => {
  const mallory = await aUser(server.url);
  mallory.socket.io.engine.write(`2["end_call",{"to":"${innocents.callee.name}","from":"${innocents.caller.name}","from":"${mallory.name}"}]`);
  mallory.socket.io.engine.write(`2["end_call",{"to":"${innocents.callee.name}","from":"${mallory.name}","from":"${innocents.caller.name}"}]`);
  await mallory.next('call_failed');  // of the second, whose `from` is forged; the first speaks of no call
  await assertNobodyElseNoticed();
  assert.equal(mallory.all('call_failed').length, 1);
});

test('an unknown event does not disconnect its sender', async () => {
  const offender = await aUser(server.url);
  offender.emit('drop_tables', { now: true });
  offender.emit('__proto__', {});
  offender.emit('incoming_call', { from: innocents.caller.name });
  await stillWelcome(offender);
  await assertNobodyElseNoticed();
});

test('an acknowledgement that the server did not request is ignored', async () => {
  const offender = await aUser(server.url);
  offender.socket.io.engine.write('399999["x"]');
  await stillWelcome(offender);
});

test('a namespace that does not exist is refused by name', async () => {
  const raw = await connectRawWebSocket(server.url);
  raw.sendText('40/admin,');
  await raw.heard('44/admin,{"message":"Invalid namespace"}');
  raw.destroy();
});

test('an event before CONNECT ends only that session', async () => {
  const raw = await connectRawWebSocket(server.url);
  raw.sendText('42["register_user",{"userId":"too-early"}]');
  await raw.gone();
  assert.ok(!(await server.users()).includes('too-early'));
  await assertNobodyElseNoticed();
});

for (const [what, text] of Object.entries({
  'an unknown Engine.IO packet': '9', 'an unknown Socket.IO packet': '49', 'broken JSON': '42["make_call",{', 'an event without a name': '42[]',
  'an event whose name is a number': '42[5]', 'an empty frame': '', 'a payload where none may be': '42', 'a huge ack id': `42${'9'.repeat(400)}["x"]`,
  'a huge attachment count': '45999999999-["x"]', 'attachments that never come, then text': '451-["x",{"_placeholder":true,"num":0}]',
  'a placeholder that points nowhere': '451-["x",{"_placeholder":true,"num":7}]',
})) {
  test(`${what} does not affect other clients`, async () => {
    const raw = await connectRawWebSocket(server.url);
    raw.sendText('40');
    await raw.heard('40');
    raw.sendText(text);
    raw.sendText('42["register_user",{"userId":"x y z"}]');
    await eventually(() => raw.ended || raw.text().includes('user_registered'), 'an end or an answer');
    raw.destroy();
    await assertNobodyElseNoticed();
  });
}

// --- frames ---

const text = (payload) => Buffer.from(payload);
for (const [what, bytes, codes] of [
  ['an unmasked frame', frame({ payload: text('2probe'), masked: false }), [1002]],
  ['a reserved bit', frame({ payload: text('40'), reserved: 4 }), [1002]],
  ['an unknown opcode', frame({ opcode: 3, payload: text('40') }), [1002]],
  ['a fragmented ping', frame({ opcode: 9, fin: false }), [1002]],
  ['a ping of 126 bytes', frame({ opcode: 9, payload: Buffer.alloc(126) }), [1002]],
  ['a continuation of nothing', frame({ opcode: 0, payload: text('40') }), [1002]],
  ['a new message inside another', Buffer.concat([frame({ fin: false, payload: text('4') }), frame({ payload: text('40') })]), [1002]],
  ['invalid UTF-8', frame({ payload: Buffer.from([0x34, 0x32, 0xc3, 0x28]) }), [1007]],
  ['an encoded surrogate', frame({ payload: Buffer.from([0x34, 0x32, 0xed, 0xa0, 0x80]) }), [1007]],
  ['a length of 2^63', frame({ length: 1n << 63n }), [1002, 1009]],
  ['a length of 2^63 - 1', frame({ length: (1n << 63n) - 1n }), [1009]],
  ['a length that is not minimal', Buffer.from([0x81, 0x80 | 126, 0, 2, 0, 0, 0, 0, 0x34, 0x30]), [1002]],
  ['a close code that may not be sent', frame({ opcode: 8, payload: Buffer.from([0x03, 0xed]) }), [1002]],
  ['a close frame of one byte', frame({ opcode: 8, payload: Buffer.from([0x03]) }), [1002]],
]) {
  test(`${what} is closed with ${codes.join(' or ')}`, async () => {
    const raw = await connectRawWebSocket(server.url);
    raw.send(bytes);
    const code = await raw.closeCode();
    assert.ok(codes.includes(code), `closed with ${code}`);
    await raw.gone();
    await assertNobodyElseNoticed();
  });
}

test('fragments that together exceed the maximum message size are closed with 1009', async () => {
  const raw = await connectRawWebSocket(server.url);
  for (let n = 0; n < 30; ++n) raw.send(frame({ opcode: n === 0 ? 1 : 0, fin: false, payload: Buffer.alloc(60000, 0x34) }));
  assert.equal(await raw.closeCode(), 1009);
  await assertNobodyElseNoticed();
});

test('a frame that arrives byte by byte is accepted', async () => {
  const raw = await connectRawWebSocket(server.url);
  raw.socket.setNoDelay(true);
  const bytes = Buffer.concat([frame({ payload: text('40') }), frame({ payload: text('42["register_user",{"userId":"dripping"}]') })]);
  for (const byte of bytes) {
    raw.send(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  await raw.heard('42["user_registered"');
  raw.destroy();
});

// --- polling ---

test('a second poll beside a waiting one is refused, and ends only that session', async () => {
  const session = await aPollingSession();
  const answers = await Promise.all([session.poll(), session.poll()].map(async (pending) => (await within(pending, 'an answer')).status));
  assert.ok(answers.includes(400), `${answers}`);
  await assertNobodyElseNoticed();
});

test('a client that leaves its polls unread is closed after the event that filled its buffer', async () => {
  const base = `${server.url}/socket.io/?EIO=3&transport=polling`;
  const { sid } = JSON.parse(/\{.*?\}/.exec(await (await fetch(base)).text())[0]);
  const post = (packet) => fetch(`${base}&sid=${sid}`, { method: 'POST', body: `${packet.length}:${packet}` });
  // Protocol 3: each ping is answered with its data. All but the last bytes of 4 MiB, so that what answers the event overflows.
  for (let room = 4 * 1024 * 1024; room > 60;) {
    const size = Math.min(900_000, room - 56);
    assert.equal((await post(`2${'x'.repeat(size)}`)).status, 200);
    room -= size + 40;
  }
  assert.equal((await post('42["foo",{}]')).status, 200);
  assert.equal((await fetch(`${base}&sid=${sid}`)).status, 400, 'it is closed');
  await assertNobodyElseNoticed();
});

for (const [what, sid] of Object.entries({
  'an invented sid': 'AAAAAAAAAAAAAAAAAAAA', 'an empty-looking sid': '%00', 'a sid of 8 KB': 'x'.repeat(4000), 'a sid with a path': '..%2f..%2f',
})) {
  test(`${what} is answered 400, unknown`, async () => {
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method, body: method === 'POST' ? '40' : undefined });
      assert.equal(answer.status, 400);
      assert.equal((await answer.json()).code, 1);
    }
    await assertNobodyElseNoticed();
  });
}

test('a sid with one letter changed does not open the session', async () => {
  const { sid, poll } = await aPollingSession();
  for (let at = 0; at < sid.length; ++at) {
    const other = sid.slice(0, at) + (sid[at] === 'A' ? 'B' : 'A') + sid.slice(at + 1);
    assert.equal((await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&sid=${other}`)).status, 400, `letter ${at}`);
  }
  void poll().catch(() => {});
});

test('another client\'s public id does not recover its socket', async () => {
  const raw = await connectRawWebSocket(server.url);
  raw.sendText(`40${JSON.stringify({ pid: innocents.caller.socket.id, offset: '1' })}`);
  await raw.heard('40{');
  raw.sendText(`42["make_call",${JSON.stringify({ to: innocents.callee.name, from: innocents.caller.name, offer: { type: 'offer', sdp: 'v=0' } })}]`);
  await raw.heard('42["call_failed",{"error":"Register with register_user first"');
  raw.destroy();
  await assertNobodyElseNoticed();
});

for (const [what, body] of Object.entries({
  'an empty body': '', 'an unknown packet': '9', 'broken base64': 'b!!!!', 'ten thousand packets': Array(10000).fill('2').join('\x1e'), 'bytes that are no UTF-8': Buffer.from([0x34, 0x32, 0xff]),
})) {
  test(`a POST of ${what} is answered and does not affect other clients`, async () => {
    const { post } = await aPollingSession();
    const { status } = await within(post(body), 'an answer');
    assert.ok([200, 400].includes(status), `${status}`);
    await assertNobodyElseNoticed();
  });
}

// --- HTTP ---

const head = (lines) => `GET / HTTP/1.1\r\nHost: x\r\n${lines}\r\n`;
for (const [what, bytes, status] of [
  ['a flood of headers', head('X-Flood: 1\r\n'.repeat(5000)), 431],
  ['one enormous header', head(`X-Flood: ${'x'.repeat(200000)}\r\n`), 431],
  ['a header that never ends', `GET / HTTP/1.1\r\nHost: x\r\nX-Flood: ${'x'.repeat(200000)}`, 431],
  ['two lengths that differ', `POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
  ['a length and chunks', `POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a negative length', `POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`, 400],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['a folded header', head('X-Folded: a\r\n b\r\n'), 400],
  ['a NUL in a header', head('X-Nul: a\0b\r\n'), 400],
  ['a space before the colon', head('X-Space : a\r\n'), 400],
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
]) {
  test(`${what} is answered ${status} and closed`, async () => {
    const raw = await connectRaw(server.url);
    raw.send(Buffer.from(bytes, 'latin1'));
    assert.equal(await raw.status(), status);
    await raw.gone();
    await assertNobodyElseNoticed();
  });
}

test('aborted requests leave nothing behind', async () => {
  const halves = ['G', 'GET / HTTP/1.1\r\nHos', 'POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n40'];
  for (let n = 0; n < 60; ++n) {
    const raw = await connectRaw(server.url);
    raw.send(halves[n % halves.length]);
    raw.destroy();
  }
  await assertNobodyElseNoticed();
});

test('pipelined requests are answered in order', async () => {
  const raw = await connectRaw(server.url);
  raw.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET /users HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await raw.gone();
  assert.deepEqual([...raw.text().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status), ['200', '404', '200']);
});

test('an upgrade without a key, or of another version, is refused by HTTP', async () => {
  const upgrade = (more) => `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${more}\r\n`;
  for (const more of ['Sec-WebSocket-Version: 13\r\n', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n', 'Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n']) {
    const raw = await connectRaw(server.url);
    raw.send(upgrade(more));
    assert.ok([400, 426].includes(await raw.status()), more);
    raw.destroy();
  }
  await assertNobodyElseNoticed();
});

// The answer takes the password pool a while. `nc -N` and the probes of some load balancers end like this.
test('a client that closes its sending side after its request gets the answer', async () => {
  const raw = await connectRaw(server.url);
  const body = JSON.stringify({ username: 'nobody-at-all', password: 'wrong' });
  raw.socket.end(`POST /user/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  assert.equal(await raw.status(), 401);
  await raw.gone();
});
