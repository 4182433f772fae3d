// Notifications of a page that is open but hidden: a call that rings, one that was missed, a message. A closed page's calls are the worker's
// (src/sw). Both show the same, and a click on either comes back to the page.
import { callTag, chatTag, messageNotice, missedNotice, ringNotice } from '../sw/notices.ts';
import type { Notice, RingFacts } from '../sw/notices.ts';
import { isOurPath } from '../sw/shell.ts';
import type { Incoming, State, Toast } from '../state/model.ts';
import type { Store } from '../state/store.ts';
import { unreadTotal } from '../state/unread.ts';
import { member, text } from '../wire/json.ts';
import { makeNotifyingTab } from './notifying_tab.ts';
import { showUnread } from './push.ts';
import { pushState } from './push_state.ts';

export interface NoticePorts {
  /** Notifications are on, and nobody looks at this page. */
  wanted(): boolean;
  show(notice: Notice): void;
  close(tag: string): void;
  unread(total: number): void;
  now(): number;
}

const nameOf = (state: State, user: string): string => state.people[user]?.name ?? '';

function factsOf(state: State, call: Incoming): RingFacts {
  const group = call.group && call.conversationId !== null ? state.conversations[call.conversationId] : undefined;
  return {
    callId: call.id, conversationId: call.conversationId, callerName: nameOf(state, call.callerId), callType: call.type,
    groupName: group?.title ?? null,
  };
}

function noticeOf(state: State, toast: Toast, rang: Incoming | null, now: number): Notice | null {
  if (toast.kind === 'message') {
    const unread = state.conversations[toast.conversationId]?.unread ?? 1;
    return messageNotice(toast.conversationId, nameOf(state, toast.senderId), toast.text, unread);
  }
  // The missed call takes the place of the one that rang.
  if (toast.kind === 'missed-call' && rang?.callerId === toast.callerId) return missedNotice(factsOf(state, rang), new Date(now));
  return null;
}

/** What follows from each change of the state. */
export function noticeFollower(ports: NoticePorts): (state: State, before: State) => void {
  let rang: Incoming | null = null;
  /** What is on the icon: to put a number there costs more than all else that a message causes, and a message changes its conversation twice. */
  let counted: number | null = null;
  return (state, before) => {
    const fresh = state.toasts === before.toasts ? [] : state.toasts.filter((toast) => !before.toasts.some(({ id }) => id === toast.id));
    const wanted = ports.wanted() && !state.settings.doNotDisturb;
    if (before.incoming && before.incoming.id !== state.incoming?.id) ports.close(callTag(before.incoming.id));
    if (state.incoming && state.incoming.id !== before.incoming?.id) {
      rang = state.incoming;
      if (wanted) ports.show(ringNotice(factsOf(state, state.incoming)));
    }
    const notices = wanted ? fresh.map((toast) => noticeOf(state, toast, rang, ports.now())) : [];
    for (const notice of notices) if (notice) ports.show(notice);
    if (state.open !== null && state.open !== before.open) ports.close(chatTag(state.open));
    if (state.conversations === before.conversations) return;
    for (const { id, unread } of Object.values(before.conversations))
      if (unread > 0 && (state.conversations[id]?.unread ?? 0) === 0) ports.close(chatTag(id));
    const total = unreadTotal(state.conversations);
    if (total !== counted) ports.unread(total);
    counted = total;
  };
}

async function worker(): Promise<ServiceWorkerRegistration | null> {
  return 'serviceWorker' in navigator ? ((await navigator.serviceWorker.getRegistration('/')) ?? null) : null;
}

/** One after the other: what closes a notification must not meet the one that was shown after it. */
function inOrder(): (act: (worker: ServiceWorkerRegistration) => Promise<void>) => void {
  let last: Promise<void> = Promise.resolve();
  return (act) => {
    last = last.then(worker).then((it) => (it ? act(it) : undefined)).catch(() => undefined);
  };
}

function realPorts(store: Store): NoticePorts {
  const next = inOrder();
  // Without Web Locks each tab notifies, but with the same tag.
  const mayNotify = 'locks' in navigator ? makeNotifyingTab(store, { locks: navigator.locks, document, window }) : async () => true;
  return {
    wanted: () => document.visibilityState === 'hidden' && pushState() === 'on',
    show: ({ title, options }) => next(async (it) => { if (await mayNotify()) await it.showNotification(title, options); }),
    close: (tag) => next(async (it) => (await it.getNotifications({ tag })).forEach((each) => each.close())),
    unread: showUnread,
    now: () => Date.now(),
  };
}

/** The path that a message of the worker asks for; null if it asks for none, or for one that is not the client's. */
export function pathAskedFor(data: unknown, origin: string): string | null {
  if (member(data, 'type') !== 'open') return null;
  const path = text(data, 'path');
  return path !== null && isOurPath(path, origin) ? path : null;
}

/** `open` goes to a path of this page: where a click on a notification leads. */
export function startNotifications(store: Store, open: (path: string) => void): void {
  store.subscribe(noticeFollower(realPorts(store)));
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const path = pathAskedFor(data, location.origin);
    if (path !== null) open(path);
  });
}
