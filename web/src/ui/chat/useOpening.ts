// Where a list stands when it is opened: at `New messages`, else at its end. Until it stands there nothing counts as seen and no older page
// is asked for, because for two frames the list lies at its top.
import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Message } from '../../state/model.ts';
import { firstUnreadIndex } from './rows.ts';

export type List = Virtualizer<HTMLDivElement, HTMLDivElement>;

export function useOpening(list: List, ready: boolean, messages: readonly Message[], firstUnreadSeq: number | null): boolean {
  const [opened, setOpened] = useState(false);
  const [settled, setSettled] = useState(false);
  const began = useRef(false);

  useLayoutEffect(() => {
    if (began.current || !ready) return;
    began.current = true;
    const unread = firstUnreadIndex(messages, firstUnreadSeq);
    if (unread >= 0) list.scrollToIndex(unread, { align: 'start' });
    else if (messages.length > 0) list.scrollToEnd();
    setOpened(true);
  }, [list, ready, messages, firstUnreadSeq]);

  useEffect(() => {
    if (!opened) return undefined;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setSettled(true));
    });
    return () => cancelAnimationFrame(frame);
  }, [opened]);
  return settled;
}
