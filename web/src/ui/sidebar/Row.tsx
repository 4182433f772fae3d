// One row of the sidebar: one link, whose name is what it shows, with presence and unread in words (DESIGN section 17.3). A row renders
// again only if its own person, conversation or snippet changed.
import { BellOff } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { Link, useLocation } from 'wouter';
import type { Conversation, Person, State } from '../../state/model.ts';
import { isMuted } from '../../state/muting.ts';
import { Avatar, GroupAvatar } from '../parts/Avatar.tsx';
import { cx } from '../parts/cx.ts';
import { useActions, useBelfry } from '../use.ts';
import { shortTime } from '../words/format.en.ts';
import * as words from '../words/page.en.ts';
import { type Snippet, snippetOf } from './snippet.ts';
import css from './Row.module.css';

export const PersonRow = memo(function PersonRow({ person, conversation, current }:
  { readonly person: Person; readonly conversation: Conversation | null; readonly current: boolean }) {
  const { conversationWith } = useActions();
  const [, navigate] = useLocation();
  // The conversation is made on the first opening; the address below does the same in another tab.
  const open = (event: MouseEvent) => {
    if (conversation !== null || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void conversationWith(person.id).then((made) => { if (made !== null) navigate(`/c/${made}`); });
  };
  const unread = conversation?.unread ?? 0;
  return (
    <li className={css['row']} data-user={person.id} data-username={person.username} data-conversation={conversation?.id}
      data-presence={person.presence} data-unread={unread}>
      <Link href={conversation ? `/c/${conversation.id}` : `/?with=${person.id}`} className={cx(css['link'], unread > 0 && css['unread'])}
        aria-current={current ? 'page' : undefined} onClick={open} draggable={false}>
        <Avatar id={person.id} name={person.name} src={person.avatar} size={40} presence={person.presence} />
        <Lines name={person.name} said={`, ${words.presence(person.presence)}`} conversation={conversation}
          snippet={(state) => snippetOf(state, conversation, person.presence)} />
      </Link>
    </li>
  );
});

export const GroupRow = memo(function GroupRow({ group, current }: { readonly group: Conversation; readonly current: boolean }) {
  const [first, second] = useFaces(group);
  return (
    <li className={css['row']} data-conversation={group.id} data-unread={group.unread}>
      <Link href={`/c/${group.id}`} className={cx(css['link'], group.unread > 0 && css['unread'])} aria-current={current ? 'page' : undefined}
        draggable={false}>
        <GroupAvatar id={group.id} title={group.title ?? ''} src={group.avatar} size={40} members={first && second ? [first, second] : []} />
        <Lines name={group.title ?? ''} said="" conversation={group} snippet={(state) => snippetOf(state, group, null)} />
      </Link>
    </li>
  );
});

/** The first two others of a group: its face, if it has no picture. */
function useFaces(group: Conversation): readonly (Person | undefined)[] {
  const me = useBelfry((state) => state.me?.id);
  const [one, two] = group.members.filter((member) => member.userId !== me);
  return [useBelfry((state) => state.people[one?.userId ?? '']), useBelfry((state) => state.people[two?.userId ?? ''])];
}

interface LinesProps {
  readonly name: string;
  readonly said: string;
  readonly conversation: Conversation | null;
  readonly snippet: (state: State) => Snippet;
}

function Lines({ name, said, conversation, snippet }: LinesProps) {
  const text = useBelfry((state) => snippet(state).text);
  const look = useBelfry((state) => snippet(state).look);
  const unread = conversation?.unread ?? 0;
  const muted = isMuted(conversation, Date.now());
  // Ends in a comma where the snippet goes on.
  const more = [said, unread > 0 && `, ${words.unread(unread)}`, muted && `, ${words.muted}`, text !== '' && look !== 'presence' && ', ']
    .filter(Boolean).join('');
  return (
    <>
      <span className={css['first']}>
        <span className={css['name']} data-part="name">{name}</span>
        <span className={css['said']}>{more}</span>
      </span>
      {/* What a presence says is in the name already. */}
      <span className={cx(css['snippet'], css[look])} data-part="snippet" aria-hidden={look === 'presence' || undefined}>{text}</span>
      <span className={css['time']} data-part="time">
        {muted && <BellOff size={14} strokeWidth={1.75} aria-hidden="true" />}
        {conversation?.lastMessage && shortTime(conversation.lastMessage.createdAt, Date.now())}
      </span>
      {unread > 0 && <span className={css['badge']} data-part="badge" aria-hidden="true">{words.badge(unread)}</span>}
    </>
  );
}
