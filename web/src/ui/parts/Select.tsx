// The platform's own list of choices: a combobox that works everywhere, by key, touch and voice.
import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import { Field, type FieldProps } from './Field.tsx';
import css from './Field.module.css';

export interface SelectProps extends FieldProps, Omit<ComponentProps<'select'>, 'onChange' | 'value' | 'id' | 'children'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export function Select({ label, labelHidden, hint, error, value, onChange, options, className, ...select }: SelectProps) {
  return (
    <Field label={label} labelHidden={labelHidden} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <div className={css['box']}>
          <select {...select} id={id} value={value} aria-describedby={describedBy} aria-invalid={invalid}
            className={cx(css['input'], css['select'], className)} onChange={(event) => onChange(event.currentTarget.value)}>
            {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
          </select>
          <ChevronDown className={css['chevron']} size={16} strokeWidth={1.75} aria-hidden="true" />
        </div>
      )}
    </Field>
  );
}
