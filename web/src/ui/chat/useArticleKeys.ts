// The keyboard in the log (DESIGN §13): one article has the focus, arrows move it message by message, Enter opens the menu. On the log
// itself Home, End and the page keys scroll, as on every scroll container; an arrow leads into the messages.
import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { Message } from '../../state/model.ts';
import { keyOf } from './rows.ts';
import type { RowRequests } from './rowContext.ts';
import type { List } from './useOpening.ts';

export interface ArticleKeys {
  /** The index that stays mounted because it has, or had, the focus; -1: none. */
  readonly kept: number;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
}

const rowOf = (element: Element): number => Number(element.closest('[data-index]')?.getAttribute('data-index') ?? -1);

export function useArticleKeys(scroller: RefObject<HTMLElement | null>, messages: readonly Message[], row: RowRequests, list: () => List): ArticleKeys {
  const [active, setActive] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const kept = active === null ? -1 : messages.findIndex((message) => keyOf(message) === active);

  useLayoutEffect(() => {
    if (wanted.current === null || wanted.current !== active || kept < 0) return;
    wanted.current = null;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${kept}"] article`)?.focus({ preventScroll: true });
  });

  const move = (to: number) => {
    const index = Math.max(0, Math.min(messages.length - 1, to));
    const message = messages[index];
    if (!message) return;
    wanted.current = keyOf(message);
    setActive(keyOf(message));
    if (index === messages.length - 1) list().scrollToEnd();
    else list().scrollToIndex(index, { align: 'auto' });
    // Focusing the same article again changes no state, so nothing would render.
    scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] article`)?.focus({ preventScroll: true });
  };

  const keyOnArticle = (event: KeyboardEvent<HTMLElement>, article: HTMLElement) => {
    const index = rowOf(article);
    const range = list().range;
    const page = Math.max(1, range ? range.endIndex - range.startIndex : 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: messages.length - 1, PageUp: index - page, PageDown: index + page,
    };
    const to = steps[event.key];
    const message = messages[index];
    if (to !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) move(to);
    else if (message && (event.key === 'Enter' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) row.openMenu(message, article);
    else return;
    event.preventDefault();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target;
    if (!(target instanceof HTMLElement)) return;
    const article = target.closest('article');
    if (article && target === article) keyOnArticle(event, article);
    else if (article && event.key === 'Escape') article.focus();
    else if (target === event.currentTarget && (event.key === 'ArrowUp' || event.key === 'ArrowDown') && !event.altKey) {
      event.preventDefault();
      const range = list().range;
      const inSight = range && kept >= range.startIndex && kept <= range.endIndex;
      move(inSight ? kept : event.key === 'ArrowUp' ? range?.endIndex ?? messages.length - 1 : range?.startIndex ?? 0);
    }
  };

  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const message = messages[event.target === event.currentTarget ? -1 : rowOf(event.target)];
    if (message) setActive(keyOf(message));
  };
  return { kept, onKeyDown, onFocus };
}
