// Opening camera and microphone, with less if all is not to be had (DESIGN §11): a call never fails for a device. One question of the
// browser for both; what is refused is tried alone, unless that would only ask somebody again who has just said no.
import type { Clock } from '../wire/ports.ts';
import type { MediaError } from '../state/model.ts';
import { mediaErrorOf, nameOf, permissionFor, type Permission } from './errors.ts';

export type Kind = 'camera' | 'microphone';
export interface Wish {
  readonly camera: boolean;
  readonly microphone: boolean;
}
export interface Chosen {
  readonly camera: string | null;
  readonly microphone: string | null;
}
export interface Opened {
  readonly tracks: readonly MediaStreamTrack[];
  readonly errors: readonly MediaError[];
}

/** As long as somebody may look for the browser's question before we say where it is. */
export const kPatienceMs = 20_000;

const kCamera: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const kMicrophone: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

const withDevice = (base: MediaTrackConstraints, id: string | null): MediaTrackConstraints => (id === null ? base : { ...base, deviceId: { exact: id } });

function constraints(wish: Wish, chosen: Chosen): MediaStreamConstraints {
  return {
    audio: wish.microphone && withDevice(kMicrophone, chosen.microphone),
    video: wish.camera && withDevice(kCamera, chosen.camera),
  };
}

const wishOf = (kind: Kind): Wish => ({ camera: kind === 'camera', microphone: kind === 'microphone' });
const hasChoice = (wish: Wish, chosen: Chosen): boolean => (wish.camera && chosen.camera !== null) || (wish.microphone && chosen.microphone !== null);

async function ask(wish: Wish, chosen: Chosen): Promise<readonly MediaStreamTrack[]> {
  // Absent where the address is not secure: reading a member of it is then the TypeError of §11.
  const stream = await navigator.mediaDevices.getUserMedia(constraints(wish, chosen));
  return stream.getTracks();
}

/** A chosen device that is gone or too weak: any other one instead. */
async function askAlone(kind: Kind, chosen: Chosen, permission: Permission): Promise<Opened> {
  try {
    return { tracks: await ask(wishOf(kind), chosen), errors: [] };
  } catch (error) {
    const choice = hasChoice(wishOf(kind), chosen) && ['OverconstrainedError', 'NotFoundError'].includes(nameOf(error));
    if (!choice) return { tracks: [], errors: [mediaErrorOf(kind, error, await permissionAfter(kind, permission))] };
    const other = await askAlone(kind, { camera: null, microphone: null }, permission);
    const [track] = other.tracks;
    const name = { name: 'OverconstrainedError', message: '' };
    return { tracks: other.tracks, errors: [mediaErrorOf(kind, name, permission, track === undefined ? null : track.label)] };
  }
}

/** What it is now counts: the question may have been answered meanwhile. */
async function permissionAfter(kind: Kind, before: Permission): Promise<Permission> {
  const now = await permissionFor(kind);
  return now === 'unknown' ? before : now;
}

const refused = (opened: Opened): boolean => opened.errors.some((each) => each.name === 'NotAllowedError');

async function openEach(wish: Wish, chosen: Chosen, permissions: Record<Kind, Permission>): Promise<Opened> {
  const voice = wish.microphone ? await askAlone('microphone', chosen, permissions.microphone) : { tracks: [], errors: [] };
  if (!wish.camera) return voice;
  if (refused(voice) && permissions.camera === 'prompt') {
    const error = mediaErrorOf('camera', { name: 'NotAllowedError' }, await permissionAfter('camera', 'prompt'));
    return { tracks: voice.tracks, errors: [...voice.errors, error] };
  }
  const picture = await askAlone('camera', chosen, permissions.camera);
  return { tracks: [...voice.tracks, ...picture.tracks], errors: [...voice.errors, ...picture.errors] };
}

/** `asking`: the browser's question is open now. `late`: nobody has answered it for long. It may still be answered. */
export async function openDevices(wish: Wish, chosen: Chosen, clock: Clock, asking: (on: boolean) => void, late: (errors: readonly MediaError[]) => void): Promise<Opened> {
  if (!wish.camera && !wish.microphone) return { tracks: [], errors: [] };
  const permissions = {
    camera: wish.camera ? await permissionFor('camera') : 'unknown' as const,
    microphone: wish.microphone ? await permissionFor('microphone') : 'unknown' as const,
  };
  const kinds = (['camera', 'microphone'] as const).filter((kind) => wish[kind]);
  if (kinds.some((kind) => permissions[kind] === 'prompt')) asking(true);
  const stop = clock.after(kPatienceMs, () => late(kinds.map((kind) => mediaErrorOf(kind, { name: 'TimeoutError' }, permissions[kind]))));
  try {
    if (kinds.length > 1 && kinds.every((kind) => permissions[kind] !== 'denied')) {
      try {
        return { tracks: await ask(wish, chosen), errors: [] };
      } catch {
        // Which of the two it was, only asking for each can tell.
      }
    }
    return await openEach(wish, chosen, permissions);
  } finally {
    stop();
    asking(false);
  }
}
