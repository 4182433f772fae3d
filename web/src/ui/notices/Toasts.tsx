// Toasts: at most three, each for six seconds, longer while somebody points at it or has the focus in it; errors stay. F8 leads to them.
import { useEffect, useRef } from 'react';
import type { Toast } from '../../state/model.ts';
import { cx } from '../parts/cx.ts';
import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { ToastCard } from './ToastCard.tsx';
import css from './Toasts.module.css';

const kMost = 3;
const kNone: readonly Toast[] = [];

export function Toasts() {
  const toasts = useBelfry((state) => (state.app === 'ready' || state.toasts.length > 0 ? state.toasts : kNone));
  const region = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);

  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'F8') return;
      event.preventDefault();
      if (region.current?.contains(document.activeElement)) {
        if (before.current instanceof HTMLElement) before.current.focus();
        return;
      }
      before.current = document.activeElement;
      (region.current?.querySelector<HTMLElement>('button') ?? region.current)?.focus();
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  }, []);

  // The focus must not fall out of the page with the toast that had it.
  const focused = useRef(false);
  useEffect(() => {
    if (!focused.current || region.current?.contains(document.activeElement)) return;
    focused.current = false;
    if (document.activeElement !== document.body) return;
    const next = region.current?.querySelector<HTMLElement>('button');
    if (next) next.focus();
    else if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
  }, [toasts]);

  return (
    <section ref={region} className={cx(css['region'])} aria-label={chatWords.toasts} tabIndex={-1} onFocus={() => { focused.current = true; }}
      onBlur={(event) => { if (event.relatedTarget) focused.current = false; }}>
      {toasts.slice(-kMost).map((toast) => <ToastCard key={toast.id} toast={toast} />)}
    </section>
  );
}
