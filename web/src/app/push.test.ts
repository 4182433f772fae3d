// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { registerServiceWorker } from './push.ts';

/** The browser's side of service workers: `active` controls this page already. */
function stubWorkers(active: object | null) {
  const registration = Object.assign(new EventTarget(), { waiting: null, installing: null, update: async () => undefined });
  const workers = Object.assign(new EventTarget(), { controller: active, register: async () => registration });
  Object.defineProperty(navigator, 'serviceWorker', { value: workers, configurable: true });
  vi.stubEnv('DEV', false);
  return workers;
}
afterEach(() => { vi.unstubAllEnvs(); });

it('says that there is a new version when another tab took it, whose files are no longer those of this page', async () => {
  const workers = stubWorkers({});
  const told = vi.fn();
  await registerServiceWorker(told);
  expect(told).not.toHaveBeenCalled();
  workers.dispatchEvent(new Event('controllerchange'));
  expect(told).toHaveBeenCalledOnce();
});

it('says nothing of the first worker', async () => {
  const workers = stubWorkers(null);
  const told = vi.fn();
  await registerServiceWorker(told);
  workers.dispatchEvent(new Event('controllerchange'));
  expect(told).not.toHaveBeenCalled();
});
