// The words of calls (DESIGN §9, §10.4, §10.5, §12, §17.5). No sentence of them stands elsewhere. `name` is the other's or the group's.
import type { Call, CallQuality, CallType, QualitySample } from '../../state/model.ts';
import { duration, names, number, plural } from './format.en.ts';

/** `00:12`, `1:02:03` from one hour on. */
export function timer(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

const withDuration = (text: string, seconds: number | null): string => (seconds === null ? text : `${text} · ${duration(seconds)}`);

const kNotStarted = 'The call could not be started.';

/** DESIGN §10.4, and the reasons that `data-end-reason` folds into `failed`. */
function failed(call: Call, name: string): string {
  switch (call.endDetail) {
    case 'admin': return 'The call was ended by an administrator.';
    case 'token_revoked': return 'You were signed out.';
    case 'user_deactivated': return `${name}'s account was closed.`;
    case 'CALLER_BUSY': return 'You are already in a call on another device.';
    case 'USER_INACTIVE': return `${name}'s account cannot be called.`;
    case 'RATE_LIMITED':
      return call.retryAfterSeconds === null
        ? 'You have called often in a short time. Try again in a moment.'
        : `You have called often in a short time. Try again in ${duration(call.retryAfterSeconds)}.`;
    case 'STORE_UNAVAILABLE':
    case 'DRAINING':
      return 'The server cannot take calls right now. Try again in a moment.';
    case 'NETWORK': return 'The server cannot be reached. Try again in a moment.';
    case 'NOT_PARTICIPANT':
    case 'CALL_NOT_FOUND':
      return 'This call is not yours, or it is over.';
    case 'CALL_DECLINED': return 'You declined this call.';
    case 'NO_WEBRTC': return 'This browser cannot make calls. Chats work.';
    case 'NOT_SECURE':
      return 'Calls need a secure address (https). You are on http, so the browser keeps camera and microphone closed. Chats work.';
    default: return kNotStarted;
  }
}

/** How a call ended, told on the stage for 4 s. */
export function endText(call: Call, name: string): string {
  switch (call.endReason) {
    case null:
    case 'hangup': return withDuration('Call ended', call.durationSeconds);
    case 'declined': return call.role === 'caller' ? `${name} declined the call.` : 'Call declined.';
    case 'busy': return `${name} is in another call.`;
    case 'timeout': return call.role === 'caller' ? 'No answer.' : 'The call was not answered in time.';
    case 'cancelled': return call.role === 'caller' ? 'Call cancelled.' : `${name} hung up before you answered.`;
    case 'unreachable': return `${name} could not be reached.`;
    case 'answered_elsewhere': return 'Answered on another device.';
    case 'declined_elsewhere': return 'Declined on another device.';
    case 'connection_lost': return withDuration('The connection was lost', call.durationSeconds);
    case 'media_failed': return 'No sound or picture could get through.';
    case 'kicked': return 'You were removed from the call.';
    case 'max_duration': return 'The call reached its longest time.';
    case 'server_restart': return 'The server was restarted.';
    case 'superseded': return `${name} called you anew.`;
    case 'failed': return failed(call, name);
  }
}

/** The status of a call that has not ended; `in-call` gets its timer from `inCall`. `reconnecting`: who of the others is. */
export function statusText(call: Call, name: string, now: number, reconnecting = name): string {
  switch (call.phase) {
    case 'outgoing':
      switch (call.progress) {
        case 'created': return `Calling ${name}…`;
        case 'pushed': return `Notifying ${name}'s devices…`;
        case 'woken': return `Waking ${name}'s device…`;
        case 'ringing': return 'Ringing…';
        case 'unreachable': return `${name} seems to be offline. Still trying…`;
      }
      break;
    case 'connecting': return call.slow ? 'Still connecting. A firewall may be in the way.' : 'Connecting…';
    case 'in-call': return `In call · ${timer(call.startedAt === null ? 0 : (now - Date.parse(call.startedAt)) / 1000)}`;
    case 'reconnecting': return call.reconnectingMine ? 'Reconnecting…' : `${reconnecting} is reconnecting…`;
    case 'ended': return endText(call, name);
  }
}

/** DESIGN §10.5. `name` is the other's. */
export function verdict(quality: CallQuality, name: string): string {
  switch (quality.level) {
    case 'good': return 'Good connection';
    case 'fair': return 'Fair connection: sound may skip.';
    case 'unknown': return 'Measuring…';
    case 'poor': return `Poor connection${poorCause(quality, name)}`;
  }
}

/** Of the last two samples, as the level is. */
const worst = (quality: CallQuality, of: (sample: QualitySample) => number | null): number => Math.max(0, ...quality.samples.slice(-2).map((sample) => of(sample) ?? 0));

function poorCause(quality: CallQuality, name: string): string {
  switch (quality.cause) {
    case 'loss': return `: your network loses ${number(worst(quality, (sample) => sample.lossPercent))} % of the packets.`;
    case 'rtt': return `: the way to ${name} takes ${number(worst(quality, (sample) => sample.rttMs))} ms.`;
    case 'jitter': return ': the sound comes unevenly.';
    case 'their-side': return `: ${name}'s side sends little.`;
    case 'none': return '';
  }
}

const withVideo = (type: CallType): string => (type === 'video' ? ' with video' : '');

const incomingText = (name: string, type: CallType): string => `${name} is calling${withVideo(type)}`;
const incomingGroupText = (name: string, group: string, type: CallType): string => `${name} is calling ${group}${withVideo(type)}`;

/** Why is not told: then the request's id is. */
const unexplained = (call: Call): boolean => call.endReason === 'failed' && failed(call, '') === kNotStarted;

export const callWords = {
  region: 'Call',
  timer,
  statusText,
  endText,
  unexplained,
  verdict,
  someone: 'Someone',
  group: 'Group',
  you: 'You',

  // incoming
  incoming: 'Incoming call',
  incomingGroup: 'Incoming group call',
  incomingText,
  incomingGroupText,
  acceptWithVideo: 'Accept with video',
  acceptWithAudio: 'Accept with audio',
  decline: 'Decline',
  soundHint: 'Click anywhere to hear the ringtone.',

  // controls
  controls: 'Call controls',
  cancelCall: 'Cancel call',
  hangUp: 'Hang up',
  leaveCall: 'Leave call',
  endForAll: 'End call for all',
  endForAllQuestion: 'End the call for all?',
  stillIn: (who: readonly string[]): string => `${names(who)} ${who.length === 1 ? 'is' : 'are'} still in it.`,
  cancel: 'Cancel',
  mute: 'Mute',
  unmute: 'Unmute',
  cameraOff: 'Turn camera off',
  cameraOn: 'Turn camera on',
  shareScreen: 'Share screen',
  stopSharing: 'Stop sharing',
  stopSharingStrip: 'Stop sharing',
  more: 'More',
  pictureInPicture: 'Picture-in-picture',
  fullScreen: 'Full screen',
  exitFullScreen: 'Exit full screen',
  devices: 'Devices',
  quality: 'Call quality',
  minimise: 'Minimise call',
  returnToCall: 'Return to call',
  showChat: 'Show chat',
  hideChat: 'Hide chat',
  hideSelf: 'Hide own picture',
  showSelf: 'Show own picture',
  close: 'Close',
  callAgain: 'Call again',
  callBack: 'Call back',
  sendMessage: 'Send a message',
  chatBeside: 'Chat',

  // the stage
  mutedPill: 'You are muted',
  people: (count: number): string => plural(count, 'person', 'people'),
  tiles: 'People in this call',
  mutedMark: 'Muted',
  isReconnecting: 'Reconnecting…',
  isConnecting: 'Connecting…',
  tileName: (name: string, marks: { muted: boolean; camera: boolean; screen: boolean; reconnecting: boolean }): string => [
    name, marks.muted && 'muted', !marks.camera && 'camera off', marks.screen && 'sharing the screen', marks.reconnecting && 'reconnecting',
  ].filter(Boolean).join(', '),
  selfTile: 'Your picture. The arrow keys move it to another corner.',
  sharing: (name: string): string => `${name} is sharing the screen`,
  sharedScreen: (name: string): string => `${name}'s screen`,
  youShare: 'You are sharing your screen.',
  fit: 'Fit to the window',
  actualSize: 'Show at 100 %',
  keptMine: 'The call is kept for 30 s.',
  keptMineOffline: 'You are offline. The call is kept for 30 s.',
  keptTheirs: (name: string): string => `Waiting for ${name}. The call is kept for 30 s.`,
  weak: 'Weak connection on your side. The picture is smaller so that the voice stays.',
  weakTheirs: (name: string): string => `Weak connection on ${name}'s side.`,
  requestId: (id: string): string => `request ${id}`,
  clickToHear: (name: string): string => `Click anywhere to hear ${name}.`,

  // joining
  ready: 'Ready to join?',
  joinWithVideo: 'Join with video',
  joinWithAudio: 'Join with audio',
  notNow: 'Not now',
  inThisCall: (who: readonly string[]): string =>
    (who.length === 0 ? 'Nobody is in this call yet.' : `${names(who)} ${who.length === 1 ? 'is' : 'are'} in this call.`),
  notFound: 'Not found',
  notYours: 'This call is not yours, or it is over.',
  backToChats: 'Back to chats',

  // quality
  metric: {
    rtt: 'Round trip', loss: 'Loss', jitter: 'Jitter', bitrate: 'Bit rate', resolution: 'Picture', path: 'Path',
  },
  milliseconds: (value: number): string => `${value < 10 ? value.toFixed(1) : number(value)} ms`,
  percent: (value: number): string => `${value < 10 ? value.toFixed(1) : number(value)} %`,
  bitrate: (value: number): string => `${number(value)} kbit/s`,
  none: '–',
  /** `kind`: the browser's word for the candidate that is used. */
  path: (kind: string): string => (kind === 'relay' ? 'through a relay' : 'direct'),
  measuring: 'Measuring…',
  stale: 'No news for 10 s.',
  notConnected: 'Not connected.',
  trend: (from: number, to: number): string => {
    const way = to > from * 1.25 + 5 ? 'rising' : to < from * 0.8 - 5 ? 'falling' : 'steady';
    return `Round trip over the last minute: ${way}, now ${number(to)} ms`;
  },
  noTrend: 'Round trip over the last minute: not measured yet',

  // announcements (DESIGN §12)
  say: {
    incoming: (name: string, type: CallType): string =>
      `${incomingText(name, type)}. Press Tab for Accept with video, Accept with audio, Decline.`,
    incomingGroup: (name: string, group: string, type: CallType): string =>
      `${incomingGroupText(name, group, type)}. Press Tab for Accept with video, Accept with audio, Decline.`,
    missed: (name: string): string => `Missed call from ${name}.`,
    answeredElsewhere: 'Answered on another device.',
    declinedElsewhere: 'Declined on another device.',
    glare: 'You called each other.',
    inCall: (name: string): string => `In call with ${name}.`,
    microphone: (on: boolean): string => (on ? 'Microphone on.' : 'Microphone off.'),
    camera: (on: boolean): string => (on ? 'Camera on.' : 'Camera off.'),
    screen: (on: boolean): string => (on ? 'You share your screen.' : 'Sharing stopped.'),
    theirMicrophone: (name: string, on: boolean): string => `${name} turned the microphone ${on ? 'on' : 'off'}.`,
    theirCamera: (name: string, on: boolean): string => `${name} turned the camera ${on ? 'on' : 'off'}.`,
    theirScreen: (name: string, on: boolean): string => (on ? `${name} shares the screen.` : `${name} stopped sharing.`),
    joined: (name: string): string => `${name} joined.`,
    left: (name: string): string => `${name} left.`,
    reconnectingMine: 'Reconnecting.',
    reconnecting: (name: string): string => `${name} is reconnecting.`,
    back: 'Connected again.',
    weak: 'Weak connection.',
    /** `Call ended, 2 min 5 s.` */
    end: (text: string): string => text.replace(' · ', ', ').replace(/[^.]$/, '$&.'),
  },
};
