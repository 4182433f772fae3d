// What was on a visible screen is told to be read: only while the page is visible and has the focus (SPEC R-004-18).
import { useEffect, useRef, useState } from 'react';
import type { ConversationId, Message } from '../../state/model.ts';
import { useActions } from '../use.ts';
import { seqUpTo } from './rows.ts';

const looked = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** `lastVisible`: the index of the last message that is whole on the screen; -1 while that is not known. */
export function useReading(conversationId: ConversationId, messages: readonly Message[], lastVisible: number): void {
  const actions = useActions();
  const told = useRef(0);
  const [looking, setLooking] = useState(looked);

  useEffect(() => {
    const changed = () => setLooking(looked());
    changed();
    window.addEventListener('focus', changed);
    window.addEventListener('blur', changed);
    document.addEventListener('visibilitychange', changed);
    return () => {
      window.removeEventListener('focus', changed);
      window.removeEventListener('blur', changed);
      document.removeEventListener('visibilitychange', changed);
    };
  }, []);

  useEffect(() => {
    if (!looking || lastVisible < 0) return;
    const seq = seqUpTo(messages, lastVisible);
    if (seq <= told.current) return;
    told.current = seq;
    actions.read(conversationId, seq);
  }, [actions, conversationId, looking, lastVisible, messages]);
}
