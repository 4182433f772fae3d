// A password, which can be shown. The caret stays where it is when it is.
import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import * as page from '../words/page.en.ts';
import { cx } from './cx.ts';
import { Field, type FieldProps } from './Field.tsx';
import css from './Field.module.css';

export interface PasswordFieldProps extends FieldProps, Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'id' | 'type'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function PasswordField({ label, labelHidden, hint, error, value, onChange, className, ...input }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const toggle = (
    <button type="button" className={css['toggle']} onClick={() => setShown(!shown)}>
      {shown ? <EyeOff size={16} strokeWidth={1.75} aria-hidden="true" /> : <Eye size={16} strokeWidth={1.75} aria-hidden="true" />}
      {shown ? page.hidePassword : page.showPassword}
    </button>
  );
  return (
    <Field label={label} labelHidden={labelHidden} hint={hint} error={error} beside={toggle}>
      {({ id, describedBy, invalid }) => (
        <input autoCapitalize="none" spellCheck={false} {...input} id={id} type={shown ? 'text' : 'password'} value={value}
          aria-describedby={describedBy} aria-invalid={invalid} className={cx(css['input'], className)}
          onChange={(event) => onChange(event.currentTarget.value)} />
      )}
    </Field>
  );
}
