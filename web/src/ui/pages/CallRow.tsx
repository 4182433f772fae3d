// One call of the history: whom with, how it went, when, and how to call again.
import { PhoneIncoming, PhoneMissed, PhoneOutgoing } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Link } from 'wouter';
import type { HistoryEntry } from '../../state/actions.ts';
import { Avatar, GroupAvatar } from '../parts/Avatar.tsx';
import { Button } from '../parts/Button.tsx';
import { useActions, useBelfry } from '../use.ts';
import { clock } from '../words/format.en.ts';
import { pageWords } from '../words/pages.en.ts';
import css from './History.module.css';

const words = pageWords.history;

function Direction({ entry: { status, direction } }: { readonly entry: HistoryEntry }) {
  const missed = direction === 'incoming' && (status === 'missed' || status === 'rejected');
  const Drawn = missed ? PhoneMissed : direction === 'incoming' ? PhoneIncoming : PhoneOutgoing;
  return <Drawn className={css['direction']} data-missed={missed || undefined} size={16} strokeWidth={1.75} aria-hidden="true" />;
}

export function CallRow({ entry, day }: { readonly entry: HistoryEntry; readonly day: ReactNode }) {
  const { callUser, startCall } = useActions();
  const busy = useBelfry(({ call }) => call !== null && call.phase !== 'ended');
  const person = useBelfry(({ people }) => (entry.otherId ? people[entry.otherId] : undefined));
  const nameId = useId();
  const name = person?.name ?? (entry.otherName || words.someone);
  const face = entry.otherId ?? entry.conversationId ?? entry.id;
  const mayCall = entry.group ? entry.conversationId !== null : entry.otherId !== null;
  const callBack = () => {
    if (entry.group && entry.conversationId) startCall(entry.conversationId, entry.type);
    else if (entry.otherId) callUser(entry.otherId, entry.type);
  };
  return (
    <li data-call={entry.id} data-direction={entry.direction} data-status={entry.status} data-type={entry.type}
      data-duration={entry.durationSeconds ?? undefined}>
      {day}
      <div className={css['row']}>
        <Direction entry={entry} />
        {entry.group
          ? <GroupAvatar id={face} title={name} src={entry.otherAvatar} size={40} />
          : <Avatar id={face} name={name} src={person?.avatar ?? entry.otherAvatar} size={40} presence={person?.presence} />}
        <span className={css['name']} id={nameId}>
          {entry.conversationId ? <Link href={`/c/${entry.conversationId}`}>{name}</Link> : name}
        </span>
        <span className={css['outcome']}>
          <span className="visually-hidden">{words.direction[entry.direction]}, </span>
          {words.outcome(entry)}
        </span>
        <time className={css['time']} dateTime={entry.at}>{clock(entry.at)}</time>
        {mayCall && (
          <Button size="small" className={css['back']} disabled={busy} why={busy ? words.inACall : undefined} aria-describedby={nameId} onClick={callBack}>
            {words.callBack}
          </Button>
        )}
      </div>
    </li>
  );
}
