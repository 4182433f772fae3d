// The button with words. A disabled one can still be focused and says why (`why`); a busy one keeps its width and its name.
import { type ComponentProps, type MouseEvent, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import css from './Button.module.css';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'live' | 'danger';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  readonly kind?: ButtonKind | undefined;
  /** `small` in rows and notices, `large` in the incoming dialog and where a form ends. */
  readonly size?: 'small' | 'normal' | 'large' | undefined;
  readonly busy?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** Why it is disabled: its accessible description. */
  readonly why?: string | undefined;
  readonly icon?: ReactNode;
  /** As wide as its column. */
  readonly wide?: boolean | undefined;
}

export function Button(props: ButtonProps) {
  const { kind = 'plain', size = 'normal', busy = false, disabled = false, why, icon, wide, children, className, onClick, ...rest } = props;
  const describedBy = useId();
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (disabled || busy) event.preventDefault();  // Also keeps `type=submit` from submitting.
    else onClick?.(event);
  };
  return (
    <button type="button" {...rest} onClick={press} aria-disabled={disabled || busy || undefined} aria-busy={busy || undefined}
      aria-describedby={why ? describedBy : rest['aria-describedby']}
      className={cx(css['button'], css[kind], css[size], wide && css['wide'], className)}>
      {icon && <span className={css['icon']} aria-hidden="true">{icon}</span>}
      <span className={css['words']}>{children}</span>
      {why && <span id={describedBy} hidden>{why}</span>}
    </button>
  );
}
