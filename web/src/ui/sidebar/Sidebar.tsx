// The list of people and groups, and what a search finds in their place.
import { UsersRound } from 'lucide-react';
import { type KeyboardEvent, lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { ConversationId } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Empty } from '../parts/Empty.tsx';
import { SearchField } from '../parts/SearchField.tsx';
import { useActions, useBelfry } from '../use.ts';
import * as words from '../words/page.en.ts';
import { moveAmongLinks } from './moves.ts';
import { groupsInOrder, peopleInOrder } from './order.ts';
import { GroupRow, PersonRow } from './Row.tsx';
import { SearchResults } from './SearchResults.tsx';
import css from './Sidebar.module.css';

const NewGroup = lazy(async () => ({ default: (await import('../chat/NewGroup.tsx')).NewGroup }));

export function Sidebar({ open }: { readonly open: ConversationId | null }) {
  const query = useBelfry((state) => state.search.query);
  const searching = useBelfry((state) => state.search.phase === 'searching');
  const { search } = useActions();
  const [, navigate] = useLocation();
  const [making, setMaking] = useState(false);
  const lists = useRef<HTMLDivElement>(null);

  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    // With Alt the arrows step through the conversations, wherever the focus is.
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const first = lists.current?.querySelector('a');
    if (event.key === 'ArrowDown') first?.focus();
    else if (event.key === 'Enter' && query.trim() !== '') first?.click();
    else return;
    event.preventDefault();
  };
  return (
    <aside className={css['sidebar']} aria-label={words.sidebar} data-sidebar="">
      <div className={css['top']}>
        <p className={css['title']} aria-hidden="true">{words.chats}</p>
        <SearchField label={words.searchLabel} value={query} onChange={search} onKeyDown={key} busy={searching} data-search="everything"
          className={css['search']} />
        <Button kind="quiet" size="small" className={css['new']} icon={<UsersRound size={16} strokeWidth={1.75} />} onClick={() => setMaking(true)}>
          {words.newGroup}
        </Button>
      </div>
      <div className={css['lists']} ref={lists} onKeyDown={moveAmongLinks}>
        {query.trim() === '' ? <Lists open={open} /> : <SearchResults open={open} />}
      </div>
      {making && (
        <Suspense fallback={null}>
          <NewGroup onClose={() => setMaking(false)} onCreated={(made) => { setMaking(false); navigate(`/c/${made}`); }} />
        </Suspense>
      )}
    </aside>
  );
}

function Lists({ open }: { readonly open: ConversationId | null }) {
  const everybody = useBelfry((state) => state.people);
  const conversations = useBelfry((state) => state.conversations);
  const me = useBelfry((state) => state.me?.id ?? null);
  const people = useMemo(() => peopleInOrder(everybody, conversations, me), [everybody, conversations, me]);
  const groups = useMemo(() => groupsInOrder(conversations), [conversations]);
  return (
    <>
      <h2 className={css['heading']} id="people">{words.people}</h2>
      {people.length === 0
        ? <Empty of="people" look="list" title={words.empty.people.title} text={words.empty.people.text} action={<CopyAddress />} />
        : (
          <ul aria-labelledby="people">
            {people.map(({ person, conversation }) => (
              <PersonRow key={person.id} person={person} conversation={conversation} current={conversation !== null && conversation.id === open} />
            ))}
          </ul>
        )}
      {groups.length > 0 && (
        <>
          <h2 className={css['heading']} id="groups">{words.groups}</h2>
          <ul aria-labelledby="groups">{groups.map((group) => <GroupRow key={group.id} group={group} current={group.id === open} />)}</ul>
        </>
      )}
    </>
  );
}

/** For who is alone here: the address to send to others. */
function CopyAddress() {
  const { toast } = useActions();
  const copy = () => {
    const address = window.location.origin;
    // On http there is no clipboard: then the address is shown.
    const copied: Promise<void> = window.isSecureContext ? navigator.clipboard.writeText(address) : Promise.reject(new Error('no clipboard'));
    copied.then(() => toast('info', words.copied), () => toast('info', words.notCopied(address)));
  };
  return <Button kind="plain" size="small" onClick={copy}>{words.empty.people.action}</Button>;
}
