// On or off, at once: a native checkbox with the role of a switch, its words before it.
import { type ComponentProps, useId } from 'react';
import { cx } from './cx.ts';
import css from './Choice.module.css';

export interface SwitchProps extends Omit<ComponentProps<'input'>, 'onChange' | 'checked' | 'type' | 'id' | 'role'> {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: string | undefined;
  readonly busy?: boolean | undefined;
}

export function Switch({ label, checked, onChange, hint, busy, className, ...input }: SwitchProps) {
  const id = useId();
  return (
    <label className={cx(css['choice'], className)}>
      <span className={css['words']}>
        <span id={`${id}-label`}>{label}</span>
        {hint && <span id={`${id}-hint`} className={css['hint']}>{hint}</span>}
      </span>
      <input {...input} type="checkbox" role="switch" checked={checked} aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined} aria-busy={busy || undefined} className={cx(css['control'], css['switch'])}
        onChange={(event) => onChange(event.currentTarget.checked)} />
    </label>
  );
}
