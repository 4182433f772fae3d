// Offers notifications once, after the first missed call (DESIGN §10.6). The offer comes when the toast of that call has gone and nobody
// talks, so that it stands in nobody's way, and stays until it is answered.
import type { State } from '../state/model.ts';
import { kEmpty } from '../state/store.ts';
import { withoutToast } from '../state/toasts.ts';
import { countsAsUnread } from '../state/unread.ts';
import type { Context } from './context.ts';
import { kOffered, type WebStorage } from './storage.ts';

const isMissedCall = ({ kind }: { readonly kind: string }): boolean => kind === 'missed-call';

/** Missed while no page was open. */
const hasUnreadMissedCall = ({ conversations, me }: State): boolean => Object.values(conversations).some(({ unread, lastMessage }) =>
  unread > 0 && lastMessage?.kind === 'call' && countsAsUnread(lastMessage, me?.id ?? ''));

const mayOffer = ({ app, settings, toasts, call, incoming }: State): boolean =>
  app === 'ready' && settings.notifications === 'off' && !settings.doNotDisturb && call === null && incoming === null && !toasts.some(isMissedCall);

export function offerNotifications({ store, toast }: Pick<Context, 'store' | 'toast'>, storage: WebStorage): void {
  let missed = false;

  function follow(state: State, before: State): void {
    if (state.app === 'ready' && before.app !== 'ready') missed = hasUnreadMissedCall(state);
    missed ||= state.toasts !== before.toasts && state.toasts.some(isMissedCall);
    if (state.settings.notifications !== before.settings.notifications)
      for (const { kind, id } of state.toasts) if (kind === 'notifications-offer') store.change(({ toasts }) => ({ toasts: withoutToast(toasts, id) }));
    if (!missed || !mayOffer(state)) return;
    missed = false;
    // Another tab may have offered it.
    if (storage.get(kOffered) !== null) return;
    storage.set(kOffered, '1');
    toast({ kind: 'notifications-offer' });
  }

  store.subscribe(follow);
  follow(store.getState(), kEmpty);
}
