// What the parts of the chat share: the client's context, who I am, the page around, the disk, and what can be asked of the server.
import type { State, UserId } from '../state/model.ts';
import type { UnreadCounts } from '../state/unread.ts';
import { makeChatApi, type ChatApi } from '../wire/chat_api.ts';
import { makePeopleApi, type PeopleApi } from '../wire/people_api.ts';
import type { Context } from './context.ts';
import { indexedUnsent, type UnsentStore } from './unsent.ts';

/** What the chat needs of the page that it runs in. */
export interface ChatPage {
  /** Somebody can see it: no other tab or window covers it. */
  visible(): boolean;
  tellUnread(counts: UnreadCounts): void;
}

export interface ChatContext extends Context {
  readonly page: ChatPage;
  readonly disk: UnsentStore;
  /** Null: nobody is signed in, and whatever comes is dropped. */
  myId(): UserId | null;
  readonly api: ChatApi;
  readonly people: PeopleApi;
}

export const browserPage: ChatPage = {
  visible: () => document.visibilityState === 'visible',
  tellUnread(counts) {
    document.dispatchEvent(new CustomEvent('updateUnreadCount', { detail: counts, bubbles: true }));
  },
};

export function chatContext(ctx: Context, page: ChatPage = browserPage, disk: UnsentStore = indexedUnsent()): ChatContext {
  const myId = (): UserId | null => ctx.store.getState().me?.id ?? null;
  return { ...ctx, page, disk, myId, api: makeChatApi(ctx, myId), people: makePeopleApi(ctx) };
}

export const nameOf = (state: State, user: UserId): string => state.people[user]?.name ?? '';
