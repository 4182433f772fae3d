// Files on their way to the server, before the message that bears them is sent.
import type { Attachment } from '../state/model.ts';
import type { Unsent } from '../state/outbox.ts';
import { uploadFile } from '../wire/files_api.ts';
import type { WireError } from '../wire/ports.ts';
import { chatWords } from '../ui/words/chat.en.ts';
import type { ChatContext } from './chat_context.ts';

/** Each step of the progress draws the article anew. */
const kStep = 0.02;

export interface HeardOfUpload {
  progress(unsent: Unsent, progress: number | null): void;
  uploaded(unsent: Unsent, attachment: Attachment): void;
  refused(unsent: Unsent, error: WireError): void;
}

export interface Uploads {
  start(unsent: Unsent, heard: HeardOfUpload): void;
  stop(clientId: string): void;
}

function stepping(unsent: Unsent, heard: HeardOfUpload): (done: number) => void {
  let told = 0;
  return (done) => {
    if (done - told < kStep && done < 1) return;
    told = done;
    heard.progress(unsent, done);
  };
}

export function makeUploads(chat: ChatContext): Uploads {
  const running = new Map<string, AbortController>();

  async function upload(unsent: Unsent, content: Blob, name: string, stop: AbortController, heard: HeardOfUpload): Promise<void> {
    const answer = await uploadFile(chat.rest, content, name, stepping(unsent, heard), stop.signal);
    if (stop.signal.aborted) return;
    running.delete(unsent.clientId);
    if (answer.ok && answer.data) return heard.uploaded(unsent, answer.data);
    heard.progress(unsent, null);
    if (answer.ok) return;
    if (answer.error.code === 'PAYLOAD_TOO_LARGE')
      chat.toast({ kind: 'error', text: chatWords.fileRefused(name, answer.error.message) });
    heard.refused(unsent, answer.error);
  }

  return {
    start(unsent, heard) {
      if (!unsent.file || running.has(unsent.clientId) || chat.link.state() === 'offline') return;
      const stop = new AbortController();
      running.set(unsent.clientId, stop);
      void upload(unsent, unsent.file.content, unsent.file.name, stop, heard);
    },
    stop(clientId) {
      running.get(clientId)?.abort();
      running.delete(clientId);
    },
  };
}
