// `Conversation details`: who is in it, and what one may do with it. The same beside the messages and in a sheet.
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import type { Conversation, ConversationId, Person, State } from '../../state/model.ts';
import { isMuted, ringsForCalls } from '../../state/muting.ts';
import { Button } from '../parts/Button.tsx';
import { AlertDialog } from '../parts/Dialog.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { Switch } from '../parts/Switch.tsx';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { longTime } from '../words/format.en.ts';
import { ConversationFace } from './ConversationFace.tsx';
import { GroupName } from './GroupName.tsx';
import { LastOwn } from './LastOwn.tsx';
import { Members } from './Members.tsx';
import { titleOf } from './people.ts';
import { SharedFiles } from './SharedFiles.tsx';
import css from './Details.module.css';

export interface DetailsProps {
  readonly conversationId: ConversationId;
  /** I am about to be out of the group. */
  readonly onLeft: () => void;
  /** Beside the messages; a sheet has its own way out. */
  readonly onClose?: (() => void) | undefined;
}

export function Details({ conversationId, onLeft, onClose }: DetailsProps) {
  const conversation = useBelfry((state) => state.conversations[conversationId]);
  const name = useBelfry((state) => titleOf(state, state.conversations[conversationId]));
  const other = useBelfry((state) => otherOf(state, conversationId));
  if (!conversation) return null;
  const group = conversation.kind === 'group';
  return (
    <section className={css['details']} aria-label={chatWords.details}>
      {onClose && <IconButton className={css['close']} label={chatWords.closeDetails} icon={X} size="list" tooltip="below-end" onClick={onClose} />}
      <div className={css['who']}>
        <ConversationFace conversationId={conversationId} size={96} presence />
        <h2>{name}</h2>
        {other && <p className={css['small']}>@{other.username}</p>}
        {other && <p className={css['small']}>{seenWords(other)}</p>}
      </div>
      {group && <GroupName conversation={conversation} />}
      <Members conversation={conversation} />
      {group && <LastOwn conversationId={conversationId} />}
      <SharedFiles conversationId={conversationId} />
      <Muting conversation={conversation} />
      {group ? <Leave conversationId={conversationId} onLeft={onLeft} /> : other && <Blocking person={other} />}
    </section>
  );
}

const otherOf = (state: State, id: ConversationId): Person | undefined => {
  const other = state.conversations[id]?.otherId;
  return other ? state.people[other] : undefined;
};

const seenWords = (person: Person): string =>
  person.presence === 'offline' && person.lastSeenAt ? chatWords.lastSeen(longTime(person.lastSeenAt, Date.now())) : chatWords.presence[person.presence];

function Muting({ conversation }: { readonly conversation: Conversation }) {
  const actions = useActions();
  const id = useId();
  return (
    <div className={css['part']} role="group" aria-labelledby={id}>
      <h3 id={id}>{chatWords.notifications}</h3>
      <Switch label={chatWords.muted} hint={chatWords.mutedHint} checked={isMuted(conversation, Date.now())}
        onChange={(on) => void actions.mute(conversation.id, on)} />
      {conversation.kind === 'group' && (
        <Switch label={chatWords.callsRing} hint={chatWords.callsRingHint} checked={ringsForCalls(conversation)}
          onChange={(on) => void actions.ringForCalls(conversation.id, on)} />
      )}
    </div>
  );
}

function Blocking({ person }: { readonly person: Person }) {
  const actions = useActions();
  return (
    <Button wide className={person.blocked ? undefined : css['danger']} onClick={() => void actions.block(person.id, !person.blocked)}>
      {person.blocked ? chatWords.unblock(person.name) : chatWords.block(person.name)}
    </Button>
  );
}

function Leave({ conversationId, onLeft }: Pick<DetailsProps, 'conversationId' | 'onLeft'>) {
  const actions = useActions();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    onLeft();
    const left = await actions.leaveGroup(conversationId);
    setBusy(false);
    setAsking(false);
    if (!left.ok) actions.toast('error', chatWords.leaveFailed);
  };
  return (
    <>
      <Button wide className={css['danger']} onClick={() => setAsking(true)}>{chatWords.leaveGroup}</Button>
      {asking && (
        <AlertDialog title={chatWords.leaveQuestion} text={chatWords.leaveConsequence} action={chatWords.leave} busy={busy}
          onAction={() => void leave()} onClose={() => setAsking(false)} />
      )}
    </>
  );
}
