// The messages of each conversation: the newest page when it is first shown, older ones on demand, and after an absence all that came meanwhile.
import type { ConversationId, Message } from '../state/model.ts';
import { firstSeq } from '../state/messages.ts';
import { failedToLoad, isAhead, withArrived, withLine } from '../state/threads.ts';
import { makeCatchingUp } from './chat_catch_up.ts';
import type { ChatContext } from './chat_context.ts';
import { makeKept, type Kept } from './chat_kept.ts';
import { makeUnreadLine } from './chat_line.ts';
import type { ConversationList } from './chat_list.ts';
import { kMost, kNewest, makePages, type Pages } from './chat_pages.ts';

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

/** So many pages are asked for at once on the way to a message far above: numbers have no gaps, so it is known where each begins. */
const kAtOnce = 4;

/** Pages back to a message that stands far above. */
async function reveal(pages: Pages, id: ConversationId, seq: number): Promise<boolean> {
  for (;;) {
    const { messages } = pages.get(id);
    if (messages.some((each) => each.seq === seq)) return true;
    const missing = (firstSeq(messages) ?? 0) - seq;
    if (missing <= 0) return false;
    if (!(await pages.older(id, kMost, Math.min(kAtOnce, Math.ceil(missing / kMost))))) return false;
  }
}

/** This one is on the screen now; null: none. */
function turnTo(chat: ChatContext, kept: Kept, next: ConversationId | null): void {
  const { open } = chat.store.getState();
  if (open === next) return;
  chat.store.change(() => ({ open: next, threadSearch: null }));
  if (open !== null) kept.shorten(open);
}

/** `seen`: a page had this message. `opened`: this conversation is on the screen now. */
export function makeThreads(
  chat: ChatContext, conversations: ConversationList, seen: (message: Message) => void, opened: (id: ConversationId) => void,
): Threads {
  const line = makeUnreadLine(chat);
  const pages = makePages(chat, line, seen);
  const catching = makeCatchingUp(chat, pages);
  const kept = makeKept(chat, pages);
  const { get, change, isMine } = pages;

  function beginReading(id: ConversationId): void {
    line.begin(id);
    change(id, (thread) => line.drawn(id, withLine(thread, null)));
  }

  async function show(id: ConversationId): Promise<'shown' | 'missing'> {
    const opens = chat.store.getState().open !== id;
    turnTo(chat, kept, id);
    const found = isMine(id) ? 'here' : await conversations.loadOne(id);
    if (found === 'gone') return 'missing';
    if (found === 'unknown') {
      change(id, failedToLoad);
      return 'shown';
    }
    if (opens) {
      kept.forgetIfFarBehind(id);
      beginReading(id);
    }
    if (get(id).phase === 'unloaded' || get(id).phase === 'failed') void catching.loadNewest(id);
    else if (catching.isStale(id)) void catching.bringUpToDate(id);
    opened(id);
    return 'shown';
  }

  return {
    async show(id) {
      if (id !== null) return show(id);
      turnTo(chat, kept, null);
      return 'shown';
    },
    async reload(id) {
      if (isMine(id) || (await conversations.loadOne(id)) === 'here') await catching.loadNewest(id);
    },
    loadOlder: async (id) => void await pages.older(id, kNewest),
    reveal: (id, seq) => reveal(pages, id, seq),
    arrived(message) {
      const id = message.conversationId;
      change(id, (thread) => withArrived(thread, message));
      const thread = get(id);
      const isOpen = chat.store.getState().open === id;
      if (!isOpen) kept.shorten(id);
      if (message.seq === null || thread.phase !== 'ready' || (!isAhead(thread, message.seq) && message.seq <= pages.end(id))) return;
      if (isOpen) void catching.catchUp(id);
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
    clear() {
      catching.clear();
      line.clear();
    },
  };
}
