// The published client of seed 003, an Android app on socket.io-client-java, as far as the server can tell: the payloads that it
// sends, and what it reads of those it gets (it throws where a member is missing). It registers on each connect, writes SDP as text,
// sends the candidates it has gathered beside it, and never trickles one.
import assert from 'node:assert/strict';
import { aUser, aName } from './user.mjs';

export const kOfferText = 'v=0\r\no=- 4611738 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=note:"ü€😀\\"\r\n';
export const kAnswerText = 'v=0\r\no=- 7219 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
export const gathered = (...numbers) =>
  numbers.map((n) => ({ candidate: `candidate:${n} 1 udp 2122260223 192.0.2.1 ${50000 + n} typ host`, sdpMid: '0', sdpMLineIndex: 0 }));

/** What the app reads of incoming_call or call_answered: { from, sdp, candidates }. */
export function readByPhone(payload, member) {
  const { from, [member]: sdp, iceCandidates } = payload;
  assert.equal(typeof from, 'string');
  assert.equal(typeof sdp, 'string', `${member} is text`);
  assert.ok(Array.isArray(iceCandidates), 'iceCandidates is an array');
  for (const { candidate, sdpMid, sdpMLineIndex } of iceCandidates) {
    assert.deepEqual([typeof candidate, typeof sdpMid, Number.isInteger(sdpMLineIndex)], ['string', 'string', true]);
  }
  return { from, sdp, candidates: iceCandidates };
}

export async function aPhone(url, { name = aName('phone'), ...more } = {}) {
  const phone = await aUser(url, { name, ...more });
  phone.call = (peer, iceCandidates = gathered(1, 2)) =>
    phone.emit('make_call', { to: peer.name, from: name, offer: kOfferText, iceCandidates });
  phone.answer = (peer, iceCandidates = gathered(3)) =>
    phone.emit('answer_call', { to: peer.name, from: name, answer: kAnswerText, iceCandidates });
  return phone;
}
