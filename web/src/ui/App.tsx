// What is shown in each phase of the page: the frame while a session is being restored, the forms for who is signed out, the shell for who is
// in. The address decides the rest (routes.ts).
import { lazy, Suspense, useEffect, useLayoutEffect, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Client } from '../state/actions.ts';
import { useFocusOnNavigation } from './focus.ts';
import { Notices } from './notices/Notices.tsx';
import { ErrorBoundary } from './parts/ErrorBoundary.tsx';
import { loginFor, pageKey, routeOf, safeNext } from './routes.ts';
import { Shell } from './shell/Shell.tsx';
import { Starting } from './shell/Starting.tsx';
import { ClientContext, useBelfry } from './use.ts';
import './tokens.css';

// The forms are a chunk of their own: who is signed in does not wait for it. Where the boot file saw that one of them comes first, it is
// fetched at once.
const forms = () => import('./auth/forms.ts');
const LogIn = lazy(async () => ({ default: (await forms()).LogIn }));
const SignUp = lazy(async () => ({ default: (await forms()).SignUp }));
if (document.documentElement.dataset['frame'] === 'wall') void forms();

export function App({ client }: { readonly client: Client }) {
  return (
    <ClientContext value={client}>
      <ErrorBoundary>
        <Phase />
        <Notices />
      </ErrorBoundary>
    </ClientContext>
  );
}

function Phase() {
  const phase = useBelfry((state) => state.app);
  const [path] = useLocation();
  useFocusOnNavigation(pageKey(routeOf(path)));
  useEffect(() => {
    // The boot file chose what the frame shows; from now on a known session means the frame of home.
    if (phase === 'ready') document.documentElement.dataset['frame'] = 'home';
    if (phase === 'signed-out') document.documentElement.dataset['frame'] = 'wall';
  }, [phase]);
  const ended = useBelfry((state) => state.sessionEnded);
  const before = useRef(phase);
  const loggedOut = phase === 'signed-out' && before.current === 'ready' && !ended;
  useEffect(() => { before.current = phase; }, [phase]);

  switch (phase) {
    case 'starting': return <Starting />;
    case 'signed-out': return <SignedOut loggedOut={loggedOut} />;
    case 'ready': return <SignedIn />;
  }
}

/** `loggedOut`: by the person, just now. Then nothing is to be gone back to. */
function SignedOut({ loggedOut }: { readonly loggedOut: boolean }) {
  const [path] = useLocation();
  const search = useSearch();
  switch (routeOf(path).page) {
    case 'login': return <Suspense fallback={null}><LogIn /></Suspense>;
    case 'signup': return <Suspense fallback={null}><SignUp /></Suspense>;
    default: return <Replace by={loggedOut ? '/login' : loginFor(search ? `${path}?${search}` : path)} />;
  }
}

function SignedIn() {
  const [path] = useLocation();
  const search = useSearch();
  const route = routeOf(path);
  switch (route.page) {
    case 'login':
    case 'signup': return <Replace by={safeNext(search)} />;
    case 'moved': return <Replace by={route.to} />;
    default: return <Shell route={route} />;
  }
}

function Replace({ by }: { readonly by: string }) {
  const [, navigate] = useLocation();
  useLayoutEffect(() => navigate(by, { replace: true }), [by, navigate]);
  return null;
}
