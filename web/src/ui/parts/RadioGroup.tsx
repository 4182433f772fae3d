// One of several: native radios in a radiogroup. `chips` are the filters above a list.
import { useId } from 'react';
import { cx } from './cx.ts';
import css from './Choice.module.css';

export interface RadioGroupProps<T extends string> {
  readonly label: string;
  readonly labelHidden?: boolean | undefined;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string; readonly hint?: string }[];
  readonly look?: 'list' | 'row' | 'chips' | undefined;
}

export function RadioGroup<T extends string>({ label, labelHidden, value, onChange, options, look = 'list' }: RadioGroupProps<T>) {
  const id = useId();
  return (
    <fieldset className={css['group']} role="radiogroup" aria-labelledby={`${id}-label`}>
      <legend id={`${id}-label`} className={labelHidden ? 'visually-hidden' : undefined}>{label}</legend>
      <div className={css[look]}>
        {options.map((option) => (
          <label key={option.value} className={look === 'chips' ? css['chip'] : css['choice']}>
            <input type="radio" name={id} value={option.value} checked={option.value === value} aria-labelledby={`${id}-${option.value}`}
              className={look === 'chips' ? undefined : cx(css['control'], css['radio'])} onChange={() => onChange(option.value)} />
            <span className={look === 'chips' ? undefined : css['words']}>
              <span id={`${id}-${option.value}`}>{option.label}</span>
              {option.hint && <span className={css['hint']}>{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
