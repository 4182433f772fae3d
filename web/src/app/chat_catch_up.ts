// Bringing threads up to date after an absence: page by page behind the last message that is here, so that a thread has neither gaps nor doubles.
import type { ConversationId } from '../state/model.ts';
import type { ChatContext } from './chat_context.ts';
import type { Pages } from './chat_pages.ts';

export interface CatchingUp {
  loadNewest(id: ConversationId): Promise<void>;
  catchUp(id: ConversationId): Promise<boolean>;
  /**
   * All that was missed, and what was edited meanwhile of the newest. Also of an open chat that is far behind, which does not begin anew with its
   * newest page: where its reader stands is not known here, and may be above the end.
   */
  bringUpToDate(id: ConversationId): Promise<void>;
  isStale(id: ConversationId): boolean;
  markStale(id: ConversationId): void;
  clear(): void;
}

export function makeCatchingUp(chat: ChatContext, pages: Pages): CatchingUp {
  const stale = new Set<ConversationId>();
  const running = new Map<ConversationId, Promise<boolean>>();

  /** Up to the end. False: it is behind still, because it was left, the network broke in between, or its newest page is being loaded instead. */
  async function walkToEnd(id: ConversationId): Promise<boolean> {
    while (pages.isOpen(id)) {
      const found = await pages.next(id);
      if (found === 'last') return true;
      // Where other messages are here now, somebody may wait for this walk to bring them to their end.
      if (found === 'failed' || (found === 'replaced' && pages.get(id).phase !== 'ready')) return false;
    }
    return false;
  }

  function catchUp(id: ConversationId): Promise<boolean> {
    const walk = running.get(id) ?? walkToEnd(id).then((done) => {
      running.delete(id);
      if (!done && pages.isMine(id)) stale.add(id);
      return done;
    });
    running.set(id, walk);
    return walk;
  }

  async function loadNewest(id: ConversationId): Promise<void> {
    if (pages.get(id).phase === 'loading' || !(await pages.newest(id))) return;
    stale.delete(id);
    // A message may have come while its page was on the way, which does not join it.
    const last = chat.store.getState().conversations[id]?.lastMessage?.seq ?? 0;
    if (pages.get(id).phase === 'ready' && last > pages.end(id)) await catchUp(id);
  }

  return {
    loadNewest, catchUp,
    async bringUpToDate(id) {
      if (pages.get(id).phase !== 'ready') return loadNewest(id);
      stale.delete(id);
      if ((await catchUp(id)) && !(await pages.renew(id)) && pages.isMine(id)) stale.add(id);
    },
    isStale: (id) => stale.has(id),
    markStale: (id) => void stale.add(id),
    clear: () => stale.clear(),
  };
}
