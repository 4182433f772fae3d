// The list of people as the server has it: read as a whole, told of changes, and read again now and then, since nobody tells of people of
// another server on the same database.
import type { Person, UserId } from '../state/model.ts';
import { withListed, withNamed } from '../state/people.ts';
import { hear } from '../wire/events.ts';
import type { PeopleApi } from '../wire/people_api.ts';
import type { Context } from './context.ts';

const kMinuteMs = 60_000;
/** While the server tells of changes; else each minute. */
const kMinutesWhileTold = 10;
const kTryAgainMs = 3000;

export interface PeopleReader {
  /** Resolves when all are in the store, or the server could not be reached: then it is asked again later. */
  load(): Promise<void>;
  forget(): void;
}

/** `knowsPresence`: the server tells it of each of them, which is better than what the list says. */
export function makePeopleReader(ctx: Context, api: PeopleApi, isVisible: () => boolean, knowsPresence: () => boolean): PeopleReader {
  const { store, link, clock } = ctx;
  /** Only the newest reading counts. */
  let reading = 0;
  /** It runs, or waits to be tried again. */
  let busy = false;
  /** Begun since the last reading. */
  let minutes = 0;
  let stopWaiting = (): void => undefined;
  let isToldOfChanges = false;

  const myId = (): UserId => store.getState().me?.id ?? '';

  async function load(): Promise<void> {
    const mine = ++reading;
    stopWaiting();
    busy = true;
    minutes = 0;
    const asked = store.getState().people;
    const all: Person[] = [];
    for (let page = 1, more = true; more; ++page) {
      const answer = await api.page(page);
      if (mine !== reading) return;
      if (!answer.ok) {
        stopWaiting = clock.after(Math.max(kTryAgainMs, answer.error.retryAfterMs ?? 0), () => void load());
        return;
      }
      all.push(...answer.data.people);
      ({ more } = answer.data);
    }
    busy = false;
    store.change((state) => ({ people: withListed(state.people, all, myId(), knowsPresence(), asked) }));
  }

  async function askToBeTold(): Promise<void> {
    isToldOfChanges = false;
    isToldOfChanges = (await api.hearOfChanges()).ok;
  }

  function readAgain(): void {
    if (!isToldOfChanges) void askToBeTold();
    if (!busy && minutes >= (isToldOfChanges ? kMinutesWhileTold : 1)) void load();
  }

  // Who signed up, or has another name or picture now.
  hear(link, 'users.changed', ({ users }) => {
    store.change((state) => {
      const strangers = users.filter((each) => !state.people[each.id]);
      return { people: withNamed(withListed(state.people, strangers, myId(), false), users, myId()) };
    });
  });
  link.onState((state, fresh) => {
    if (state !== 'online' || !fresh) return;
    void askToBeTold();
    if (store.getState().app === 'ready') void load();
  });
  clock.every(kMinuteMs, () => {
    ++minutes;
    if (store.getState().app === 'ready' && link.state() === 'online' && isVisible()) readAgain();
  });

  return {
    load,
    forget() {
      ++reading;
      stopWaiting();
      busy = false;
    },
  };
}
