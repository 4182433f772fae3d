// What a reload goes on with, and that only one page goes on with it. The page before leaves it in sessionStorage as it goes; it is taken from
// there, not read, so that a copy of the tab does not take the call as well.
import { kProgress } from '../state/call_progress.ts';
import type { CallId, RingProgress } from '../state/model.ts';
import { flag, number, oneOf, words } from '../wire/json.ts';
import { kDevices, tabStorage, type WebStorage } from './storage.ts';

export interface CallMemo {
  readonly callId: CallId;
  readonly muted: boolean;
  readonly camera: boolean;
  /** How far a ring had come. */
  readonly progress: RingProgress;
  /** The newest `gen` that was sent: the server drops what is of an older one. */
  readonly gen: number;
}

const kCall = 'belfry.call';

/** Whether a reload left something to go on with. */
export const hasMemo = (storage: WebStorage = tabStorage()): boolean => storage.get(kCall) !== null;

export function takeMemo(storage: WebStorage = tabStorage()): CallMemo | null {
  const kept = storage.get(kCall);
  storage.remove(kCall);
  let json: unknown = null;
  try {
    json = kept === null ? null : JSON.parse(kept);
  } catch {
    return null;
  }
  const callId = words(json, 'callId');
  if (callId === null) return null;
  const progress = oneOf(json, 'progress', kProgress) ?? 'created';
  return { callId, muted: flag(json, 'muted'), camera: flag(json, 'camera'), progress, gen: number(json, 'gen') ?? 0 };
}

export function leaveMemo(memo: CallMemo, storage: WebStorage = tabStorage()): void {
  storage.set(kCall, JSON.stringify(memo));
}

export interface ChosenDevices {
  readonly camera: string | null;
  readonly microphone: string | null;
  readonly speaker: string | null;
}

export function keptDevices(storage: WebStorage): ChosenDevices {
  let json: unknown = null;
  try {
    json = JSON.parse(storage.get(kDevices) ?? 'null');
  } catch {
    // As if nothing had been chosen.
  }
  return { camera: words(json, 'camera'), microphone: words(json, 'microphone'), speaker: words(json, 'speaker') };
}

export const keepDevices = (chosen: ChosenDevices, storage: WebStorage): void => storage.set(kDevices, JSON.stringify(chosen));
