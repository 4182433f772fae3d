// The connection to the server: one socket of the native dialect, which comes back by itself. It knows what the last event was that it
// passed on, so that a repeat is passed on once, and tells whether something was lost meanwhile. Not here: what events mean.
import { noAnswer } from './answers.ts';
import { makeConnection, type Connection, type ConnectionParts } from './connection.ts';
import { isObject, text } from './json.ts';
import { makeLinkSession, type LinkSession, type Resume } from './link_session.ts';
import { makeListeners, type Listeners } from './listeners.ts';
import type { Answer, Link, LinkState } from './ports.ts';
import { makeQuestions } from './questions.ts';

export type { Network } from './connection.ts';
export type { Resume } from './link_session.ts';

/** An event of this file's own: the server accepts the login no more. `{code}`. */
export const kRefused = 'session.refused';

export interface LinkParts extends ConnectionParts {
  readonly deviceId: string;
  /** What the page left when it was reloaded; asked for once. */
  readonly takeResume: () => Resume | null;
}

export interface RealLink extends Link {
  readonly resume: () => Resume | null;
  /** Comes back with a new handshake, so with the newest cookie. The session goes on. */
  renew(): void;
}

interface Status {
  now(): LinkState;
  isReady(): boolean;
  /** The session stands, or does not. Nobody is told yet. */
  become(ready: boolean): void;
  /** Those who listen, if it is another than before. */
  tell(fresh: boolean): void;
}

function makeStatus(network: LinkParts['network'], listeners: Listeners): Status {
  let ready = false;
  let told: LinkState = network.online() ? 'connecting' : 'offline';
  const now = (): LinkState => (!network.online() ? 'offline' : ready ? 'online' : 'connecting');
  return {
    now,
    isReady: () => ready,
    become(next) {
      ready = next;
    },
    tell(fresh) {
      const state = now();
      if (state === told) return;
      told = state;
      listeners.state(state, fresh);
    },
  };
}

/** Each event once. Some of them are about the session itself. */
function pass(session: LinkSession, status: Status, listeners: Listeners, connection: Connection, event: string, payload: unknown): void {
  if (!isObject(payload)) return;
  if (event === 'session.ready') {
    session.begin(payload);
    status.become(true);
    listeners.event(event, payload);
    return status.tell(true);
  }
  if (!session.isNews(payload)) return;
  if (event === 'session.replaced') session.forget();
  if (event === 'session.expiring' && text(payload, 'reason') === 'login_ended') connection.endLogin();
  listeners.event(event, payload);
}

export function makeLink(parts: LinkParts): RealLink {
  const session = makeLinkSession();
  const listeners = makeListeners();
  const questions = makeQuestions(parts.clock);
  const status = makeStatus(parts.network, listeners);

  function lost(): void {
    status.become(false);
    questions.giveUp();
    status.tell(false);
  }

  const connection = makeConnection(parts, {
    handshake: () => ({ dialect: 'native', deviceId: parts.deviceId, ...session.resume() }),
    // Without recovery it is session.ready that says who we are.
    up(recovered) {
      if (!recovered || session.id() === null) return;
      status.become(true);
      status.tell(false);
    },
    lost,
    networkBack: () => status.tell(false),
    loginOver: (code) => listeners.event(kRefused, { code }),
    event: (name, payload) => pass(session, status, listeners, connection, name, payload),
  });

  return {
    state: status.now,
    sessionId: () => (status.isReady() ? session.id() : null),
    resume: session.resume,
    connect() {
      if (connection.socket()) return;
      session.set(parts.takeResume());
      connection.open();
    },
    close() {
      connection.close();
      session.set(null);
      lost();
    },
    renew: connection.renew,
    ask<T>(event: string, payload: unknown): Promise<Answer<T>> {
      const over = connection.socket();
      if (!over || status.now() !== 'online') return Promise.resolve(noAnswer());
      return questions.ask<T>(over, event, payload);
    },
    on: listeners.on,
    onState: listeners.onState,
  };
}
