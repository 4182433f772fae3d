// What a person can do with conversations and messages, over the wire. Each part beside this file holds one idea; here they meet.
import type { ChatActions } from '../state/actions.ts';
import { withoutConversation } from '../state/conversations.ts';
import type { ConversationId, Message } from '../state/model.ts';
import { pointersOf } from '../state/receipts.ts';
import { kNoSearch } from '../state/search.ts';
import { chatWords } from '../ui/words/chat.en.ts';
import { hear } from '../wire/events.ts';
import type { Answer, WireError } from '../wire/ports.ts';
import { chatContext, type ChatPage } from './chat_context.ts';
import { makeDrafts } from './chat_drafts.ts';
import { makeEvents } from './chat_events.ts';
import { followGroupCalls } from './chat_group_calls.ts';
import { makeGroups } from './chat_groups.ts';
import { makeList } from './chat_list.ts';
import { makeNotices } from './chat_notices.ts';
import { makeOutbox } from './chat_outbox.ts';
import { makeReceipts } from './chat_receipts.ts';
import { makeSearching } from './chat_search.ts';
import { makeThreads } from './chat_threads.ts';
import { makeTyping } from './chat_typing.ts';
import { tellUnread } from './chat_unread.ts';
import type { Context } from './context.ts';
import type { UnsentStore } from './unsent.ts';

const kTryAgainMs = 2_000;

export interface Chat extends ChatActions {
  /** After log-in: brings back what was not sent, and asks for the conversations. Resolves when the sidebar can be shown. */
  start(): Promise<void>;
  /** At log-out: nothing of this person is left, in the store or on the disk. */
  forget(): Promise<void>;
}

export function makeChat(context: Context, page?: ChatPage, disk?: UnsentStore): Chat {
  const chat = chatContext(context, page, disk);
  const { store } = chat;

  const list = makeList(chat);
  const typing = makeTyping(chat);
  const receipts = makeReceipts(chat);
  const searching = makeSearching(chat);
  const drafts = makeDrafts(chat);
  const notices = makeNotices(chat);
  const outbox = makeOutbox(chat, (message) => events.arrived(message));
  const groupCalls = followGroupCalls(chat, list);
  const threads = makeThreads(chat, list, (message) => outbox.seen(message), groupCalls.ask);
  const events = makeEvents(chat, { list, threads, outbox, receipts, typing, notices });
  const groups = makeGroups(chat, list, removed, refused);
  tellUnread(chat);

  function removed(id: ConversationId): void {
    list.touch(id);
    outbox.dropConversation(id);
    typing.dropConversation(id);
    drafts.set(id, '');
    store.change((state) => withoutConversation(state, id));
  }

  function refused(error: WireError): void {
    chat.toast({ kind: 'error', text: error.code === 'NETWORK' ? chatWords.unreachable : error.message });
  }

  hear(chat.link, 'conversation.removed', ({ conversationId }) => {
    const gone = store.getState().conversations[conversationId];
    removed(conversationId);
    // Of the one on the screen the page itself says so.
    if (gone?.kind === 'group' && store.getState().open !== conversationId) chat.toast({ kind: 'info', text: chatWords.removed });
  });

  /** What came while nobody was here has reached this browser now. */
  function tellDelivered(): void {
    const me = chat.myId();
    if (me === null) return;
    for (const conversation of Object.values(store.getState().conversations)) {
      const last = conversation.lastMessage?.seq ?? 0;
      if (conversation.unread > 0 && pointersOf(conversation, me).delivered < last) receipts.delivered(conversation.id, last);
    }
  }

  /** After a while, or as soon as there is a connection. */
  const nextTry = (): Promise<void> => new Promise((resolve) => {
    if (chat.link.state() === 'online') return void chat.clock.after(kTryAgainMs, resolve);
    const stop = chat.link.onState((link) => {
      if (link !== 'online') return;
      stop();
      resolve();
    });
  });

  /** Until it is done, or somebody else is signed in. */
  async function loadAll(): Promise<void> {
    const me = chat.myId();
    while (me !== null && chat.myId() === me && !(await list.load())) await nextTry();
    if (me !== null && chat.myId() === me) tellDelivered();
  }

  chat.link.onState((link, fresh) => {
    if (chat.myId() === null) return;
    if (link !== 'online') return typing.linkLost();
    typing.linkBack();
    outbox.flush();
    receipts.flush();
    if (!fresh) return threads.check();
    if (Object.keys(store.getState().typing).length > 0) store.change(() => ({ typing: {} }));
    // Before the app is ready, start() asks for the list.
    if (store.getState().app === 'ready') void loadAll().then(threads.refresh);
  });

  /** Tells whether it was done. */
  async function changed(asked: Promise<Answer<Message | null>>, failed: string): Promise<boolean> {
    const answer = await asked;
    if (chat.myId() === null) return false;
    const now = answer.ok ? answer.data : null;
    if (now) events.changed(now);
    else chat.toast({ kind: 'error', text: failed });
    return now !== null;
  }

  return {
    ...groups,
    async start() {
      const me = chat.myId();
      if (me === null) return;
      const [kept] = await Promise.all([chat.disk.load(me), loadAll()]);
      if (chat.myId() !== me) return;
      drafts.restore(kept.drafts);
      outbox.restore(kept.queue);
    },
    async forget() {
      outbox.clear();
      receipts.clear();
      typing.clear();
      searching.clear();
      drafts.clear();
      notices.clear();
      threads.clear();
      store.change(() => ({ conversations: {}, threads: {}, typing: {}, drafts: {}, open: null, search: kNoSearch, threadSearch: null }));
      await chat.disk.clear();
    },
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
    edit: (message, text) => changed(chat.api.editMessage(message, text), chatWords.editFailed),
    remove: (message) => changed(chat.api.deleteMessage(message), chatWords.deleteFailed),
    setDraft: drafts.set,
    typed: typing.typed,
    read: receipts.read,
    search: searching.search,
    searchIn: searching.searchIn,
    stepSearch: searching.stepSearch,
    endSearch: searching.endSearch,
  };
}
