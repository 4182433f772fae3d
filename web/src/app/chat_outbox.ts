// Sending. A message stands in its thread at once and in the queue on the disk until the server has it; a repeat bears the same client id, so
// the server writes it once, however often an answer was lost (docs/protocol/chat.md). Only the server's refusal makes a message fail: while
// there is no connection, it waits.
import type { Attachment, ConversationId, Message } from '../state/model.ts';
import { messageOf, nextIn, nextOrder, toUpload, verdictOn, type Unsent } from '../state/outbox.ts';
import { putThread, threadOf, withoutUnsent, withProgress, withRefused, withWaiting } from '../state/threads.ts';
import { chatWords } from '../ui/words/chat.en.ts';
import type { WireError } from '../wire/ports.ts';
import type { ChatContext } from './chat_context.ts';
import { makeUploads } from './chat_uploads.ts';

/** How long to wait before the next try, doubled each time, when nothing else says that the network is back. */
const kFirstRetryMs = 1_000;
const kLongestRetryMs = 30_000;
/** The server says that it broke, and each time again: that is as good as a refusal. */
const kMostFaults = 6;

export interface Outbox {
  send(conversation: ConversationId, text: string, replyTo?: string): void;
  attach(conversation: ConversationId, file: File): void;
  retry(message: Message): void;
  discard(message: Message): void;
  /** An own message was seen that the server has: whatever became of its answer, it is sent. */
  seen(message: Message): void;
  /** The conversation is not mine any more. */
  dropConversation(conversation: ConversationId): void;
  /** What was left from before. */
  restore(queue: readonly Unsent[]): void;
  /** The network may be back. */
  flush(): void;
  clear(): void;
}

export function makeOutbox(chat: ChatContext, arrived: (message: Message) => void): Outbox {
  let queue: readonly Unsent[] = [];
  const busy = new Set<ConversationId>();
  const faults = new Map<string, number>();
  /** From the disk, which other tabs of this browser have read as well. */
  const restored = new Set<string>();
  let delay = kFirstRetryMs;
  let stopTimer: (() => void) | null = null;

  const thread = (id: ConversationId, how: (thread: ReturnType<typeof threadOf>) => ReturnType<typeof threadOf>): void =>
    chat.store.change((state) => putThread(state, id, how(threadOf(state, id))));
  const find = (clientId: string | null): Unsent | undefined => queue.find((each) => each.clientId === clientId);

  function keep(unsent: Unsent): void {
    queue = find(unsent.clientId) ? queue.map((each) => (each.clientId === unsent.clientId ? unsent : each)) : [...queue, unsent];
    const me = chat.myId();
    if (me !== null) void chat.disk.put(me, unsent);
  }

  function drop(unsent: Unsent): void {
    queue = queue.filter((each) => each.clientId !== unsent.clientId);
    faults.delete(unsent.clientId);
    uploads.stop(unsent.clientId);
    void chat.disk.drop(unsent.clientId);
  }

  function fail(unsent: Unsent): void {
    keep({ ...unsent, failed: true });
    thread(unsent.conversationId, (each) => withRefused(each, unsent.clientId));
    chat.announce(chatWords.say.notSent, 'assertive');
  }

  /** True: the server will never take it. False: try again, later. */
  function isRefused(unsent: Unsent, error: WireError): boolean {
    const verdict = verdictOn(error.code);
    if (verdict === 'refused') return true;
    if (error.code === 'INTERNAL') faults.set(unsent.clientId, (faults.get(unsent.clientId) ?? 0) + 1);
    if ((faults.get(unsent.clientId) ?? 0) >= kMostFaults) return true;
    if (verdict === 'later') tryLater(error.retryAfterMs);
    return false;
  }

  function tryLater(afterMs: number | null): void {
    if (stopTimer) return;
    stopTimer = chat.clock.after(afterMs ?? delay, () => {
      stopTimer = null;
      run();
    });
    delay = Math.min(delay * 2, kLongestRetryMs);
  }

  const uploads = makeUploads(chat, {
    progress: (unsent, progress) => thread(unsent.conversationId, (each) => withProgress(each, unsent.clientId, progress)),
    uploaded(unsent, attachment: Attachment) {
      const now = find(unsent.clientId);
      if (!now) return;
      keep({ ...now, attachment });
      void sendAll(now.conversationId);
    },
    refused(unsent, error) {
      const now = find(unsent.clientId);
      if (!now || !isRefused(now, error)) return;
      fail(now);
      // It held up the files behind it.
      void sendAll(now.conversationId);
    },
  });

  async function isGone(unsent: Unsent): Promise<boolean> {
    if (restored.has(unsent.clientId) && !(await chat.disk.has(unsent.clientId))) {
      drop(unsent);
      thread(unsent.conversationId, (each) => withoutUnsent(each, unsent.clientId));
    }
    return find(unsent.clientId) === undefined;
  }

  async function deliver(unsent: Unsent): Promise<'next' | 'wait'> {
    if (await isGone(unsent)) return 'next';
    const answer = await chat.api.sendMessage({ ...unsent, fileId: unsent.attachment?.id ?? null });
    // Meanwhile an event may have shown that it is sent, or it was taken back.
    if (chat.myId() === null) return 'wait';
    if (answer.ok) {
      delay = kFirstRetryMs;
      const now = find(unsent.clientId);
      if (now) drop(now);
      if (answer.data) arrived(answer.data);
      return 'next';
    }
    const now = find(unsent.clientId);
    if (!now) return 'next';
    if (!isRefused(now, answer.error)) return 'wait';
    fail(now);
    return 'next';
  }

  async function sendAll(conversation: ConversationId): Promise<void> {
    if (busy.has(conversation)) return;
    busy.add(conversation);
    try {
      let unsent = nextIn(queue, conversation);
      while (unsent && (await deliver(unsent)) === 'next') unsent = nextIn(queue, conversation);
    } finally {
      busy.delete(conversation);
    }
  }

  function run(): void {
    for (const unsent of toUpload(queue)) uploads.start(unsent);
    for (const conversation of new Set(queue.map((each) => each.conversationId))) void sendAll(conversation);
  }

  function add(conversation: ConversationId, text: string, replyTo: string | null, file: File | null): void {
    const me = chat.myId();
    if (me === null) return;
    const now = chat.clock.now();
    const unsent: Unsent = {
      clientId: chat.newId(), conversationId: conversation, text, replyTo, createdAt: new Date(now).toISOString(),
      order: nextOrder(queue, now), file: file && { content: file, name: file.name }, attachment: null, failed: false,
    };
    thread(conversation, (each) => withWaiting(each, messageOf(unsent, me)));
    keep(unsent);
    run();
  }

  return {
    send: (conversation, text, replyTo) => add(conversation, text, replyTo ?? null, null),
    attach: (conversation, file) => add(conversation, '', null, file),
    retry(message) {
      const failed = find(message.clientId);
      const me = chat.myId();
      if (!failed?.failed || me === null) return;
      const now = chat.clock.now();
      faults.delete(failed.clientId);
      // Written anew, it stands behind what was written meanwhile; and a file is sent again, as the server keeps none for ever.
      const again: Unsent = { ...failed, failed: false, attachment: null, order: nextOrder(queue, now), createdAt: new Date(now).toISOString() };
      thread(again.conversationId, (each) => withWaiting(each, messageOf(again, me)));
      keep(again);
      run();
    },
    discard(message) {
      const unsent = find(message.clientId);
      if (unsent) drop(unsent);
      const { clientId, conversationId } = message;
      if (clientId === null || message.seq !== null) return;
      thread(conversationId, (each) => withoutUnsent(each, clientId));
      void sendAll(conversationId);
    },
    seen(message) {
      const unsent = message.senderId === chat.myId() ? find(message.clientId) : undefined;
      if (unsent) drop(unsent);
    },
    dropConversation: (conversation) => queue.filter((each) => each.conversationId === conversation).forEach(drop),
    restore(kept) {
      const me = chat.myId();
      const known = new Set(queue.map((each) => each.clientId));
      const left = kept.filter((each) => !known.has(each.clientId)).sort((a, b) => a.order - b.order);
      queue = [...left, ...queue];
      for (const { clientId } of left) restored.add(clientId);
      if (me !== null) for (const each of left) thread(each.conversationId, (now) => withWaiting(now, messageOf(each, me)));
      run();
    },
    flush() {
      stopTimer?.();
      stopTimer = null;
      delay = kFirstRetryMs;
      run();
    },
    clear() {
      for (const each of queue) uploads.stop(each.clientId);
      queue = [];
      restored.clear();
      stopTimer?.();
      stopTimer = null;
    },
  };
}
