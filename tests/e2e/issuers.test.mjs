// Tokens of other issuers (SPEC 1.5 "Authentication").
import assert from 'node:assert/strict';
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { io } from 'sio';
import { aPerson, ask, aSocket, loggedInAgain } from './harness/accounts.mjs';
import { startServer } from './harness/server.mjs';
import { eventually, within } from './harness/wait.mjs';

const folder = mkdtempSync(join(tmpdir(), 'belfry-issuers-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// R-002-05, R-002-04
test('tokens of an external issuer are accepted: shared secret, RS256 and ES256, each by its own key', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'r1', alg: 'RS256', use: 'sig' }, { ...ec.publicKey.export({ format: 'jwk' }), kid: 'e1', alg: 'ES256', use: 'sig' }] };
  const issuer = createServer((request, response) => response.end(JSON.stringify(jwks))).listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  const secret = 'an issuer secret of thirty-two bytes';
  const running = await startServer({
    args: ['--auth-jwks-url', `http://127.0.0.1:${issuer.address().port}/keys`, '--auth-external-secret', secret, '--auth-issuer', 'https://issuer.example', '--auth-audience', 'authenticated'],
  });
  const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const claims = (more) => ({ sub: '0f8fad5b-d9cb-469f-a165-70867728950e', iss: 'https://issuer.example', aud: 'authenticated', exp: Math.floor(Date.now() / 1000) + 300, email: 'ext.user@example.com', ...more });
  const sign = { HS256: (text) => createHmac('sha256', secret).update(text).digest('base64url'),
    RS256: (text) => createSign('RSA-SHA256').update(text).sign(rsa.privateKey, 'base64url'),
    ES256: (text) => createSign('SHA256').update(text).sign({ key: ec.privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url') };
  const token = (alg, more = {}, kid) => {
    const text = `${encode({ alg, typ: 'JWT', ...(kid && { kid }) })}.${encode(claims(more))}`;
    return `${text}.${sign[alg](text)}`;
  };
  const who = (presented) => ask(running.url, '/api/auth/session', { token: presented });
  await eventually(async () => (await who(token('RS256', {}, 'r1'))).status === 200, 'the keys being fetched');
  for (const good of [token('HS256'), token('RS256', {}, 'r1'), token('ES256', {}, 'e1')])
    assert.equal((await who(good)).body.data.userId, '0f8fad5b-d9cb-469f-a165-70867728950e');
  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  const forgedText = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'r1' })}.${encode(claims({}))}`;
  const forged = `${forgedText}.${createHmac('sha256', publicPem).update(forgedText).digest('base64url')}`;
  const none = `${encode({ alg: 'none' })}.${encode(claims({}))}.`;
  for (const bad of [forged, none, token('RS256', { iss: 'https://other.example' }, 'r1'), token('RS256', { aud: 'somebody' }, 'r1'), token('ES256', { exp: 1000 }, 'e1')])
    assert.equal((await who(bad)).status, 401);
  const person = await aPerson(running.url);
  const call = await ask(running.url, '/api/calls', { method: 'POST', token: token('HS256'), body: { recipientId: person.id, callType: 'audio' } });
  assert.equal(call.status, 201, JSON.stringify(call.body));
  issuer.close();
  await running.stop();
});

// Otherwise an issuer that names the id of an account here could act as that account.
test('a token of another issuer is never accepted for an account with a password, whatever its subject', async () => {
  const secret = 'an issuer secret of thirty-two bytes';
  const running = await startServer({ args: ['--auth-external-secret', secret] });
  await running.logged('the warning that any issuer and audience will do', ({ level, about }) => level === 'warn' && about?.includes('JWT_AUDIENCE'));
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (sub) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub, exp: Math.floor(Date.now() / 1000) + 300 })}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const owner = await aPerson(running.url);
  const stolen = await ask(running.url, '/api/users/me', { token: token(owner.id) });
  assert.deepEqual([stolen.status, stolen.body.error.code], [401, 'UNAUTHENTICATED']);
  await running.logged('why', ({ level, reason }) => level === 'warn' && reason === 'the subject is an account with a password');
  const socket = io(running.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token: token(owner.id) } });
  await within(once(socket, 'disconnect'), 'the socket being closed');
  const own = await ask(running.url, '/api/users/me', { token: token('0f8fad5b-d9cb-469f-a165-70867728950e') });
  assert.equal(own.status, 200, 'its own people are let in');
  await running.stop();
});

// R-002-06
test('log out everywhere ends tokens of another issuer and their sockets for good; a login right after it works', async () => {
  const database = `sqlite:${join(folder, 'everywhere.db')}`;
  const secret = 'an issuer secret of thirty-two bytes';
  const own = '5f1c0a7b9d3e4f60718293a4b5c6d7e8f';
  const args = ['--database', database, '--auth-external-secret', secret, '--auth-secret', own];
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims, key = secret) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iat: Math.floor(Date.now() / 1000) - 1, exp: Math.floor(Date.now() / 1000) + 300, ...claims })}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
  const status = async (url, presented) => (await ask(url, '/api/auth/session', { token: presented })).status;
  const first = await startServer({ args });
  const [one, other] = ['one', 'other'].map((jti) => token({ sub: 'auth0|42', jti }));
  const socket = await aSocket({ url: first.url, token: other });
  const gone = once(socket, 'disconnect');
  assert.equal((await ask(first.url, '/api/sessions', { method: 'DELETE', token: one })).status, 200);
  await within(gone, 'the socket of the other token being closed');
  const person = await aPerson(first.url);
  const minted = token({ sub: person.id, jti: '0f8fad5b-d9cb-469f-a165-70867728950e', username: person.name }, own);
  assert.equal(await status(first.url, minted), 200);
  assert.equal((await ask(first.url, '/api/auth/logout', { method: 'POST', token: minted })).status, 200);
  assert.equal((await ask(first.url, '/api/sessions', { method: 'DELETE', token: person.token })).status, 200);
  const fresh = await loggedInAgain(person);
  const expected = async (url) => assert.deepEqual(await Promise.all([one, other, minted, person.token, fresh.token].map((each) => status(url, each))), [401, 401, 401, 401, 200]);
  await expected(first.url);
  await first.stop();
  const again = await startServer({ args });
  await expected(again.url);
  await again.stop();
});
