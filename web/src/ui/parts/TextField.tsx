// One line of text.
import type { ComponentProps } from 'react';
import { number } from '../words/format.en.ts';
import * as page from '../words/page.en.ts';
import { cx } from './cx.ts';
import { Field, type FieldProps } from './Field.tsx';
import css from './Field.module.css';

export interface TextFieldProps extends FieldProps, Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'id'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Shows how much is left from nine tenths on. It does not cut what is typed: `error` says when it is too long. */
  readonly limit?: number | undefined;
}

export function TextField({ label, labelHidden, hint, error, value, onChange, limit, className, ...input }: TextFieldProps) {
  const used = [...value].length;
  const counter = limit !== undefined && used >= limit * 0.9 ? page.counter(number(used), number(limit)) : null;
  return (
    <Field label={label} labelHidden={labelHidden} hint={hint} error={error} counter={counter}>
      {({ id, describedBy, invalid }) => (
        <input type="text" {...input} id={id} value={value} aria-describedby={describedBy} aria-invalid={invalid}
          className={cx(css['input'], className)} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
    </Field>
  );
}
