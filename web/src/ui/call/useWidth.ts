// The three widths of DESIGN §7.1, and how the page can be moved and held.
import { useCallback, useSyncExternalStore } from 'react';
import { kMediumFrom, kWideFrom, type Width } from './layout.ts';

export function useMatches(query: string): boolean {
  const watch = useCallback((changed: () => void) => {
    if (typeof window.matchMedia !== 'function') return () => undefined;
    const list = window.matchMedia(query);
    list.addEventListener('change', changed);
    return () => list.removeEventListener('change', changed);
  }, [query]);
  return useSyncExternalStore(watch, () => typeof window.matchMedia === 'function' && window.matchMedia(query).matches);
}

export function useWidth(): Width {
  const wide = useMatches(`(min-width: ${kWideFrom}px)`);
  const medium = useMatches(`(min-width: ${kMediumFrom}px)`);
  return wide ? 'wide' : medium ? 'medium' : 'compact';
}

export const useStill = (): boolean => useMatches('(prefers-reduced-motion: reduce)');
