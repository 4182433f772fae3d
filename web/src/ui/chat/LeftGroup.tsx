import { Link } from 'wouter';
import type { Conversation } from '../../state/model.ts';
import { chatWords } from '../words/chat.en.ts';
import css from './ChatPane.module.css';

/** Instead of a conversation that I am no longer in. */
export function LeftGroup({ conversation, left }: { readonly conversation: Conversation; readonly left: boolean }) {
  return (
    <section className={css['left']} data-part="left">
      <h1 tabIndex={-1}>{conversation.title ?? chatWords.someone}</h1>
      <p role="status">{left ? chatWords.youLeft : chatWords.removed}</p>
      <p><Link href="/">{chatWords.backToChats}</Link></p>
    </section>
  );
}
