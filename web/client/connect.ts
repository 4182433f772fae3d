// A client of a Belfry server for any page: by a token, at any address, without React. It is the product's own client without its pages: the
// same state, the same actions, the same media.
import type { CallActions, ChatActions, Streams } from '../src/state/actions.ts';
import type { Call, ConnectionState, Incoming, Me, Message, Person, State, UserId } from '../src/state/model.ts';
import { withNamed } from '../src/state/people.ts';
import { createStore, kEmpty } from '../src/state/store.ts';
import type { Store } from '../src/state/store.ts';
import { withToast } from '../src/state/toasts.ts';
import { makeCalls } from '../src/app/calls.ts';
import { makeChat } from '../src/app/chat.ts';
import type { Context } from '../src/app/context.ts';
import { newId } from '../src/app/new_id.ts';
import { hear } from '../src/wire/events.ts';
import { list, member } from '../src/wire/json.ts';
import { makeLink } from '../src/wire/link.ts';
import type { Network, RealLink } from '../src/wire/link.ts';
import { realClock } from '../src/wire/ports.ts';
import type { Rest } from '../src/wire/ports.ts';
import { meFrom, messageFrom, personFrom } from '../src/wire/shapes.ts';
import { restAt, socketAt } from './addresses.ts';
import type { Token } from './addresses.ts';
import { Emitter } from './emitter.ts';

export interface Options {
  /** Such as `https://call.example`. Absent: where the page came from. */
  readonly server?: string;
  /** The session token of the user, or how to get the newest one. Absent: the session cookie of the page, if the server is its own. */
  readonly token?: Token;
  /** A name for this device that stays the same. Absent: a new one for each connection. */
  readonly deviceId?: string;
  /** Whether conversations and messages are loaded and kept up to date. */
  readonly chat?: boolean;
  /** Whether this page plays the ringtone when somebody calls. */
  readonly ring?: boolean;
}

/** What happens, by name. */
export interface Events {
  connection: ConnectionState;
  /** Somebody calls. Null: it rings no longer. */
  incoming: Incoming | null;
  /** My call began or changed; null: there is none any more. */
  call: Call | null;
  /** My call is over; `endReason` says why. */
  ended: Call;
  message: Message;
  /** The server accepts the token no longer: its code, such as `TOKEN_REVOKED`. */
  refused: string;
}

export interface Belfry {
  readonly me: Me;
  readonly actions: CallActions & ChatActions;
  readonly streams: Streams;
  getState(): State;
  subscribe(changed: (state: State, before: State) => void): () => void;
  /** Returns how to stop. */
  on<N extends keyof Events>(name: N, heard: (event: Events[N]) => void): () => void;
  /** Somebody by username. Null: there is nobody of that name. */
  find(username: string): Promise<Person | null>;
  /** Leaves the call and closes the connection. */
  close(): void;
}

export class ConnectError extends Error {
  /** The server's code, such as `UNAUTHENTICATED`; `NETWORK`: it cannot be reached. */
  readonly code: string;
  constructor(code: string) {
    super(`the server did not let this client in: ${code}`);
    this.name = 'ConnectError';
    this.code = code;
  }
}

const browserNetwork = (lifetime: AbortSignal): Network => ({
  online: () => navigator.onLine,
  watch(changed) {
    window.addEventListener('online', changed, { signal: lifetime });
    window.addEventListener('offline', changed, { signal: lifetime });
  },
});

function linkOf(options: Options, lifetime: AbortSignal): RealLink {
  return makeLink({
    open: socketAt(options.server, options.token), clock: realClock, random: Math.random,
    network: browserNetwork(lifetime), deviceId: options.deviceId ?? newId(), takeResume: () => null,
  });
}

async function whoAmI(rest: Rest): Promise<Me> {
  const answer = await rest.get<unknown>('/api/auth/me');
  if (!answer.ok) throw new ConnectError(answer.error.code);
  const me = meFrom(member(answer.data, 'user'));
  if (!me) throw new ConnectError('INTERNAL');
  return me;
}

function tellChanges(store: Store, events: Emitter<Events>): void {
  store.subscribe((state, before) => {
    if (state.connection !== before.connection) events.emit('connection', state.connection);
    if (state.incoming !== before.incoming) events.emit('incoming', state.incoming);
    if (state.call === before.call) return;
    events.emit('call', state.call);
    if (state.call?.phase === 'ended' && before.call?.phase !== 'ended') events.emit('ended', state.call);
  });
}

function finder({ rest, store }: Context, myId: UserId): (username: string) => Promise<Person | null> {
  return async (username) => {
    const answer = await rest.get<unknown>(`/api/users?q=${encodeURIComponent(username)}&limit=100`);
    const found = answer.ok ? list(answer.data, 'users', personFrom).find((each) => each.username === username) : undefined;
    if (!found) return null;
    store.change(({ people }) => ({ people: withNamed(people, [found], myId) }));
    return found;
  };
}

/** Resolves when the server is connected; rejects with a ConnectError. */
export async function connect(options: Options = {}): Promise<Belfry> {
  if (typeof window === 'undefined') throw new Error('@belfry/client needs a browser; other programs speak docs/protocol/native.md');
  const rest = restAt(options.server, options.token);
  const me = await whoAmI(rest);
  const store = createStore({ me, settings: { ...kEmpty.settings, ringHere: options.ring ?? true } });
  // Ends with close(), so that nothing of this client listens to the page any more.
  const lifetime = new AbortController();
  const link = linkOf(options, lifetime.signal);
  const context: Context = {
    store, rest, link, clock: realClock, newId,
    toast: (toast) => store.change((state) => ({ toasts: withToast(state.toasts, { ...toast, id: newId() }) })),
    announce: () => undefined,
  };
  const calls = makeCalls(context, lifetime.signal);
  const chat = makeChat(context);
  const events = new Emitter<Events>();
  tellChanges(store, events);
  hear(link, 'session.refused', ({ code }) => events.emit('refused', code));
  hear(link, 'message.new', ({ message }) => {
    const read = messageFrom(message, me.id);
    if (read) events.emit('message', read);
  });
  link.onState((connection) => store.change(() => ({ connection })));

  const entered = new Promise<void>((resolve, reject) => {
    hear(link, 'session.ready', () => resolve());
    hear(link, 'session.refused', ({ code }) => reject(new ConnectError(code)));
  });
  link.connect();
  try {
    await entered;
  } catch (refusal) {
    // Else it would try again whenever the network comes back.
    link.close();
    lifetime.abort();
    throw refusal;
  }
  if (options.chat ?? true) await chat.start();
  store.change(() => ({ app: 'ready' }));
  calls.prepare();
  const actions: CallActions & ChatActions = { ...chat, ...calls };
  return {
    me, actions, streams: calls.streams, getState: store.getState, subscribe: store.subscribe,
    on: (name, heard) => events.on(name, heard),
    find: finder(context, me.id),
    close() {
      calls.forgetCalls();
      link.close();
      lifetime.abort();
    },
  };
}
