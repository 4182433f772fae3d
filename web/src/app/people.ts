// The people around: who they are, who of them is there, and whether I am.
import { makePeopleApi } from '../wire/people_api.ts';
import type { Context } from './context.ts';
import { tellAway } from './people_away.ts';
import { makePeopleReader } from './people_list.ts';
import { watchPresence } from './people_presence.ts';

export interface PeopleList {
  /** Resolves when all are in the store, or the server could not be reached. */
  load(): Promise<void>;
  forget(): void;
  /** Somebody is at the page. */
  touch(): void;
}

export function makePeople(ctx: Context, isVisible: () => boolean): PeopleList {
  const api = makePeopleApi(ctx);
  const presence = watchPresence(ctx, api);
  const list = makePeopleReader(ctx, api, isVisible, presence.isSubscribed);
  const away = tellAway(ctx, api);
  return {
    load: list.load,
    touch: away.touch,
    forget() {
      list.forget();
      presence.forget();
      away.forget();
    },
  };
}
