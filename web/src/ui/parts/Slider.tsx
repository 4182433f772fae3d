// A native range, 0 to 1 unless said otherwise.
import { type ComponentProps } from 'react';
import { cx } from './cx.ts';
import { Field, type FieldProps } from './Field.tsx';
import css from './Choice.module.css';

export interface SliderProps extends FieldProps, Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'type' | 'id' | 'min' | 'max'> {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** The value in words, such as `60 %`. */
  readonly valueText?: string | undefined;
}

export function Slider({ label, labelHidden, hint, error, value, onChange, min = 0, max = 1, step = 0.05, valueText, className, ...input }: SliderProps) {
  return (
    <Field label={label} labelHidden={labelHidden} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <input {...input} type="range" id={id} min={min} max={max} step={step} value={value} aria-valuetext={valueText}
          aria-describedby={describedBy} className={cx(css['slider'], className)} style={{ '--part': `${((value - min) / (max - min)) * 100}%` }}
          onChange={(event) => onChange(event.currentTarget.valueAsNumber)} />
      )}
    </Field>
  );
}
