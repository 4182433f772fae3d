// The mark: a bell as one closed outline, its clapper a dot, and from 32 px on two arcs of the ring. Decoration: the name stands beside it.
import { cx } from './cx.ts';
import { arc } from './ringForm.ts';
import css from './Mark.module.css';

export interface MarkProps {
  readonly size: number;
  /** `quiet`: in the line's colour, for empty states. */
  readonly tone?: 'bronze' | 'quiet' | undefined;
  readonly className?: string | undefined;
}

/** In a box of 48; what is shown of it begins at the bell's left edge, so that the mark stands flush with the text below it. */
const kBell = 'M20.5 12.2V11a3.5 3.5 0 0 1 7 0v1.2c4.6 1.5 7.4 5.6 7.4 10.8v7.2c0 1.5.6 2.6 1.6 3.7l1.2 1.3c.9 1 .2 2.6-1.1 2.6H11.4'
  + 'c-1.3 0-2-1.6-1.1-2.6l1.2-1.3c1-1.1 1.6-2.2 1.6-3.7V23c0-5.2 2.8-9.3 7.4-10.8Z';

export function Mark({ size, tone = 'bronze', className }: MarkProps) {
  return (
    <svg viewBox={size >= 32 ? '8.5 4 42 42' : '3 3 42 42'} width={size} height={size} fill="none" aria-hidden="true" focusable="false"
      className={cx(css['mark'], css[tone], className)}>
      <path d={kBell} />
      <circle cx="24" cy="42.4" r="2.9" className={css['clapper']} />
      {size >= 32 && <g transform="translate(24 22)"><path d={arc(16.5, 34, 48)} /><path d={arc(22, 34, 48)} /></g>}
    </svg>
  );
}

export function WordMark({ size = 32 }: { readonly size?: number }) {
  return <span className={css['wordmark']}><Mark size={size} /><span>Belfry</span></span>;
}
