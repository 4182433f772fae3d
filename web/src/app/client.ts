// Puts the client together: one store, one connection, and the parts that act on both.
import type { Client } from '../state/actions.ts';
import { createStore } from '../state/store.ts';
import { withToast } from '../state/toasts.ts';
import { makeLink, type Network } from '../wire/link.ts';
import { realClock } from '../wire/ports.ts';
import { makeRest } from '../wire/rest.ts';
import { stockSocket } from '../wire/socket.ts';
import { browserTurns, inTurns } from '../wire/turns.ts';
import { lateAccount } from './account_late.ts';
import { makeAnnouncer } from './announcer.ts';
import { makeAppearance } from './appearance.ts';
import { makeCalls } from './calls.ts';
import { makeChat } from './chat.ts';
import type { Context } from './context.ts';
import { showOnDocument } from './document.ts';
import { newId } from './new_id.ts';
import { makePage } from './page.ts';
import { makePeople } from './people.ts';
import { makeSession } from './session.ts';
import { browserStorage, kSettings, kSignedIn, kTheme, leaveTab, tabStorage, takeTab } from './storage.ts';

const isVisible = (): boolean => document.visibilityState === 'visible';

const browserNetwork: Network = {
  online: () => navigator.onLine,
  watch(changed) {
    window.addEventListener('online', changed);
    window.addEventListener('offline', changed);
    // A hidden page tries once a minute at most, because browsers slow its clock down.
    document.addEventListener('visibilitychange', () => isVisible() && changed());
  },
};

export interface App {
  readonly client: Client;
  readonly context: Context;
  /** Asks who is signed in. */
  start(): Promise<void>;
  /** Once, when the page is usable: what need not be there before. */
  prepare(): void;
}

export function makeClient(): App {
  const storage = browserStorage();
  const tab = takeTab(tabStorage(), newId);
  const store = createStore();
  const rest = makeRest();
  let resume = tab.resume;
  const link = makeLink({
    open: inTurns(stockSocket(), browserTurns()),
    clock: realClock,
    random: Math.random,
    network: browserNetwork,
    deviceId: tab.deviceId,
    takeResume() {
      const taken = resume;
      resume = null;
      return taken;
    },
  });
  const context: Context = {
    store, rest, link, clock: realClock, newId,
    toast: (toast) => store.change((state) => ({ toasts: withToast(state.toasts, { ...toast, id: newId() }) })),
    announce: makeAnnouncer(realClock),
  };

  const calls = makeCalls(context);
  const chat = makeChat(context);
  const page = makePage(context, { storage, appearance: makeAppearance(), sounds: calls });
  const account = lateAccount(context);
  const people = makePeople(context, isVisible);
  const session = makeSession(context, {
    storage,
    fill: async () => void await Promise.all([people.load(), chat.start()]),
    async wipe() {
      calls.forgetCalls();
      people.forget();
      // One that fails must not keep the other from it, nor anybody from logging out.
      await Promise.allSettled([chat.forget(), page.forget()]);
    },
    renewLink: () => link.renew(),
    reload: () => location.reload(),
  });

  window.addEventListener('pagehide', () => leaveTab(tabStorage(), tab.deviceId, link.resume()));
  // A page that comes back from the browser's cache was never away.
  window.addEventListener('pageshow', (event) => event.persisted && takeTab(tabStorage(), newId));
  window.addEventListener('storage', (event) => {
    if (event.key === kSignedIn || event.key === null) session.otherTab(storage.get(kSignedIn));
    if (event.key === kSettings || event.key === kTheme || event.key === null) page.readAgain();
  });
  for (const sign of ['pointerdown', 'keydown', 'focus'] as const) window.addEventListener(sign, () => people.touch(), { capture: true, passive: true });
  document.addEventListener('visibilitychange', () => isVisible() && people.touch());
  showOnDocument(store);

  return {
    client: {
      getState: store.getState,
      subscribe: store.subscribe,
      actions: { ...session, ...account.actions, ...chat, ...calls, ...page },
      streams: calls.streams,
    },
    context,
    start: () => session.start(),
    prepare() {
      calls.prepare();
      account.fetch();
    },
  };
}
