// Pages of a conversation's messages, as they are asked for and put into its thread: the newest, and older ones.
import type { ConversationId, Message, Thread } from '../state/model.ts';
import { firstSeq, isNumbered, runEnd } from '../state/messages.ts';
import { withStates } from '../state/receipts.ts';
import { failedToLoad, loading, olderFailed, olderLoading, putThread, threadOf, withNewest, withNext, withOlder } from '../state/threads.ts';
import type { MessagePage, MessageQuery } from '../wire/chat_api.ts';
import type { ChatContext } from './chat_context.ts';
import type { UnreadLine } from './chat_line.ts';
import { trimmed } from './chat_trim.ts';

export const kNewest = 50;
/** The most that the server gives at once: for walking, not for showing. */
export const kMost = 100;

export interface Pages {
  get(id: ConversationId): Thread;
  /** Whatever changes it: if it is not open, it stays short. */
  change(id: ConversationId, how: (thread: Thread) => Thread): void;
  isOpen(id: ConversationId): boolean;
  /** It may have been left meanwhile. */
  isMine(id: ConversationId): boolean;
  /** The last that is here, before the first gap; 0: nothing. */
  end(id: ConversationId): number;
  /** The newest page. False: it did not come. */
  newest(id: ConversationId): Promise<boolean>;
  /** The newest again: what was edited meanwhile. False: it did not come. */
  renew(id: ConversationId): Promise<boolean>;
  /** The page behind the end. `replaced`: it joins nothing any more, because other messages are here now; nothing was put in. */
  next(id: ConversationId): Promise<'more' | 'last' | 'failed' | 'replaced'>;
  /**
   * So many pages at once, each of as many messages. `short`: one had fewer, and older ones than that were left out. `replaced`: they join
   * nothing any more, because other messages are here now; nothing was put in. `failed`: not all of them came, or none could be asked for.
   */
  older(id: ConversationId, limit: number, count?: number): Promise<'loaded' | 'short' | 'replaced' | 'failed'>;
}

/** Null: it did not come. */
type Fetch = (id: ConversationId, query: MessageQuery) => Promise<MessagePage | null>;

/** `seen`: a page had this message. */
function fetching(chat: ChatContext, isMine: (id: ConversationId) => boolean, seen: (message: Message) => void): Fetch {
  return async (id, query) => {
    const answer = await chat.api.messages(id, query);
    const me = chat.myId();
    // It may have been left, and the person be gone, while the answer was on its way.
    if (!answer.ok || me === null || !isMine(id)) return null;
    const messages = answer.data.messages.filter(isNumbered);
    messages.forEach(seen);
    const members = chat.store.getState().conversations[id]?.members ?? [];
    return { messages: withStates(messages, members, me), more: answer.data.more };
  };
}

/** Whether a page of what follows `seq` joins these messages without a gap. */
function isJoinedBehind({ messages, phase }: Thread, seq: number): boolean {
  const first = firstSeq(messages);
  return phase === 'ready' && (first === null ? seq === 0 : first <= seq + 1 && (runEnd(messages) ?? 0) >= seq);
}

/**
 * With these pages, newest first. Each was asked for as if the one before it were full: where that one was not, messages between the two are
 * missing, so the rest is left out.
 */
function withOlderPages(thread: Thread, got: readonly (MessagePage | null)[]): Thread {
  let now = thread;
  for (const [at, page] of got.entries()) {
    if (!page) return olderFailed(now);
    if (at > 0 && page.messages.at(-1)?.seq !== (firstSeq(now.messages) ?? 0) - 1) return now;
    now = withOlder(now, page.messages, page.more);
  }
  return now;
}

/** While some are on their way nobody asks for others, but waits for those. */
function askingForOlder({ get, change, isMine }: Pick<Pages, 'get' | 'change' | 'isMine'>, line: UnreadLine, fetch: Fetch): Pages['older'] {
  const onTheirWay = new Map<ConversationId, ReturnType<Pages['older']>>();

  async function ask(id: ConversationId, before: number, limit: number, count: number): ReturnType<Pages['older']> {
    change(id, olderLoading);
    const got = await Promise.all(Array.from({ length: count }, (_, at) => fetch(id, { before: before - at * limit, limit })));
    if (!isMine(id)) return 'failed';
    if (firstSeq(get(id).messages) !== before) return 'replaced';
    change(id, (now) => line.drawn(id, withOlderPages(now, got)));
    if (get(id).older === 'failed') return 'failed';
    return got.some((page) => page?.more && page.messages.length < limit) ? 'short' : 'loaded';
  }

  return async (id, limit, count = 1) => {
    const { phase, older, messages } = get(id);
    const before = firstSeq(messages);
    if (older === 'loading') return onTheirWay.get(id) ?? 'failed';
    if (phase !== 'ready' || older === 'none-left' || before === null) return 'failed';
    const asked = ask(id, before, limit, count);
    onTheirWay.set(id, asked);
    const found = await asked;
    if (onTheirWay.get(id) === asked) onTheirWay.delete(id);
    return found;
  };
}

export function makePages(chat: ChatContext, line: UnreadLine, seen: (message: Message) => void): Pages {
  const get = (id: ConversationId): Thread => threadOf(chat.store.getState(), id);
  const change = (id: ConversationId, how: (thread: Thread) => Thread): void =>
    chat.store.change((state) => {
      const thread = how(threadOf(state, id));
      return putThread(state, id, state.open === id ? thread : trimmed(thread));
    });
  const isOpen = (id: ConversationId): boolean => chat.store.getState().open === id;
  const isMine = (id: ConversationId): boolean => id in chat.store.getState().conversations;
  const end = (id: ConversationId): number => runEnd(get(id).messages) ?? 0;
  const fetch = fetching(chat, isMine, seen);

  return {
    get, change, isOpen, isMine, end,
    async newest(id) {
      change(id, loading);
      const page = await fetch(id, { limit: kNewest });
      if (isMine(id)) change(id, (thread) => (page ? line.drawn(id, withNewest(thread, page.messages, page.more)) : failedToLoad(thread)));
      return page !== null;
    },
    async renew(id) {
      const page = await fetch(id, { limit: kNewest });
      if (page) change(id, (thread) => withNewest(thread, page.messages, page.more));
      return page !== null;
    },
    async next(id) {
      const before = end(id);
      const page = await fetch(id, { after: before, limit: kMost });
      if (!page) return 'failed';
      if (!isJoinedBehind(get(id), before)) return 'replaced';
      change(id, (thread) => line.drawn(id, withNext(thread, page.messages)));
      const last = chat.store.getState().conversations[id]?.lastMessage?.seq ?? 0;
      return end(id) === before || (!page.more && last <= end(id)) ? 'last' : 'more';
    },
    older: askingForOlder({ get, change, isMine }, line, fetch),
  };
}
