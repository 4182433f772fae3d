import { createRoot } from 'react-dom/client';
import { navigate } from 'wouter/use-browser-location';
import { App } from '../ui/App.tsx';
import { makeClient } from './client.ts';
import { startNotifications } from './notifications.ts';
import { registerServiceWorker, renewPush } from './push.ts';

const { client, context, start, prepare } = makeClient();

/** When the browser has nothing better to do; Safari cannot tell. */
function onIdle(act: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 2000 });
  else setTimeout(act, 200);
}

let registered = false;

function onReady(): void {
  prepare();
  void renewPush(context.rest);
  if (registered) return;
  registered = true;
  void registerServiceWorker(() => context.store.change(() => ({ newVersion: true })));
}

client.subscribe((state, before) => {
  if (state.app === 'ready' && before.app !== 'ready') onIdle(onReady);
});
startNotifications(context.store, (path) => navigate(path));

const root = document.getElementById('root');
if (root) createRoot(root).render(<App client={client} />);
void start();
