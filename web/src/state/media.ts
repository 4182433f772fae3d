// My own media as it is shown: what is on, what the browser refused, which devices there are. A pure function of what happened; the
// devices themselves are media/devices.ts.
import type { Device, MediaError, MediaKind, MediaView } from './model.ts';

export interface MediaSlice extends MediaView {
  /** Wanted, and not to be had: what `degraded` follows from, also when the notice was put away. */
  readonly missing: { readonly camera: boolean; readonly microphone: boolean };
}

export type MediaEvent =
  | { readonly type: 'asking'; readonly on: boolean }
  | { readonly type: 'opened'; readonly kind: 'camera' | 'microphone' }
  | { readonly type: 'failed'; readonly error: MediaError }
  | { readonly type: 'dismissed'; readonly kind: MediaKind }
  | { readonly type: 'muted'; readonly on: boolean }
  | { readonly type: 'camera'; readonly on: boolean }
  | { readonly type: 'screen'; readonly on: boolean }
  | { readonly type: 'devices'; readonly cameras: readonly Device[]; readonly microphones: readonly Device[]; readonly speakers: readonly Device[] }
  | { readonly type: 'chosen'; readonly kind: 'camera' | 'microphone' | 'speaker'; readonly id: string | null }
  /** A call begins. */
  | { readonly type: 'reset'; readonly muted: boolean; readonly camera: boolean }
  | { readonly type: 'closed' };

export const kNoMedia: MediaSlice = {
  muted: false, camera: false, screen: false, asking: false, degraded: null, errors: [], cameras: [], microphones: [], speakers: [],
  chosen: { camera: null, microphone: null, speaker: null }, missing: { camera: false, microphone: false },
};

function degradedOf({ missing, camera }: MediaSlice): MediaView['degraded'] {
  if (missing.microphone) return camera ? 'no-microphone' : 'listen-only';
  return missing.camera ? 'no-camera' : null;
}

const without = (errors: readonly MediaError[], kind: MediaKind): readonly MediaError[] => errors.filter((each) => each.kind !== kind);

/** A replaced device is told of, but nothing is missing then. */
function failed(media: MediaSlice, error: MediaError): MediaSlice {
  const lost = error.replacement === null;
  const next = { ...media, errors: [...without(media.errors, error.kind), error] };
  switch (error.kind) {
    case 'camera': return lost ? { ...next, camera: false, missing: { ...media.missing, camera: true } } : next;
    case 'microphone': return lost ? { ...next, missing: { ...media.missing, microphone: true } } : next;
    case 'screen': return { ...next, screen: false };
    case 'speaker': return next;
  }
}

function opened(media: MediaSlice, kind: 'camera' | 'microphone'): MediaSlice {
  const missing = { ...media.missing, [kind]: false };
  const errors = media.errors.filter((each) => each.kind !== kind || each.replacement !== null);
  return { ...media, missing, errors, camera: kind === 'camera' ? true : media.camera };
}

function step(media: MediaSlice, event: MediaEvent): MediaSlice {
  switch (event.type) {
    case 'asking': return { ...media, asking: event.on };
    case 'opened': return opened(media, event.kind);
    case 'failed': return failed(media, event.error);
    case 'dismissed': return { ...media, errors: without(media.errors, event.kind) };
    case 'muted': return { ...media, muted: event.on };
    // Who turns it off does without it on purpose.
    case 'camera': return { ...media, camera: event.on, missing: event.on ? media.missing : { ...media.missing, camera: false } };
    case 'screen': return { ...media, screen: event.on, errors: event.on ? without(media.errors, 'screen') : media.errors };
    case 'devices': return { ...media, cameras: event.cameras, microphones: event.microphones, speakers: event.speakers };
    case 'chosen': return { ...media, chosen: { ...media.chosen, [event.kind]: event.id } };
    case 'reset': return { ...media, muted: event.muted, camera: event.camera, screen: false, errors: [], missing: kNoMedia.missing };
    case 'closed':
      return { ...media, muted: false, camera: false, screen: false, asking: false, errors: [], missing: kNoMedia.missing };
  }
}

export function mediaStep(media: MediaSlice, event: MediaEvent): MediaSlice {
  const next = step(media, event);
  const degraded = degradedOf(next);
  return degraded === next.degraded ? next : { ...next, degraded };
}
