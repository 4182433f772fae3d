// The connection to the server: one socket of the native dialect, which comes back by itself. It knows what the last event was that it
// passed on, so that a repeat is passed on once, and tells whether something was lost meanwhile. Not here: what events mean.
import { answerFrom, isLoginOver, noAnswer } from './answers.ts';
import { isObject, number, text } from './json.ts';
import type { Answer, Clock, Link, LinkState } from './ports.ts';
import type { OpenSocket, Socket } from './socket.ts';

/** An event of this file's own: the server accepts the login no more. `{code}`. */
export const kRefused = 'session.refused';

const kAnswerWithinMs = 10_000;
/**
 * After the server closed the socket or let nobody in, for another reason than the login: between half of it and all, because it may be all
 * clients at once that it does this to.
 */
const kTryAgainMs = 2000;

/** The session that this page may go on with: its own before a reload. */
export interface Resume {
  readonly sessionId: string;
  readonly lastSeq: number;
}

export interface Network {
  online(): boolean;
  /** `changed` is also called when it is worth trying again. */
  watch(changed: () => void): void;
}

export interface LinkParts {
  readonly open: OpenSocket;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly network: Network;
  readonly deviceId: string;
  /** What the page left when it was reloaded; asked for once. */
  readonly takeResume: () => Resume | null;
}

export interface RealLink extends Link {
  readonly resume: () => Resume | null;
  /** Comes back with a new handshake, so with the newest cookie. The session goes on. */
  renew(): void;
}

export function makeLink(parts: LinkParts): RealLink {
  const heard = new Map<string, Set<(payload: never) => void>>();
  const watchers = new Set<(state: LinkState, fresh: boolean) => void>();
  const waiting = new Set<() => void>();
  let socket: Socket | null = null;
  let wanted = false;
  let ready = false;
  let loginEnded = false;
  let sessionId: string | null = null;
  let lastSeq = 0;
  let told: LinkState = parts.network.online() ? 'connecting' : 'offline';
  let stopTrying = (): void => undefined;

  function now(): LinkState {
    if (!parts.network.online()) return 'offline';
    return ready ? 'online' : 'connecting';
  }

  function tell(fresh: boolean): void {
    const state = now();
    if (state === told) return;
    told = state;
    for (const changed of [...watchers]) changed(state, fresh);
  }

  function pass(event: string, payload: unknown): void {
    for (const listener of [...heard.get(event) ?? []]) listener(payload as never);
  }

  function begin(payload: unknown): void {
    const seq = number(payload, 'seq') ?? 0;
    sessionId = text(payload, 'sessionId');
    lastSeq = seq;
    ready = true;
  }

  function onEvent(event: string, payload: unknown): void {
    if (!isObject(payload)) return;
    if (event === 'session.ready') {
      begin(payload);
      pass(event, payload);
      return tell(true);
    }
    const seq = number(payload, 'seq');
    if (seq !== null) {
      if (seq <= lastSeq) return;
      lastSeq = seq;
    }
    if (event === 'session.replaced') sessionId = null;
    if (event === 'session.expiring' && text(payload, 'reason') === 'login_ended') loginEnded = true;
    pass(event, payload);
  }

  function lost(): void {
    ready = false;
    for (const giveUp of [...waiting]) giveUp();
    tell(false);
  }

  function tryLater(): void {
    stopTrying();
    stopTrying = parts.clock.after(kTryAgainMs * (1 + parts.random()) / 2, retry);
  }

  /** Without a farewell, so that the server keeps the session, and without trying again. */
  function dropQuietly(old: Socket): void {
    if (old.connected) old.drop();
    old.disconnect();
  }

  /** At once, whatever the pause between two attempts is now. */
  function retry(): void {
    if (!wanted || !socket || socket.connected || !parts.network.online()) return;
    socket.disconnect();
    socket.connect();
  }

  function openSocket(): Socket {
    const own = (act: () => void) => (): void => {
      if (socket === opened) act();
    };
    const opened: Socket = parts.open(() => ({
      dialect: 'native',
      deviceId: parts.deviceId,
      ...(sessionId === null ? {} : { sessionId, lastSeq }),
    }), {
      // Without recovery it is session.ready that says who we are.
      up: (recovered) => own(() => {
        if (!recovered || sessionId === null) return;
        ready = true;
        tell(false);
      })(),
      down: (byServer) => own(() => {
        lost();
        if (byServer && wanted && !loginEnded) tryLater();
      })(),
      refused: (code) => own(() => {
        if (isLoginOver(code)) return pass(kRefused, { code });
        tryLater();
      })(),
      event: (name, payload) => own(() => onEvent(name, payload))(),
    });
    return opened;
  }

  parts.network.watch(() => {
    if (!parts.network.online()) {
      if (socket) dropQuietly(socket);
      return lost();
    }
    tell(false);
    retry();
  });

  return {
    state: now,
    sessionId: () => (ready ? sessionId : null),
    resume: () => (sessionId === null ? null : { sessionId, lastSeq }),
    connect() {
      if (wanted) return;
      wanted = true;
      loginEnded = false;
      const resume = parts.takeResume();
      sessionId = resume?.sessionId ?? null;
      lastSeq = resume?.lastSeq ?? 0;
      socket = openSocket();
      if (parts.network.online()) socket.connect();
    },
    close() {
      wanted = false;
      stopTrying();
      const old = socket;
      socket = null;
      old?.disconnect();
      sessionId = null;
      lastSeq = 0;
      lost();
    },
    renew() {
      if (!socket?.connected) return;
      const old = socket;
      socket = openSocket();
      dropQuietly(old);
      lost();
      socket.connect();
    },
    ask<T>(event: string, payload: unknown): Promise<Answer<T>> {
      const over = socket;
      if (!over || !ready || !parts.network.online()) return Promise.resolve(noAnswer());
      return new Promise((resolve) => {
        const end = (answer: Answer<T>): void => {
          if (!waiting.delete(giveUp)) return;
          stop();
          resolve(answer);
        };
        const giveUp = (): void => end(noAnswer());
        const stop = parts.clock.after(kAnswerWithinMs, giveUp);
        waiting.add(giveUp);
        over.emit(event, payload, (answer) => end(answerFrom<T>(answer)));
      });
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
  };
}
