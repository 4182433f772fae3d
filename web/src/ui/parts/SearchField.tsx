// A search field: the lens before, a cross after. Escape clears it first; in an empty one it is left to what is around.
import { Search, X } from 'lucide-react';
import { type ComponentProps, type KeyboardEvent, useRef } from 'react';
import * as page from '../words/page.en.ts';
import { cx } from './cx.ts';
import { IconButton } from './IconButton.tsx';
import css from './Field.module.css';

export interface SearchFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'type' | 'ref'> {
  /** The name of the searchbox, and its placeholder. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly busy?: boolean | undefined;
}

export function SearchField({ label, value, onChange, busy, className, onKeyDown, ...input }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape' && value !== '') {
      event.preventDefault();
      event.stopPropagation();
      onChange('');
    } else onKeyDown?.(event);
  };
  return (
    <div className={cx(css['box'], css['search'], className)}>
      <Search className={css['lens']} size={16} strokeWidth={1.75} aria-hidden="true" />
      <input placeholder={label} autoComplete="off" enterKeyHint="search" {...input} ref={field} type="search" aria-label={label} aria-busy={busy || undefined}
        value={value} className={css['input']} onKeyDown={key} onChange={(event) => onChange(event.currentTarget.value)} />
      {value !== '' && (
        <span className={css['clear']}>
          <IconButton label={page.clear} icon={X} size="list" tooltip="none" onClick={() => { onChange(''); field.current?.focus(); }} />
        </span>
      )}
    </div>
  );
}
