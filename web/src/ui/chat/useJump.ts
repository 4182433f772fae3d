// To the end of the list, and to stay there. Chromium does not end what a key or the wheel began when a script scrolls: it carries out the
// rest from where the script led. So after a jump a view that moves up is put back, until the hand moves it or that rest must be over.
import { type RefObject, useEffect, useRef } from 'react';
import type { List } from './useOpening.ts';

/** Longer than a browser scrolls by itself. No more: scrolling by a screen reader or by the browser's search shows no hand. */
const kHeldMs = 1000;
const kByHand = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

export function useJump(scroller: RefObject<HTMLElement | null>, list: List): () => void {
  const held = useRef<AbortController | null>(null);
  useEffect(() => () => held.current?.abort(), []);
  return () => {
    held.current?.abort();
    toEnd(list);
    if (scroller.current) held.current = holdAtEnd(scroller.current, list);
  };
}

/** Near the end it glides there, else it is there: gliding over a thousand messages shows nothing. */
function toEnd(list: List): void {
  const near = list.getDistanceFromEnd() < 2 * (list.scrollRect?.height ?? 0) && !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  list.scrollToEnd({ behavior: near ? 'smooth' : 'auto' });
}

function holdAtEnd(scroller: HTMLElement, list: List): AbortController {
  const held = new AbortController();
  const { signal } = held;
  const release = () => held.abort();
  let last = scroller.scrollTop;
  scroller.addEventListener('scroll', () => {
    if (scroller.scrollTop < last) list.scrollToEnd();
    last = scroller.scrollTop;
  }, { passive: true, signal });
  for (const kind of kByHand) document.addEventListener(kind, release, { capture: true, passive: true, signal });
  const timer = setTimeout(release, kHeldMs);
  signal.addEventListener('abort', () => clearTimeout(timer));
  return held;
}
