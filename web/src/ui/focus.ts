// Where the focus goes when the page changes: to its heading 1, which says where one is now.
import { useEffect, useRef } from 'react';

/**
 * Focuses heading 1 of what is shown; without one, `main`. Tells whether a heading has the focus now: the one of a page that React still keeps,
 * hidden, until the next is loaded cannot take it.
 */
export function focusHeading(): boolean {
  const heading = document.querySelector<HTMLElement>('h1');
  const target = heading ?? document.querySelector<HTMLElement>('main');
  if (!target) return false;
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  return heading !== null && document.activeElement === heading;
}

/** How long the heading of a page that loads lazily is waited for. */
const kPatience = 3000;

/** After a change of `page`, not after the first view of it: there the browser begins at the top by itself. */
export function useFocusOnNavigation(page: string): void {
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return undefined;
    shown.current = page;
    if (focusHeading()) return undefined;
    // A page that is not there at once: its heading is waited for, unless somebody goes elsewhere meanwhile.
    const from = document.activeElement;
    const late = new MutationObserver(() => {
      const moved = document.activeElement !== from && document.activeElement !== document.body;
      if (moved || (document.querySelector('h1') && focusHeading())) late.disconnect();
    });
    late.observe(document.body, { childList: true, subtree: true });
    const timer = setTimeout(() => late.disconnect(), kPatience);
    return () => {
      clearTimeout(timer);
      late.disconnect();
    };
  }, [page]);
}
