// What can be done when a call has ended.
import { MessageSquare, Phone, X } from 'lucide-react';
import { useLocation } from 'wouter';
import type { Call } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { endChoices } from './ends.ts';
import css from './Stage.module.css';

/** To the chat with whom the call was. */
function useWrite(call: Call): () => void {
  const { closeEnd } = useActions();
  const [, go] = useLocation();
  return () => {
    const to = call.conversationId;
    closeEnd();
    if (to !== null) go(`/c/${to}`, { replace: true });
  };
}

const nameOfAgain = (again: 'again' | 'back'): string => (again === 'again' ? callWords.callAgain : callWords.callBack);

/** The same as signs, where room is short. */
export function EndSigns({ call }: { readonly call: Call }) {
  const actions = useActions();
  const write = useWrite(call);
  const { again, message } = endChoices(call);
  const look = { size: 'header', tone: 'stage', tooltip: 'above' } as const;
  return (
    <>
      {again && <IconButton {...look} label={nameOfAgain(again)} icon={Phone} onClick={() => actions.callAgain()} />}
      {message && <IconButton {...look} label={callWords.sendMessage} icon={MessageSquare} onClick={write} />}
      <IconButton {...look} label={callWords.close} icon={X} tooltip="above-end" onClick={() => actions.closeEnd()} />
    </>
  );
}

export function EndActions({ call }: { readonly call: Call }) {
  const actions = useActions();
  const write = useWrite(call);
  const { again, message } = endChoices(call);
  return (
    <div className={css['ends']}>
      {again && <Button size="large" kind="live" onClick={() => actions.callAgain()}>{nameOfAgain(again)}</Button>}
      {message && <Button size="large" className={css['onStage']} onClick={write}>{callWords.sendMessage}</Button>}
      <Button size="large" className={css['onStage']} onClick={() => actions.closeEnd()}>{callWords.close}</Button>
    </div>
  );
}
