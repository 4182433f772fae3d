// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Button } from './Button.tsx';
import { AlertDialog, Dialog } from './Dialog.tsx';
import { giveDialogs } from './dialogForTests.ts';
import { topModal, watchModals } from './modal.ts';

beforeEach(giveDialogs);
afterEach(cleanup);

function Page({ gone = false }: { readonly gone?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <main>
      <h1>Chats</h1>
      {!(gone && open) && <Button onClick={() => setOpen(true)}>New group</Button>}
      {open && <Dialog title="New group" onClose={() => setOpen(false)}><p>Whom?</p></Dialog>}
    </main>
  );
}

const opener = () => screen.getByRole('button', { name: 'New group' });
function openFrom(page: HTMLElement): HTMLDialogElement {
  page.focus();
  fireEvent.click(page);
  const dialog = screen.getByRole('dialog', { name: 'New group' });
  if (!(dialog instanceof HTMLDialogElement)) throw new Error('no native dialog');
  return dialog;
}

test('a dialog takes the focus, is named by its heading, and is the modal one on top', () => {
  render(<Page />);
  const dialog = openFrom(opener());
  expect(document.activeElement).toBe(dialog);
  expect(topModal()).toBe(dialog);
});

test('Escape closes it, and the focus returns to where it was opened', () => {
  render(<Page />);
  const dialog = openFrom(opener());
  fireEvent(dialog, new Event('cancel', { cancelable: true }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(opener());
  expect(topModal()).toBeNull();
});

test('the focus goes to heading 1 if what opened it is gone', () => {
  render(<Page gone />);
  fireEvent.click(openFrom(opener()).querySelector('button') ?? document.body);
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
});

test('a press beside it closes it, one within does not', () => {
  render(<Page />);
  const dialog = openFrom(opener());
  fireEvent.mouseDown(screen.getByText('Whom?'));
  expect(dialog.open).toBe(true);
  fireEvent.mouseDown(dialog);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('whoever watches hears of each dialog that comes and goes', () => {
  const seen: (string | null)[] = [];
  const stop = watchModals(() => seen.push(topModal()?.querySelector('h2')?.textContent ?? null));
  const { unmount } = render(<Dialog title="Devices" onClose={vi.fn()}>…</Dialog>);
  unmount();
  stop();
  expect(seen).toEqual(['Devices', null]);
});

test('a question has its text as description, and begins at the harmless answer', () => {
  render(<AlertDialog title="Leave this group?" text="You will not get its messages any more." action="Leave" onAction={vi.fn()} onClose={vi.fn()} />);
  const question = screen.getByRole('alertdialog', { name: 'Leave this group?' });
  const description = document.getElementById(question.getAttribute('aria-describedby') ?? '');
  expect(description?.textContent).toBe('You will not get its messages any more.');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Cancel' }));
});
