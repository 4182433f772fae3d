// Notifications on this device: the service worker, its subscription to Web Push (docs/push.md), and the number on the app's icon. Nothing is
// asked of the browser before enablePush(). Without keys for Web Push at the server (VAPID_*), notifications still come while a page is open in
// the background. A chunk of its own, loaded once the page is usable.
import { deviceOf } from '../state/logins.ts';
import { addDevice, quietDevice, readPushKey, removeDevice } from '../wire/devices_api.ts';
import type { Rest } from '../wire/ports.ts';
import { isSupported, kDevice, kOn, pushDevice, pushState } from './push_state.ts';
import type { PushState } from './push_state.ts';

const kHour = 3_600_000;

async function registration(): Promise<ServiceWorkerRegistration | null> {
  if (!isSupported()) return null;
  return (await navigator.serviceWorker.getRegistration('/')) ?? null;
}

// ---- the worker ----------------------------------------------------------------------------------------------------------------------

/** Once the page is usable. `newVersion` is called when another build waits to take over. */
export async function registerServiceWorker(newVersion: () => void): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const worker = await navigator.serviceWorker.register('/sw.js', { scope: '/' }).catch(() => null);
  if (!worker) return;
  // Without a controller this is the first visit, and there is no older version to replace.
  const look = () => {
    if (worker.waiting && navigator.serviceWorker.controller) newVersion();
  };
  worker.addEventListener('updatefound', () => worker.installing?.addEventListener('statechange', look));
  look();
  // Another tab took the new version. The files of this page are gone from the cache then, and maybe from the server.
  let controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (controlled) newVersion();
    controlled = true;
  });
  const update = () => void worker.update().catch(() => undefined);
  setInterval(update, kHour);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && update());
}

/** Loads the page anew, with the version that waits. */
export async function takeNewVersion(): Promise<void> {
  const waiting = (await registration())?.waiting;
  if (!waiting) return location.reload();
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('take-over');
}

// ---- notifications -------------------------------------------------------------------------------------------------------------------

async function subscribe(rest: Rest, worker: ServiceWorkerRegistration): Promise<void> {
  const key = await readPushKey(rest);
  if (!key.ok || key.data === null || !('pushManager' in worker)) return;
  const options = { userVisibleOnly: true, applicationServerKey: key.data };
  // The server's keys may have changed since: a subscription is bound to those it was made with.
  const subscription = await worker.pushManager.subscribe(options).catch(async () => {
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    return worker.pushManager.subscribe(options).catch(() => null);
  });
  const { endpoint, keys } = subscription?.toJSON() ?? {};
  if (!endpoint || !keys) return;
  const kept = await addDevice(rest, { endpoint, keys, name: deviceOf(navigator.userAgent) });
  if (kept.ok && kept.data !== null) localStorage.setItem(kDevice, kept.data);
}

/** Asks the browser, which must be in answer to a click. */
export async function enablePush(rest: Rest): Promise<PushState> {
  if (!isSupported()) return 'unsupported';
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'off';
  localStorage.setItem(kOn, 'on');
  const worker = await registration();
  if (worker) await subscribe(rest, worker);
  return pushState();
}

/** Once after log-in, if notifications are on: the subscription may have changed, and is this user's now. */
export async function renewPush(rest: Rest): Promise<void> {
  const worker = pushState() === 'on' ? await registration() : null;
  if (worker) await subscribe(rest, worker);
}

/** Also before a log-out, so that nobody else's calls ring here. */
export async function disablePush(rest: Rest): Promise<PushState> {
  localStorage.removeItem(kOn);
  const device = pushDevice();
  localStorage.removeItem(kDevice);
  if (device !== null) await removeDevice(rest, device);
  const worker = await registration();
  const subscription = worker && 'pushManager' in worker ? await worker.pushManager.getSubscription() : null;
  await subscription?.unsubscribe().catch(() => false);
  for (const shown of (await worker?.getNotifications()) ?? []) shown.close();
  return pushState();
}

/** Do not disturb on this device: no push rings it (SPEC 2.11 S19). */
export async function setPushQuiet(rest: Rest, quiet: boolean): Promise<void> {
  const device = pushDevice();
  if (device !== null) await quietDevice(rest, device, quiet);
}

/** The number on the installed app's icon. */
export function showUnread(total: number): void {
  if (!('setAppBadge' in navigator)) return;
  void (total === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(total)).catch(() => undefined);
}
