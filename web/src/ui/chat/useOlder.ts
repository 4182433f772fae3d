// Older messages are fetched when one scrolls towards them, not because a conversation is opened near its beginning; but where all that is
// here does not fill the pane nobody could scroll, so the next page is fetched at once.
import { type RefObject, useEffect, useState } from 'react';
import type { ConversationId } from '../../state/model.ts';
import { useActions, useBelfry } from '../use.ts';

export function useOlder(conversationId: ConversationId, scroller: RefObject<HTMLElement | null>, settled: boolean, near: boolean, filled: boolean): void {
  const actions = useActions();
  const older = useBelfry((state) => state.threads[conversationId]?.older);
  const [wanted, setWanted] = useState(false);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !settled || wanted) return undefined;
    let last = element.scrollTop;
    const scrolled = () => {
      if (element.scrollTop < last) setWanted(true);
      last = element.scrollTop;
    };
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => element.removeEventListener('scroll', scrolled);
  }, [scroller, settled, wanted]);

  useEffect(() => {
    if (near && older === 'idle' && (wanted || !filled)) void actions.loadOlder(conversationId);
  }, [actions, conversationId, near, older, wanted, filled]);
}
