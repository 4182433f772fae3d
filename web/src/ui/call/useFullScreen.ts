import { type RefObject, useCallback, useSyncExternalStore } from 'react';
import { canFillScreen } from './capabilities.ts';

export interface FullScreen {
  readonly can: boolean;
  readonly on: boolean;
  toggle(): void;
}

function watch(changed: () => void): () => void {
  document.addEventListener('fullscreenchange', changed);
  return () => document.removeEventListener('fullscreenchange', changed);
}

export function useFullScreen(stage: RefObject<HTMLElement | null>): FullScreen {
  const on = useSyncExternalStore(watch, () => document.fullscreenElement !== null && document.fullscreenElement !== undefined);
  const toggle = useCallback(() => {
    // Refused without a gesture, or by a frame's policy: the stage stays as it is.
    const asked = document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen();
    asked?.catch(() => undefined);
  }, [stage]);
  return { can: canFillScreen(), on, toggle };
}
