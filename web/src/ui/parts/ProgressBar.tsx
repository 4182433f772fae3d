// A native <progress>. `value` is 0 to 1; null: not known.
import { cx } from './cx.ts';
import css from './Meters.module.css';

export interface ProgressBarProps {
  readonly label: string;
  readonly value: number | null;
  readonly className?: string | undefined;
}

export const ProgressBar = ({ label, value, className }: ProgressBarProps) => (
  <progress aria-label={label} max={1} {...(value === null ? {} : { value })} className={cx(css['progress'], className)} />
);
