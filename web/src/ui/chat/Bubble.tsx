import { Ellipsis } from 'lucide-react';
import { useRef } from 'react';
import type { Message } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { clock } from '../words/format.en.ts';
import { FilePart, shownSize, UploadPart } from './Files.tsx';
import { MessageText } from './MessageText.tsx';
import { ReplyQuote } from './ReplyQuote.tsx';
import { useRow } from './rowContext.ts';
import { StateIcon } from './StateIcon.tsx';
import { isEmojiOnly, isLong } from './text.ts';
import css from './Bubble.module.css';

export interface BubbleProps {
  readonly message: Message;
  readonly sender: string;
  readonly first: boolean;
  readonly last: boolean;
  /** Pointed at, or with the focus in it. */
  readonly near: boolean;
}

export function Bubble({ message, sender, first, last, near }: BubbleProps) {
  const row = useRow();
  const frame = useRef<HTMLDivElement>(null);
  const own = message.state !== 'received';
  const gone = message.deletedAt !== null;
  const emoji = !gone && message.attachments.length === 0 && !message.upload && message.replyTo === null && isEmojiOnly(message.text);
  const inline = !gone && message.text !== '' && !isLong(message.text);
  const picture = message.attachments.find((file) => file.thumbnailUrl && file.width && file.height);
  return (
    <div className={cx(css['block'], own && css['own'])}>
      {first && (
        <p className={css['line']} aria-hidden="true">
          <span className={css['who']}>{own ? chatWords.you : sender}</span> <time dateTime={message.createdAt}>{clock(message.createdAt)}</time>
        </p>
      )}
      <div className={css['beside']}
        onContextMenu={(event) => {
          if (event.target instanceof Element && event.target.closest('a')) return;
          event.preventDefault();
          if (frame.current) row.openMenu(message, frame.current);
        }}>
        <div ref={frame} className={cx(css['bubble'], inline && css['inline'], picture && css['pictured'], !first && css['after'], !last && css['before'], emoji && css['emoji'], gone && css['gone'])}
          data-edited={message.editedAt ? true : undefined} style={picture && { '--picture': `${shownSize(picture).width}px` }}>
          {gone ? <p className={css['text']} data-part="text">{chatWords.deletedText}</p> : <Content message={message} />}
          {!gone && (message.editedAt || own) && (
            <span className={css['foot']}>
              {message.editedAt && <span className={css['edited']} data-part="edited">{chatWords.edited}</span>}
              <StateIcon state={message.state} />
            </span>
          )}
        </div>
        {near && (
          <span className={css['aside']}>
            <IconButton className={css['more']} label={chatWords.messageMenu} icon={Ellipsis} size="list" tooltip="none" aria-haspopup="menu"
              onClick={() => frame.current && row.openMenu(message, frame.current)} />
            {!first && <time className={css['time']} dateTime={message.createdAt} aria-hidden="true">{clock(message.createdAt)}</time>}
          </span>
        )}
      </div>
      {message.state === 'failed' && <Failed message={message} />}
    </div>
  );
}

function Content({ message }: { readonly message: Message }) {
  return (
    <>
      {message.replyTo !== null && <ReplyQuote conversationId={message.conversationId} replyTo={message.replyTo} />}
      {message.attachments.map((file) => <FilePart key={file.id} file={file} />)}
      {message.upload && <UploadPart message={message} />}
      {message.text !== '' && <MessageText text={message.text} />}
    </>
  );
}

function Failed({ message }: { readonly message: Message }) {
  const actions = useActions();
  return (
    <div className={css['failed']}>
      <span>{chatWords.notSent}</span>
      <Button kind="quiet" size="small" onClick={() => actions.retry(message)}>{chatWords.tryAgain}</Button>
      <Button kind="quiet" size="small" onClick={() => actions.discard(message)}>{chatWords.delete}</Button>
    </div>
  );
}
