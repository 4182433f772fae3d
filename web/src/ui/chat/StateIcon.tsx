import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react';
import type { MessageState } from '../../state/model.ts';
import { chatWords } from '../words/chat.en.ts';
import css from './Bubble.module.css';

const kIcons = { sending: Clock, failed: CircleAlert, sent: Check, delivered: CheckCheck, read: CheckCheck } as const;

/** How far an own message got, as a sign whose name is the word (DESIGN §6). */
export function StateIcon({ state }: { readonly state: MessageState }) {
  if (state === 'received') return null;
  const Icon = kIcons[state];
  return (
    <span className={css['state']} data-part="state" data-state-icon={state} role="img" aria-label={chatWords.state[state]}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" focusable="false" />
    </span>
  );
}
