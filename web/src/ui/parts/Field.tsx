// What every field has around its input: the label above, below it the hint or what is wrong, and near the limit how much is left.
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import css from './Field.module.css';

export interface FieldProps {
  readonly label: string;
  /** Seen by screen readers only: a search field whose placeholder says the same. */
  readonly labelHidden?: boolean | undefined;
  readonly hint?: string | undefined;
  /** A sentence: what is wrong, and what to do. It stands in the hint's place. */
  readonly error?: string | null | undefined;
}

export interface FieldIds {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly invalid: true | undefined;
}

interface FrameProps extends FieldProps {
  readonly beside?: ReactNode;
  readonly counter?: string | null | undefined;
  readonly children: (ids: FieldIds) => ReactNode;
}

export function Field({ label, labelHidden, hint, error, beside, counter, children }: FrameProps) {
  const id = useId();
  const below = error || hint;
  return (
    <div className={css['field']}>
      <div className={labelHidden ? 'visually-hidden' : css['top']}>
        <label className={css['label']} htmlFor={id}>{label}</label>
        {beside}
      </div>
      {children({ id, describedBy: below ? `${id}-below` : undefined, invalid: error ? true : undefined })}
      {error
        ? <p className={css['error']} id={`${id}-below`}><CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" /><span>{error}</span></p>
        : hint && <p className={css['hint']} id={`${id}-below`}>{hint}</p>}
      {counter && <p className={css['counter']}>{counter}</p>}
    </div>
  );
}

/** What is wrong with the form as a whole, above its button. */
export function FormFault({ children }: { readonly children: ReactNode }) {
  return <p className={css['fault']} role="alert"><CircleAlert size={20} strokeWidth={1.75} aria-hidden="true" /><span>{children}</span></p>;
}
