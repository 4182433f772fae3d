// What can be done with one message, beside it. In the top layer (popover), so that no pane cuts it off; its place is computed once, because
// it closes as soon as anything below it scrolls.
import { Copy, Pencil, Reply, Trash2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Message, Role } from '../../state/model.ts';
import { AlertDialog } from '../parts/Dialog.tsx';
import type { Icon } from '../parts/IconButton.tsx';
import { useActions } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { useOwnRole } from './membership.ts';
import css from './MessageMenu.module.css';

export interface MenuAt {
  readonly message: Message;
  readonly anchor: HTMLElement;
}

export interface MessageMenuProps {
  readonly at: MenuAt;
  readonly onClose: () => void;
  readonly onEdit: (message: Message) => void;
  readonly onReply: (message: Message) => void;
}

interface Choice {
  readonly name: string;
  readonly icon: Icon;
  readonly danger?: true;
  readonly act: () => void;
}

/** What the server lets me do with it (docs/protocol/chat.md). */
export function allowed(message: Message, role: Role): { readonly edit: boolean; readonly remove: boolean; readonly reply: boolean; readonly copy: boolean } {
  const written = (message.kind === 'text' || message.kind === 'file') && message.deletedAt === null;
  const stored = written && message.seq !== null;
  const own = message.state !== 'received';
  return {
    edit: stored && own && message.text !== '', remove: stored && (own || role !== 'member'), reply: stored, copy: message.text !== '' && message.deletedAt === null,
  };
}

export function MessageMenu({ at, onClose, onEdit, onReply }: MessageMenuProps) {
  const actions = useActions();
  const may = allowed(at.message, useOwnRole(at.message.conversationId));
  const [asking, setAsking] = useState(false);
  const article = at.anchor.closest<HTMLElement>('article');

  const close = () => {
    onClose();
    article?.focus({ preventScroll: true });
  };
  const copy = () => {
    close();
    void navigator.clipboard.writeText(at.message.text).then(() => actions.toast('info', chatWords.copied), () => actions.toast('error', chatWords.copyFailed));
  };
  // The focus is given to the message first: it is what the question gives it back to.
  const ask = () => {
    article?.focus({ preventScroll: true });
    setAsking(true);
  };
  const choices: readonly Choice[] = [
    ...(may.reply ? [{ name: chatWords.reply, icon: Reply, act: () => { onClose(); onReply(at.message); } }] : []),
    ...(may.copy ? [{ name: chatWords.copy, icon: Copy, act: copy }] : []),
    ...(may.edit ? [{ name: chatWords.edit, icon: Pencil, act: () => { onClose(); onEdit(at.message); } }] : []),
    ...(may.remove ? [{ name: chatWords.delete, icon: Trash2, danger: true as const, act: ask }] : []),
  ];
  const remove = () => {
    close();
    void actions.remove(at.message);
  };

  const nothing = choices.length === 0;
  useEffect(() => { if (nothing) onClose(); }, [nothing, onClose]);
  if (nothing) return null;
  if (asking) {
    return <AlertDialog title={chatWords.deleteQuestion} text={chatWords.deleteConsequence} action={chatWords.delete} onAction={remove} onClose={close} />;
  }
  return <Choices choices={choices} anchor={at.anchor} onClose={close} onLeave={onClose} />;
}

interface ChoicesProps {
  readonly choices: readonly Choice[];
  readonly anchor: HTMLElement;
  /** Closed by the keyboard: the focus goes back. */
  readonly onClose: () => void;
  /** Closed because something else is used now. */
  readonly onLeave: () => void;
}

function Choices({ choices, anchor, onClose, onLeave }: ChoicesProps) {
  const menu = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    if ('showPopover' in element) element.showPopover();
    place(element, anchor);
    element.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true });
  }, [anchor]);

  useEffect(() => {
    const outside = (event: Event) => {
      if (event.target instanceof Node && menu.current?.contains(event.target)) return;
      onLeave();
    };
    document.addEventListener('pointerdown', outside, true);
    document.addEventListener('scroll', outside, true);
    window.addEventListener('resize', onLeave);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('scroll', outside, true);
      window.removeEventListener('resize', onLeave);
    };
  }, [onLeave]);

  const key = (event: KeyboardEvent<HTMLElement>) => {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const here = items.findIndex((item) => item === document.activeElement);
    const steps: Readonly<Record<string, number>> = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 };
    const to = steps[event.key];
    if (to !== undefined) items[(to + items.length) % items.length]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={menu} popover="manual" role="menu" aria-label={chatWords.messageMenu} className={css['menu']} onKeyDown={key}>
      {choices.map(({ name, icon: Drawn, danger, act }) => (
        <button key={name} type="button" role="menuitem" tabIndex={-1} className={danger ? css['danger'] : undefined} onClick={act}>
          <Drawn size={16} strokeWidth={1.75} aria-hidden="true" focusable="false" />{name}
        </button>
      ))}
    </div>
  );
}

const kGap = 4;
const kEdge = 8;

/** Below the message, above it where there is no room, and never outside the window. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const [box, size] = [anchor.getBoundingClientRect(), menu.getBoundingClientRect()];
  const below = box.bottom + kGap;
  const top = below + size.height + kEdge <= window.innerHeight ? below : Math.max(kEdge, Math.min(box.top - kGap - size.height, window.innerHeight - size.height - kEdge));
  const own = anchor.closest('[data-state]')?.getAttribute('data-state') !== 'received';
  const left = own ? box.right - size.width : box.left;
  menu.style.setProperty('--top', `${Math.round(top)}px`);
  menu.style.setProperty('--left', `${Math.round(Math.max(kEdge, Math.min(left, window.innerWidth - size.width - kEdge)))}px`);
}
