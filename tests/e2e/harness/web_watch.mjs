// What a page of the web client does with the browser, noted from outside: its devices, connections and sounds, the states of its call,
// its unread counts. It reads nothing of the client's own but what DESIGN §17 promises.

/** Runs in the page before its scripts, after each reload anew. `window.seen` is what a test asks. */
export function watchPage() {
  const seen = { tracks: [], connections: [], contexts: [], sockets: [], unread: [], states: ['idle'], sounds: [], apps: [], login: false, dialogAt: 0 };
  window.seen = seen;
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
    console.error(`content security policy: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`));
  document.addEventListener('updateUnreadCount', ({ detail, bubbles }) => seen.unread.push({ ...structuredClone(detail), bubbles }));

  const noteTracks = (stream) => {
    seen.tracks.push(...stream.getTracks());
    return stream;
  };
  for (const name of ['getUserMedia', 'getDisplayMedia']) {
    const real = navigator.mediaDevices?.[name].bind(navigator.mediaDevices);
    // Small and slow pictures, since all pages of a test share the machine's cores.
    const lighter = (wish) => (wish?.video ? { ...wish, video: { ...(wish.video === true ? {} : wish.video), width: 320, height: 180, frameRate: 10 } } : wish);
    if (real) navigator.mediaDevices[name] = async (wish) => noteTracks(await real(lighter(wish)));
  }
  const cloneTrack = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function clone() {
    const copy = cloneTrack.call(this);
    seen.tracks.push(copy);
    return copy;
  };
  const cloneStream = MediaStream.prototype.clone;
  MediaStream.prototype.clone = function clone() { return noteTracks(cloneStream.call(this)); };
  const record = (name, list) => {
    window[name] = class extends window[name] {
      constructor(...options) {
        super(...options);
        list.push(this);
      }
    };
  };
  record('RTCPeerConnection', seen.connections);
  record('AudioContext', seen.contexts);
  record('WebSocket', seen.sockets);

  const push = (list, value) => { if (value && list.at(-1) !== value) list.push(value); };
  const look = () => {
    const region = document.querySelector('[data-call-state]');
    const dialog = document.querySelector(':is(dialog, [role="dialog"], [role="alertdialog"])[data-call-id]');
    if (dialog && !seen.dialogAt) seen.dialogAt = performance.now();
    if (!dialog) seen.dialogAt = 0;
    push(seen.states, region?.dataset.callState ?? (dialog ? 'incoming' : 'idle'));
    push(seen.sounds, document.documentElement.dataset.sound);
    push(seen.apps, document.documentElement.dataset.app);
    seen.login ||= Boolean(document.querySelector('input[type="password"]'));
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, attributes: true, attributeFilter: ['data-call-state', 'data-sound', 'data-app', 'open'],
  });
}

/** Of all connections that are open: frames decoded and packets of sound. Runs in the page. */
export async function whatFlows() {
  const sums = { frames: 0, packets: 0 };
  for (const connection of window.seen.connections.filter(({ signalingState }) => signalingState !== 'closed'))
    for (const each of (await connection.getStats()).values()) {
      if (each.type !== 'inbound-rtp') continue;
      if (each.kind === 'video') sums.frames += each.framesDecoded ?? 0;
      else sums.packets += each.packetsReceived ?? 0;
    }
  return sums;
}

/** What of the media is still open; empty: nothing (§17.7). Runs in the page. */
export function whatIsOpen() {
  const { tracks, connections } = window.seen;
  return [
    ...tracks.filter(({ readyState }) => readyState !== 'ended').map(({ kind, label }) => `track ${kind} ${label}`),
    ...connections.filter(({ signalingState }) => signalingState !== 'closed').map(() => 'a connection'),
    ...[...document.querySelectorAll('video, audio')].filter(({ srcObject }) => srcObject).map(({ tagName }) => `srcObject of ${tagName}`),
  ];
}
