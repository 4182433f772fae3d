// R-003-07, R-003-08, R-003-38: the flow of the seed's README, its JavaScript block literally, run step by step by the user whom its comments name.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { sharedServer } from './harness/server.mjs';
import { connectUser, everybodyLeaves, kAnswer, kOffer, candidate } from './harness/user.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after });
afterEach(() => everybodyLeaves(server));

const kSnippet = `
// User A registers
socket.emit('register_user', { userId: 'alice' });

// User A calls User B
socket.emit('make_call', {
  to: 'bob',
  from: 'alice',
  offer: sdpOffer
});

// User B receives call
socket.on('incoming_call', ({ from, offer }) => {
  console.log(\`Incoming call from \${from}\`);
});

// User B answers
socket.emit('answer_call', {
  to: 'alice',
  from: 'bob',
  answer: sdpAnswer
});

// User A receives answer
socket.on('call_answered', ({ from, answer }) => {
  console.log(\`\${from} answered the call\`);
});

// Exchange ICE candidates (both sides)
socket.emit('ice_candidate', {
  to: 'bob',
  from: 'alice',
  candidate: iceCandidate
});

socket.on('ice_candidate', ({ from, candidate }) => {
  peerConnection.addIceCandidate(candidate);
});

// End call
socket.emit('end_call', {
  to: 'bob',
  from: 'alice'
});
`;

const kSteps = new Map(kSnippet.split(/^\/\/ /m).slice(1).map((part) => {
  const end = part.indexOf('\n');
  return [part.slice(0, end), part.slice(end)];
}));

function run(step, user) {
  const page = user.page ??= { said: [], added: [] };
  new Function('socket', 'sdpOffer', 'sdpAnswer', 'iceCandidate', 'console', 'peerConnection', kSteps.get(step))(
    user.socket, kOffer, kAnswer, candidate(7), { log: (line) => page.said.push(line) },
    { addIceCandidate: (added) => page.added.push(added) });
}

for (const [way, transports] of Object.entries({ 'polling only': ['polling'], 'websocket only': ['websocket'], default: undefined })) {
  test(`the README's snippet does what its six comments say (${way})`, async () => {
    const options = transports ? { transports } : { transports: ['polling', 'websocket'] };
    const alice = connectUser(server.url, { name: 'alice', options });
    const bob = connectUser(server.url, { name: 'bob', options });
    run('User B receives call', bob);
    run('User A receives answer', alice);
    await bob.next('connect');
    await bob.register();
    run('User A registers', alice);
    assert.deepEqual(await alice.next('user_registered'), { success: true, userId: 'alice' });
    run('User A calls User B', alice);
    await bob.next('incoming_call');
    assert.deepEqual(bob.page.said, ['Incoming call from alice']);
    run('User B answers', bob);
    await alice.next('call_answered');
    assert.deepEqual(alice.page.said, ['bob answered the call']);
    run('Exchange ICE candidates (both sides)', bob);  // bob's own emit claims to be alice: refused, as it should be
    run('Exchange ICE candidates (both sides)', alice);
    await eventually(() => bob.page.added.length === 1, "alice's candidate at bob");
    assert.deepEqual(bob.page.added, [candidate(7)]);
    run('End call', alice);
    assert.deepEqual(await bob.next('call_ended'), { from: 'alice' });
  });
}

// R-003-52: the seed's browser console test.
test("the README's console test: register_user, user_registered", async () => {
  const heard = [];
  const { socket } = connectUser(server.url, { name: 'testuser' });
  new Function('socket', 'console', `
// Register user
socket.emit('register_user', { userId: 'testuser' });

// Listen for confirmation
socket.on('user_registered', (data) => {
  console.log('Registered:', data);
});`)(socket, { log: (...words) => heard.push(words) });
  await eventually(() => heard.length > 0, 'the confirmation');
  assert.deepEqual(heard, [['Registered:', { success: true, userId: 'testuser' }]]);
});

// R-003-53: the load itself is `scripts/bench artillery` (artillery is 600 MB); here, that its file speaks the dialect.
test('artillery.yml names only events of the dialect, and every one that a call needs', () => {
  const file = readFileSync(new URL('../../artillery.yml', import.meta.url), 'utf8');
  const named = new Set([...file.matchAll(/channel: (\w+)/g)].map(([, name]) => name));
  assert.deepEqual([...named].sort(), ['answer_call', 'end_call', 'ice_candidate', 'incoming_call', 'make_call', 'register_user', 'user_registered']);
});

test('the snippet of README.md calls bob, gets the answer and the candidate, and closes when bob hangs up', async () => {
  const bob = connectUser(server.url, { name: 'bob' });
  await bob.register();
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const block = /^```javascript\n([^]*?)^```$/m.exec(readme)[1];
  const heard = [];
  const alice = [];
  const peerConnection = {
    setRemoteDescription: (answer) => heard.push(answer),
    addIceCandidate: (added) => heard.push(added),
    close: () => heard.push('closed'),
  };
  const io = () => (alice.push(connectUser(server.url, { name: 'alice' })), alice[0].socket);
  new Function('io', 'sdpOffer', 'peerConnection', block)(io, kOffer, peerConnection);
  assert.deepEqual(await bob.next('incoming_call'), { from: 'alice', offer: kOffer });
  bob.answer(alice[0]);
  bob.ice(alice[0], 7);
  bob.end(alice[0]);
  await eventually(() => heard.length === 3, 'what the page does');
  assert.deepEqual(heard, [kAnswer, candidate(7), 'closed']);
});

test('the curl lines of README.md make a call, answer it, end it and find it in the history', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const block = /^```sh\n(BASE=[^]*?)^```$/m.exec(readme)[1].replace(/BASE=\S+?;/, `BASE=${server.url};`);
  const { stdout } = await promisify(execFile)('bash', ['-euc', block]);
  const answers = stdout.trim().split(/(?<=\})(?=\{"success")/).map((text) => JSON.parse(text));
  assert.deepEqual(answers.map(({ success, message }) => [success, message]), [[true, 'Call accepted successfully'], [true, 'Call ended successfully'], [true, undefined]]);
  assert.equal(answers[2].data.calls[0].status, 'ended');
});
