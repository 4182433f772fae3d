import { createRoot } from 'react-dom/client';
import { navigate } from 'wouter/use-browser-location';
import { App } from '../ui/App.tsx';
import { makeClient } from './client.ts';
import { browserStorage } from './storage.ts';

const { client, context, start, prepare } = makeClient();

/** When the browser has nothing better to do; Safari cannot tell. */
function onIdle(act: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 2000 });
  else setTimeout(act, 200);
}

let registered = false;

async function onReady(): Promise<void> {
  prepare();
  const [{ startNotifications }, { offerNotifications }, { registerServiceWorker, renewPush }] =
    await Promise.all([import('./notifications.ts'), import('./notifications_offer.ts'), import('./push.ts')]);
  void renewPush(context.rest);
  if (registered) return;
  registered = true;
  startNotifications(context.store, (path) => navigate(path));
  offerNotifications(context, browserStorage());
  void registerServiceWorker(() => context.store.change(() => ({ newVersion: true })));
}

client.subscribe((state, before) => {
  if (state.app === 'ready' && before.app !== 'ready') onIdle(() => void onReady().catch(() => undefined));
});

const root = document.getElementById('root');
if (root) createRoot(root).render(<App client={client} />);
void start();
