// The line `New messages`: where it stands is decided once for each opening of a conversation, whatever comes then.
import type { ConversationId, Thread } from '../state/model.ts';
import { pointersOf } from '../state/receipts.ts';
import { firstUnread, withLine, type UnreadAtOpening } from '../state/threads.ts';
import type { ChatContext } from './chat_context.ts';

export interface UnreadLine {
  /** The conversation is opened now. */
  begin(id: ConversationId): void;
  /** With the line, if it is not there yet: its message may come with a page that is loaded later. */
  drawn(id: ConversationId, thread: Thread): Thread;
  clear(): void;
}

export function makeUnreadLine(chat: ChatContext): UnreadLine {
  const unreadAtOpening = new Map<ConversationId, UnreadAtOpening>();
  return {
    begin(id) {
      const me = chat.myId();
      const conversation = chat.store.getState().conversations[id];
      if (me === null || !conversation?.unread) return void unreadAtOpening.delete(id);
      const { read } = pointersOf(conversation, me);
      unreadAtOpening.set(id, { read, unread: conversation.unread, lastSeq: conversation.lastMessage?.seq ?? 0 });
    },
    drawn(id, thread) {
      const me = chat.myId();
      const unread = unreadAtOpening.get(id);
      if (me === null || unread === undefined || thread.firstUnreadSeq !== null || thread.phase !== 'ready') return thread;
      return withLine(thread, firstUnread(thread, unread, me));
    },
    clear: () => unreadAtOpening.clear(),
  };
}
