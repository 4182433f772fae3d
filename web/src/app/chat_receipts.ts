// Telling the server how far I have got: `read` what was on a visible screen, `delivered` what reached this browser. One request at a time,
// and of several numbers only the last: a pointer says all that is before it.
import type { ConversationId } from '../state/model.ts';
import { withRead, withUnread } from '../state/conversations.ts';
import { verdictOn } from '../state/outbox.ts';
import { pointersOf } from '../state/receipts.ts';
import { threadOf } from '../state/threads.ts';
import { readsOthers } from '../state/unread.ts';
import type { ChatContext } from './chat_context.ts';

const kRetryMs = 5_000;

export interface Receipts {
  read(conversation: ConversationId, seq: number): void;
  delivered(conversation: ConversationId, seq: number): void;
  flush(): void;
  clear(): void;
}

interface Wanted {
  conversation: ConversationId;
  what: 'read' | 'delivered';
  upTo: number;
}

export function makeReceipts(chat: ChatContext): Receipts {
  const reads = new Map<ConversationId, number>();
  const deliveries = new Map<ConversationId, number>();
  let busy = false;
  let stopTimer: (() => void) | null = null;

  /** Reading goes first: somebody waits for that word. */
  function take(): Wanted | null {
    for (const [conversation, upTo] of reads) {
      reads.delete(conversation);
      if ((deliveries.get(conversation) ?? 0) <= upTo) deliveries.delete(conversation);
      return { conversation, what: 'read', upTo };
    }
    for (const [conversation, upTo] of deliveries) {
      deliveries.delete(conversation);
      return { conversation, what: 'delivered', upTo };
    }
    return null;
  }

  const want = (pointers: Map<ConversationId, number>, conversation: ConversationId, upTo: number): void => {
    if (upTo > (pointers.get(conversation) ?? 0)) pointers.set(conversation, upTo);
  };

  async function tell({ conversation, what, upTo }: Wanted): Promise<boolean> {
    const answer = await (what === 'read' ? chat.api.markRead(conversation, upTo) : chat.api.markDelivered(conversation, upTo));
    if (chat.myId() === null) return false;
    if (answer.ok) {
      const unread = answer.data;
      const last = chat.store.getState().conversations[conversation]?.lastMessage?.seq ?? 0;
      // A count from before the last message came would take it away again.
      if (what === 'read' && unread !== null && last <= upTo)
        chat.store.change((state) => ({ conversations: withUnread(state.conversations, conversation, unread) }));
      return true;
    }
    // What broke the server would break it again.
    if (answer.error.code === 'INTERNAL' || verdictOn(answer.error.code) !== 'later') return true;
    want(what === 'read' ? reads : deliveries, conversation, upTo);
    stopTimer ??= chat.clock.after(answer.error.retryAfterMs ?? kRetryMs, flush);
    return false;
  }

  async function pump(): Promise<void> {
    if (busy || stopTimer) return;
    busy = true;
    try {
      let wanted = take();
      while (wanted && (await tell(wanted))) wanted = take();
    } finally {
      busy = false;
    }
  }

  function flush(): void {
    stopTimer?.();
    stopTimer = null;
    void pump();
  }

  return {
    read(conversation, seq) {
      const me = chat.myId();
      const state = chat.store.getState();
      const held = state.conversations[conversation];
      if (me === null || !held) return;
      const { read } = pointersOf(held, me);
      const { messages } = threadOf(state, conversation);
      // Nobody waits to hear that I have read what I wrote.
      if (read >= seq || (held.unread === 0 && !readsOthers(messages, read, seq, me))) return;
      chat.store.change((now) => ({ conversations: withRead(now.conversations, conversation, seq, messages, me) }));
      want(reads, conversation, seq);
      void pump();
    },
    delivered(conversation, seq) {
      want(deliveries, conversation, seq);
      void pump();
    },
    flush,
    clear() {
      reads.clear();
      deliveries.clear();
      stopTimer?.();
      stopTimer = null;
    },
  };
}
