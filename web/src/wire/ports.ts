// The wire as the rest of the client sees it: requests that are answered, events that come. rest.ts and link.ts are the real ones.

export interface WireError {
  /** The server's code; `NETWORK`: no answer came (not sent, or lost). The request may have taken effect all the same. */
  readonly code: string;
  readonly message: string;
  readonly details: readonly { readonly field: string; readonly issue: string }[];
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  /** What came beside the refusal, such as `{callId, glare}` of CALLER_BUSY. */
  readonly data: unknown;
}

export type Answer<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: WireError };

/** REST, by the cookie or by a token. `data` is unwrapped from `{success, data}`. */
export interface Rest {
  get<T>(path: string): Promise<Answer<T>>;
  send<T>(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>>;
  /** A multipart form with one file. `progress` is 0 to 1. */
  upload<T>(path: string, field: string, file: Blob, name: string, progress: (done: number) => void, stop?: AbortSignal): Promise<Answer<T>>;
  /** A POST that outlives the page (navigator.sendBeacon). */
  beacon(path: string): void;
}

export type LinkState = 'online' | 'connecting' | 'offline';

/** The socket of the native dialect (docs/protocol/native.md). Repeats that recovery sends are dropped by `seq` before they are told. */
export interface Link {
  readonly state: () => LinkState;
  /** This session's id; null before session.ready. */
  readonly sessionId: () => string | null;
  connect(): void;
  close(): void;
  /** Asks, and waits for the acknowledgement: at most 10 s, then NETWORK. Not sent while the socket is away: NETWORK at once. */
  ask<T>(event: string, payload: unknown): Promise<Answer<T>>;
  /** Returns how to stop. The payload has been checked to be an object only. */
  on(event: string, heard: (payload: never) => void): () => void;
  /** `online` comes after session.ready; `fresh` tells that what happened meanwhile was not replayed: ask for all anew. */
  onState(changed: (state: LinkState, fresh: boolean) => void): () => void;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Returns how to call it off. */
  after(ms: number, act: () => void): () => void;
  every(ms: number, act: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  every(ms, act) {
    const timer = setInterval(act, ms);
    return () => clearInterval(timer);
  },
};
