// The messages of each conversation: the newest page when it is first shown, older ones on demand, and after an absence all that came
// meanwhile, page by page behind the last one that is here, so that a thread has neither gaps nor doubles.
import type { ConversationId, Message, Thread } from '../state/model.ts';
import { firstSeq, isNumbered, runEnd } from '../state/messages.ts';
import { pointersOf, withStates } from '../state/receipts.ts';
import {
  failedToLoad, firstUnread, isAhead, loading, olderFailed, olderLoading, putThread, threadOf, withArrived, withLine, withNewest, withNext, withOlder,
  type UnreadAtOpening,
} from '../state/threads.ts';
import type { MessagePage, MessageQuery } from '../wire/chat_api.ts';
import type { ChatContext } from './chat_context.ts';
import type { ConversationList } from './chat_list.ts';

const kNewest = 50;
/** The most that the server gives at once: for walking, not for showing. */
const kMost = 100;

export interface Threads {
  show(conversation: ConversationId | null): Promise<'shown' | 'missing'>;
  reload(conversation: ConversationId): Promise<void>;
  loadOlder(conversation: ConversationId): Promise<void>;
  reveal(conversation: ConversationId, seq: number): Promise<boolean>;
  arrived(message: Message): void;
  /** Events may have been missed: the open thread is brought up to date now, the others when they are shown. */
  refresh(): void;
  /** Nothing was missed, as the link says; of the open thread we make sure. */
  check(): void;
  clear(): void;
}

/** `seen`: a page had this message. `opened`: this conversation is on the screen now. */
export function makeThreads(
  chat: ChatContext, conversations: ConversationList, seen: (message: Message) => void, opened: (id: ConversationId) => void,
): Threads {
  const stale = new Set<ConversationId>();
  const unreadAtOpening = new Map<ConversationId, UnreadAtOpening>();
  const catching = new Map<ConversationId, Promise<boolean>>();

  const get = (id: ConversationId): Thread => threadOf(chat.store.getState(), id);
  const change = (id: ConversationId, how: (thread: Thread) => Thread): void =>
    chat.store.change((state) => putThread(state, id, how(threadOf(state, id))));
  const isMine = (id: ConversationId): boolean => id in chat.store.getState().conversations;

  async function fetchPage(id: ConversationId, query: MessageQuery): Promise<MessagePage | null> {
    const answer = await chat.api.messages(id, query);
    const me = chat.myId();
    // It may have been left, and the person be gone, while the answer was on its way.
    if (!answer.ok || me === null || !isMine(id)) return null;
    const messages = answer.data.messages.filter(isNumbered);
    messages.forEach(seen);
    const members = chat.store.getState().conversations[id]?.members ?? [];
    return { messages: withStates(messages, members, me), more: answer.data.more };
  }

  async function loadNewest(id: ConversationId): Promise<void> {
    if (get(id).phase === 'loading') return;
    change(id, loading);
    const page = await fetchPage(id, { limit: kNewest });
    if (!isMine(id)) return;
    change(id, (thread) => (page ? lined(id, withNewest(thread, page.messages, page.more)) : failedToLoad(thread)));
    if (!page) return;
    stale.delete(id);
    await catchUpIfBehind(id);
  }

  /** Once an opening: the line stays where it was, whatever comes. */
  function beginReading(id: ConversationId): void {
    const me = chat.myId();
    const conversation = chat.store.getState().conversations[id];
    if (me !== null && conversation?.unread) {
      const { read } = pointersOf(conversation, me);
      unreadAtOpening.set(id, { read, unread: conversation.unread, lastSeq: conversation.lastMessage?.seq ?? 0 });
    } else {
      unreadAtOpening.delete(id);
    }
    change(id, (thread) => lined(id, withLine(thread, null)));
  }

  /** Its message may come with a page that is loaded later. */
  function lined(id: ConversationId, thread: Thread): Thread {
    const me = chat.myId();
    const unread = unreadAtOpening.get(id);
    if (me === null || unread === undefined || thread.firstUnreadSeq !== null || thread.phase !== 'ready') return thread;
    return withLine(thread, firstUnread(thread, unread, me));
  }

  /** Pages behind the last one that is here, up to the end. False: the network broke in between, so it is behind still. */
  async function walkToEnd(id: ConversationId): Promise<boolean> {
    for (;;) {
      const end = runEnd(get(id).messages) ?? 0;
      const page = await fetchPage(id, { after: end, limit: kMost });
      if (!page) return false;
      change(id, (thread) => lined(id, withNext(thread, page.messages)));
      const last = chat.store.getState().conversations[id]?.lastMessage?.seq ?? 0;
      const now = runEnd(get(id).messages) ?? 0;
      if (now === end || (!page.more && last <= now)) return true;
    }
  }

  function catchUp(id: ConversationId): Promise<boolean> {
    const running = catching.get(id);
    if (running) return running;
    const walk = walkToEnd(id).then((done) => {
      catching.delete(id);
      if (!done && isMine(id)) stale.add(id);
      return done;
    });
    catching.set(id, walk);
    return walk;
  }

  /** A message came while its page was on the way, and joins it not. */
  async function catchUpIfBehind(id: ConversationId): Promise<void> {
    const last = chat.store.getState().conversations[id]?.lastMessage?.seq ?? 0;
    if (get(id).phase === 'ready' && last > (runEnd(get(id).messages) ?? 0)) await catchUp(id);
  }

  /** What was missed, and what was edited meanwhile of the newest. */
  async function bringUpToDate(id: ConversationId): Promise<void> {
    if (get(id).phase !== 'ready') return loadNewest(id);
    stale.delete(id);
    if (!(await catchUp(id))) return;
    const page = await fetchPage(id, { limit: kNewest });
    if (page) change(id, (thread) => withNewest(thread, page.messages, page.more));
    else if (isMine(id)) stale.add(id);
  }

  async function older(id: ConversationId, limit: number): Promise<boolean> {
    const thread = get(id);
    const before = firstSeq(thread.messages);
    if (thread.phase !== 'ready' || thread.older === 'loading' || thread.older === 'none-left' || before === null) return false;
    change(id, olderLoading);
    const page = await fetchPage(id, { before, limit });
    // A gap may have taken the older part away meanwhile: then this page joins nothing.
    if (!isMine(id) || firstSeq(get(id).messages) !== before) return false;
    change(id, (now) => (page ? lined(id, withOlder(now, page.messages, page.more)) : olderFailed(now)));
    return page !== null;
  }

  async function exists(id: ConversationId): Promise<'here' | 'gone' | 'unknown'> {
    return isMine(id) ? 'here' : conversations.loadOne(id);
  }

  return {
    async show(id) {
      const opens = chat.store.getState().open !== id;
      if (opens) chat.store.change(() => ({ open: id, threadSearch: null }));
      if (id === null) return 'shown';
      const found = await exists(id);
      if (found === 'gone') return 'missing';
      if (found === 'unknown') {
        change(id, failedToLoad);
        return 'shown';
      }
      if (opens) beginReading(id);
      if (get(id).phase === 'unloaded' || get(id).phase === 'failed') void loadNewest(id);
      else if (stale.has(id)) void bringUpToDate(id);
      opened(id);
      return 'shown';
    },
    async reload(id) {
      if (!isMine(id) && (await conversations.loadOne(id)) !== 'here') return;
      await loadNewest(id);
    },
    async loadOlder(id) {
      await older(id, kNewest);
    },
    async reveal(id, seq) {
      for (;;) {
        const thread = get(id);
        if (thread.messages.some((each) => each.seq === seq)) return true;
        if ((firstSeq(thread.messages) ?? 0) <= seq) return false;
        if (!(await older(id, kMost))) return false;
      }
    },
    arrived(message) {
      const id = message.conversationId;
      change(id, (thread) => withArrived(thread, message));
      const thread = get(id);
      if (message.seq !== null && thread.phase === 'ready' && (isAhead(thread, message.seq) || message.seq > (runEnd(thread.messages) ?? 0)))
        void catchUp(id);
    },
    refresh() {
      const { threads, open } = chat.store.getState();
      for (const [id, thread] of Object.entries(threads)) if (thread.phase === 'ready') stale.add(id);
      if (open !== null && isMine(open)) void bringUpToDate(open);
    },
    check() {
      const { open } = chat.store.getState();
      if (open === null || !isMine(open)) return;
      if (stale.has(open) || get(open).phase === 'failed') void bringUpToDate(open);
      else if (get(open).phase === 'ready') void catchUp(open);
    },
    clear() {
      stale.clear();
      unreadAtOpening.clear();
    },
  };
}
