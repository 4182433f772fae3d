// The messages that are not sent yet: in the queue here, on the disk, and in their threads. What the server has leaves all three.
import type { ConversationId, Message, Thread } from '../state/model.ts';
import { messageOf, type Unsent } from '../state/outbox.ts';
import { putThread, threadOf, withoutUnsent, withWaiting } from '../state/threads.ts';
import type { ChatContext } from './chat_context.ts';

export interface Queue {
  all(): readonly Unsent[];
  find(clientId: string | null): Unsent | undefined;
  /** Instead of the one that has the same client id. */
  keep(unsent: Unsent): void;
  drop(unsent: Unsent): void;
  /** At the end of its thread. */
  show(unsent: Unsent): void;
  change(conversation: ConversationId, how: (thread: Thread) => Thread): void;
  /** An own message was seen that the server has: whatever became of its answer, it is sent. */
  seen(message: Message): void;
  /** It was sent here, or by another tab of this browser, which has read the same disk. */
  isGone(unsent: Unsent): Promise<boolean>;
  /** The conversation is not mine any more. */
  dropConversation(conversation: ConversationId): void;
  /** What was left from before. */
  restore(kept: readonly Unsent[]): void;
  clear(): void;
}

/** `dropped`: nothing is to become of it any more. */
export function makeQueue(chat: ChatContext, dropped: (clientId: string) => void): Queue {
  let queue: readonly Unsent[] = [];
  const restored = new Set<string>();

  const find = (clientId: string | null): Unsent | undefined => queue.find((each) => each.clientId === clientId);
  const change = (id: ConversationId, how: (thread: Thread) => Thread): void =>
    chat.store.change((state) => putThread(state, id, how(threadOf(state, id))));

  function drop(unsent: Unsent): void {
    queue = queue.filter((each) => each.clientId !== unsent.clientId);
    dropped(unsent.clientId);
    void chat.disk.drop(unsent.clientId);
  }

  function show(unsent: Unsent): void {
    const me = chat.myId();
    if (me !== null) change(unsent.conversationId, (thread) => withWaiting(thread, messageOf(unsent, me)));
  }

  return {
    all: () => queue,
    find, change, drop, show,
    keep(unsent) {
      queue = find(unsent.clientId) ? queue.map((each) => (each.clientId === unsent.clientId ? unsent : each)) : [...queue, unsent];
      const me = chat.myId();
      if (me !== null) void chat.disk.put(me, unsent);
    },
    seen(message) {
      const unsent = message.senderId === chat.myId() ? find(message.clientId) : undefined;
      if (unsent) drop(unsent);
    },
    async isGone(unsent) {
      if (restored.has(unsent.clientId) && !(await chat.disk.has(unsent.clientId))) {
        drop(unsent);
        change(unsent.conversationId, (thread) => withoutUnsent(thread, unsent.clientId));
      }
      return find(unsent.clientId) === undefined;
    },
    dropConversation: (conversation) => queue.filter((each) => each.conversationId === conversation).forEach(drop),
    restore(kept) {
      const left = kept.filter((each) => find(each.clientId) === undefined).sort((a, b) => a.order - b.order);
      queue = [...left, ...queue];
      for (const each of left) {
        restored.add(each.clientId);
        show(each);
      }
    },
    clear() {
      for (const each of queue) dropped(each.clientId);
      queue = [];
      restored.clear();
    },
  };
}
