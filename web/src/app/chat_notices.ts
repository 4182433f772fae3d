// What a new message makes known besides its place in the list: a toast, and words for a screen reader (DESIGN §12, §17.6). Of the chat that
// is open and visible there is no toast; of a muted one there is neither.
import type { ConversationId, Message } from '../state/model.ts';
import { isMuted } from '../state/muting.ts';
import { chatWords } from '../ui/words/chat.en.ts';
import { nameOf, type ChatContext } from './chat_context.ts';

/** More than so many within so long are told as a number. */
const kMostTold = 3;
const kWithinMs = 5_000;

export interface Notices {
  arrived(message: Message): void;
  clear(): void;
}

const textOf = (message: Message): string => message.text || chatWords.say.file(message.attachments[0]?.name ?? '');

export function makeNotices(chat: ChatContext): Notices {
  /** Up to which message each conversation has been told of: a message has one toast, however often it comes. */
  const told = new Map<ConversationId, number>();
  let recent: { conversation: ConversationId; at: number }[] = [];

  function announceOpen(message: Message, name: string): void {
    const now = chat.clock.now();
    recent = recent.filter((each) => now - each.at < kWithinMs && each.conversation === message.conversationId);
    recent.push({ conversation: message.conversationId, at: now });
    if (recent.length > kMostTold) chat.announce(chatWords.say.messages(recent.length), 'polite', `messages ${message.conversationId}`);
    else chat.announce(chatWords.say.message(name, textOf(message)), 'polite');
  }

  return {
    arrived(message) {
      const state = chat.store.getState();
      const conversation = state.conversations[message.conversationId];
      if (message.senderId === chat.myId() || message.deletedAt !== null) return;
      if ((message.seq ?? 0) <= (told.get(message.conversationId) ?? 0)) return;
      told.set(message.conversationId, message.seq ?? 0);
      // What the server writes about groups and calls is no message of anybody; a missed call has a toast of its own.
      if ((message.kind !== 'text' && message.kind !== 'file') || isMuted(conversation, chat.clock.now())) return;
      const name = nameOf(state, message.senderId) || chatWords.someone;
      if (state.open === message.conversationId && chat.page.visible()) return announceOpen(message, name);
      chat.toast({ kind: 'message', conversationId: message.conversationId, senderId: message.senderId, text: textOf(message) });
      chat.announce(chatWords.say.messageElsewhere(name), 'polite', `elsewhere ${message.senderId}`);
    },
    clear() {
      told.clear();
      recent = [];
    },
  };
}
