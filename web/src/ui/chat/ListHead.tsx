import { Button } from '../parts/Button.tsx';
import { useActions, useBelfry } from '../use.ts';
import type { ConversationId } from '../../state/model.ts';
import { chatWords } from '../words/chat.en.ts';
import { titleOf } from './people.ts';
import css from './MessageList.module.css';

/** What stands above the oldest message: that there is no older one, that one is on its way, or that it could not come. */
export function ListHead({ conversationId }: { readonly conversationId: ConversationId }) {
  const actions = useActions();
  const older = useBelfry((state) => state.threads[conversationId]?.older);
  const empty = useBelfry((state) => (state.threads[conversationId]?.messages.length ?? 0) === 0);
  const group = useBelfry((state) => state.conversations[conversationId]?.kind === 'group');
  const name = useBelfry((state) => titleOf(state, state.conversations[conversationId]));
  if (empty) return null;
  return (
    <div className={css['head']}>
      {older === 'loading' && <p data-part="loading-older">{chatWords.loadingOlder}</p>}
      {older === 'failed' && (
        <p role="alert">{chatWords.olderFailed} <Button kind="quiet" size="small" onClick={() => void actions.loadOlder(conversationId)}>{chatWords.tryAgain}</Button></p>
      )}
      {older === 'none-left' && name !== '' && <p data-part="beginning">{group ? chatWords.groupBeginning(name) : chatWords.beginning(name)}</p>}
    </div>
  );
}
