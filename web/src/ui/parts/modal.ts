// The native dialog, modal while its component is mounted: the top layer, the trap and the return of the focus are the browser's. The open
// ones are kept in order, because a live region outside the top one is silent (DESIGN section 12) and has to move into it.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { focusHeading } from '../focus.ts';

const open: HTMLDialogElement[] = [];
const watchers = new Set<() => void>();

/** The dialog on top, if there is one. */
export const topModal = (): HTMLDialogElement | null => open[open.length - 1] ?? null;

/** Called when a modal dialog came or went. Returns how to stop that. */
export function watchModals(changed: () => void): () => void {
  watchers.add(changed);
  return () => void watchers.delete(changed);
}

/**
 * Opens the dialog of `ref` as a modal one. The focus goes to `[data-autofocus]` in it, else to the dialog itself (`tabIndex={-1}`), which
 * is read with its name. `onClose` is called for Escape; null: Escape does nothing.
 */
export function useModal(onClose: (() => void) | null): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  useEffect(() => { close.current = onClose; });

  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog) return undefined;
    const before = document.activeElement;
    dialog.showModal();
    (dialog.querySelector<HTMLElement>('[data-autofocus]') ?? dialog).focus();
    open.push(dialog);
    for (const changed of [...watchers]) changed();

    const cancel = (event: Event) => {
      if (event.target !== dialog) return;
      event.preventDefault();
      close.current?.();
    };
    // Chromium closes a dialog on a second Escape whatever `cancel` says: one that does not want to is opened again.
    const closed = (event: Event) => {
      if (event.target !== dialog) return;
      if (close.current) close.current();
      else if (dialog.isConnected) dialog.showModal();
    };
    dialog.addEventListener('cancel', cancel);
    dialog.addEventListener('close', closed);
    return () => {
      dialog.removeEventListener('cancel', cancel);
      dialog.removeEventListener('close', closed);
      open.splice(open.indexOf(dialog), 1);
      for (const changed of [...watchers]) changed();
      dialog.close();
      // Where it began; if that is gone, heading 1: the focus must not fall back to the top of the page.
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
      else focusHeading();
    };
  }, []);
  return ref;
}
