// Clients of seed 003 of both kinds, native ones and those of REST call each other (SPEC 2.12, W-003-01 to W-003-03): each gets
// descriptions and candidates in the form that it reads.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { about, aPerson, aSocket, done, leave } from './harness/accounts.mjs';
import { aPhone, gathered, kAnswerText, kOfferText, readByPhone } from './harness/phone.mjs';
import { sharedServer } from './harness/server.mjs';
import { aName, aUser, kAnswer, kOffer } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after });

/** One who has been here before: the server knows how it writes descriptions. */
async function experienced(user, offer) {
  await new Promise((resolve) => user.emit('make_call', { to: aName('nobody'), from: user.name, offer }, resolve));
  user.log.length = 0;
  return user;
}
const asObject = (type, sdp) => ({ type, sdp });
const signalsAt = (socket) => socket.all('call.signal').filter(({ kind }) => kind === 'candidate').map(({ payload }) => payload);

/** A native socket; `rest` does by REST what a socket may do too. */
async function nativeParty(doing) {
  const person = await aPerson(server.url);
  const socket = await aSocket(person);
  const idOf = async (peer) => peer.id ?? (await person.get(`/api/users?q=${peer.name}`)).body.data.users?.find(({ username }) => username === peer.name).id;
  const rest = async (path, body) => {
    const { status, body: answer } = await person.post(path, body);
    assert.ok(status < 300, `${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  };
  const party = { name: person.name, id: person.id, kind: 'object' };
  party.call = async (peer) => {
    const start = { recipientId: await idOf(peer), callType: 'audio', offer: kOffer };
    party.active = doing === 'rest' ? await rest('/api/calls', start) : await done(socket, 'call.start', start);
  };
  party.ring = async () => {
    const { call, offer } = await socket.next('call.incoming');
    party.active = call;
    return { description: offer, candidates: async (count) => (await eventually(() => signalsAt(socket).length >= count, 'candidates'), signalsAt(socket)) };
  };
  party.accept = () =>
    doing === 'rest'
      ? rest('/api/calls/respond', { callId: party.active.id, response: 'accept', answer: kAnswer })
      : done(socket, 'call.accept', { callId: party.active.id, answer: kAnswer });
  party.answered = async () => {
    const { answer } = await socket.next('call.accepted', about(party.active));
    return { description: answer, candidates: async (count) => (await eventually(() => signalsAt(socket).length >= count, 'candidates'), signalsAt(socket)) };
  };
  party.end = () => (doing === 'rest' ? rest(`/api/calls/${party.active.id}/end`, {}) : done(socket, 'call.end', { callId: party.active.id }));
  party.ended = () => socket.next('call.ended', about(party.active));
  party.leave = () => leave(socket);
  return party;
}

async function signalingParty(kind) {
  const user = kind === 'text' ? await experienced(await aPhone(server.url), kOfferText) : await aUser(server.url);
  const read = (payload, member, from) => {
    assert.equal(payload.from, from.name);
    if (kind === 'text') readByPhone(payload, member);
    return { description: payload[member], candidates: async () => payload.iceCandidates };
  };
  return {
    name: user.name,
    kind,
    call: async (peer) => ((user.peer = peer), user.call(peer)),
    ring: async (peer) => ((user.peer = peer), read(await user.next('incoming_call'), 'offer', peer)),
    accept: async () => user.answer(user.peer),
    answered: async () => read(await user.next('call_answered'), 'answer', user.peer),
    end: async () => user.end(user.peer),
    ended: () => user.next('call_ended'),
    leave: () => user.leave(),
  };
}

const kParties = {
  'a phone': () => signalingParty('text'),
  'a page': () => signalingParty('object'),
  'a native client': () => nativeParty('socket'),
  'a REST client': () => nativeParty('rest'),
};

/** What this one gets of what that one sent. */
function expectation(to, from, member) {
  const [text, object, candidates] = member === 'offer' ? [kOfferText, kOffer, gathered(1, 2)] : [kAnswerText, kAnswer, gathered(3)];
  const native = to.id !== undefined;
  if (from.kind === 'text') {
    // A page that has shown nothing gets the offer as it was sent; one that called with an object gets the answer as one.
    const asText = to.kind === 'text' || (!native && member === 'offer');
    return { description: asText ? text : asObject(member, text), candidates };
  }
  return { description: to.kind === 'text' ? object.sdp : object, candidates: to.kind === 'text' ? [] : native ? [] : undefined };
}

for (const [callerKind, makeCaller] of Object.entries(kParties)) {
  for (const [calleeKind, makeCallee] of Object.entries(kParties)) {
    // W-003-01, W-003-02, W-003-03
    test(`${callerKind} calls ${calleeKind}, who answers, and hangs up`, async () => {
      const [caller, callee] = [await makeCaller(), await makeCallee()];
      await caller.call(callee);
      for (const [what, to, from, member] of [[() => callee.ring(caller), callee, caller, 'offer'], [() => caller.answered(), caller, callee, 'answer']]) {
        const wanted = expectation(to, from, member);
        const heard = await what();
        assert.deepEqual(heard.description, wanted.description);
        assert.deepEqual(await heard.candidates(wanted.candidates?.length ?? 0), wanted.candidates);
        if (member === 'offer') await callee.accept();
      }
      await caller.end();
      await callee.ended();
      caller.leave();
      callee.leave();
    });
  }
}

// W-003-03
test('a phone that is rung by a browser after it had called one gets text', async () => {
  const [phone, page] = [await aPhone(server.url), await aUser(server.url)];
  phone.call(page);
  assert.deepEqual(await page.next('incoming_call'), { from: phone.name, offer: kOfferText, iceCandidates: gathered(1, 2) });
  page.answer(phone);
  assert.deepEqual(await phone.next('call_answered'), { from: page.name, answer: kAnswer.sdp, iceCandidates: [] });
  page.end(phone);
  await phone.next('call_ended');
  page.call(phone);
  assert.deepEqual(await phone.next('incoming_call'), { from: page.name, offer: kOffer.sdp, iceCandidates: [] });
  phone.leave();
  page.leave();
});

// W-003-02, W-003-03, reading 1: nothing has shown yet that it reads text alone.
test('a phone that has never called gets what the page that calls it wrote', async () => {
  const [phone, page] = [await aPhone(server.url), await aUser(server.url)];
  page.call(phone);
  assert.deepEqual(await phone.next('incoming_call'), { from: page.name, offer: kOffer });
  phone.answer(page);
  assert.deepEqual(await page.next('call_answered'), { from: phone.name, answer: asObject('answer', kAnswerText), iceCandidates: gathered(3) });
  page.end(phone);
  await phone.next('call_ended');
  page.call(phone);
  assert.deepEqual(await phone.next('incoming_call'), { from: page.name, offer: kOffer.sdp, iceCandidates: [] });
  phone.leave();
  page.leave();
});
