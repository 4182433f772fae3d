import type { ConversationId } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Empty } from '../parts/Empty.tsx';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { ConversationFace } from './ConversationFace.tsx';
import { titleOf } from './people.ts';
import { useLater } from './useLater.ts';
import css from './ChatPane.module.css';

/** Instead of messages: that there are none yet, that they are on their way, or that they could not come. */
export function NoMessages({ conversationId }: { readonly conversationId: ConversationId }) {
  const empty = useBelfry((state) => (state.threads[conversationId]?.messages.length ?? 0) === 0);
  const phase = useBelfry((state) => state.threads[conversationId]?.phase);
  const name = useBelfry((state) => titleOf(state, state.conversations[conversationId]));
  const group = useBelfry((state) => state.conversations[conversationId]?.kind === 'group');
  const slow = useLater(empty && phase === 'loading', 400);
  const actions = useActions();

  if (!empty || !phase || name === '') return null;
  if (phase === 'failed') {
    return (
      <div className={css['instead']} role="alert">
        <p>{chatWords.loadFailed}</p>
        <Button onClick={() => void actions.reload(conversationId)}>{chatWords.tryAgain}</Button>
      </div>
    );
  }
  if (phase !== 'ready') return slow ? <p className={css['instead']} role="status">{chatWords.loading}</p> : null;
  return (
    <div className={css['instead']}>
      <Empty of="messages" title={group ? chatWords.noGroupMessages(name) : chatWords.noMessages(name)} text={chatWords.sayHello}
        picture={<ConversationFace conversationId={conversationId} size={64} />} />
    </div>
  );
}
