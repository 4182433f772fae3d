// What the server tells about conversations and messages, and where each of it goes.
import { withReceipt, withUnread } from '../state/conversations.ts';
import type { Message } from '../state/model.ts';
import { putThread, threadOf, withReceipts } from '../state/threads.ts';
import { hear } from '../wire/events.ts';
import { messageFrom, serverConversationFrom, type ServerConversation } from '../wire/shapes.ts';
import type { Arrivals } from './chat_arrivals.ts';
import type { ChatContext } from './chat_context.ts';
import type { ConversationList } from './chat_list.ts';
import type { Notices } from './chat_notices.ts';
import type { Queue } from './chat_queue.ts';
import type { Receipts } from './chat_receipts.ts';
import type { Typing } from './chat_typing.ts';

interface Parts {
  readonly list: ConversationList;
  readonly queue: Queue;
  readonly arrivals: Arrivals;
  readonly receipts: Receipts;
  readonly typing: Typing;
  readonly notices: Notices;
}

export function hearChat(chat: ChatContext, parts: Parts): void {
  hearMessages(chat, parts);
  hearCounts(chat, parts);
  hearConversations(chat, parts);
}

/** A message writes an end to typing: the server says nothing of that. */
async function heard(chat: ChatContext, { list, queue, arrivals, typing, receipts, notices }: Parts, message: Message): Promise<void> {
  const id = message.conversationId;
  if (!chat.store.getState().conversations[id] && (await list.loadOne(id)) !== 'here') return;
  queue.seen(message);
  arrivals.arrived(message);
  if (message.senderId === chat.myId()) return;
  typing.heard(id, message.senderId, false);
  if (message.kind === 'text' || message.kind === 'file') receipts.delivered(id, message.seq ?? 0);
  notices.arrived(message);
}

function hearMessages(chat: ChatContext, parts: Parts): void {
  const read = (json: unknown): Message | null => {
    const me = chat.myId();
    return me === null ? null : messageFrom(json, me);
  };
  hear(chat.link, 'message.new', ({ conversationId, message: json }) => {
    const message = read(json);
    parts.list.touch(conversationId, { unread: true });
    if (message) void heard(chat, parts, message);
  });
  hear(chat.link, 'message.updated', ({ message: json }) => {
    const message = read(json);
    if (message) parts.list.whenHere(message.conversationId, () => parts.arrivals.changed(message));
  });
  hear(chat.link, 'typing', ({ conversationId, userId, typing }) => parts.typing.heard(conversationId, userId, typing));
}

/** How far the others have got, and how much of all is unread. */
function hearCounts({ store, link, myId }: ChatContext, { list }: Parts): void {
  hear(link, 'message.status', ({ conversationId, userId, readUpToSeq, deliveredUpToSeq }) => {
    const me = myId();
    if (me === null) return;
    list.whenHere(conversationId, () => store.change((state) => {
      const upTo = { read: readUpToSeq, delivered: deliveredUpToSeq };
      const conversations = withReceipt(state.conversations, conversationId, userId, upTo, me);
      const conversation = conversations[conversationId];
      if (!conversation || conversations === state.conversations) return {};
      return { conversations, ...putThread(state, conversationId, withReceipts(threadOf(state, conversationId), conversation, me)) };
    }));
  });
  hear(link, 'unread.update', ({ conversationId, unreadCount }) => {
    if (myId() === null) return;
    list.whenHere(conversationId, () => {
      list.touch(conversationId, { unread: true });
      store.change((state) => {
        const conversations = withUnread(state.conversations, conversationId, unreadCount);
        return conversations === state.conversations ? {} : { conversations };
      });
    });
  });
}

function hearConversations(chat: ChatContext, { list }: Parts): void {
  const read = (json: unknown): ServerConversation | null => {
    const me = chat.myId();
    return me === null ? null : serverConversationFrom(json, me);
  };
  hear(chat.link, 'conversation.new', ({ conversation }) => {
    const here = list.put(read(conversation), {});
    if (here) list.touch(here.id, { unread: true });
  });
  hear(chat.link, 'conversation.updated', ({ conversation }) => {
    const here = list.put(read(conversation), { unread: true });
    if (here) list.touch(here.id, here.mutedUntil === undefined ? {} : { membership: true });
  });
}
