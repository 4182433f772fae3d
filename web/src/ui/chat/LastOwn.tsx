import { useId } from 'react';
import type { Conversation, ConversationId, State } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { nameOf } from './people.ts';
import { plainText } from './say.ts';
import css from './Details.module.css';

/** Who got and who read my last message: in a group its sign says only what holds for everybody. */
export function LastOwn({ conversationId }: { readonly conversationId: ConversationId }) {
  const id = useId();
  const last = useBelfry((state) => state.threads[conversationId]?.messages.findLast((message) => message.state !== 'received' && message.seq !== null
    && message.deletedAt === null && (message.kind === 'text' || message.kind === 'file')));
  const seq = last?.seq ?? null;
  const words = useBelfry((state) => (seq === null ? '' : reachedWords(state, state.conversations[conversationId], seq)));
  if (!last || seq === null) return null;
  return (
    <div className={css['part']} data-part="last-own">
      <h3 id={id}>{chatWords.lastOwn}</h3>
      <p className={css['oneLine']}>{plainText(last)}</p>
      <p className={css['small']}>{words}</p>
    </div>
  );
}

export function reachedWords(state: State, conversation: Conversation | undefined, seq: number): string {
  const others = conversation?.members.filter((member) => member.userId !== state.me?.id) ?? [];
  const read = others.filter((member) => member.readUpToSeq >= seq);
  const delivered = others.filter((member) => member.readUpToSeq < seq && member.deliveredUpToSeq >= seq);
  const names = (members: typeof others) => members.map((member) => nameOf(state, member.userId));
  return chatWords.readUpTo(names(read), names(delivered)) || chatWords.nobodyYet;
}
