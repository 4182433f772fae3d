// What waits in the queue goes to the server: files first, then the messages of each conversation one by one, so that they arrive in order.
// A repeat bears the same client id, so the server writes it once, however often an answer was lost (docs/protocol/chat.md). Only the server's
// refusal makes a message fail: while there is no connection, it waits.
import type { ConversationId, Message } from '../state/model.ts';
import { nextIn, toUpload, verdictOn, type Unsent } from '../state/outbox.ts';
import { withProgress, withRefused } from '../state/threads.ts';
import { chatWords } from '../ui/words/chat.en.ts';
import type { Clock, WireError } from '../wire/ports.ts';
import type { ChatContext } from './chat_context.ts';
import type { Queue } from './chat_queue.ts';
import type { HeardOfUpload, Uploads } from './chat_uploads.ts';

/** How long to wait before the next try, doubled each time, when nothing else says that the network is back. */
const kFirstRetryMs = 1_000;
const kLongestRetryMs = 30_000;
/** The server says that it broke, and each time again: that is as good as a refusal. */
const kMostFaults = 6;

export interface Delivery {
  /** Whatever can be sent or uploaded now. */
  run(): void;
  sendAll(conversation: ConversationId): Promise<void>;
  /** The network may be back. */
  flush(): void;
  clear(): void;
}

interface Retry {
  later(afterMs: number | null): void;
  /** The next pause is a short one again. */
  relax(): void;
  stop(): void;
}

function makeRetry(clock: Clock, run: () => void): Retry {
  let delay = kFirstRetryMs;
  let stopTimer: (() => void) | null = null;
  return {
    later(afterMs) {
      if (stopTimer) return;
      stopTimer = clock.after(afterMs ?? delay, () => {
        stopTimer = null;
        run();
      });
      delay = Math.min(delay * 2, kLongestRetryMs);
    },
    relax() {
      delay = kFirstRetryMs;
    },
    stop() {
      stopTimer?.();
      stopTimer = null;
    },
  };
}

/** True: the server will never take it. False: it is tried again, later. */
function refusing(retry: Retry): (unsent: Unsent, error: WireError) => boolean {
  const faults = new Map<string, number>();
  return ({ clientId }, { code, retryAfterMs }) => {
    const verdict = verdictOn(code);
    const count = (faults.get(clientId) ?? 0) + (code === 'INTERNAL' ? 1 : 0);
    faults.delete(clientId);
    if (verdict === 'refused' || count >= kMostFaults) return true;
    if (count > 0) faults.set(clientId, count);
    if (verdict === 'later') retry.later(retryAfterMs);
    return false;
  };
}

interface Sending {
  readonly chat: ChatContext;
  readonly queue: Queue;
  readonly retry: Retry;
  readonly isRefused: (unsent: Unsent, error: WireError) => boolean;
  /** The server's answer to one that was sent. */
  readonly arrived: (message: Message) => void;
}

function fail({ chat, queue }: Sending, unsent: Unsent): void {
  queue.keep({ ...unsent, failed: true });
  queue.change(unsent.conversationId, (thread) => withRefused(thread, unsent.clientId));
  chat.announce(chatWords.say.notSent, 'assertive');
}

async function deliver(sending: Sending, unsent: Unsent): Promise<'next' | 'wait'> {
  const { chat, queue, retry } = sending;
  if (await queue.isGone(unsent)) return 'next';
  const answer = await chat.api.sendMessage({ ...unsent, fileId: unsent.attachment?.id ?? null });
  if (chat.myId() === null) return 'wait';
  // Meanwhile an event may have shown that it is sent, or it was taken back.
  const now = queue.find(unsent.clientId);
  if (answer.ok) {
    retry.relax();
    if (now) queue.drop(now);
    if (answer.data) sending.arrived(answer.data);
    return 'next';
  }
  if (!now) return 'next';
  if (!sending.isRefused(now, answer.error)) return 'wait';
  fail(sending, now);
  return 'next';
}

/** Uploads act on the message as it is by then, if it still waits. */
function hearingOfUploads(sending: Sending, sendAll: (conversation: ConversationId) => void): HeardOfUpload {
  const { queue } = sending;
  return {
    progress: (unsent, progress) => queue.change(unsent.conversationId, (thread) => withProgress(thread, unsent.clientId, progress)),
    uploaded(unsent, attachment) {
      const now = queue.find(unsent.clientId);
      if (!now) return;
      queue.keep({ ...now, attachment });
      sendAll(now.conversationId);
    },
    refused(unsent, error) {
      const now = queue.find(unsent.clientId);
      if (!now || !sending.isRefused(now, error)) return;
      fail(sending, now);
      // It held up the files behind it.
      sendAll(now.conversationId);
    },
  };
}

export function makeDelivery(chat: ChatContext, queue: Queue, uploads: Uploads, arrived: (message: Message) => void): Delivery {
  const busy = new Set<ConversationId>();
  const retry = makeRetry(chat.clock, run);
  const sending: Sending = { chat, queue, retry, isRefused: refusing(retry), arrived };
  const ofUploads = hearingOfUploads(sending, (conversation) => void sendAll(conversation));

  async function sendAll(conversation: ConversationId): Promise<void> {
    if (busy.has(conversation)) return;
    busy.add(conversation);
    try {
      let unsent = nextIn(queue.all(), conversation);
      while (unsent && (await deliver(sending, unsent)) === 'next') unsent = nextIn(queue.all(), conversation);
    } finally {
      busy.delete(conversation);
    }
  }

  function run(): void {
    for (const unsent of toUpload(queue.all())) uploads.start(unsent, ofUploads);
    for (const conversation of new Set(queue.all().map((each) => each.conversationId))) void sendAll(conversation);
  }

  return {
    run, sendAll,
    flush() {
      retry.stop();
      retry.relax();
      run();
    },
    clear: retry.stop,
  };
}
