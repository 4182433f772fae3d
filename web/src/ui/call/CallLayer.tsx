// Calls, on every page of who is signed in: the incoming dialog, which is here at once, and the stage or the mini call, whose chunk is fetched
// while nothing else is to do.
import { lazy, Suspense, useCallback, useEffect } from 'react';
import { useLocation } from 'wouter';
import { useBelfry, useGetState } from '../use.ts';
import { IncomingDialog } from './IncomingDialog.tsx';
import { PlainRegion } from './PlainRegion.tsx';
import { homeOf, kStage, stagePath, useFollow } from './useFollow.ts';

const CallRegion = lazy(() => import('./CallRegion.tsx'));
const CallPlace = lazy(() => import('./CallPlace.tsx'));

function usePrefetch(): void {
  useEffect(() => {
    // A failure is no matter: the first call tries again, and says so if it fails then.
    const fetchAll = () => void Promise.allSettled([import('./CallRegion.tsx'), import('./CallPlace.tsx')]);
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(fetchAll, 1000);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(fetchAll, { timeout: 3000 });
    return () => cancelIdleCallback(idle);
  }, []);
}

export function CallLayer() {
  const [path, go] = useLocation();
  const getState = useGetState();
  const inCall = useBelfry((state) => state.call !== null);
  const onStage = path.startsWith(kStage);
  usePrefetch();
  useFollow();

  const minimise = useCallback(() => {
    const { call } = getState();
    if (call) go(homeOf(getState(), call));
  }, [go, getState]);
  const toStage = useCallback(() => {
    const { call } = getState();
    if (call) go(stagePath(call));
  }, [go, getState]);
  const leave = useCallback((to: string | null) => go(to === null ? '/' : `/c/${to}`, { replace: true }), [go]);

  return (
    <>
      <Suspense fallback={<PlainRegion stage={onStage} />}>
        {inCall && <CallRegion stage={onStage} onMinimise={minimise} onReturn={toStage} />}
      </Suspense>
      <Suspense fallback={null}>
        {!inCall && onStage && <CallPlace key={path} id={path.slice(kStage.length)} leave={leave} />}
      </Suspense>
      <IncomingDialog />
    </>
  );
}
