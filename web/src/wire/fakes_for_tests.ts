// A clock that stands still until it is moved, a link and a REST of which a test says what they answer.
import type { Answer, Clock, Link, LinkState, Rest, WireError } from './ports.ts';

export interface FakeClock extends Clock {
  /** Runs what falls due on the way, in order. */
  move(ms: number): void;
}

export function fakeClock(start = 1_800_000_000_000): FakeClock {
  let now = start;
  let last = 0;
  const timers = new Map<number, { at: number; act: () => void; every: number | null }>();

  function add(ms: number, act: () => void, every: number | null): () => void {
    const id = ++last;
    timers.set(id, { at: now + ms, act, every });
    return () => void timers.delete(id);
  }

  return {
    now: () => now,
    after: (ms, act) => add(ms, act, null),
    every: (ms, act) => add(ms, act, ms),
    move(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = [...timers].filter(([, { at }]) => at <= until).sort((a, b) => a[1].at - b[1].at || a[0] - b[0]);
        if (!next) break;
        const [id, timer] = next;
        now = timer.at;
        if (timer.every === null) timers.delete(id);
        else timers.set(id, { ...timer, at: now + timer.every });
        timer.act();
      }
      now = until;
    },
  };
}

/** Lets what waits for answers go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; ++turn) await Promise.resolve();
}

export const refusal = (code: string, more: Partial<WireError> = {}): Answer<never> => ({
  ok: false, error: { code, message: '', details: [], retryAfterMs: null, requestId: null, data: null, ...more },
});

export const success = (data: unknown): Answer<unknown> => ({ ok: true, data });

export type Answering = (what: string, payload: unknown) => Answer<unknown> | Promise<Answer<unknown>>;

export interface FakeLink extends Link {
  readonly asked: { event: string; payload: unknown }[];
  answer: Answering;
  state: () => LinkState;
  become(state: LinkState, fresh?: boolean): void;
  tell(event: string, payload: unknown): void;
}

/** Answers by `answer`, which a test may replace; else with a success without data. */
export function fakeLink(): FakeLink {
  const heard = new Map<string, Set<(payload: never) => void>>();
  const watchers = new Set<(state: LinkState, fresh: boolean) => void>();
  let state: LinkState = 'connecting';
  const link: FakeLink = {
    asked: [],
    answer: () => success({}),
    state: () => state,
    sessionId: () => (state === 'online' ? 'session-1' : null),
    connect: () => undefined,
    close() {
      if (state === 'online') link.become('connecting');
    },
    async ask<T>(event: string, payload: unknown): Promise<Answer<T>> {
      if (state !== 'online') return refusal('NETWORK');
      link.asked.push({ event, payload });
      return await link.answer(event, payload) as Answer<T>;
    },
    on(event, listener) {
      const listeners = heard.get(event) ?? new Set();
      heard.set(event, listeners.add(listener));
      return () => void listeners.delete(listener);
    },
    onState(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
    become(next, fresh = true) {
      state = next;
      for (const changed of [...watchers]) changed(next, next === 'online' && fresh);
    },
    tell(event, payload) {
      for (const listener of [...heard.get(event) ?? []]) listener(payload as never);
    },
  };
  return link;
}

export interface FakeRest extends Rest {
  readonly asked: { method: string; path: string; body: unknown }[];
  answer: Answering;
}

/** `answer` gets `GET /api/…`. */
export function fakeRest(): FakeRest {
  async function ask<T>(method: string, path: string, body: unknown): Promise<Answer<T>> {
    rest.asked.push({ method, path, body });
    return await rest.answer(`${method} ${path}`, body) as Answer<T>;
  }
  const rest: FakeRest = {
    asked: [],
    answer: () => success({}),
    get: (path) => ask('GET', path, undefined),
    send: ask,
    upload: (path, _field, file) => ask('POST', path, file),
    beacon: (path) => void rest.asked.push({ method: 'BEACON', path, body: undefined }),
  };
  return rest;
}
