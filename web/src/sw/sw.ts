// The service worker: the page when there is no network, calls that ring while no page is open, and what a click on a notification does.
// What it decides is in the files beside it; here are the events of the browser.
import { isNoticeData, pathOf } from './notices.ts';
import { fateIn, onPush, pushIn } from './ring.ts';
import type { CallFate, RingPorts } from './ring.ts';
import { answering, cacheName, filesToKeep, isOldCache, isOurPage } from './shell.ts';

declare const self: ServiceWorkerGlobalScope;
// Set by the build (vite/service_worker.ts).
declare const BELFRY_BUILD: string;
declare const BELFRY_FILES: string;

// ---- the page without the network ----------------------------------------------------------------------------------------------------

// Without this header the server's answer at / is the JSON that monitors read (SPEC C-15).
const thePage = (): Request => new Request('/', { headers: { accept: 'text/html' } });

async function keepFiles(): Promise<void> {
  const list = await fetch(BELFRY_FILES);
  const cache = await caches.open(cacheName(BELFRY_BUILD));
  await cache.addAll([thePage(), ...filesToKeep(await list.json())]);
}

async function dropOldFiles(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => isOldCache(name, BELFRY_BUILD)).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (failure) {
    const cache = await caches.open(cacheName(BELFRY_BUILD));
    const kept = await cache.match(thePage(), { ignoreVary: true });
    if (kept) return kept;
    throw failure;
  }
}

async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(keepFiles()));
self.addEventListener('activate', (event) => event.waitUntil(dropOldFiles()));
self.addEventListener('fetch', (event) => {
  const how = answering(event.request, self.location.origin);
  if (how === 'page') event.respondWith(page(event.request));
  if (how === 'file') event.respondWith(file(event.request));
});
// A new version waits until somebody asks for it: a page must not lose its files while it is used.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(self.skipWaiting());
});

// ---- calls that ring while no page is open -------------------------------------------------------------------------------------------

async function fateOf(callId: string): Promise<CallFate> {
  try {
    const answer = await fetch(`/api/calls/${encodeURIComponent(callId)}`, { headers: { accept: 'application/json' }, cache: 'no-store' });
    const body: unknown = await answer.json().catch(() => null);
    return fateIn(answer.status, body);
  } catch {
    return 'unknown';
  }
}

async function pages(): Promise<WindowClient[]> {
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter(({ url }) => isOurPage(url, self.location.origin));
}
const shownAs = (tag: string) => self.registration.getNotifications({ tag });

const ports: RingPorts = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  fateOf,
  isSeen: async () => (await pages()).some((each) => each.visibilityState === 'visible'),
  show: ({ title, options }) => self.registration.showNotification(title, options),
  isShown: async (tag) => (await shownAs(tag)).length !== 0,
  close: async (tag) => (await shownAs(tag)).forEach((each) => each.close()),
  forget: async () => void (await (await self.registration.pushManager.getSubscription())?.unsubscribe()),
};

self.addEventListener('push', (event) => {
  const push = pushIn(event.data);
  if (push) event.waitUntil(onPush(push, ports));
});

// ---- clicks --------------------------------------------------------------------------------------------------------------------------

async function open(path: string): Promise<void> {
  const [first, ...others] = await pages();
  const chosen = [first, ...others].find((each) => each?.focused) ?? first;
  if (!chosen) return void (await self.clients.openWindow(path));
  // The page may be in a call, so it is told where to go instead of being loaded anew.
  chosen.postMessage({ type: 'open', path });
  await chosen.focus();
}

async function decline(callId: string): Promise<void> {
  const answer = await fetch(`/api/calls/${encodeURIComponent(callId)}/reject`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}',
  }).catch(() => null);
  // Not declined, though it may still ring: the page can say why.
  if (answer === null || answer.status === 401 || answer.status >= 500) await open(`/call/${callId}`);
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const data: unknown = event.notification.data;
  if (!isNoticeData(data)) return;
  const declined = event.action === 'decline' && data.callId !== null;
  event.waitUntil(declined ? decline(data.callId) : open(pathOf(data)));
});
