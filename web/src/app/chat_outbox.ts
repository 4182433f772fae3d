// Writing: a message stands in its thread at once and in the queue on the disk until the server has it, and can be taken back or tried again.
import type { ConversationId, Message } from '../state/model.ts';
import { nextOrder, type Unsent } from '../state/outbox.ts';
import { withoutUnsent } from '../state/threads.ts';
import type { ChatContext } from './chat_context.ts';
import type { Delivery } from './chat_delivery.ts';
import type { Queue } from './chat_queue.ts';

export interface Outbox {
  send(conversation: ConversationId, text: string, replyTo?: string): void;
  attach(conversation: ConversationId, file: File): void;
  retry(message: Message): void;
  discard(message: Message): void;
}

export function makeOutbox(chat: ChatContext, queue: Queue, delivery: Delivery): Outbox {
  /** Written now, it stands behind all that was written before. */
  const writtenNow = (): Pick<Unsent, 'createdAt' | 'order' | 'attachment' | 'failed'> => {
    const now = chat.clock.now();
    return { createdAt: new Date(now).toISOString(), order: nextOrder(queue.all(), now), attachment: null, failed: false };
  };

  function add(unsent: Unsent): void {
    if (chat.myId() === null) return;
    queue.show(unsent);
    queue.keep(unsent);
    delivery.run();
  }

  return {
    send: (conversationId, text, replyTo) =>
      add({ clientId: chat.newId(), conversationId, text, replyTo: replyTo ?? null, file: null, ...writtenNow() }),
    attach: (conversationId, file) =>
      add({ clientId: chat.newId(), conversationId, text: '', replyTo: null, file: { content: file, name: file.name }, ...writtenNow() }),
    retry(message) {
      const failed = queue.find(message.clientId);
      // A file is sent again, as the server keeps none for ever.
      if (failed?.failed) add({ ...failed, ...writtenNow() });
    },
    discard(message) {
      const unsent = queue.find(message.clientId);
      if (unsent) queue.drop(unsent);
      const { clientId, conversationId } = message;
      if (clientId === null || message.seq !== null) return;
      queue.change(conversationId, (thread) => withoutUnsent(thread, clientId));
      void delivery.sendAll(conversationId);
    },
  };
}
