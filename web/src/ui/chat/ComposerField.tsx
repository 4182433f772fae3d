import { ArrowUp, Check } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, type Ref, useId } from 'react';
import { cx } from '../parts/cx.ts';
import { chatWords } from '../words/chat.en.ts';
import css from './Composer.module.css';

export interface ComposerFieldProps {
  readonly ref: Ref<HTMLTextAreaElement>;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onPaste: (event: ClipboardEvent) => void;
  readonly onBlur: () => void;
  readonly length: number;
  readonly limit: number;
}

/** Grows with its text: a hidden copy behind it (`data-text`) gives the height, in every browser. */
export function ComposerField({ ref, text, onText, onKeyDown, onPaste, onBlur, length, limit }: ComposerFieldProps) {
  const id = useId();
  const over = length > limit;
  const near = length > limit * 0.9;
  return (
    <div className={css['field']}>
      <div className={cx(css['grow'], over && css['over'])} data-text={text}>
        <textarea ref={ref} rows={1} value={text} aria-label={chatWords.message} placeholder={chatWords.message} dir="auto" enterKeyHint="send"
          aria-invalid={over || undefined} aria-describedby={near ? id : undefined}
          onChange={(event) => onText(event.currentTarget.value)} onKeyDown={onKeyDown} onPaste={onPaste} onBlur={onBlur} />
      </div>
      {near && (
        <p id={id} className={cx(css['counter'], over && css['tooLong'])} data-part="counter">
          {over && <span role="alert">{chatWords.tooLong(limit)} </span>}{chatWords.counter(length, limit)}
        </p>
      )}
    </div>
  );
}

export function SendButton({ editing, disabled }: { readonly editing: boolean; readonly disabled: boolean }) {
  const Icon = editing ? Check : ArrowUp;
  return (
    <button type="submit" className={css['send']} aria-label={editing ? chatWords.save : chatWords.send} aria-disabled={disabled}>
      <Icon size={20} strokeWidth={2} aria-hidden="true" focusable="false" />
    </button>
  );
}
