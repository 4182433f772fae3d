import { UserPlus, X } from 'lucide-react';
import { useId, useState } from 'react';
import type { Conversation, Member, Role } from '../../state/model.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { page } from '../words.en.ts';
import { AddPeople } from './AddPeople.tsx';
import { useOwnRole } from './membership.ts';
import { nameOf, ownName } from './people.ts';
import css from './Details.module.css';

/** The owner removes everybody, admins remove members; nobody removes themselves: they leave. */
export const mayRemove = (mine: Role, theirs: Role): boolean => mine === 'owner' ? theirs !== 'owner' : mine === 'admin' && theirs === 'member';

export function Members({ conversation }: { readonly conversation: Conversation }) {
  const role = useOwnRole(conversation.id);
  const [adding, setAdding] = useState(false);
  const id = useId();
  const group = conversation.kind === 'group';
  return (
    <div className={css['part']}>
      <div className={css['title']}>
        <h3 id={id}>{chatWords.membersTitle(conversation.members.length)}</h3>
        {group && role !== 'member' && (
          <Button kind="quiet" size="small" icon={<UserPlus size={16} strokeWidth={1.75} />} onClick={() => setAdding(true)}>{chatWords.addPeople}</Button>
        )}
      </div>
      <ul aria-label={chatWords.membersList}>
        {conversation.members.map((member) => <MemberRow key={member.userId} conversation={conversation} member={member} mine={role} />)}
      </ul>
      {adding && <AddPeople conversationId={conversation.id} onClose={() => setAdding(false)} />}
    </div>
  );
}

function MemberRow({ conversation, member, mine }: { readonly conversation: Conversation; readonly member: Member; readonly mine: Role }) {
  const actions = useActions();
  const [busy, setBusy] = useState(false);
  const me = useBelfry((state) => state.me?.id === member.userId);
  const name = useBelfry((state) => nameOf(state, member.userId));
  const own = useBelfry(ownName);
  const face = useBelfry((state) => (me ? state.me?.avatar : state.people[member.userId]?.avatar));
  const presence = useBelfry((state) => state.people[member.userId]?.presence);
  const group = conversation.kind === 'group';
  const remove = async () => {
    setBusy(true);
    const done = await actions.removeMember(conversation.id, member.userId);
    setBusy(false);
    if (!done.ok) actions.toast('error', page.refused(done.refusal, done.refusal.retryAfterSeconds));
  };
  return (
    <li className={css['member']} data-user={member.userId} data-role={member.role}>
      <Avatar id={member.userId} name={me ? own : name} src={face} size={40} presence={me ? undefined : presence} />
      <span className={css['memberName']}>{name}</span>
      {group && member.role !== 'member' && <span className={css['small']}>{chatWords.role[member.role]}</span>}
      {group && !me && mayRemove(mine, member.role) && (
        <IconButton label={chatWords.remove(name)} icon={X} size="list" tooltip="below-end" pending={busy} onClick={() => void remove()} />
      )}
    </li>
  );
}
