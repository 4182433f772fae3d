import { useMemo, useState } from 'react';
import type { ConversationId, UserId } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { FormFault } from '../parts/Field.tsx';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { page } from '../words.en.ts';
import { PeoplePicker } from './PeoplePicker.tsx';
import { peopleByName } from './people.ts';
import css from './People.module.css';

/** The dialog `Add people`: everybody who is not in the group. */
export function AddPeople({ conversationId, onClose }: { readonly conversationId: ConversationId; readonly onClose: () => void }) {
  const actions = useActions();
  const people = useBelfry(peopleByName);
  const members = useBelfry((state) => state.conversations[conversationId]?.members);
  const others = useMemo(() => people.filter((person) => !members?.some((member) => member.userId === person.id)), [people, members]);
  const [chosen, setChosen] = useState<ReadonlySet<UserId>>(new Set());
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  const add = async () => {
    if (chosen.size === 0 || busy) return;
    setBusy(true);
    setFault(null);
    const added = await actions.addMembers(conversationId, [...chosen]);
    if (added.ok) onClose();
    else {
      setBusy(false);
      setFault(page.refused(added.refusal, added.refusal.retryAfterSeconds));
    }
  };
  const footer = (
    <div className={css['footer']}>
      <p className={css['chosen']} role="status">{chosen.size > 0 ? chatWords.chosen(chosen.size) : ''}</p>
      <Button onClick={onClose}>{chatWords.cancel}</Button>
      <Button kind="primary" disabled={chosen.size === 0} why={chosen.size === 0 ? chatWords.needsMember : undefined} busy={busy} onClick={() => void add()}>{chatWords.add}</Button>
    </div>
  );
  return (
    <Dialog title={chatWords.addPeople} onClose={onClose} footer={footer}>
      <div className={css['form']}>
        <PeoplePicker people={others} chosen={chosen} onChosen={setChosen} />
        {fault && <FormFault>{fault}</FormFault>}
      </div>
    </Dialog>
  );
}
