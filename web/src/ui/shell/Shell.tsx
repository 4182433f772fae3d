// The frame of every signed-in page: navigation, sidebar, and one `main` with the page and the call in it, in the order in which they are read.
// The call's layer stays mounted across pages, so that a call goes on whatever is looked at.
import { lazy, type MouseEvent, type ReactNode, Suspense, useEffect, useState } from 'react';
import { CallLayer } from '../call/CallLayer.tsx';
import { Banner } from '../notices/Banner.tsx';
import { ErrorBoundary } from '../parts/ErrorBoundary.tsx';
import { pageKey, type Route } from '../routes.ts';
import { Sidebar } from '../sidebar/Sidebar.tsx';
import * as words from '../words/page.en.ts';
import { Home } from './Home.tsx';
import { Navigation } from './Navigation.tsx';
import { useShellKeys } from './keys.ts';
import css from './Shell.module.css';

const chat = async () => ({ default: (await import('../chat/ChatPane.tsx')).ChatPane });
const ChatPane = lazy(chat);
const Shortcuts = lazy(async () => ({ default: (await import('./Shortcuts.tsx')).Shortcuts }));
const History = lazy(() => import('../pages/History.tsx'));
const Settings = lazy(() => import('../pages/Settings.tsx'));
const Profile = lazy(() => import('../pages/Profile.tsx'));
const NotFound = lazy(() => import('../pages/NotFound.tsx'));

/** What the frame looks like: home has a list, a chat a list and a pane (on compact widths the pane alone), a page and the stage no list. */
const kViews = { home: 'home', chat: 'chat', call: 'stage', history: 'page', settings: 'page', profile: 'page', missing: 'page' } as const;

// A page that begins with a chat fetches it while the session is still being asked for.
if (window.location.pathname.startsWith('/c/')) void chat();

export function Shell({ route }: { readonly route: Exclude<Route, { readonly page: 'moved' }> }) {
  const [shortcuts, setShortcuts] = useState(false);
  useShellKeys(() => setShortcuts(true));
  usePrefetch();
  if (route.page === 'login' || route.page === 'signup') return null;
  const view = kViews[route.page];
  const list = view === 'home' || view === 'chat';
  return (
    <>
      <a className={css['skip']} href="#content" onClick={skip}>{words.skip}</a>
      <div className={css['shell']} data-view={view}>
        <Navigation route={route} />
        <div className={css['list']} hidden={!list}>
          <ErrorBoundary>{list && <Sidebar open={route.page === 'chat' ? route.conversation : null} />}</ErrorBoundary>
        </div>
        <div className={css['column']}>
          <div className={css['banner']}><Banner /></div>
          <main id="content" className={css['main']} tabIndex={-1}>
            {view !== 'stage' && (
              <div className={css['page']}>
                <ErrorBoundary about={pageKey(route)}><Suspense fallback={null}>{pageOf(route)}</Suspense></ErrorBoundary>
              </div>
            )}
            <ErrorBoundary><CallLayer /></ErrorBoundary>
          </main>
        </div>
      </div>
      {shortcuts && <Suspense fallback={null}><Shortcuts onClose={() => setShortcuts(false)} /></Suspense>}
    </>
  );
}

function pageOf(route: Route): ReactNode {
  switch (route.page) {
    case 'home': return <Home />;
    // A new chat is a new pane: nothing of the one before is left in it.
    case 'chat': return <ChatPane key={route.conversation} conversationId={route.conversation} />;
    case 'history': return <History />;
    case 'settings': return <Settings />;
    case 'profile': return <Profile />;
    case 'missing': return <NotFound />;
    default: return null;
  }
}

/** The address stays as it is: `#content` is no page of ours. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

/** The rest is fetched when nothing else is to do, so that opening it shows it at once: the chat first. */
function usePrefetch(): void {
  useEffect(() => {
    const fetchAll = () => void Promise.allSettled([
      chat(), import('../chat/NewGroup.tsx'), import('../pages/History.tsx'), import('../pages/Settings.tsx'), import('../pages/Profile.tsx'),
      import('../pages/NotFound.tsx'), import('../auth/forms.ts'),
    ]);
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(fetchAll, 2000);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(fetchAll, { timeout: 2000 });
    return () => cancelIdleCallback(idle);
  }, []);
}
