import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { messageById, nameOf } from './people.ts';
import { useRow } from './rowContext.ts';
import { plainText } from './say.ts';
import css from './Bubble.module.css';

/** The message that is replied to, in one line above the reply; it leads there. */
export function ReplyQuote({ conversationId, replyTo }: { readonly conversationId: string; readonly replyTo: string }) {
  const row = useRow();
  const quoted = useBelfry((state) => messageById(state.threads[conversationId]?.messages, replyTo));
  const who = useBelfry((state) => (quoted ? nameOf(state, quoted.senderId) : ''));
  const seq = quoted?.seq ?? null;
  if (!quoted || seq === null) return <p className={css['quote']} data-part="reply">{chatWords.replyGone}</p>;
  return (
    <button type="button" className={css['quote']} data-part="reply" onClick={() => row.goTo(seq)}>
      <span className={css['quoteWho']}>{who}</span>
      <span className={css['quoteText']}>{plainText(quoted)}</span>
    </button>
  );
}
