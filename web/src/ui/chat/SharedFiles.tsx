import { File } from 'lucide-react';
import type { Attachment, ConversationId, Message } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import css from './Details.module.css';

const kMost = 12;
const kFiles = new WeakMap<readonly Message[], readonly Attachment[]>();

/** The newest files of the messages that are here. */
function filesOf(messages: readonly Message[] | undefined): readonly Attachment[] | undefined {
  if (!messages) return undefined;
  const known = kFiles.get(messages);
  if (known) return known;
  const files = messages.filter((message) => message.deletedAt === null).flatMap((message) => message.attachments).slice(-kMost).reverse();
  kFiles.set(messages, files);
  return files;
}

export function SharedFiles({ conversationId }: { readonly conversationId: ConversationId }) {
  const files = useBelfry((state) => filesOf(state.threads[conversationId]?.messages));
  if (!files || files.length === 0) return null;
  return (
    <div className={css['part']}>
      <h3>{chatWords.sharedFiles}</h3>
      <ul aria-label={chatWords.sharedFiles}>
        {files.map((file) => (
          <li key={file.id}>
            <a className={css['file']} href={file.url} download={file.name}>
              <File size={16} strokeWidth={1.75} aria-hidden="true" />
              <span className={css['fileName']}>{file.name}</span>
              <span className={css['small']}>{chatWords.fileSize(file.bytes)}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
