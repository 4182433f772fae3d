// The end of a call among the messages. Its words, and whether one calls back or again, depend on who reads.
import { Phone, PhoneMissed, Video } from 'lucide-react';
import type { Message } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { useActions } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { clock } from '../words/format.en.ts';
import { useIsMember } from './membership.ts';
import { useInCall } from './useOwnCall.ts';
import css from './MessageRow.module.css';

export function CallRow({ message }: { readonly message: Message }) {
  const actions = useActions();
  const inCall = useInCall();
  const member = useIsMember(message.conversationId);
  const call = message.call;
  if (!call) return <p className={css['system']} data-part="text">{message.text}</p>;
  const mine = message.state !== 'received';
  const missed = !mine && call.outcome === 'missed';
  const Icon = missed ? PhoneMissed : call.type === 'video' ? Video : Phone;
  return (
    <div className={css['call']}>
      <span className={cx(css['callSign'], missed && css['missed'])} aria-hidden="true"><Icon size={20} strokeWidth={1.75} /></span>
      <span className={css['callWords']}>
        <span className={css['callText']} data-part="text">{chatWords.callEntry(call, mine)}</span>
        <time className={css['callTime']} dateTime={message.createdAt}>{clock(message.createdAt)}</time>
      </span>
      {member && (
        <Button size="small" disabled={inCall} why={inCall ? chatWords.inACall : undefined}
          onClick={() => actions.startCall(message.conversationId, call.type)}>
          {mine ? chatWords.callAgain : chatWords.callBack}
        </Button>
      )}
    </div>
  );
}
