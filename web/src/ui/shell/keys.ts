// The keys that work anywhere (DESIGN section 13). What they act on is found in the document: the areas and the links that are seen.
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { focusHeading } from '../focus.ts';
import { topModal } from '../parts/modal.ts';
import { useGetState } from '../use.ts';

const kFields = 'input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable="true"]';

export function useShellKeys(showShortcuts: () => void): void {
  const [, navigate] = useLocation();
  const getState = useGetState();
  const latest = useRef(showShortcuts);
  useEffect(() => { latest.current = showShortcuts; });

  useEffect(() => {
    const lastIn = new Map<Element, HTMLElement>();
    const remember = (event: FocusEvent) => {
      const area = areas().find((each) => event.target instanceof Node && each.contains(event.target));
      if (area && event.target instanceof HTMLElement) lastIn.set(area, event.target);
    };
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || topModal()) return;
      if (act(event, lastIn)) event.preventDefault();
    };
    function act(event: KeyboardEvent, last: Map<Element, HTMLElement>): boolean {
      const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
      if (key.toLowerCase() === 'k' && (ctrlKey || metaKey) && !altKey && !shiftKey) {
        openSearch(navigate);
        return true;
      }
      if (altKey && !ctrlKey && !metaKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
        return stepConversation(key === 'ArrowDown' ? 1 : -1, shiftKey);
      }
      if (key === 'F6' && !altKey && !ctrlKey && !metaKey) return stepArea(shiftKey ? -1 : 1, last);
      if (key === '?' && !altKey && !ctrlKey && !metaKey && getState().settings.singleKeys) {
        if (event.target instanceof Element && event.target.closest(kFields)) return false;
        latest.current();
        return true;
      }
      return false;
    }
    document.addEventListener('keydown', press);
    document.addEventListener('focusin', remember);
    return () => {
      document.removeEventListener('keydown', press);
      document.removeEventListener('focusin', remember);
    };
  }, [navigate, getState]);
}

const kSearch = '[data-search="everything"]';

function openSearch(navigate: (to: string) => void): void {
  const field = document.querySelector<HTMLInputElement>(kSearch);
  if (field && isSeen(field)) {
    field.focus();
    field.select();
    return;
  }
  navigate('/');
  // The page of the new address is rendered in this task or the next.
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLInputElement>(kSearch)?.focus()));
}

/** The neighbour of the open conversation in the order of the sidebar; with none open, the first or the last. */
function stepConversation(by: 1 | -1, unreadOnly: boolean): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-sidebar] li[data-conversation]')];
  const at = rows.findIndex((row) => row.querySelector('a[aria-current]'));
  const ahead = by === 1 ? rows.slice(at + 1) : rows.slice(0, at < 0 ? rows.length : at).reverse();
  const next = ahead.find((row) => !unreadOnly || (row.dataset['unread'] ?? '0') !== '0');
  const link = next?.querySelector('a');
  link?.click();
  link?.scrollIntoView({ block: 'nearest' });
  return rows.length > 0;
}

/** Navigation, sidebar, main, call: what is seen of them, in this order. */
function areas(): HTMLElement[] {
  const all = ['nav', '[data-sidebar]', 'main', '[data-call-state]'].map((what) => document.querySelector<HTMLElement>(what));
  return all.filter((area): area is HTMLElement => area !== null && isSeen(area));
}

function stepArea(by: 1 | -1, last: Map<Element, HTMLElement>): boolean {
  const all = areas();
  // The call lies in `main`: the innermost one is where the focus is.
  const now = all.findLastIndex((area) => area.contains(document.activeElement));
  const next = all[(now + by + all.length) % all.length] ?? all[0];
  if (!next) return false;
  const before = last.get(next);
  if (before?.isConnected && isSeen(before)) before.focus();
  else if (next.tagName === 'MAIN') focusHeading();
  else (next.querySelector<HTMLElement>('[aria-current]') ?? next.querySelector<HTMLElement>('a[href], button, input, [tabindex]'))?.focus();
  return true;
}

const isSeen = (element: HTMLElement): boolean => element.checkVisibility();
