// A page of seed 003 (docs/protocol/signaling.md), as its users wrote them: the stock client, one socket, at most one call, media from page
// to page. `?server=URL` names the server if that is not where the page comes from, `token=` the credential of an account.

const asked = new URLSearchParams(location.search);
const server = asked.get('server') ?? location.origin;
const token = asked.get('token');
const part = (id) => document.querySelector(`[data-testid="${id}"]`);
const socket = io(server, { transports: ['websocket', 'polling'], auth: token === null ? {} : { token } });
const kUsersEvery = 3000;

let me = '';
let call = null; // { peer, state: 'dialing' | 'incoming' | 'talking', offer?, connection?, stream?, early: [] }

// --- what is shown ---------------------------------------------------------------------------------------------------

const say = (words) => { part('notice').textContent = words; };

function show() {
  const inCall = call !== null && call.state !== 'incoming';
  part('register-view').hidden = me !== '';
  part('lobby').hidden = me === '' || inCall;
  part('call-view').hidden = !inCall;
  if (inCall) part('call-state').textContent = call.state === 'dialing' ? `Calling ${call.peer}` : `Talking to ${call.peer}`;
  const dialog = part('incoming');
  if (call?.state === 'incoming') {
    part('incoming-from').textContent = call.peer;
    if (!dialog.open) dialog.showModal();
  } else if (dialog.open) {
    dialog.close();
  }
}

function buttonFor(name) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: `Call ${name}` });
  button.dataset.testid = `call-${name}`;
  button.addEventListener('click', () => dial(name));
  return button;
}

/** Buttons that stay are left alone, so that none goes away under a click. */
function showPeople(names) {
  const others = names.filter((name) => name !== me);
  const shown = new Map([...part('people').children].map((row) => [row.dataset.name, row]));
  for (const [name, row] of shown) if (!others.includes(name)) row.remove();
  for (const name of others.filter((each) => !shown.has(each))) {
    const row = document.createElement('li');
    row.dataset.name = name;
    row.append(buttonFor(name));
    part('people').append(row);
  }
}

async function lookWhoIsThere() {
  if (me === '' || call !== null) return;
  const answer = await fetch(`${server}/users`);
  if (answer.ok) showPeople((await answer.json()).connectedUsers);
}
setInterval(lookWhoIsThere, kUsersEvery);

// --- a call ----------------------------------------------------------------------------------------------------------

const tell = (event, peer, more = {}) => socket.emit(event, { to: peer, from: me, ...more });

/** Opens media and the connection for `mine`; false if the call is over by then. */
async function prepare(mine) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  if (call !== mine) {
    stream.getTracks().forEach((track) => track.stop());
    return false;
  }
  mine.stream = stream;
  part('local').srcObject = stream;
  const connection = new RTCPeerConnection();
  mine.connection = connection;
  stream.getTracks().forEach((track) => connection.addTrack(track, stream));
  connection.onicecandidate = ({ candidate }) => {
    if (candidate && call === mine) tell('ice_candidate', mine.peer, { candidate: candidate.toJSON() });
  };
  connection.ontrack = ({ streams }) => { part('remote').srcObject = streams[0]; };
  return true;
}

async function dial(peer) {
  if (call !== null) return;
  say('');
  const mine = (call = { peer, state: 'dialing', early: [] });
  show();
  if (!(await prepare(mine))) return;
  const offer = await mine.connection.createOffer();
  if (call !== mine) return;
  // Told first, described second: candidates begin with the local description and must come behind the offer.
  tell('make_call', peer, { offer });
  await mine.connection.setLocalDescription(offer);
}

async function answer() {
  const mine = call;
  mine.state = 'talking';
  show();
  if (!(await prepare(mine))) return;
  await describeRemote(mine, mine.offer);
  const described = await mine.connection.createAnswer();
  if (call !== mine) return;
  tell('answer_call', mine.peer, { answer: described });
  await mine.connection.setLocalDescription(described);
}

async function describeRemote(mine, description) {
  await mine.connection.setRemoteDescription(description);
  for (const candidate of mine.early.splice(0)) await mine.connection.addIceCandidate(candidate);
}

/** Over, for whatever reason; the other side has been told or told us. */
function finish(words = '') {
  call?.connection?.close();
  call?.stream?.getTracks().forEach((track) => track.stop());
  call = null;
  part('local').srcObject = null;
  part('remote').srcObject = null;
  say(words);
  show();
  lookWhoIsThere();
}

// --- what the user does ----------------------------------------------------------------------------------------------

part('register-view').addEventListener('submit', (event) => {
  event.preventDefault();
  socket.emit('register_user', { userId: part('name').value });
});
part('answer').addEventListener('click', answer);
part('decline').addEventListener('click', () => {
  tell('decline_call', call.peer);
  finish();
});
part('hang-up').addEventListener('click', () => {
  tell('end_call', call.peer);
  finish();
});
// A closed tab is an explicit leave: the other side must not wait for the grace of a lost connection.
addEventListener('pagehide', () => {
  if (me !== '') socket.emit('logout_user', { userId: me });
  socket.disconnect();
});

// --- what the server says --------------------------------------------------------------------------------------------

socket.on('user_registered', ({ success, userId, error }) => {
  if (!success) return say(error);
  me = userId;
  part('me').textContent = me;
  show();
  lookWhoIsThere();
});

socket.on('incoming_call', ({ from, offer }) => {
  if (call !== null) return;
  call = { peer: from, state: 'incoming', offer, early: [] };
  say('');
  show();
});

socket.on('call_answered', async ({ from, answer: description }) => {
  const mine = call;
  if (mine?.state !== 'dialing' || mine.peer !== from) return;
  mine.state = 'talking';
  show();
  await describeRemote(mine, description);
});

socket.on('ice_candidate', ({ from, candidate }) => {
  if (call?.peer !== from || !candidate) return;
  if (call.connection?.remoteDescription) call.connection.addIceCandidate(candidate);
  else call.early.push(candidate);
});

const isMine = (peer) => call !== null && call.peer === peer;
socket.on('call_ended', ({ from, reason }) => isMine(from) && finish(reason ? `The call ended (${reason}).` : `${from} hung up.`));
socket.on('call_declined', ({ from }) => isMine(from) && finish(`${from} declined.`));
socket.on('call_timeout', ({ user }) => isMine(user) && finish(`${user} did not answer.`));
socket.on('call_busy', ({ targetUser }) => isMine(targetUser) && finish(`${targetUser} is in another call.`));
socket.on('call_failed', ({ error, targetUser }) => {
  // A candidate may be refused too; only a refusal of what we are waiting for ends our waiting.
  if (isMine(targetUser) && call.state !== 'incoming') finish(`${error}.`);
});
