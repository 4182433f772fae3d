// What the browser refused, as DESIGN §11 tells it apart. The sentences are in ui/words/media.en.ts.
import type { MediaError, MediaKind } from '../state/model.ts';

export type Permission = MediaError['permission'];

/** What the Permissions API says now; it does not know cameras everywhere. */
export async function permissionFor(kind: 'camera' | 'microphone'): Promise<Permission> {
  try {
    return (await navigator.permissions.query({ name: kind })).state;
  } catch {
    return 'unknown';
  }
}

export const nameOf = (error: unknown): string =>
  (typeof error === 'object' && error !== null && 'name' in error && typeof error.name === 'string' ? error.name : 'Error');

const messageOf = (error: unknown): string =>
  (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string' ? error.message : '');

/** Chromium says "Permission denied by system". */
const bySystem = (error: unknown): boolean => nameOf(error) === 'NotAllowedError' && /\bsystem\b/i.test(messageOf(error));

const onMac = (): boolean => /\bMac OS X\b/.test(navigator.userAgent);

export function mediaErrorOf(kind: MediaKind, error: unknown, permission: Permission, replacement: string | null = null): MediaError {
  const name = nameOf(error);
  // macOS does not say that it was the system: there the site is allowed, and refused all the same.
  const system = bySystem(error) || (name === 'NotAllowedError' && permission === 'granted' && onMac());
  return { kind, name, permission, detail: system ? 'by-system' : 'none', replacement };
}

export const unplugged = (kind: 'camera' | 'microphone', device: string, replacement: string | null): MediaError =>
  ({ kind, name: 'ended', permission: 'granted', detail: 'unplugged', replacement, device });

/** Of a `getDisplayMedia`: the picker was closed, which was a decision. */
export const wasDeclined = (error: unknown): boolean => nameOf(error) === 'NotAllowedError' && !bySystem(error);
