// Where a message is written: also an edit or a reply. What is typed is the conversation's draft, so that it is there again after a look
// elsewhere; the text of an edit is nobody's draft.
import { type ClipboardEvent, type FormEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationId, Message } from '../../state/model.ts';
import { useActions, useBelfry, useGetState } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { Attach } from './Attach.tsx';
import { sortFiles } from './attach.ts';
import { ComposerField, SendButton } from './ComposerField.tsx';
import { ComposerNote, ComposerTask } from './ComposerNotes.tsx';
import { useIsMember } from './membership.ts';
import { lengthOf, sendable } from './text.ts';
import css from './Composer.module.css';

export type Writing = { readonly kind: 'new' } | { readonly kind: 'edit' | 'reply'; readonly message: Message };

/** K33: as many code points as the server takes. */
const kLimit = 8000;

export interface ComposerProps {
  readonly conversationId: ConversationId;
  readonly writing: Writing;
  readonly onWriting: (writing: Writing) => void;
}

export function Composer(props: ComposerProps) {
  const { conversationId } = props;
  const member = useIsMember(conversationId);
  const blocked = useBelfry((state) => {
    const other = state.conversations[conversationId]?.otherId;
    const person = other ? state.people[other] : undefined;
    return person?.blocked ? person.name : null;
  });
  if (!member) return null;
  if (blocked !== null) return <p className={css['closed']}>{chatWords.youBlock(blocked)}</p>;
  return <OpenComposer {...props} />;
}

function OpenComposer({ conversationId, writing, onWriting }: ComposerProps) {
  const actions = useActions();
  const getState = useGetState();
  const draft = useBelfry((state) => state.drafts[conversationId] ?? '');
  const [edited, setEdited] = useState('');
  const [faults, setFaults] = useState<readonly string[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const saved = useRef<Writing | null>(null);
  const editing = writing.kind === 'edit';
  const text = editing ? edited : draft;
  const length = lengthOf(text);
  const empty = sendable(text).trim() === '';

  useLayoutEffect(() => {
    if (writing.kind === 'new') return;
    if (writing.kind === 'edit') setEdited(writing.message.text);
    field.current?.focus();
  }, [writing]);
  useEffect(() => () => actions.typed(conversationId, false), [actions, conversationId]);

  const change = (value: string) => {
    if (editing) setEdited(value);
    else {
      actions.setDraft(conversationId, value);
      actions.typed(conversationId, value.trim() !== '');
    }
  };
  const send = () => {
    // Not what is drawn: Enter can come again before the field is drawn anew.
    const written = sendable(editing ? edited : getState().drafts[conversationId] ?? '');
    if (written.trim() === '' || lengthOf(written) > kLimit) return;
    if (writing.kind === 'edit') {
      const { message } = writing;
      if (written !== message.text && saved.current !== writing) void actions.edit(message, written.trim());
      saved.current = writing;
    } else {
      actions.send(conversationId, written.trim(), writing.kind === 'reply' ? writing.message.id : undefined);
      actions.setDraft(conversationId, '');
      actions.typed(conversationId, false);
    }
    onWriting({ kind: 'new' });
    field.current?.focus();
  };
  const attach = (files: readonly File[]) => {
    const sorted = sortFiles(files, getState().maxFileBytes);
    for (const file of sorted.fit) actions.attach(conversationId, file);
    setFaults(sorted.faults);
  };
  const key = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter belongs to it.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey) send();
    else if (event.key === 'Escape' && writing.kind !== 'new') onWriting({ kind: 'new' });
    else if (event.key === 'ArrowUp' && text === '' && !event.altKey && writing.kind === 'new') {
      const last = lastOwn(getState().threads[conversationId]?.messages ?? []);
      if (!last) return;
      onWriting({ kind: 'edit', message: last });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    attach([...event.clipboardData.files]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <form className={css['composer']} onSubmit={submit} noValidate>
      {faults.length > 0 && <ComposerNote onDismiss={() => setFaults([])}>{faults.join(' ')}</ComposerNote>}
      <ComposerTask writing={writing} onStop={() => { onWriting({ kind: 'new' }); field.current?.focus(); }} />
      <div className={css['line']}>
        <Attach onFiles={attach} disabled={editing} />
        <ComposerField ref={field} text={text} onText={change} onKeyDown={key} onPaste={paste} onBlur={() => actions.typed(conversationId, false)}
          length={length} limit={kLimit} />
        <SendButton editing={editing} disabled={empty || length > kLimit} />
      </div>
    </form>
  );
}

const lastOwn = (messages: readonly Message[]): Message | undefined =>
  messages.findLast((message) => message.kind === 'text' && message.seq !== null && message.state !== 'received' && message.deletedAt === null);
