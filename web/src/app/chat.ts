// What a person can do with conversations and messages, over the wire. Each part beside this file holds one idea (chat_parts.ts); here they
// meet.
import type { ChatActions } from '../state/actions.ts';
import { withoutConversation } from '../state/conversations.ts';
import type { ConversationId, Message } from '../state/model.ts';
import { kNoSearch } from '../state/search.ts';
import { chatWords } from '../ui/words/chat.en.ts';
import { hear } from '../wire/events.ts';
import type { Answer, WireError } from '../wire/ports.ts';
import { chatContext, type ChatContext, type ChatPage } from './chat_context.ts';
import { hearChat } from './chat_events.ts';
import { makeGroups } from './chat_groups.ts';
import { makeMembership } from './chat_membership.ts';
import { endMutes } from './chat_muting.ts';
import { makeParts, type ChatParts } from './chat_parts.ts';
import { loadAll } from './chat_start.ts';
import { tellUnread } from './chat_unread.ts';
import type { Context } from './context.ts';
import type { UnsentStore } from './unsent.ts';

export interface Chat extends ChatActions {
  /** After log-in: brings back what was not sent, and asks for the conversations. Resolves when the sidebar can be shown. */
  start(): Promise<void>;
  /** At log-out: nothing of this person is left, in the store or on the disk. */
  forget(): Promise<void>;
}

/** This conversation is not mine any more. */
function remove({ store }: ChatContext, { list, queue, typing, drafts }: ChatParts, id: ConversationId): void {
  list.touch(id, {});
  queue.dropConversation(id);
  typing.dropConversation(id);
  drafts.set(id, '');
  store.change((state) => withoutConversation(state, id));
}

function hearOfRemovals(chat: ChatContext, parts: ChatParts): void {
  hear(chat.link, 'conversation.removed', ({ conversationId }) => {
    const gone = chat.store.getState().conversations[conversationId];
    remove(chat, parts, conversationId);
    // Of the one on the screen the page itself says so.
    if (gone?.kind === 'group' && chat.store.getState().open !== conversationId) chat.toast({ kind: 'info', text: chatWords.removed });
  });
}

function followLink(chat: ChatContext, { list, threads, delivery, receipts, typing }: ChatParts): void {
  const { store, link } = chat;
  link.onState((state, fresh) => {
    if (chat.myId() === null) return;
    if (state !== 'online') return typing.linkLost();
    typing.linkBack();
    delivery.flush();
    receipts.flush();
    if (!fresh) return threads.check();
    if (Object.keys(store.getState().typing).length > 0) store.change(() => ({ typing: {} }));
    // Before the app is ready, start() asks for the list.
    if (store.getState().app === 'ready') void loadAll(chat, list, receipts).then(threads.refresh);
  });
}

function lifeOf(chat: ChatContext, parts: ChatParts): Pick<Chat, 'start' | 'forget'> {
  const { list, receipts, drafts, queue, delivery, typing, searching, notices, threads } = parts;
  return {
    async start() {
      const me = chat.myId();
      if (me === null) return;
      const [kept] = await Promise.all([chat.disk.load(me), loadAll(chat, list, receipts)]);
      if (chat.myId() !== me) return;
      drafts.restore(kept.drafts);
      queue.restore(kept.queue);
      delivery.run();
    },
    async forget() {
      for (const part of [queue, delivery, receipts, typing, searching, drafts, notices, threads]) part.clear();
      chat.store.change(() => ({ conversations: {}, threads: {}, typing: {}, drafts: {}, open: null, search: kNoSearch, threadSearch: null }));
      await chat.disk.clear();
    },
  };
}

/** Changing a message that the server has; tells whether it was done. */
function changing(chat: ChatContext, { arrivals }: ChatParts): Pick<ChatActions, 'edit' | 'remove'> {
  async function changed(asked: Promise<Answer<Message | null>>, failed: string): Promise<boolean> {
    const answer = await asked;
    if (chat.myId() === null) return false;
    const now = answer.ok ? answer.data : null;
    if (now) arrivals.changed(now);
    else chat.toast({ kind: 'error', text: failed });
    return now !== null;
  }
  return {
    edit: (message, text) => changed(chat.api.editMessage(message, text), chatWords.editFailed),
    remove: (message) => changed(chat.api.deleteMessage(message), chatWords.deleteFailed),
  };
}

export function makeChat(context: Context, page?: ChatPage, disk?: UnsentStore): Chat {
  const chat = chatContext(context, page, disk);
  const parts = makeParts(chat);
  const { list, threads, outbox, typing, receipts, searching, drafts } = parts;
  const refused = (error: WireError): void =>
    chat.toast({ kind: 'error', text: error.code === 'NETWORK' ? chatWords.unreachable : error.message });

  hearChat(chat, parts);
  hearOfRemovals(chat, parts);
  followLink(chat, parts);
  tellUnread(chat);
  endMutes(chat);

  return {
    ...makeGroups(chat, list, (id) => remove(chat, parts, id), refused),
    ...makeMembership(chat, list, refused),
    ...lifeOf(chat, parts),
    ...changing(chat, parts),
    async conversationWith(user) {
      const answer = await list.direct(user);
      if (answer.ok) return answer.data;
      refused(answer.error);
      return null;
    },
    show: threads.show,
    loadOlder: threads.loadOlder,
    reload: threads.reload,
    reveal: threads.reveal,
    send(conversation, text, replyTo) {
      typing.sent(conversation);
      outbox.send(conversation, text, replyTo);
    },
    attach: outbox.attach,
    cancelUpload: outbox.discard,
    retry: outbox.retry,
    discard: outbox.discard,
    setDraft: drafts.set,
    typed: typing.typed,
    read: receipts.read,
    search: searching.search,
    searchIn: searching.searchIn,
    stepSearch: searching.stepSearch,
    endSearch: searching.endSearch,
  };
}
