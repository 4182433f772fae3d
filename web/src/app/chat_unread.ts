// R-004-19: a script of the page that wants to show the unread count hears of each change by a DOM event.
import { isSameUnread, unreadCounts } from '../state/unread.ts';
import type { ChatContext } from './chat_context.ts';

export function tellUnread(chat: ChatContext): void {
  chat.store.subscribe((state, before) => {
    if (!isSameUnread(before.conversations, state.conversations)) chat.page.tellUnread(unreadCounts(state.conversations));
  });
}
