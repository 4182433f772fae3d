// Where the focus goes when a page changes: to its heading 1, which says where one is now.

/** Focuses heading 1 of what is shown; without one, `main`. */
export function focusHeading(): void {
  const target = document.querySelector<HTMLElement>('main h1, h1') ?? document.querySelector<HTMLElement>('main');
  if (!target) return;
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
