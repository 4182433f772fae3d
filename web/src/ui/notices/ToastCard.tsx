import { BellRing, CircleAlert, Info, PhoneMissed, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { State, Toast } from '../../state/model.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import css from './Toasts.module.css';

const kStaysMs = 6000;

/** Who it is about; null: nobody. */
const personOf = (state: State, toast: Toast) => {
  const id = toast.kind === 'message' ? toast.senderId : toast.kind === 'missed-call' ? toast.callerId : null;
  return id ? state.people[id] : undefined;
};

function wordsOf(toast: Toast, name: string): string {
  switch (toast.kind) {
    case 'message': return chatWords.toastMessage(name, toast.text);
    case 'missed-call': return chatWords.missedCall(name);
    case 'notifications-offer': return chatWords.offerNotifications;
    case 'info':
    case 'error': return toast.text;
  }
}

export function ToastCard({ toast }: { readonly toast: Toast }) {
  const actions = useActions();
  const [, navigate] = useLocation();
  const person = useBelfry((state) => personOf(state, toast));
  const { held, holds } = useHeld();
  const offer = toast.kind === 'notifications-offer';
  const stays = toast.kind === 'error' || offer || held;
  const name = person?.name ?? chatWords.someone;
  const dismiss = () => actions.dismissToast(toast.id);

  useEffect(() => {
    if (stays) return undefined;
    const timer = setTimeout(() => actions.dismissToast(toast.id), kStaysMs);
    return () => clearTimeout(timer);
  }, [actions, stays, toast.id]);

  const conversation = 'conversationId' in toast ? toast.conversationId : null;
  const error = toast.kind === 'error';
  return (
    // The announcer says what messages and calls bring (DESIGN §12): spoken once, not twice.
    <div className={cx(css['toast'], error && css['error'])} data-toast={offer ? 'info' : toast.kind} data-conversation={conversation ?? undefined}
      role={error ? 'alert' : 'status'} aria-live={isAnnounced(toast) ? 'off' : undefined} {...holds}>
      <span className={css['sign']}>{signOf(toast, name, person?.avatar)}</span>
      <p className={css['words']}>{wordsOf(toast, name)}</p>
      <span className={css['buttons']}>
        {toast.kind === 'message' && (
          <Button kind="quiet" size="small" onClick={() => { navigate(`/c/${toast.conversationId}`); dismiss(); }}>{chatWords.openChat}</Button>
        )}
        {toast.kind === 'missed-call' && (
          <Button kind="quiet" size="small" onClick={() => { actions.callUser(toast.callerId, toast.type); dismiss(); }}>{chatWords.callBack}</Button>
        )}
        {offer && <Button kind="quiet" size="small" onClick={() => { void actions.setNotifications(true); dismiss(); }}>{chatWords.turnOn}</Button>}
        {offer && <Button kind="quiet" size="small" onClick={dismiss}>{chatWords.no}</Button>}
      </span>
      {!offer && <IconButton className={css['close']} label={chatWords.dismiss} icon={X} size="list" tooltip="none" onClick={dismiss} />}
    </div>
  );
}

const isAnnounced = (toast: Toast): boolean =>
  toast.kind === 'message' || toast.kind === 'missed-call' || ('announced' in toast && toast.announced === true);

function signOf(toast: Toast, name: string, avatar: string | undefined): ReactNode {
  switch (toast.kind) {
    case 'message': return <Avatar id={toast.senderId} name={name} src={avatar} size={32} />;
    case 'missed-call': return <PhoneMissed size={20} strokeWidth={1.75} aria-hidden="true" />;
    case 'notifications-offer': return <BellRing size={20} strokeWidth={1.75} aria-hidden="true" />;
    case 'info': return <Info size={20} strokeWidth={1.75} aria-hidden="true" />;
    case 'error': return <CircleAlert size={20} strokeWidth={1.75} aria-hidden="true" />;
  }
}

/** Pointed at, or with the focus in it. */
function useHeld() {
  const [over, setOver] = useState(false);
  const [within, setWithin] = useState(false);
  return {
    held: over || within,
    holds: {
      onPointerEnter: () => setOver(true), onPointerLeave: () => setOver(false), onFocus: () => setWithin(true), onBlur: () => setWithin(false),
    },
  };
}
