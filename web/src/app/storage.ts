// What this browser keeps between two visits: a few words in localStorage, and per tab what a reload goes on with. A browser that forbids
// storage is one that forgets.
import { number, words } from '../wire/json.ts';
import type { Resume } from '../wire/link.ts';

export interface WebStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** Who was signed in here, so that the page asks the server about a session only if there may be one (SPEC 2.11 S11). */
export const kSignedIn = 'belfry.user';
/** A log-out that the server has not confirmed yet. */
export const kLeaving = 'belfry.leaving';
/** When the login was prolonged last, in milliseconds. */
export const kRenewed = 'belfry.renewed';
export const kSettings = 'belfry.settings';
/** Notifications have been offered, or turned on or off. */
export const kOffered = 'belfry.offered';
/** Which camera, microphone and speaker were chosen. */
export const kDevices = 'belfry.devices';
/** app/theme.ts reads it before the first paint. */
export const kTheme = 'belfry.theme';
const kTab = 'belfry.tab';

function storage(storage: () => Storage): WebStorage {
  function attempt<T>(act: (open: Storage) => T, otherwise: T): T {
    try {
      return act(storage());
    } catch {
      return otherwise;
    }
  }
  return {
    get: (key) => attempt((open) => open.getItem(key), null),
    set: (key, value) => attempt((open) => open.setItem(key, value), undefined),
    remove: (key) => attempt((open) => open.removeItem(key), undefined),
  };
}

export const browserStorage = (): WebStorage => storage(() => localStorage);
export const tabStorage = (): WebStorage => storage(() => sessionStorage);

/** One tab as the server knows it. */
export interface Tab {
  readonly deviceId: string;
  readonly resume: Resume | null;
}

function parsed(kept: string | null): unknown {
  try {
    return kept === null ? null : JSON.parse(kept);
  } catch {
    return null;
  }
}

/** What the page before a reload left. It is taken, not read: a copy of this tab must not take the session from it. */
export function takeTab(own: WebStorage, newId: () => string): Tab {
  const kept = parsed(own.get(kTab));
  own.remove(kTab);
  const sessionId = words(kept, 'sessionId');
  return { deviceId: words(kept, 'deviceId') ?? newId(), resume: sessionId === null ? null : { sessionId, lastSeq: number(kept, 'lastSeq') ?? 0 } };
}

/** On `pagehide`. */
export function leaveTab(own: WebStorage, deviceId: string, resume: Resume | null): void {
  own.set(kTab, JSON.stringify({ deviceId, ...resume }));
}
