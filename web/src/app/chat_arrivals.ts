// What the server has of messages comes in here, by an event, as an answer or on a page, and goes to whom it concerns.
import { withEditedMessage, withNewMessage } from '../state/conversations.ts';
import type { Message } from '../state/model.ts';
import { withStateOf } from '../state/receipts.ts';
import { putThread, threadOf, withEdited } from '../state/threads.ts';
import type { ChatContext } from './chat_context.ts';
import type { Threads } from './chat_threads.ts';

export interface Arrivals {
  /** A message of the server, from an event or as the answer to an own one. */
  arrived(message: Message): void;
  /** An edited or deleted one. */
  changed(message: Message): void;
}

export function makeArrivals(chat: ChatContext, threads: Threads): Arrivals {
  const { store } = chat;
  return {
    arrived(message) {
      const me = chat.myId();
      if (me === null) return;
      const members = store.getState().conversations[message.conversationId]?.members ?? [];
      store.change((state) => {
        const conversations = withNewMessage(state.conversations, message, me);
        return conversations === state.conversations ? {} : { conversations };
      });
      threads.arrived(withStateOf(message, members, me));
    },
    changed(message) {
      const me = chat.myId();
      if (me === null) return;
      store.change((state) => ({
        conversations: withEditedMessage(state.conversations, message, me),
        ...putThread(state, message.conversationId, withEdited(threadOf(state, message.conversationId), message)),
      }));
    },
  };
}
