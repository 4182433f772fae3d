import { type RefObject, useEffect } from 'react';
import type { List } from './useOpening.ts';

/** Who reads the end still does when the pane gets lower: the composer grew, a keyboard came up, a banner is shown. */
export function usePinned(scroller: RefObject<HTMLElement | null>, list: List, near: number): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const before = element.scrollHeight - element.scrollTop - height;
      if (element.clientHeight !== height && before < near) list.scrollToEnd();
      height = element.clientHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, list, near]);
}
