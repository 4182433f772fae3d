// To the end of the list. A page of older messages that comes behind the jump would take it back, because the list keeps what was on the
// screen: so it is made again then.
import { useLayoutEffect, useRef } from 'react';
import type { List } from './useOpening.ts';

export function useJump(list: List, loading: boolean): () => void {
  const again = useRef(false);
  useLayoutEffect(() => {
    if (loading || !again.current) return;
    again.current = false;
    list.scrollToEnd();
  }, [list, loading]);
  return () => {
    again.current = loading;
    toEnd(list);
  };
}

/** Near the end it glides there, else it is there: gliding over a thousand messages shows nothing. */
function toEnd(list: List): void {
  const near = list.getDistanceFromEnd() < 2 * (list.scrollRect?.height ?? 0) && !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  list.scrollToEnd({ behavior: near ? 'smooth' : 'auto' });
}
