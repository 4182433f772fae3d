// What the parts of the chat share: the client's context, who I am, the page around, the disk, and how to ask the server.
import type { State, UserId } from '../state/model.ts';
import type { UnreadCounts } from '../state/unread.ts';
import { noAnswer } from '../wire/answers.ts';
import type { Answer } from '../wire/ports.ts';
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
  /** Over the socket; over REST where the socket is away or did not answer. A request asked twice so does nothing twice. */
  ask(event: string, payload: object, method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer<unknown>>;
}

export const browserPage: ChatPage = {
  visible: () => document.visibilityState === 'visible',
  tellUnread(counts) {
    document.dispatchEvent(new CustomEvent('updateUnreadCount', { detail: counts, bubbles: true }));
  },
};

export function chatContext(ctx: Context, page: ChatPage = browserPage, disk: UnsentStore = indexedUnsent()): ChatContext {
  return {
    ...ctx,
    page,
    disk,
    myId: () => ctx.store.getState().me?.id ?? null,
    async ask(event, payload, method, path, body) {
      if (ctx.link.state() === 'online') {
        const answer = await ctx.link.ask<unknown>(event, payload);
        if (answer.ok || answer.error.code !== 'NETWORK') return answer;
      }
      if (ctx.link.state() === 'offline') return noAnswer();
      return ctx.rest.send<unknown>(method, path, body);
    },
  };
}

export const nameOf = (state: State, user: UserId): string => state.people[user]?.name ?? '';
