import { expect, it } from 'vitest';
import type { State, Toast } from '../state/model.ts';
import { createStore, kEmpty } from '../state/store.ts';
import { withoutToast, withToast } from '../state/toasts.ts';
import { offerNotifications } from './notifications_offer.ts';
import { kOffered } from './storage.ts';

const kMissed: Toast = { id: 'missed', kind: 'missed-call', conversationId: 'c', callerId: 'ann', type: 'audio' };

/** `kept`: what this browser keeps. */
function aPage(given: Partial<State> = {}, kept = new Map<string, string>()) {
  const store = createStore({ app: 'ready', me: { id: 'me', username: 'me', displayName: null, email: null, avatar: '' }, ...given });
  let last = 0;
  const add = (toast: Toast) => store.change(({ toasts }) => ({ toasts: withToast(toasts, toast) }));
  offerNotifications({ store, toast: (toast) => add({ ...toast, id: `toast-${++last}` }) },
    { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value), remove: (key) => void kept.delete(key) });
  return {
    store, kept, misses: () => add(kMissed),
    dismisses: () => store.change(({ toasts }) => ({ toasts: withoutToast(toasts, 'missed') })),
    kinds: () => store.getState().toasts.map(({ kind }) => kind),
  };
}

it('comes once the toast of the missed call has gone, and once only', () => {
  const { kept, misses, dismisses, kinds, store } = aPage();
  misses();
  expect(kinds()).toEqual(['missed-call']);
  dismisses();
  expect([kinds(), kept.get(kOffered)]).toEqual([['notifications-offer'], '1']);
  store.change(() => ({ toasts: [] }));
  misses();
  dismisses();
  expect(kinds()).toEqual([]);
});

it('waits for the end of a call', () => {
  const { misses, dismisses, kinds, store } = aPage();
  misses();
  store.change(() => ({ incoming: { id: 'k', conversationId: null, type: 'audio', group: false, callerId: 'ann', expiresAt: '', soundBlocked: false } }));
  dismisses();
  expect(kinds()).toEqual([]);
  store.change(() => ({ incoming: null }));
  expect(kinds()).toEqual(['notifications-offer']);
});

it('comes at the start, too, for a call that was missed while no page was open', () => {
  const lastMessage = {
    id: 'm', clientId: null, conversationId: 'c', seq: 1, senderId: 'ann', kind: 'call', text: '', attachments: [], replyTo: null, createdAt: '', editedAt: null,
    deletedAt: null, state: 'received', upload: null, call: { id: 'k', type: 'audio', outcome: 'missed', endReason: 'timeout', durationSeconds: 0 },
  } as const;
  const chat = {
    id: 'c', kind: 'direct', title: null, avatar: null, members: [], otherId: 'ann', lastMessage, unread: 1, activeCallId: null, callsRing: true, activeAt: '',
  } as const;
  expect(aPage({ conversations: { c: chat } }).kinds()).toEqual(['notifications-offer']);
  expect(aPage({ conversations: { c: { ...chat, unread: 0 } } }).kinds()).toEqual([]);
  expect(aPage({ conversations: { c: { ...chat, lastMessage: { ...lastMessage, senderId: 'me' } } } }).kinds()).toEqual([]);
});

it.each(['on', 'denied', 'unsupported', 'asking'] as const)('is not made where notifications are %s', (notifications) => {
  const { misses, dismisses, kinds } = aPage({ settings: { ...kEmpty.settings, notifications } });
  misses();
  dismisses();
  expect(kinds()).toEqual([]);
});

it('is not made to who is not to be disturbed, nor after another tab made it', () => {
  const quiet = aPage({ settings: { ...kEmpty.settings, doNotDisturb: true } });
  const other = aPage({}, new Map([[kOffered, '1']]));
  for (const page of [quiet, other]) {
    page.misses();
    page.dismisses();
    expect(page.kinds()).toEqual([]);
  }
});

it('goes when notifications are turned on elsewhere', () => {
  const { misses, dismisses, kinds, store } = aPage();
  misses();
  dismisses();
  store.change(({ settings }) => ({ settings: { ...settings, notifications: 'asking' } }));
  expect(kinds()).toEqual([]);
});

it('does not come back at once where the browser keeps nothing', () => {
  const forgetful = new Map<string, string>();
  forgetful.set = () => forgetful;
  const { misses, dismisses, kinds, store } = aPage({}, forgetful);
  misses();
  dismisses();
  store.change(() => ({ toasts: [] }));
  expect(kinds()).toEqual([]);
});
