// Seed 002's client: its token route, and what this server does not offer it.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { aPerson, ask } from './harness/accounts.mjs';
import { kAgora, readAgora, startsServers } from './harness/call_tokens.mjs';

const serverWith = startsServers({ after });

// W-01, W-002-01, W-002-02, W-002-03, W-002-04
test("seed 002's client gets its token with the session of its own issuer", async () => {
  const secret = 'an issuer secret of thirty-two bytes';
  const server = await serverWith({ ...kAgora, JWT_EXTERNAL_SECRET: secret, TOKEN_TTL_SECONDS: '120', RATE_LIMIT_TOKEN_IP_MAX: '20', SUPABASE_URL: 'https://x.supabase.co', CLIENT_ORIGIN: 'https://farm.example' });
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = (claims) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ aud: 'authenticated', exp: Math.floor(Date.now() / 1000) + 300, ...claims })}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const [ann, bob, dan] = [randomUUID(), randomUUID(), randomUUID()];
  const channel = `call_${[ann, bob].sort().join('_')}_${Date.now()}`;
  const uidOf = (id) => parseInt(id.replaceAll('-', '').slice(0, 10), 16);
  const asks = (sub, query, token = sub && signed({ sub })) => ask(server.url, `/api/token?${new URLSearchParams(query)}`, { token, headers: { origin: 'https://farm.example' } });
  for (const user of [ann, bob]) {
    const { status, body, headers } = await asks(user, { channel, uid: uidOf(user), role: 'publisher' });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual({ ...body, token: '', expiresAt: '' }, { appId: kAgora.AGORA_APP_ID, token: '', channel, uid: uidOf(user), expiresAt: '', ttl: 120 });
    assert.ok(Math.abs(Date.parse(body.expiresAt) - Date.now() - 120_000) < 5000);
    assert.deepEqual([readAgora(body.token).uid, readAgora(body.token).channel], [`${uidOf(user)}`, channel]);
    assert.equal(headers.get('ratelimit-limit'), '20');
    assert.equal(headers.get('access-control-allow-origin'), 'https://farm.example');
  }
  const answers = async (expected, error, ...question) => {
    const { status, body } = await asks(...question);
    assert.deepEqual([status, body], [expected, { error }]);
  };
  await answers(403, 'You are not a participant in this call', dan, { channel, uid: uidOf(dan) });
  await answers(400, 'Missing channel or uid parameter', ann, { channel });
  await answers(400, 'Missing channel or uid parameter', ann, { uid: 7 });
  await answers(401, 'Missing or invalid Authorization header', undefined, { channel, uid: 7 });
  await answers(401, 'Invalid or expired token', undefined, { channel, uid: 7 }, 'x');
  await answers(401, 'Invalid or expired token', ann, { channel, uid: 7 }, signed({ sub: ann, exp: 1 }));
  await server.logged('the variable that is not used', ({ about }) => about?.includes('SUPABASE_URL'));
  for (let i = 0; i < 12; ++i) await asks(ann, { channel, uid: 7 });
  assert.equal((await asks(ann, { channel, uid: 7 })).status, 429);
  const health = await server.json('/health');
  assert.equal(health.status, 'ok');
  assert.ok(!Number.isNaN(Date.parse(health.timestamp)));
});

// W-002-01
test('without the settings of Agora the route of seed 002 says so', async () => {
  const ann = await aPerson((await serverWith({})).url);
  const { status, body } = await ann.get('/api/token?channel=x&uid=7');
  assert.deepEqual([status, body], [500, { error: 'Server configuration error' }]);
});

// W-002-05
test('nothing answers at the addresses of Supabase', async () => {
  const server = await serverWith({ ...kAgora, SUPABASE_URL: 'https://x.supabase.co' });
  const ann = await aPerson(server.url);
  const kTheirs = ['/rest/v1/', '/rest/v1/calls?select=*', '/rest/v1/rpc/accept', '/auth/v1/token?grant_type=password', '/auth/v1/user', '/auth/v1/signup',
    '/realtime/v1/websocket?apikey=x&vsn=1.0.0', '/storage/v1/object', '/functions/v1/push'];
  for (const path of kTheirs)
    for (const method of ['GET', 'POST']) {
      const { status } = await ann[method.toLowerCase()](path);
      assert.equal(status, 404, `${method} ${path}`);
    }
  const page = readFileSync(new URL('../../docs/migrating/002.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## What is not offered'));
  for (const word of ['PostgREST', 'Supabase Realtime', 'Supabase Auth', '`/rest/v1/`', '`/realtime/v1/`', '`/auth/v1/`', '404']) assert.ok(section.includes(word), word);
});

// W-002-05
test("the statuses of seed 002's table each have one of ours", async () => {
  const page = readFileSync(new URL('../../docs/migrating/002.md', import.meta.url), 'utf8');
  const read = Object.fromEntries([...page.matchAll(/`(\w+)` = `(\w+)`/g)].map(([, theirs, ours]) => [theirs, ours]));
  assert.deepEqual(read, { ringing: 'calling', accepted: 'connected', in_progress: 'connected', ended: 'ended', missed: 'missed', declined: 'rejected' });
  const { body } = await ask((await serverWith({})).url, '/api/openapi.json');
  const statuses = body.components.schemas.Call.properties.status.enum;
  assert.deepEqual([...new Set(Object.values(read))].sort(), [...statuses].sort());
});
