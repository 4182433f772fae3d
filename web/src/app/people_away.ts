// Telling the others that nobody is at this page.
import type { PeopleApi } from '../wire/people_api.ts';
import type { Context } from './context.ts';

/** Nobody touched the page for so long, or saw it: away. */
const kAwayAfterMs = 5 * 60_000;
const kLookEveryMs = 60_000;

export interface AwayTeller {
  /** Somebody is at the page. */
  touch(): void;
  forget(): void;
}

export function tellAway({ link, clock }: Context, api: PeopleApi): AwayTeller {
  let away = false;
  let activeAt = clock.now();

  function sayAway(now: boolean): void {
    if (away === now) return;
    away = now;
    if (link.state() === 'online') void api.setPresence(away ? 'away' : 'online');
  }

  link.onState((state, fresh) => {
    if (state === 'online' && fresh && away) void api.setPresence('away');
  });
  clock.every(kLookEveryMs, () => {
    if (clock.now() - activeAt >= kAwayAfterMs) sayAway(true);
  });

  return {
    touch() {
      activeAt = clock.now();
      sayAway(false);
    },
    forget() {
      away = false;
    },
  };
}
