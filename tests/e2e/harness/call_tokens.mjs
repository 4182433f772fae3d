// Tokens for the media of a call: servers with made-up credentials of the providers, people who fetch tokens and join by them, and what
// the vendor's package reads in one.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { aPerson } from './accounts.mjs';
import { startServer } from './server.mjs';

const { AccessToken2 } = createRequire(import.meta.url)('agora-token/src/AccessToken2.js');

export const kAgora = { AGORA_APP_ID: '970CA35de60c44645bbae8a215061b33', AGORA_APP_CERT: '5CFd2fd1755d40ecb72977518be15d3b' };
export const kLivekit = { LIVEKIT_URL: 'wss://media.example', LIVEKIT_API_KEY: 'APIkey', LIVEKIT_API_SECRET: 'a livekit secret of 32 bytes size' };

/** Starts servers that end with the file's tests: `const serverWith = startsServers({ after })`. */
export function startsServers({ after }) {
  const servers = [];
  after(() => Promise.all(servers.map((server) => server.stop())));
  return async (env, args = []) => {
    const server = await startServer({ env, args });
    servers.push(server);
    return server;
  };
}

export const ok = ({ status, body }) => {
  assert.equal(status, 200, JSON.stringify(body));
  return body.data;
};
export const refused = ({ status, body }, expected, code) => assert.deepEqual([status, body.error?.code], [expected, code], JSON.stringify(body));
export const fetches = async (person, room, more = '') => person.get(`/api/call/token?conversationId=${room}${more}`);
export const joins = (person, token) => person.post('/api/call/join', { token });

/** Ann and Bob in a conversation, and Dan outside. */
export async function aRoom(url) {
  const [ann, bob, dan] = await Promise.all([aPerson(url), aPerson(url), aPerson(url)]);
  const { body } = await ann.post('/api/conversations', { kind: 'group', memberIds: [bob.id] });
  return { ann, bob, dan, room: body.data.id };
}

/** What the vendor's package reads in a "007" token whose signature it has checked. */
export function readAgora(token) {
  const read = new AccessToken2('', '', 0, 0);
  assert.ok(read.from_string(token), 'the vendor reads it');
  assert.ok(read.verifySignature(kAgora.AGORA_APP_CERT), 'and finds the signature good');
  assert.ok(!read.verifySignature(kAgora.AGORA_APP_CERT.replace('5', '6')));
  const [service] = read.getServices(1);
  return { appId: `${read.appId}`, issued: read.issueTs, life: read.expire, channel: `${service.__channel_name}`, uid: `${service.__uid}`, privileges: { ...service.__privileges } };
}
