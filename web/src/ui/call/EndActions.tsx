// What can be done when a call has ended.
import { useLocation } from 'wouter';
import type { Call } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { useActions } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { endChoices } from './ends.ts';
import css from './Stage.module.css';

export function EndActions({ call }: { readonly call: Call }) {
  const actions = useActions();
  const [, go] = useLocation();
  const { again, message } = endChoices(call);
  const write = () => {
    const to = call.conversationId;
    actions.closeEnd();
    if (to !== null) go(`/c/${to}`, { replace: true });
  };
  return (
    <div className={css['ends']}>
      {again && <Button size="large" kind="live" onClick={() => actions.callAgain()}>{again === 'again' ? callWords.callAgain : callWords.callBack}</Button>}
      {message && <Button size="large" className={css['onStage']} onClick={write}>{callWords.sendMessage}</Button>}
      <Button size="large" className={css['onStage']} onClick={() => actions.closeEnd()}>{callWords.close}</Button>
    </div>
  );
}
