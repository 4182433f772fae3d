// What the server tells about conversations and messages, and where each of it goes.
import { withEditedMessage, withNewMessage, withReceipt, withUnread } from '../state/conversations.ts';
import type { Message } from '../state/model.ts';
import { withStateOf } from '../state/receipts.ts';
import { putThread, threadOf, withEdited, withReceipts } from '../state/threads.ts';
import { hear } from '../wire/events.ts';
import { messageFrom, serverConversationFrom, type ServerConversation } from '../wire/shapes.ts';
import type { ChatContext } from './chat_context.ts';
import type { ConversationList } from './chat_list.ts';
import type { Notices } from './chat_notices.ts';
import type { Outbox } from './chat_outbox.ts';
import type { Receipts } from './chat_receipts.ts';
import type { Threads } from './chat_threads.ts';
import type { Typing } from './chat_typing.ts';

interface Parts {
  readonly list: ConversationList;
  readonly threads: Threads;
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly typing: Typing;
  readonly notices: Notices;
}

export interface ChatEvents {
  /** A message of the server, from an event or as the answer to an own one. */
  arrived(message: Message): void;
  /** An edited or deleted one. */
  changed(message: Message): void;
}

export function makeEvents(chat: ChatContext, parts: Parts): ChatEvents {
  const { store } = chat;

  function arrived(message: Message): void {
    const me = chat.myId();
    if (me === null) return;
    const members = store.getState().conversations[message.conversationId]?.members ?? [];
    store.change((state) => {
      const conversations = withNewMessage(state.conversations, message, me);
      return conversations === state.conversations ? {} : { conversations };
    });
    parts.threads.arrived(withStateOf(message, members, me));
  }

  /** A message writes an end to typing: the server says nothing of that. */
  async function heard(message: Message): Promise<void> {
    const id = message.conversationId;
    if (!store.getState().conversations[id] && (await parts.list.loadOne(id)) !== 'here') return;
    parts.outbox.seen(message);
    arrived(message);
    if (message.senderId === chat.myId()) return;
    parts.typing.heard(id, message.senderId, false);
    if (message.kind === 'text' || message.kind === 'file') parts.receipts.delivered(id, message.seq ?? 0);
    parts.notices.arrived(message);
  }

  function changed(message: Message): void {
    const me = chat.myId();
    if (me === null) return;
    store.change((state) => ({
      conversations: withEditedMessage(state.conversations, message, me),
      ...putThread(state, message.conversationId, withEdited(threadOf(state, message.conversationId), message)),
    }));
  }

  const read = (json: unknown): Message | null => {
    const me = chat.myId();
    return me === null ? null : messageFrom(json, me);
  };

  const readConversation = (json: unknown): ServerConversation | null => {
    const me = chat.myId();
    return me === null ? null : serverConversationFrom(json, me);
  };

  hear(chat.link, 'message.new', ({ conversationId, message: json }) => {
    const message = read(json);
    parts.list.touch(conversationId);
    if (message) void heard(message);
  });

  hear(chat.link, 'message.updated', ({ message: json }) => {
    const message = read(json);
    if (message) parts.list.whenHere(message.conversationId, () => changed(message));
  });

  hear(chat.link, 'message.status', ({ conversationId, userId, readUpToSeq, deliveredUpToSeq }) => {
    const me = chat.myId();
    if (me === null) return;
    parts.list.whenHere(conversationId, () => store.change((state) => {
      const upTo = { read: readUpToSeq, delivered: deliveredUpToSeq };
      const conversations = withReceipt(state.conversations, conversationId, userId, upTo, me);
      const conversation = conversations[conversationId];
      if (!conversation || conversations === state.conversations) return {};
      return { conversations, ...putThread(state, conversationId, withReceipts(threadOf(state, conversationId), conversation, me)) };
    }));
  });

  hear(chat.link, 'unread.update', ({ conversationId, unreadCount }) => {
    if (chat.myId() === null) return;
    parts.list.whenHere(conversationId, () => {
      parts.list.touch(conversationId);
      store.change((state) => {
        const conversations = withUnread(state.conversations, conversationId, unreadCount);
        return conversations === state.conversations ? {} : { conversations };
      });
    });
  });

  hear(chat.link, 'typing', ({ conversationId, userId, typing }) => parts.typing.heard(conversationId, userId, typing));

  hear(chat.link, 'conversation.new', ({ conversation }) => {
    const here = parts.list.put(readConversation(conversation), 'given');
    if (here) parts.list.touch(here.id);
  });
  hear(chat.link, 'conversation.updated', ({ conversation }) => {
    const here = parts.list.put(readConversation(conversation), 'held');
    if (here) parts.list.touch(here.id);
  });

  return { arrived, changed };
}
