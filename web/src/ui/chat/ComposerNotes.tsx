import { CircleAlert, Pencil, Reply, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../parts/IconButton.tsx';
import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import type { Writing } from './Composer.tsx';
import { nameOf } from './people.ts';
import { plainText } from './say.ts';
import css from './Composer.module.css';

/** What could not be done with the last files. */
export function ComposerNote({ children, onDismiss }: { readonly children: ReactNode; readonly onDismiss: () => void }) {
  return (
    <div className={css['fault']} role="alert">
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
      <p>{children}</p>
      <IconButton label={chatWords.dismiss} icon={X} size="list" tooltip="none" onClick={onDismiss} />
    </div>
  );
}

/** That an older message is changed or answered, and how to stop that. */
export function ComposerTask({ writing, onStop }: { readonly writing: Writing; readonly onStop: () => void }) {
  const who = useBelfry((state) => (writing.kind === 'new' ? '' : nameOf(state, writing.message.senderId)));
  if (writing.kind === 'new') return null;
  const edit = writing.kind === 'edit';
  const Icon = edit ? Pencil : Reply;
  return (
    <div className={css['task']} data-part={edit ? 'editing' : 'replying'}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <p><strong>{edit ? chatWords.editing : chatWords.replying(who)}</strong><span>{plainText(writing.message)}</span></p>
      <IconButton label={edit ? chatWords.stopEditing : chatWords.stopReplying} icon={X} size="list" tooltip="none" onClick={onStop} />
    </div>
  );
}
