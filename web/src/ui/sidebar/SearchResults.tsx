// What `Search people and messages` found: people, my groups, and messages.
import { Fragment } from 'react';
import { Link } from 'wouter';
import type { ConversationId, SearchHit, State } from '../../state/model.ts';
import { cx } from '../parts/cx.ts';
import { Empty } from '../parts/Empty.tsx';
import { useBelfry } from '../use.ts';
import { shortTime } from '../words/format.en.ts';
import * as words from '../words/page.en.ts';
import { groupsFound, peopleInOrder } from './order.ts';
import { GroupRow, PersonRow } from './Row.tsx';
import row from './Row.module.css';
import css from './Sidebar.module.css';

export function SearchResults({ open }: { readonly open: ConversationId | null }) {
  const search = useBelfry((state) => state.search);
  const everybody = useBelfry((state) => state.people);
  const conversations = useBelfry((state) => state.conversations);
  const me = useBelfry((state) => state.me?.id ?? null);
  const found = new Set(search.people);
  const people = peopleInOrder(everybody, conversations, me).filter(({ person }) => found.has(person.id));
  const groups = groupsFound(conversations, search.query);
  const count = people.length + groups.length + search.hits.length;
  if (count === 0 && search.phase === 'done') return <Empty of="search" look="list" picture={null} title={words.empty.search(search.query.trim())} />;
  return (
    <>
      <p className={css['status']} role="status">
        {search.phase === 'failed' ? words.searchFailed : search.phase === 'done' ? words.results(count) : words.searching}
      </p>
      <ul aria-label={words.searchResults}>
        {people.map(({ person, conversation }) => (
          <PersonRow key={person.id} person={person} conversation={conversation} current={conversation !== null && conversation.id === open} />
        ))}
        {groups.map((group) => <GroupRow key={group.id} group={group} current={group.id === open} />)}
        {search.hits.map((hit) => <Hit key={hit.message.id} hit={hit} query={search.query.trim()} />)}
      </ul>
    </>
  );
}

/** Where and by whom: `Ann`, of a group `Team · Ann`, of an own message `Ann · You`. */
function whereSaid(state: State, { message }: SearchHit): string {
  const conversation = state.conversations[message.conversationId];
  const sender = message.senderId === state.me?.id ? words.you : state.people[message.senderId]?.name ?? words.someone;
  const title = conversation?.kind === 'group' ? conversation.title : state.people[conversation?.otherId ?? '']?.name;
  return !title || title === sender ? sender : `${title} · ${sender}`;
}

function Hit({ hit, query }: { readonly hit: SearchHit; readonly query: string }) {
  const where = useBelfry((state) => whereSaid(state, hit));
  const { message, snippet } = hit;
  const address = `/c/${message.conversationId}${message.seq === null ? '' : `?message=${message.seq}`}`;
  return (
    <li className={row['row']} data-message={message.id} data-conversation={message.conversationId}>
      <Link className={cx(row['link'], row['hit'])} href={address} draggable={false}>
        <span className={row['first']}><span data-part="name">{where}</span><span className={row['said']}>, </span></span>
        <span className={row['snippet']} data-part="snippet">{marked(snippet, query)}</span>
        <span className={row['time']} data-part="time">{shortTime(message.createdAt, Date.now())}</span>
      </Link>
    </li>
  );
}

/** The words that were searched for, marked where they stand. */
function marked(text: string, query: string) {
  const wanted = query.split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (wanted.length === 0) return text;
  const pieces = text.split(new RegExp(`(${wanted.join('|')})`, 'giu'));
  return pieces.map((piece, at) => <Fragment key={at}>{at % 2 === 1 ? <mark>{piece}</mark> : piece}</Fragment>);
}
