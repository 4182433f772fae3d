import { type FormEvent, useEffect, useState } from 'react';
import type { Conversation } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { TextField } from '../parts/TextField.tsx';
import { useActions } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { page } from '../words.en.ts';
import { kMaxTitle } from './limits.ts';
import { useOwnRole } from './membership.ts';
import css from './Details.module.css';

/** Renaming, for the owner and admins; others see the name above. */
export function GroupName({ conversation }: { readonly conversation: Conversation }) {
  const actions = useActions();
  const role = useOwnRole(conversation.id);
  const title = conversation.title ?? '';
  const [name, setName] = useState(title);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => setName(title), [title]);

  const wanted = name.trim();
  const same = wanted === title;
  const rename = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || same || wanted === '') return;
    setBusy(true);
    const done = await actions.renameGroup(conversation.id, wanted);
    setBusy(false);
    setFault(done.ok ? null : page.refused(done.refusal, done.refusal.retryAfterSeconds));
  };
  if (role === 'member') return null;
  return (
    <form className={css['rename']} onSubmit={(event) => void rename(event)} noValidate>
      <TextField label={chatWords.groupName} value={name} onChange={setName} error={wanted === '' ? chatWords.needsName : fault} limit={kMaxTitle} maxLength={kMaxTitle} autoComplete="off" />
      <Button type="submit" busy={busy} disabled={same || wanted === ''}>{chatWords.rename}</Button>
    </form>
  );
}
