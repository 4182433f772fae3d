// The list of people, and who of them is there. The server tells of those to whom one has subscribed, with numbered updates: after a gap one
// subscribes anew.
import type { Person, UserId } from '../state/model.ts';
import { toWatch, withListed, withNamed, withOnline, withPresence } from '../state/people.ts';
import { hear } from '../wire/events.ts';
import { list, number } from '../wire/json.ts';
import { personFrom } from '../wire/shapes.ts';
import type { Context } from './context.ts';

const kPerPage = 100;
/** Of one subscription: docs/protocol/chat.md. */
const kMostWatched = 1000;
/** People whom the server did not tell of, such as those of another server on the same database. */
const kLookAgainMs = 60_000;
const kTryAgainMs = 3000;
const kSubscribeAfterMs = 150;
/** Nobody touched the page for so long, or saw it: away. */
const kAwayAfterMs = 5 * 60_000;

export interface PeopleList {
  /** Resolves when all are in the store, or the server could not be reached. */
  load(): Promise<void>;
  forget(): void;
  /** Somebody is at the page. */
  touch(): void;
}

export function makePeople(ctx: Context, isVisible: () => boolean): PeopleList {
  const { store, rest, link, clock } = ctx;
  let version: number | null = null;
  let subscribing = false;
  let watched = '';
  let planned: (() => void) | null = null;
  let away = false;
  let activeAt = clock.now();
  let generation = 0;

  const myId = (): UserId => store.getState().me?.id ?? '';

  async function load(): Promise<void> {
    const mine = generation;
    const all: Person[] = [];
    for (let page = 1; ; ++page) {
      const answer = await rest.get(`/api/users?limit=${kPerPage}&page=${page}`);
      if (mine !== generation) return;
      if (!answer.ok) return void clock.after(kTryAgainMs, () => mine === generation && void load());
      const some = list(answer.data, 'users', personFrom);
      all.push(...some);
      if (some.length < kPerPage) break;
    }
    store.change((state) => ({ people: withListed(state.people, all, myId(), version !== null) }));
  }

  async function subscribe(): Promise<void> {
    const { people, conversations } = store.getState();
    const userIds = toWatch(people, conversations, kMostWatched);
    if (subscribing || link.state() !== 'online' || userIds.length === 0) return;
    subscribing = true;
    watched = [...userIds].sort().join();
    const answer = await link.ask('presence.subscribe', { userIds });
    subscribing = false;
    if (!answer.ok) {
      watched = '';
      return;
    }
    // Updates follow the answer on the same socket, but this continuation runs before them.
    version = number(answer.data, 'version') ?? 0;
    const online = list(answer.data, 'online', (each) => (typeof each === 'string' ? each : null));
    store.change((state) => ({ people: withOnline(state.people, online) }));
    if (toWatch(store.getState().people, store.getState().conversations, kMostWatched).sort().join() !== watched) plan();
  }

  function plan(): void {
    planned ??= clock.after(kSubscribeAfterMs, () => {
      planned = null;
      void subscribe();
    });
  }

  function sayAway(now: boolean): void {
    if (away === now) return;
    away = now;
    if (link.state() === 'online') void link.ask('presence.set', { state: away ? 'away' : 'online' });
  }

  hear(link, 'presence.update', (event) => {
    if (version !== null && event.version <= version) return;
    if (version !== null && event.version > version + 1) plan();
    version = event.version;
    store.change((state) => ({ people: withPresence(state.people, event.userId, event.state, event.lastSeenAt) }));
  });
  hear(link, 'presence.snapshot', (event) => {
    version = event.version;
    store.change((state) => ({ people: withOnline(state.people, event.online) }));
  });
  // Who signed up, or has another name or picture now.
  hear(link, 'users.changed', ({ users }) => {
    store.change((state) => {
      const strangers = users.filter((each) => !state.people[each.id]);
      return { people: withNamed(withListed(state.people, strangers, myId(), false), users, myId()) };
    });
  });
  link.onState((state, fresh) => {
    if (state !== 'online' || !fresh) return;
    version = null;
    watched = '';
    plan();
    // A server without this event refuses; then the list is looked at each minute.
    void link.ask('users.subscribe', {});
    if (store.getState().app === 'ready') void load();
    if (away) void link.ask('presence.set', { state: 'away' });
  });
  // Someone new stands in the list, or was named by a conversation.
  store.subscribe((state, before) => {
    if (state.people !== before.people && Object.keys(state.people).length !== Object.keys(before.people).length) plan();
  });
  clock.every(kLookAgainMs, () => {
    if (store.getState().app === 'ready' && link.state() === 'online' && isVisible()) void load();
    if (watched === '') plan();  // the last subscription was refused
    if (clock.now() - activeAt >= kAwayAfterMs) sayAway(true);
  });

  return {
    load,
    forget() {
      ++generation;
      version = null;
      watched = '';
      planned?.();
      planned = null;
      away = false;
    },
    touch() {
      activeAt = clock.now();
      sayAway(false);
    },
  };
}
