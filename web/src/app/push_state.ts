// What is known of notifications on this device without asking the browser or the server for anything.
import type { Settings } from '../state/model.ts';

export type PushState = Settings['notifications'];

/** The id under which the server knows this browser. Requests and sockets may name it, so that it stays an active device. */
export const kDevice = 'belfry.push-device';
export const kOn = 'belfry.notifications';

export const isSupported = (): boolean => 'serviceWorker' in navigator && 'Notification' in window && window.isSecureContext;

export function pushState(): PushState {
  if (!isSupported()) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && localStorage.getItem(kOn) === 'on' ? 'on' : 'off';
}

/** The device of this browser at the server, or null. */
export const pushDevice = (): string | null => localStorage.getItem(kDevice);
