// The one store. A change is a function from the state to the members that it replaces, so that slices which did not change stay the same
// objects and their components rest.
import { createStore as createVanilla } from 'zustand/vanilla';
import type { State } from './model.ts';

export interface Store {
  readonly getState: () => State;
  readonly subscribe: (changed: (state: State, before: State) => void) => () => void;
  readonly change: (how: (state: State) => Partial<State>) => void;
}

export const kEmpty: State = {
  app: 'starting', connection: 'connecting', back: false, newVersion: false, sessionEnded: false, me: null,
  people: {}, conversations: {}, threads: {}, typing: {}, drafts: {}, open: null,
  search: { query: '', phase: 'idle', people: [], hits: [] }, threadSearch: null,
  call: null, incoming: null,
  media: {
    muted: false, camera: false, screen: false, asking: false, degraded: null, errors: [], cameras: [], microphones: [], speakers: [],
    chosen: { camera: null, microphone: null, speaker: null },
  },
  quality: { level: 'unknown', warn: false, cause: 'none', samples: [] },
  sound: 'none', toasts: [], logins: [], maxFileBytes: 10 * 1024 * 1024,
  settings: { theme: 'system', ringHere: true, ringtoneVolume: 0.6, doNotDisturb: false, singleKeys: true, notifications: 'off' },
};

export function createStore(first: Partial<State> = {}): Store {
  const store = createVanilla<State>(() => ({ ...kEmpty, ...first }));
  return { getState: store.getState, subscribe: store.subscribe, change: (how) => store.setState(how) };
}
