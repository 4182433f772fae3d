// Leads to one message: loads what lies between, scrolls it into the middle and marks it for some seconds.
import { useCallback, useEffect, useLayoutEffect, useState } from 'react';
import type { ConversationId, Message } from '../../state/model.ts';
import { useActions } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import type { List } from './useOpening.ts';

const kMarkedMs = 4000;

export function useGoTo(conversationId: ConversationId, messages: readonly Message[], list: () => List, ready: boolean, target: { readonly seq: number } | null):
  { readonly marked: number | null; readonly goTo: (seq: number) => void } {
  const actions = useActions();
  const [wanted, setWanted] = useState<{ readonly seq: number } | null>(null);
  const [marked, setMarked] = useState<number | null>(null);

  const goTo = useCallback((seq: number) => {
    void actions.reveal(conversationId, seq).then((revealed) => {
      if (revealed === 'found') setWanted({ seq });
      if (revealed === 'missing') actions.toast('error', chatWords.reachFailed);
    });
  }, [actions, conversationId]);

  useEffect(() => {
    if (!ready) return;
    if (target) goTo(target.seq);
    else setMarked(null);
  }, [ready, target, goTo]);

  useLayoutEffect(() => {
    if (!wanted) return;
    const index = messages.findIndex((message) => message.seq === wanted.seq);
    if (index < 0) return;
    setWanted(null);
    setMarked(wanted.seq);
    list().scrollToIndex(index, { align: 'center' });
  }, [wanted, messages, list]);

  // A search hit stays marked as long as it is the one that is shown.
  const stays = target !== null && target.seq === marked;
  useEffect(() => {
    if (marked === null || stays) return undefined;
    const timer = setTimeout(() => setMarked(null), kMarkedMs);
    return () => clearTimeout(timer);
  }, [marked, stays]);
  return { marked, goTo };
}
