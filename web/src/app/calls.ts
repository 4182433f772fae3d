// Calls: what a person can do with them, and what the server says of them. Media is in a chunk of its own that is loaded when it is needed.
import type { CallActions, Streams } from '../state/actions.ts';
import type { Context } from './context.ts';

export interface Calls extends CallActions {
  readonly streams: Streams;
  playRingtone(): void;
  playTestSound(): void;
  /** Loads the chunk of media, and the addresses of the ICE servers, so that the first call does not wait. */
  prepare(): void;
  /** At log-out: leaves the call, closes media, stops timers. */
  forgetCalls(): void;
}

export function makeCalls(ctx: Context): Calls {
  void ctx;
  throw new Error('not built yet');
}
