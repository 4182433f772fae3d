// Who of the people is there. The server tells of those to whom one has subscribed, with numbered updates: after a gap one subscribes anew.
import { toWatch, withOnline, withPresence } from '../state/people.ts';
import { hear } from '../wire/events.ts';
import type { PeopleApi } from '../wire/people_api.ts';
import type { Context } from './context.ts';

/** Of one subscription: docs/protocol/chat.md. */
const kMostWatched = 1000;
const kSubscribeAfterMs = 150;
const kTryAgainMs = 60_000;

export interface PresenceWatch {
  /** The server tells of the presence of each of them. */
  isSubscribed(): boolean;
  forget(): void;
}

export function watchPresence(ctx: Context, api: PeopleApi): PresenceWatch {
  const { store, link, clock } = ctx;
  let version: number | null = null;
  let subscribing = false;
  let watched = '';
  let planned: (() => void) | null = null;

  const wanted = (): string[] => toWatch(store.getState().people, store.getState().conversations, kMostWatched);

  async function subscribe(): Promise<void> {
    const users = wanted();
    if (subscribing || link.state() !== 'online' || users.length === 0) return;
    subscribing = true;
    watched = [...users].sort().join();
    const answer = await api.watch(users);
    subscribing = false;
    if (!answer.ok) {
      watched = '';
      return;
    }
    // Updates follow the answer on the same socket, but this continuation runs before them.
    ({ version } = answer.data);
    store.change((state) => ({ people: withOnline(state.people, answer.data.online) }));
    if (wanted().sort().join() !== watched) plan();
  }

  function plan(): void {
    planned ??= clock.after(kSubscribeAfterMs, () => {
      planned = null;
      void subscribe();
    });
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
  link.onState((state, fresh) => {
    if (state !== 'online' || !fresh) return;
    version = null;
    watched = '';
    plan();
  });
  // Someone new stands in the list, or was named by a conversation.
  store.subscribe((state, before) => {
    if (state.people !== before.people && Object.keys(state.people).length !== Object.keys(before.people).length) plan();
  });
  clock.every(kTryAgainMs, () => {
    if (watched === '') plan();  // the last subscription was refused
  });

  return {
    isSubscribed: () => version !== null,
    forget() {
      version = null;
      watched = '';
      planned?.();
      planned = null;
    },
  };
}
