import { type FormEvent, useId, useState } from 'react';
import type { ConversationId, UserId } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { FormFault } from '../parts/Field.tsx';
import { TextField } from '../parts/TextField.tsx';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { page } from '../words.en.ts';
import { kMaxTitle } from './limits.ts';
import { PeoplePicker } from './PeoplePicker.tsx';
import { peopleByName } from './people.ts';
import css from './People.module.css';

export interface NewGroupProps {
  readonly onClose: () => void;
  /** The group is made; the caller opens it. */
  readonly onCreated: (conversation: ConversationId) => void;
}

/** The dialog `New group`. It is open as long as it is mounted. */
export function NewGroup({ onClose, onCreated }: NewGroupProps) {
  const actions = useActions();
  const people = useBelfry(peopleByName);
  const form = useId();
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<UserId>>(new Set());
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  const name = title.trim();
  const missing = name === '' ? chatWords.needsName : chosen.size === 0 ? chatWords.needsMember : null;
  const create = async (event: FormEvent) => {
    event.preventDefault();
    if (missing || busy) return;
    setBusy(true);
    setFault(null);
    const made = await actions.createGroup(name, [...chosen]);
    if (made.ok) onCreated(made.value);
    else {
      setBusy(false);
      setFault(page.refused(made.refusal, made.refusal.retryAfterSeconds));
    }
  };
  const footer = (
    <div className={css['footer']}>
      <p className={css['chosen']} role="status">{chosen.size > 0 ? chatWords.chosen(chosen.size) : ''}</p>
      <Button onClick={onClose}>{chatWords.cancel}</Button>
      <Button kind="primary" type="submit" form={form} disabled={missing !== null} why={missing ?? undefined} busy={busy}>{chatWords.createGroup}</Button>
    </div>
  );
  return (
    <Dialog title={chatWords.newGroup} onClose={onClose} footer={footer}>
      <form id={form} className={css['form']} onSubmit={(event) => void create(event)} noValidate>
        <TextField label={chatWords.groupName} value={title} onChange={setTitle} limit={kMaxTitle} maxLength={kMaxTitle} autoComplete="off" data-autofocus />
        <PeoplePicker people={people} chosen={chosen} onChosen={setChosen} />
        {fault && <FormFault>{fault}</FormFault>}
      </form>
    </Dialog>
  );
}
