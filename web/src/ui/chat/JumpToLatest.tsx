import { ArrowDown } from 'lucide-react';
import type { Message } from '../../state/model.ts';
import { chatWords } from '../words/chat.en.ts';
import { number } from '../words/format.en.ts';
import { useSeen } from './useSeen.ts';
import css from './MessageList.module.css';

export interface JumpToLatestProps {
  readonly messages: readonly Message[];
  /** The index of the last message that is whole on the screen; -1 while that is not known. */
  readonly lastVisible: number;
  readonly firstUnreadSeq: number | null;
  /** The end is out of sight. */
  readonly away: boolean;
  readonly onJump: () => void;
}

/** Shown while the end is out of sight, with how many messages came there meanwhile. */
export function JumpToLatest({ messages, lastVisible, firstUnreadSeq, away, onJump }: JumpToLatestProps) {
  const count = useSeen(messages, lastVisible, firstUnreadSeq);
  if (!away) return null;
  return (
    <button type="button" className={css['jump']} data-count={count} onClick={onJump}
      aria-describedby={count > 0 ? 'jump-count' : undefined}>
      <ArrowDown size={16} strokeWidth={1.75} aria-hidden="true" focusable="false" />
      <span>{chatWords.jumpToLatest}</span>
      {count > 0 && <span className={css['count']} aria-hidden="true">{number(count)}</span>}
      {count > 0 && <span id="jump-count" hidden>{chatWords.newBelow(count)}</span>}
    </button>
  );
}
