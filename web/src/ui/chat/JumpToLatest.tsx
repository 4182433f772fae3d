import { ArrowDown } from 'lucide-react';
import { chatWords } from '../words/chat.en.ts';
import { number } from '../words/format.en.ts';
import css from './MessageList.module.css';

/** Shown while the end is out of sight, with how many messages came there meanwhile. */
export function JumpToLatest({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
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
