// STUN and TURN servers (SPEC J-4): credentials that coturn accepts, and Twilio's relays beside our own.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { after, test } from 'node:test';
import { aPerson, advance, ask } from './harness/accounts.mjs';
import { kToLoopback, relayThrough, startCoturn } from './harness/coturn.mjs';
import { startServer } from './harness/server.mjs';

const kSecret = '5f1c0a7b9d3e4f60718293a4b5c6d7e8';
const servers = [];
after(() => Promise.all(servers.map((server) => server.stop())));
async function serverWith(env, args) {
  const server = await startServer({ env, args });
  servers.push(server);
  return server;
}
const password = (name, secret = kSecret) => createHmac('sha1', secret).update(name).digest('base64');
const serversFor = async (person) => (await person.get('/api/ice-servers')).body.data;

// J-4.1, R-001-07, W-004-18
test('without settings the list is empty and no error', async () => {
  const ann = await aPerson((await serverWith({})).url);
  assert.deepEqual(await serversFor(ann), { iceServers: [], ttl: 600 });
  assert.deepEqual((await ann.get('/api/ice')).body, { iceServers: [] });
  assert.equal((await ask(ann.url, '/api/ice-servers')).status, 401);
});

// J-4.1, J-7.7
test('a TURN credential is the HMAC of a name with the real time, also on virtual time', async () => {
  const server = await serverWith(
    { TURN_URLS: 'turn:t.example:3478?transport=udp, turns:t.example:5349', STUN_URLS: 'stun:s.example:3478', TURN_SECRET: kSecret, TURN_TTL_SECONDS: '120' },
    ['--virtual-time']);
  const ann = await aPerson(server.url);
  await advance(server.url, 3_600_000);
  const { iceServers, ttl } = await serversFor(ann);
  assert.equal(ttl, 120);
  assert.deepEqual(iceServers[0], { urls: 'stun:s.example:3478' });
  assert.deepEqual(iceServers.slice(1).map(({ urls }) => urls), ['turn:t.example:3478?transport=udp', 'turns:t.example:5349']);
  for (const { username, credential } of iceServers.slice(1)) {
    const [until, user] = username.split(':');
    assert.equal(user, ann.id);
    assert.ok(Math.abs(Number(until) - (Date.now() / 1000 + 120)) < 10, 'the time of this machine, which coturn judges');
    assert.equal(credential, password(username));
  }
  const { body } = await ann.get('/api/calls/turn-credentials');
  assert.equal(body.data.expiresAt, Number(body.data.iceServers[1].username.split(':')[0]));
  const bare = (await ann.get('/api/ice')).body;
  assert.deepEqual(bare.iceServers.map(({ url }) => url), iceServers.map(({ urls }) => urls));
});

// J-4.1, R-004-76
test('coturn relays with our credential, and not with an expired or a forged one', { timeout: 120_000 }, async () => {
  const coturn = await startCoturn(kSecret, kToLoopback);
  try {
    const server = await serverWith({ TURN_URLS: `turn:127.0.0.1:${coturn.port}`, TURN_SECRET: kSecret });
    const [good] = (await serversFor(await aPerson(server.url))).iceServers;
    const relayed = await relayThrough(coturn, good);
    assert.ok(relayed.relayed, relayed.said + coturn.output());
    const old = `${Math.floor(Date.now() / 1000) - 5}:${good.username.split(':')[1]}`;
    const later = `${Number(good.username.split(':')[0]) + 600}:${good.username.split(':')[1]}`;
    for (const [username, credential] of [[old, password(old)], [later, good.credential], [good.username, password(good.username, 'other')], ['ann', 'ann']]) {
      const refused = await relayThrough(coturn, { username, credential });
      assert.ok(!refused.relayed, `${username}: ${refused.said}`);
      assert.match(refused.said, /Cannot complete Allocation/);
    }
  } finally {
    await coturn.stop();
  }
});

test('the configuration that we hand out relays nothing into its own network', { timeout: 60_000 }, async () => {
  const coturn = await startCoturn(kSecret);
  try {
    const username = `${Math.floor(Date.now() / 1000) + 600}:ann`;
    const { relayed, said } = await relayThrough(coturn, { username, credential: password(username) });
    assert.ok(!relayed);
    assert.match(said, /Forbidden IP/);
  } finally {
    await coturn.stop();
  }
});

/** Twilio's Tokens resource. `answer(request, response)` may be replaced. */
async function aTwilio() {
  const twilio = { requests: [] };
  const token = { ttl: '600', ice_servers: [
    { url: 'stun:global.stun.twilio.com:3478', urls: 'stun:global.stun.twilio.com:3478' },
    { url: 'turn:global.turn.twilio.com:3478?transport=udp', urls: 'turn:global.turn.twilio.com:3478?transport=udp', username: 'u', credential: 'c' },
  ] };
  twilio.good = (response) => response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(token));
  twilio.answer = twilio.good;
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => (body += bytes));
    request.on('end', () => {
      twilio.requests.push({ method: request.method, url: request.url, authorization: request.headers.authorization, body });
      twilio.answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  twilio.url = `http://127.0.0.1:${server.address().port}`;
  twilio.close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return twilio;
}
const kOurs = { urls: 'stun:s.example:3478' };
const withTwilio = (twilio) => ({ STUN_URLS: kOurs.urls, TWILIO_ACCOUNT_SID: 'ACsid', TWILIO_AUTH_TOKEN: 'word', TWILIO_API_BASE: twilio.url });

// J-4.2, R-004-51
test("Twilio's relays follow our own and are kept for a while", async () => {
  const twilio = await aTwilio();
  try {
    const server = await serverWith(withTwilio(twilio));
    const ann = await aPerson(server.url);
    const lists = await Promise.all(Array.from({ length: 8 }, () => serversFor(ann)));
    for (const { iceServers } of [...lists, await serversFor(ann)])
      assert.deepEqual(iceServers, [kOurs, { urls: 'stun:global.stun.twilio.com:3478' },
        { urls: 'turn:global.turn.twilio.com:3478?transport=udp', username: 'u', credential: 'c' }]);
    assert.deepEqual(twilio.requests, [{
      method: 'POST', url: '/2010-04-01/Accounts/ACsid/Tokens.json', body: 'Ttl=600',
      authorization: `Basic ${Buffer.from('ACsid:word').toString('base64')}`,
    }]);
    assert.ok(!server.output().includes('word'), 'no secret in the log');
  } finally {
    await twilio.close();
  }
});

// J-4.2
test('while Twilio refuses or says nothing, our own servers are answered', { timeout: 60_000 }, async () => {
  const twilio = await aTwilio();
  try {
    for (const answer of [(response) => response.writeHead(500).end('{}'), (response) => response.writeHead(201).end('<html>'), () => {}]) {
      twilio.answer = answer;
      const ann = await aPerson((await serverWith(withTwilio(twilio))).url);
      const begin = Date.now();
      assert.deepEqual((await serversFor(ann)).iceServers, [kOurs]);
      assert.ok(Date.now() - begin < 4000, 'after two seconds at most');
    }
  } finally {
    await twilio.close();
  }
});
