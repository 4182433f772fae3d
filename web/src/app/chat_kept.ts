// How much is kept of a chat that nobody looks at: little, however much comes, because what is needed again is loaded again.
import type { ConversationId } from '../state/model.ts';
import { forgotten, withLatest } from '../state/threads.ts';
import type { ChatContext } from './chat_context.ts';
import { kMost, kNewest, type Pages } from './chat_pages.ts';

/** What grew to more than this is cut to the newest page. */
const kMostKept = 500;

export interface Kept {
  /** It was left, or something came for it meanwhile. */
  shorten(id: ConversationId): void;
  /** It is opened: where nobody would wait for all that was missed it begins with its newest page, as if for the first time. */
  forgetIfFarBehind(id: ConversationId): void;
}

export function makeKept(chat: ChatContext, pages: Pages): Kept {
  return {
    shorten(id) {
      if (pages.get(id).messages.length > kMostKept) pages.change(id, (thread) => withLatest(thread, kNewest));
    },
    forgetIfFarBehind(id) {
      const last = chat.store.getState().conversations[id]?.lastMessage?.seq ?? 0;
      if (pages.get(id).phase === 'ready' && last - pages.end(id) > kMost) pages.change(id, forgotten);
    },
  };
}
