// Nothing is here: one sentence says so, a small one what to do, at most one button (DESIGN section 7.4).
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Mark } from './Mark.tsx';
import css from './Empty.module.css';

export interface EmptyProps {
  /** `data-empty`. */
  readonly of: 'people' | 'chat' | 'messages' | 'history' | 'search' | 'members';
  readonly title: string;
  readonly text?: string | undefined;
  readonly action?: ReactNode;
  /** Instead of the mark: a face. Null: nothing, where room is short. */
  readonly picture?: ReactNode;
  /** `pane`: at 38 % of the height. `list`: at the top, smaller. */
  readonly look?: 'pane' | 'list' | undefined;
}

export function Empty({ of, title, text, action, picture, look = 'pane' }: EmptyProps) {
  return (
    <div data-empty={of} className={cx(css['empty'], css[look])}>
      {picture === undefined ? <Mark size={look === 'pane' ? 64 : 40} tone="quiet" /> : picture}
      <p className={css['title']}>{title}</p>
      {text && <p className={css['text']}>{text}</p>}
      {action}
    </div>
  );
}
