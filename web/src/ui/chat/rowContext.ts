// What a row of the list asks of the pane around it. The object never changes, so that rows rest while the pane renders.
import { createContext, useContext } from 'react';
import type { Message } from '../../state/model.ts';

export interface RowRequests {
  /** The menu of a message, beside `anchor`; the focus returns to the message. */
  openMenu(message: Message, anchor: HTMLElement): void;
  /** Scrolls to a message and marks it. */
  goTo(seq: number): void;
}

export const RowContext = createContext<RowRequests | null>(null);

export function useRow(): RowRequests {
  const requests = useContext(RowContext);
  if (!requests) throw new Error('there is no <RowContext> above this row');
  return requests;
}
