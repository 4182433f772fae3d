// Typing, mine and that of others. The server tells once that somebody began and once that they stopped, which is also five seconds after
// their last sign (docs/protocol/chat.md): so a sign goes out every three seconds at most, and what others do needs no timer here until the
// connection breaks, which would lose the end.
import type { ConversationId, UserId } from '../state/model.ts';
import { withoutTyping, withTyping } from '../state/typing.ts';
import type { ChatContext } from './chat_context.ts';

const kSignEveryMs = 3_000;
const kForgetAfterMs = 5_000;

export interface Typing {
  typed(conversation: ConversationId, typing: boolean): void;
  /** A message ends it, without a word. */
  sent(conversation: ConversationId): void;
  heard(conversation: ConversationId, user: UserId, typing: boolean): void;
  dropConversation(conversation: ConversationId): void;
  linkLost(): void;
  linkBack(): void;
  clear(): void;
}

export function makeTyping(chat: ChatContext): Typing {
  const lastSign = new Map<ConversationId, number>();
  let stopTimer: (() => void) | null = null;

  function keepTimer(): void {
    stopTimer?.();
    stopTimer = null;
  }

  return {
    typed(conversation, typing) {
      const now = chat.clock.now();
      const last = lastSign.get(conversation);
      if (!typing) {
        lastSign.delete(conversation);
        if (last !== undefined && now - last < kForgetAfterMs) chat.api.tellTyping(conversation, false);
        return;
      }
      if (last !== undefined && now - last < kSignEveryMs) return;
      lastSign.set(conversation, now);
      chat.api.tellTyping(conversation, true);
    },
    sent: (conversation) => void lastSign.delete(conversation),
    heard(conversation, user, typing) {
      if (user === chat.myId()) return;
      chat.store.change((state) => {
        const next = typing && !state.conversations[conversation] ? state.typing : withTyping(state.typing, conversation, user, typing);
        return next === state.typing ? {} : { typing: next };
      });
    },
    dropConversation(conversation) {
      lastSign.delete(conversation);
      chat.store.change((state) => ({ typing: withoutTyping(state.typing, conversation) }));
    },
    linkLost() {
      lastSign.clear();
      stopTimer ??= chat.clock.after(kForgetAfterMs, () => {
        stopTimer = null;
        chat.store.change(() => ({ typing: {} }));
      });
    },
    linkBack: keepTimer,
    clear() {
      lastSign.clear();
      keepTimer();
    },
  };
}
