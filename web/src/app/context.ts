// What each part of the client is made of: makeSession, makeChat, makeCalls, makePage (beside this file) get it and return their actions.
import type { Toast } from '../state/model.ts';
import type { Store } from '../state/store.ts';
import type { Clock, Link, Rest } from '../wire/ports.ts';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export interface Context {
  readonly store: Store;
  readonly rest: Rest;
  readonly link: Link;
  readonly clock: Clock;
  /** A new random id (UUID). */
  readonly newId: () => string;
  readonly toast: (toast: WithoutId<Toast>) => void;
  /** Says something to a screen reader (DESIGN §12). `about`: a newer line about the same thing replaces one that waits. */
  readonly announce: (text: string, how: 'polite' | 'assertive', about?: string) => void;
}

/** The lifetime of a client that lasts as long as its page. */
export const kForever: AbortSignal = new AbortController().signal;
