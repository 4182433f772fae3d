// Dialogs on <dialog>: mounted means open. `Dialog` is centred, and fills the screen on compact widths with its buttons at the bottom;
// `Sheet` comes from the side or the bottom; `AlertDialog` asks one question. All trap the focus, give it back, and close by Escape.
import { X } from 'lucide-react';
import { type MouseEvent, type ReactNode, useId } from 'react';
import * as page from '../words/page.en.ts';
import { Button, type ButtonKind } from './Button.tsx';
import { cx } from './cx.ts';
import { IconButton } from './IconButton.tsx';
import { useModal } from './modal.ts';
import css from './Dialog.module.css';

export interface DialogProps {
  /** Heading 2, and the dialog's name. */
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the last one is the main one. They stay in sight while the body scrolls. */
  readonly footer?: ReactNode;
  /** 400, 480, 560 px. */
  readonly width?: 'narrow' | 'normal' | 'wide' | undefined;
  /** Nothing in it can be focused: then its body is, so that keys scroll it. */
  readonly toRead?: boolean | undefined;
  readonly className?: string | undefined;
}

export const Dialog = ({ width = 'normal', ...props }: DialogProps) => <Frame {...props} kind={cx(css['dialog'], css[width])} />;

export interface SheetProps extends Omit<DialogProps, 'width'> {
  /** `right`: 320 px, whole on compact. `bottom`: over half the height. */
  readonly side?: 'right' | 'bottom' | undefined;
}

export const Sheet = ({ side = 'right', ...props }: SheetProps) => <Frame {...props} kind={cx(css['sheet'], css[side])} />;

function Frame({ title, onClose, children, footer, kind, className, toRead }: Omit<DialogProps, 'width'> & { readonly kind: string }) {
  const ref = useModal(onClose);
  const id = useId();
  // A press on the backdrop hits the dialog itself: its content fills it.
  const outside = (event: MouseEvent<HTMLDialogElement>) => {
    if (event.target === event.currentTarget) onClose();
  };
  return (
    <dialog ref={ref} tabIndex={-1} aria-labelledby={id} className={cx(css['frame'], kind, className)} onMouseDown={outside}>
      <div className={css['content']}>
        <header className={css['header']}>
          <h2 id={id}>{title}</h2>
          <IconButton label={page.close} icon={X} size="list" tooltip="none" onClick={onClose} />
        </header>
        <div className={css['body']} {...(toRead ? { tabIndex: 0, role: 'region', 'aria-labelledby': id } : {})}>{children}</div>
        {footer && <footer className={css['footer']}>{footer}</footer>}
      </div>
    </dialog>
  );
}

export interface AlertDialogProps {
  /** The question. */
  readonly title: string;
  readonly text?: string | undefined;
  /** What the button does: the verb of the question. */
  readonly action: string;
  readonly kind?: ButtonKind | undefined;
  readonly busy?: boolean | undefined;
  readonly onAction: () => void;
  readonly onClose: () => void;
}

export function AlertDialog({ title, text, action, kind = 'danger', busy, onAction, onClose }: AlertDialogProps) {
  const ref = useModal(onClose);
  const id = useId();
  return (
    <dialog ref={ref} tabIndex={-1} role="alertdialog" aria-labelledby={id} aria-describedby={text ? `${id}-text` : undefined}
      className={cx(css['frame'], css['alert'])}>
      <div className={css['content']}>
        <div className={css['question']}>
          <h2 id={id}>{title}</h2>
          {text && <p id={`${id}-text`}>{text}</p>}
        </div>
        <footer className={css['footer']}>
          <Button onClick={onClose} data-autofocus>{page.cancel}</Button>
          <Button kind={kind} busy={busy} onClick={onAction}>{action}</Button>
        </footer>
      </div>
    </dialog>
  );
}
