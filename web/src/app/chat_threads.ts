// The messages of each conversation: the newest page when it is first shown, older ones on demand, and after an absence all that came meanwhile.
import type { Revealed } from '../state/actions.ts';
import type { ConversationId, Message } from '../state/model.ts';
import { failedToLoad, forgotten, isAhead, putThread, threadOf, withArrived, withLine } from '../state/threads.ts';
import { makeCatchingUp, type CatchingUp } from './chat_catch_up.ts';
import type { ChatContext } from './chat_context.ts';
import { makeUnreadLine, type UnreadLine } from './chat_line.ts';
import type { ConversationList } from './chat_list.ts';
import { kNewest, makePages, type Pages } from './chat_pages.ts';
import { reveal } from './chat_reveal.ts';
import { isFarBehind, trimmed } from './chat_trim.ts';

export interface Threads {
  show(conversation: ConversationId | null): Promise<'shown' | 'missing'>;
  reload(conversation: ConversationId): Promise<void>;
  loadOlder(conversation: ConversationId): Promise<void>;
  reveal(conversation: ConversationId, seq: number): Promise<Revealed>;
  arrived(message: Message): void;
  /** Events may have been missed: the open thread is brought up to date now, the others when they are shown. */
  refresh(): void;
  /** Nothing was missed, as the link says; of the open thread we make sure. */
  check(): void;
  clear(): void;
}

/** This one is on the screen now; null: none. Whether it was not before. */
function setOpen({ store }: ChatContext, next: ConversationId | null): boolean {
  const left = store.getState().open;
  if (left === next) return false;
  store.change((state) => ({
    open: next, threadSearch: null, ...(left === null ? {} : putThread(state, left, trimmed(threadOf(state, left)))),
  }));
  return true;
}

interface Parts {
  readonly chat: ChatContext;
  readonly conversations: ConversationList;
  readonly line: UnreadLine;
  readonly pages: Pages;
  readonly catching: CatchingUp;
  readonly opened: (id: ConversationId) => void;
}

/** Opening a conversation, and what is done for as long as it is open. */
function opening({ chat, conversations, line, pages, catching, opened }: Parts): Pick<Threads, 'show' | 'reveal'> {
  const { get, change, isOpen, isMine } = pages;
  /** How often another one was opened, or none: what was begun for an opening ends with it. */
  let openings = 0;

  function begin(id: ConversationId): void {
    const last = chat.store.getState().conversations[id]?.lastMessage?.seq ?? 0;
    if (isFarBehind(get(id), last)) change(id, forgotten);
    line.begin(id);
    change(id, (thread) => line.drawn(id, withLine(thread, null)));
  }

  async function show(id: ConversationId, opens: boolean): Promise<'shown' | 'missing'> {
    const found = isMine(id) ? 'here' : await conversations.loadOne(id);
    if (found === 'gone') return 'missing';
    if (found === 'unknown') {
      change(id, failedToLoad);
      return 'shown';
    }
    if (opens) begin(id);
    if (get(id).phase === 'unloaded' || get(id).phase === 'failed') void catching.loadNewest(id);
    else if (catching.isStale(id)) void catching.bringUpToDate(id);
    opened(id);
    return 'shown';
  }

  return {
    async show(id) {
      const opens = setOpen(chat, id);
      if (opens) openings += 1;
      return id === null ? 'shown' : show(id, opens);
    },
    reveal(id, seq) {
      const mine = openings;
      return reveal(pages, id, seq, () => openings !== mine || !isOpen(id));
    },
  };
}

/** What comes by itself: messages, and connections after which some may be missing. */
function following({ chat, pages, catching }: Parts): Pick<Threads, 'arrived' | 'refresh' | 'check'> {
  const { get, change, isOpen, isMine } = pages;
  return {
    arrived(message) {
      const id = message.conversationId;
      change(id, (thread) => withArrived(thread, message));
      const thread = get(id);
      if (message.seq === null || thread.phase !== 'ready' || (!isAhead(thread, message.seq) && message.seq <= pages.end(id))) return;
      if (isOpen(id)) void catching.catchUp(id);
      else catching.markStale(id);
    },
    refresh() {
      const { threads, open } = chat.store.getState();
      for (const [id, thread] of Object.entries(threads)) if (thread.phase === 'ready') catching.markStale(id);
      if (open !== null && isMine(open)) void catching.bringUpToDate(open);
    },
    check() {
      const { open } = chat.store.getState();
      if (open === null || !isMine(open)) return;
      if (catching.isStale(open) || get(open).phase === 'failed') void catching.bringUpToDate(open);
      else if (get(open).phase === 'ready') void catching.catchUp(open);
    },
  };
}

/** `seen`: a page had this message. `opened`: this conversation is on the screen now. */
export function makeThreads(
  chat: ChatContext, conversations: ConversationList, seen: (message: Message) => void, opened: (id: ConversationId) => void,
): Threads {
  const line = makeUnreadLine(chat);
  const pages = makePages(chat, line, seen);
  const catching = makeCatchingUp(chat, pages);
  const parts: Parts = { chat, conversations, line, pages, catching, opened };
  return {
    ...opening(parts),
    ...following(parts),
    async reload(id) {
      if (pages.isMine(id) || (await conversations.loadOne(id)) === 'here') await catching.loadNewest(id);
    },
    loadOlder: async (id) => void await pages.older(id, kNewest),
    clear() {
      catching.clear();
      line.clear();
    },
  };
}
