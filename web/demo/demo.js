// The page at /demo: one socket, at most one call. It speaks the signaling dialect exactly as docs/protocol/signaling.md documents it, so
// that it also shows what any client has to do. Media goes from page to page; the server carries words only.

const $ = (id) => document.getElementById(id);
const socket = io({ transports: ['websocket', 'polling'] });
const kUsersEvery = 3000;
const kLoudReasons = {
  timeout: 'The call was not answered in time.',
  disconnected: 'The other side is gone.',
  'logged out': 'The other side logged out.',
  cancelled: 'The caller hung up.',
  server_shutdown: 'The server is restarting.',
};

let me = '';
let wanted = ''; // the name asked for, until the server has answered; a click may be faster than the connection
let call = null; // { peer, state: 'dialing' | 'incoming' | 'talking', offer?, connection?, stream?, early: [] }

// --- what is shown ---------------------------------------------------------------------------------------------------

function say(words) {
  $('notice').textContent = words;
  $('notice').hidden = words === '';
}

function showConnection(state, words) {
  $('connection').dataset.state = state;
  $('connection').textContent = words;
}

function show() {
  const inCall = call !== null && call.state !== 'incoming';
  $('register-view').hidden = me !== '';
  $('lobby-view').hidden = me === '' || inCall;
  $('call-view').hidden = !inCall;
  if (inCall) $('call-state').textContent = call.state === 'dialing' ? `Calling ${call.peer}…` : `Talking to ${call.peer}`;
  if (call?.state === 'incoming') {
    $('incoming-from').textContent = call.peer;
    if (!$('incoming').open) $('incoming').showModal();
  } else if ($('incoming').open) {
    $('incoming').close();
  }
}

/** The hue of a name: the same for everybody who sees it. */
const hueOf = (name) => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);

function personRow(name) {
  const row = document.createElement('li');
  row.dataset.name = name;
  const face = Object.assign(document.createElement('span'), { className: 'face', textContent: name[0].toUpperCase() });
  face.style.background = `hsl(${hueOf(name)} 45% 38%)`;
  face.setAttribute('aria-hidden', 'true');
  const who = Object.assign(document.createElement('span'), { className: 'who', textContent: name });
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Call' });
  button.dataset.testid = `call-${name}`;
  button.setAttribute('aria-label', `Call ${name}`);
  button.addEventListener('click', () => dial(name));
  row.append(face, who, button);
  return row;
}

/** Rows that stay are left alone, so that neither focus nor a screen reader's place is lost at each look. */
function showPeople(names) {
  const others = names.filter((name) => name !== me).sort((a, b) => a.localeCompare(b));
  const rows = new Map([...$('people').children].map((row) => [row.dataset.name, row]));
  for (const [name, row] of rows) if (!others.includes(name)) row.remove();
  others.forEach((name, at) => {
    const row = rows.get(name) ?? personRow(name);
    if ($('people').children[at] !== row) $('people').insertBefore(row, $('people').children[at] ?? null);
  });
  $('nobody').hidden = others.length > 0;
}

async function lookWhoIsThere() {
  if (me === '' || call !== null || document.hidden) return;
  try {
    const answer = await fetch('/users');
    if (answer.ok) showPeople((await answer.json()).connectedUsers);
  } catch {
    // The socket's own state already tells that the server is away.
  }
}
setInterval(lookWhoIsThere, kUsersEvery);
document.addEventListener('visibilitychange', lookWhoIsThere);

// --- a call ----------------------------------------------------------------------------------------------------------

const tell = (event, peer, more = {}) => socket.emit(event, { to: peer, from: me, ...more });

/** What went wrong with the camera, in words that help. */
function mediaTrouble(error) {
  if (!navigator.mediaDevices) return 'This page may use camera and microphone only over https or on localhost.';
  if (error.name === 'NotAllowedError') return 'Camera and microphone are not allowed for this page. Allow them next to the address, then try again.';
  if (error.name === 'NotFoundError') return 'No microphone was found.';
  if (error.name === 'NotReadableError') return 'Camera or microphone is in use by another program.';
  return `Camera and microphone did not start: ${error.message}`;
}

async function openMedia() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  } catch (error) {
    if (error.name !== 'NotFoundError') throw error;
    return navigator.mediaDevices.getUserMedia({ audio: true }); // no camera: one can still talk
  }
}

/** Opens media and the connection for `mine`; false if the call is over by then. */
async function prepare(mine) {
  let stream;
  try {
    stream = await openMedia();
  } catch (error) {
    if (call === mine) {
      if (mine.state !== 'dialing') tell('decline_call', mine.peer);
      finish(mediaTrouble(error));
    }
    return false;
  }
  if (call !== mine) {
    stream.getTracks().forEach((track) => track.stop());
    return false;
  }
  mine.stream = stream;
  $('local').srcObject = stream;
  const connection = new RTCPeerConnection();
  mine.connection = connection;
  stream.getTracks().forEach((track) => connection.addTrack(track, stream));
  connection.onicecandidate = ({ candidate }) => {
    if (candidate && call === mine) tell('ice_candidate', mine.peer, { candidate: candidate.toJSON() });
  };
  connection.ontrack = ({ streams }) => {
    $('remote').srcObject = streams[0];
  };
  connection.onconnectionstatechange = () => {
    if (call !== mine || connection.connectionState !== 'failed') return;
    tell('end_call', mine.peer);
    finish('No path for sound and picture was found between you two. Behind strict firewalls a relay (TURN) is needed.');
  };
  return true;
}

async function dial(peer) {
  if (call !== null) return;
  say('');
  const mine = (call = { peer, state: 'dialing', early: [] });
  show();
  $('call-title').focus();
  if (!(await prepare(mine))) return;
  const offer = await mine.connection.createOffer();
  if (call !== mine) return;
  // Told first, described second: candidates begin with the local description and must come behind the offer.
  tell('make_call', peer, { offer });
  await mine.connection.setLocalDescription(offer);
}

async function answer() {
  const mine = call;
  if (mine?.state !== 'incoming') return;
  mine.state = 'talking';
  show();
  $('call-title').focus();
  if (!(await prepare(mine))) return;
  try {
    await describeRemote(mine, mine.offer);
    const described = await mine.connection.createAnswer();
    if (call !== mine) return;
    tell('answer_call', mine.peer, { answer: described });
    await mine.connection.setLocalDescription(described);
  } catch (error) {
    if (call !== mine) return;
    tell('decline_call', mine.peer);
    finish(`The call could not be taken: ${error.message}`);
  }
}

/** Some clients write their SDP as text, with the candidates that they have beside it. */
const asDescription = (type, sent) => (typeof sent === 'string' ? { type, sdp: sent } : sent);

async function describeRemote(mine, description) {
  await mine.connection.setRemoteDescription(description);
  for (const candidate of mine.early.splice(0)) await addCandidate(mine, candidate);
}

/** A candidate that cannot be used is one path less, not the end of the call. */
async function addCandidate(mine, candidate) {
  try {
    await mine.connection.addIceCandidate(candidate);
  } catch (error) {
    console.warn('candidate not used', error);
  }
}

/** Over, for whatever reason; the other side has been told or told us. */
function finish(words = '') {
  const over = call;
  call = null;
  over?.connection?.close();
  over?.stream?.getTracks().forEach((track) => track.stop());
  $('local').srcObject = null;
  $('remote').srcObject = null;
  for (const id of ['mute', 'camera']) press(id, false);
  say(words);
  show();
  if (over && me !== '') $('lobby-title').focus();
  lookWhoIsThere();
}

function press(id, pressed) {
  $(id).setAttribute('aria-pressed', String(pressed));
  if (id === 'mute') $(id).textContent = pressed ? 'Unmute' : 'Mute';
  else $(id).textContent = pressed ? 'Camera on' : 'Camera off';
}

function toggle(id, tracks) {
  const off = $(id).getAttribute('aria-pressed') !== 'true';
  tracks.forEach((track) => (track.enabled = !off));
  press(id, off);
}

// --- what the user does ----------------------------------------------------------------------------------------------

$('register-form').addEventListener('submit', (event) => {
  event.preventDefault();
  wanted = $('name').value.trim();
  if (socket.connected) socket.emit('register_user', { userId: wanted });
  else say('Connecting; you will be entered as soon as the server answers.');
});
$('answer').addEventListener('click', answer);
$('decline').addEventListener('click', () => {
  tell('decline_call', call.peer);
  finish();
});
// Escape closes a dialog silently; here it has to mean something to the caller too.
$('incoming').addEventListener('cancel', (event) => {
  event.preventDefault();
  $('decline').click();
});
$('hang-up').addEventListener('click', () => {
  tell('end_call', call.peer);
  finish();
});
$('mute').addEventListener('click', () => toggle('mute', call?.stream?.getAudioTracks() ?? []));
$('camera').addEventListener('click', () => toggle('camera', call?.stream?.getVideoTracks() ?? []));

function leave() {
  if (me !== '') socket.emit('logout_user', { userId: me });
  me = '';
}
$('logout').addEventListener('click', () => {
  leave();
  finish();
  $('name').focus();
});
// A closed tab is an explicit leave: the other side must not wait for the grace of a lost connection.
addEventListener('pagehide', () => {
  leave();
  socket.disconnect();
});
// Back from the browser's page cache: begin anew.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

// --- what the server says --------------------------------------------------------------------------------------------

socket.on('connect', () => {
  showConnection('online', 'Online');
  // After a recovery we are who we were; otherwise the server does not know us any more.
  const name = me || wanted;
  if (name !== '' && !socket.recovered) socket.emit('register_user', { userId: name });
});
socket.on('disconnect', () => showConnection('offline', 'Offline – trying again'));
socket.on('connect_error', (error) => {
  showConnection('offline', 'Offline – trying again');
  if (error.message === 'Authentication error') say('This server wants a login; the demo page has none.');
});

socket.on('user_registered', ({ success, userId, error }) => {
  wanted = '';
  if (!success) return say(error ?? 'This name was not accepted.');
  const first = me === '';
  me = userId;
  $('me').textContent = me;
  if (first) say('');
  show();
  if (first) $('lobby-title').focus();
  lookWhoIsThere();
});

socket.on('incoming_call', ({ from, offer, iceCandidates = [] }) => {
  // Both called each other: our own call was refused as busy, theirs rings (the server settles which).
  if (call !== null && call.peer !== from) return;
  if (call !== null && call.state === 'talking') return;
  if (call !== null) finish();
  call = { peer: from, state: 'incoming', offer: asDescription('offer', offer), early: iceCandidates };
  say('');
  show();
});

socket.on('call_answered', async ({ from, answer: description, iceCandidates = [] }) => {
  const mine = call;
  if (mine?.state !== 'dialing' || mine.peer !== from) return;
  mine.state = 'talking';
  mine.early.push(...iceCandidates);
  show();
  try {
    await describeRemote(mine, asDescription('answer', description));
  } catch (error) {
    if (call !== mine) return;
    tell('end_call', mine.peer);
    finish(`The answer could not be used: ${error.message}`);
  }
});

socket.on('ice_candidate', ({ from, candidate }) => {
  if (call?.peer !== from || !candidate) return;
  if (call.connection?.remoteDescription) addCandidate(call, candidate);
  else call.early.push(candidate);
});

const isMine = (peer) => call !== null && call.peer === peer;
socket.on('call_ended', ({ from, reason }) => {
  if (isMine(from)) finish(reason ? kLoudReasons[reason] ?? `The call ended (${reason}).` : `${from} hung up.`);
});
socket.on('call_declined', ({ from }) => isMine(from) && finish(`${from} declined.`));
socket.on('call_timeout', ({ user }) => isMine(user) && finish(call.state === 'incoming' ? kLoudReasons.timeout : `${user} did not answer.`));
socket.on('call_busy', ({ targetUser }) => isMine(targetUser) && finish(`${targetUser} is in another call.`));
socket.on('call_failed', ({ error, targetUser }) => {
  // A candidate may be refused too; only a refusal of what we are waiting for ends our waiting.
  if (isMine(targetUser) && call.state !== 'incoming') finish(`${error}.`);
});
socket.on('force_disconnect', ({ reason }) => {
  me = '';
  finish(`You are signed in elsewhere now (${reason}). Reload the page to come back here.`);
});

show();
