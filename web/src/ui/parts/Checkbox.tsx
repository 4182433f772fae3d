// A native checkbox with its words; `children` stand between the two (an avatar) and belong to no name.
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import css from './Choice.module.css';

export interface CheckboxProps extends Omit<ComponentProps<'input'>, 'onChange' | 'checked' | 'type' | 'id'> {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: string | undefined;
  readonly children?: ReactNode;
}

export function Checkbox({ label, checked, onChange, hint, children, className, ...input }: CheckboxProps) {
  const id = useId();
  return (
    <label className={cx(css['choice'], className)}>
      <input {...input} type="checkbox" checked={checked} aria-labelledby={`${id}-label`} aria-describedby={hint ? `${id}-hint` : undefined}
        className={cx(css['control'], css['box'])} onChange={(event) => onChange(event.currentTarget.checked)} />
      {children}
      <span className={css['words']}>
        <span id={`${id}-label`}>{label}</span>
        {hint && <span id={`${id}-hint`} className={css['hint']}>{hint}</span>}
      </span>
    </label>
  );
}
