// One message with what stands above it. Memoised: a row is drawn anew only when its message, its place or its mark changed.
import { memo, useState } from 'react';
import type { Message } from '../../state/model.ts';
import { cx } from '../parts/cx.ts';
import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { Bubble } from './Bubble.tsx';
import { CallRow } from './CallRow.tsx';
import { nameOf } from './people.ts';
import { articleName, plainText } from './say.ts';
import css from './MessageRow.module.css';

export interface MessageRowProps {
  readonly message: Message;
  readonly day: string | null;
  readonly unread: boolean;
  readonly first: boolean;
  readonly last: boolean;
  /** Found by a search, or led to by a link. */
  readonly marked: boolean;
}

export const MessageRow = memo(function MessageRow({ message, day, unread, first, last, marked }: MessageRowProps) {
  const sender = useBelfry((state) => nameOf(state, message.senderId));
  // What is shown beside a message only while it is pointed at, or has the focus, is not made for all the others: a third of the elements.
  const [over, setOver] = useState(false);
  const [within, setWithin] = useState(false);
  return (
    <>
      {day !== null && <div className={css['day']} role="separator" aria-label={day}><span aria-hidden="true">{day}</span></div>}
      {unread && (
        <div className={css['unread']} role="separator" aria-label={chatWords.newMessages}><span aria-hidden="true">{chatWords.newMessages}</span></div>
      )}
      <article
        className={cx(css['article'], message.state !== 'received' && css['own'], first && css['first'], marked && css['marked'])}
        tabIndex={-1} aria-label={articleName(message, sender)}
        data-message={message.id} data-client-id={message.clientId ?? undefined} data-seq={message.seq ?? undefined} data-sender={message.senderId}
        data-kind={message.kind} data-state={message.state} data-call={message.call?.id} data-call-outcome={message.call?.outcome}
        onPointerEnter={() => setOver(true)} onPointerLeave={() => setOver(false)} onFocus={() => setWithin(true)} onBlur={() => setWithin(false)}
        data-marked={marked || undefined} data-deleted={message.deletedAt ? true : undefined}>
        {message.kind === 'system' && <p className={css['system']} data-part="text">{plainText(message)}</p>}
        {message.kind === 'call' && <CallRow message={message} />}
        {(message.kind === 'text' || message.kind === 'file') && <Bubble message={message} sender={sender} first={first} last={last} near={over || within} />}
      </article>
    </>
  );
});
