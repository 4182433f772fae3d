// The words of devices and of everything that they refuse (DESIGN §10.6, §11). No sentence of them stands elsewhere.
import type { CallType, MediaError, MediaKind, MediaView } from '../../state/model.ts';

const kWhat = { camera: 'camera', microphone: 'microphone', screen: 'screen', speaker: 'speaker' } as const satisfies Record<MediaKind, string>;

const unplugged = (error: MediaError): string => {
  const what = `Your ${kWhat[error.kind]} was unplugged.`;
  if (error.replacement !== null) return `${what} ${error.replacement} is used now.`;
  return `${what} ${error.kind === 'camera' ? 'Nobody can see you.' : 'Nobody can hear you.'}`;
};

function screenSentence(error: MediaError): string {
  return error.name === 'NotAllowedError'
    ? 'Your computer does not let the browser record the screen. Allow it in the system\'s privacy settings.'
    : 'The screen could not be shared. Try again, or choose a window.';
}

function notAllowed(error: MediaError, what: string): string {
  if (error.detail === 'by-system')
    return `Your computer does not let the browser use the ${what}. Allow it in the system's privacy settings.`;
  if (error.permission === 'prompt') return `You closed the question about your ${what}. Press Try again and choose Allow.`;
  return `Belfry may not use your ${what}. Allow it beside the address, then try again.`;
}

/** What is so. What to do. */
export function mediaSentence(error: MediaError): string {
  if (error.kind === 'speaker') return 'This speaker cannot be used. The system\'s one is used.';
  if (error.detail === 'unplugged') return unplugged(error);
  if (error.kind === 'screen') return screenSentence(error);
  const what = kWhat[error.kind];
  switch (error.name) {
    case 'NotAllowedError': return notAllowed(error, what);
    case 'SecurityError': return `This browser forbids the use of your ${what} on this page. Ask whoever looks after this computer.`;
    case 'NotFoundError': return `No ${what} was found. Plug one in, then try again.`;
    case 'NotReadableError': return `Your ${what} is used by another program. Close that one, then try again.`;
    case 'OverconstrainedError':
      return error.replacement === null
        ? `The chosen ${what} cannot do what was asked. Choose another one in Devices.`
        : `The chosen ${what} is not there any more. Another one is used.`;
    case 'AbortError': return `Your ${what} stopped by itself. Unplug it and plug it in again, then try again.`;
    case 'InvalidStateError': return 'The page was not active. Come back to it and try again.';
    case 'TypeError': return `Calls need a secure address (https). Your ${what} stays closed here.`;
    case 'TimeoutError': return `The browser still waits for your answer about the ${what}. Look beside the address.`;
    default: return `Your ${what} could not be opened. Try again, or choose another one in Devices.`;
  }
}

const kExplained = ['NotAllowedError', 'SecurityError', 'NotFoundError', 'NotReadableError', 'OverconstrainedError', 'AbortError',
  'InvalidStateError', 'TypeError', 'TimeoutError'];

/** The error's own name, small, where the sentence does not tell what it was. */
export const unexplained = (error: MediaError): string | null =>
  (error.detail === 'unplugged' || error.kind === 'speaker' || kExplained.includes(error.name) ? null : error.name);

/** While the browser's own question is open. */
export const askingText = (type: CallType): string => (type === 'video'
  ? 'Your browser asks for camera and microphone. Choose Allow to be seen and heard.'
  : 'Your browser asks for the microphone. Choose Allow to be heard.');

/** The second row of the status: joined with less. */
export const degradedText = (degraded: NonNullable<MediaView['degraded']>): string => ({
  'no-camera': 'Without camera',
  'no-microphone': 'Without microphone',
  'listen-only': 'Listening only: nobody hears you',
}[degraded]);

export const mediaWords = {
  sentence: mediaSentence,
  unexplained,
  asking: askingText,
  degraded: degradedText,
  tryAgain: 'Try again',
  dismiss: 'Dismiss',

  // devices
  devices: 'Devices',
  check: 'Check your devices',
  camera: 'Camera',
  microphone: 'Microphone',
  speaker: 'Speaker',
  level: 'Microphone level',
  system: 'System default',
  unnamed: (what: 'camera' | 'microphone' | 'speaker', at: number): string =>
    `${{ camera: 'Camera', microphone: 'Microphone', speaker: 'Speaker' }[what]} ${at}`,
  noneFound: { camera: 'No camera found', microphone: 'No microphone found', speaker: 'System default' },
  allowNames: 'Allow to see the names',
  testSound: 'Play test sound',
  done: 'Done',
  silent: 'We hear nothing. Is it muted at the device?',
  noPicture: 'Your picture shows here.',
  cameraIsOff: 'Your camera is off.',
  ownPicture: 'Your picture',
  /** Of a toast. */
  unpluggedToast: (device: string, now: string): string => `${device} unplugged. Using ${now}.`,
  youAreMuted: (name: string): string => `${name} cannot hear you: you are muted.`,
};
