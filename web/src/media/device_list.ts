// Which devices there are. Their names come only after the browser was allowed to use one.
import type { Device } from '../state/model.ts';

export interface DeviceList {
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
}

export async function listDevices(): Promise<DeviceList> {
  let all: readonly MediaDeviceInfo[];
  try {
    all = await navigator.mediaDevices.enumerateDevices();
  } catch {
    all = [];
  }
  const of = (kind: MediaDeviceKind): Device[] =>
    all.filter((each) => each.kind === kind && each.deviceId !== '').map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { cameras: of('videoinput'), microphones: of('audioinput'), speakers: of('audiooutput') };
}

/** Returns how to stop. */
export function watchDevices(changed: () => void): () => void {
  // Absent where the address is not secure.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  devices?.addEventListener('devicechange', changed);
  return () => devices?.removeEventListener('devicechange', changed);
}
