// What waits to be sent, in the order in which it was written. In each conversation one message is on its way at a time, so that they arrive
// in that order; a file that is still uploaded holds up other files only, and a message that the server refused holds up nothing.
import type { Attachment, ConversationId, Message, UserId } from './model.ts';

export interface UnsentFile {
  readonly content: Blob;
  readonly name: string;
}

export interface Unsent {
  readonly clientId: string;
  readonly conversationId: ConversationId;
  readonly text: string;
  readonly replyTo: string | null;
  readonly createdAt: string;
  /** Its place: larger than of all that were written before. */
  readonly order: number;
  readonly file: UnsentFile | null;
  /** The file, once it is on the server. */
  readonly attachment: Attachment | null;
  /** The server refused it: it waits for the person, not for the network. */
  readonly failed: boolean;
}

export const nextOrder = (queue: readonly Unsent[], now: number): number => Math.max(now, ...queue.map((each) => each.order + 1));

export const inOrder = (queue: readonly Unsent[]): Unsent[] => [...queue].sort((a, b) => a.order - b.order);

/** Which one is to be sent now. Files keep their order among each other too: they were chosen in it. */
export function nextIn(queue: readonly Unsent[], conversation: ConversationId): Unsent | null {
  let fileWaits = false;
  for (const unsent of inOrder(queue)) {
    if (unsent.conversationId !== conversation || unsent.failed) continue;
    if (unsent.file === null) return unsent;
    if (unsent.attachment !== null && !fileWaits) return unsent;
    fileWaits = true;
  }
  return null;
}

export const toUpload = (queue: readonly Unsent[]): Unsent[] =>
  inOrder(queue).filter((each) => each.file !== null && each.attachment === null && !each.failed);

/** As it stands in its thread until the server has it. */
export function messageOf(unsent: Unsent, myId: UserId): Message {
  return {
    id: unsent.clientId,
    clientId: unsent.clientId,
    conversationId: unsent.conversationId,
    seq: null,
    senderId: myId,
    kind: unsent.file ? 'file' : 'text',
    text: unsent.text,
    attachments: [],
    call: null,
    replyTo: unsent.replyTo,
    createdAt: unsent.createdAt,
    editedAt: null,
    deletedAt: null,
    state: unsent.failed ? 'failed' : 'sending',
    upload: unsent.file && { name: unsent.file.name, bytes: unsent.file.content.size, progress: unsent.attachment ? 1 : null },
  };
}

/** What an answer that is no message means for what was sent. `later`: nobody refused it. `signed-out`: until somebody logs in again. */
export function verdictOn(code: string): 'refused' | 'later' | 'signed-out' {
  switch (code) {
    case 'NETWORK':
    case 'RATE_LIMITED':
    case 'STORE_UNAVAILABLE':
    case 'DRAINING':
    case 'INTERNAL':
    case 'REQUEST_TIMEOUT':
      return 'later';
    case 'UNAUTHENTICATED':
    case 'SESSION_EXPIRED':
    case 'TOKEN_REVOKED':
      return 'signed-out';
    default:
      return 'refused';
  }
}
