import type { ConversationId, State } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { nameOf } from './people.ts';
import css from './ChatPane.module.css';

const words = (state: State, conversation: ConversationId): string =>
  chatWords.typing((state.typing[conversation] ?? []).map((user) => nameOf(state, user)));

/** Its line is always there, so that it moves nothing when somebody begins to type. */
export function TypingLine({ conversationId }: { readonly conversationId: ConversationId }) {
  return <p className={css['typing']} data-part="typing">{useBelfry((state) => words(state, conversationId))}</p>;
}
