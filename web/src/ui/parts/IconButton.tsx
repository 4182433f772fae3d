// The button with an icon. Its name is what it does now (`Mute`, then `Unmute`), shown as a tooltip by CSS. `on` makes it a control with a
// state: off is the filled inverse, so that a muted microphone is seen without colour; `data-on` tells the same.
import { type ComponentProps, type ComponentType, type MouseEvent, type SVGProps, useId } from 'react';
import { cx } from './cx.ts';
import tip from './Tooltip.module.css';
import css from './IconButton.module.css';

export type TooltipSide = 'above' | 'above-end' | 'below' | 'below-start' | 'below-end' | 'beside' | 'none';
export type Icon = ComponentType<SVGProps<SVGSVGElement> & { size?: number | string; strokeWidth?: number | string }>;

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'disabled' | 'children'> {
  readonly label: string;
  readonly icon: Icon;
  /** 36, 44, 52 and 56 px. */
  readonly size?: 'list' | 'header' | 'stage' | 'end' | undefined;
  readonly tone?: 'plain' | 'bronze' | 'danger' | 'stage' | undefined;
  readonly on?: boolean | undefined;
  /** `rest`: off is the usual state, as of sharing the screen. */
  readonly offLooks?: 'inverse' | 'rest' | undefined;
  /** The change was asked for and is not there yet. */
  readonly pending?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly why?: string | undefined;
  readonly tooltip?: TooltipSide | undefined;
}

const kIconSize = { list: 16, header: 20, stage: 24, end: 24 } as const;

export function IconButton(props: IconButtonProps) {
  const { label, icon: Drawn, size = 'header', on, offLooks = 'inverse', pending = false, disabled = false, why, tooltip, className, onClick, ...rest } = props;
  const { tone = size === 'stage' ? 'stage' : size === 'end' ? 'danger' : 'plain', ...others } = rest;
  const describedBy = useId();
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (disabled || pending) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button type="button" {...others} aria-label={label} onClick={press} aria-disabled={disabled || pending || undefined}
      aria-busy={pending || undefined} aria-describedby={why ? describedBy : others['aria-describedby']} data-on={on}
      data-tip={tooltip ?? (size === 'stage' || size === 'end' ? 'above' : 'below')}
      className={cx(css['button'], css[size], css[tone], on === false && offLooks === 'inverse' && css['off'], tip['tip'], className)}>
      <Drawn size={kIconSize[size]} strokeWidth={1.75} aria-hidden="true" focusable="false" />
      {why && <span id={describedBy} hidden>{why}</span>}
    </button>
  );
}
