// The second line of a row: the one thing about this conversation that is worth a line now.
import type { Conversation, Presence, State } from '../../state/model.ts';
import { plainText } from '../chat/say.ts';
import * as words from '../words/page.en.ts';

export interface Snippet {
  readonly text: string;
  readonly look: 'plain' | 'live' | 'draft' | 'presence';
}

export function snippetOf(state: State, conversation: Conversation | null, presence: Presence | null): Snippet {
  if (conversation === null) return { text: presence === null ? '' : words.presence(presence), look: 'presence' };
  const group = conversation.kind === 'group';
  const typing = state.typing[conversation.id] ?? [];
  const [typist] = typing;
  if (typist !== undefined) return { text: group ? words.isTyping(nameOf(state, typist)) : words.typing, look: 'live' };
  if (conversation.activeCallId !== null) return { text: words.callRuns, look: 'live' };
  const draft = state.drafts[conversation.id] ?? '';
  if (draft.trim() !== '' && state.open !== conversation.id) return { text: words.draft(draft), look: 'draft' };
  // In words too: a dot alone tells nothing. What is unread is worth more.
  if (presence === 'busy' && conversation.unread === 0) return { text: words.inCall, look: 'presence' };
  const last = conversation.lastMessage;
  if (!last) return { text: presence === null ? '' : words.presence(presence), look: 'presence' };
  const text = plainText(last);
  const said = group && (last.kind === 'text' || last.kind === 'file') && !last.deletedAt;
  return { text: said ? words.by(nameOf(state, last.senderId), text) : text, look: 'plain' };
}

const nameOf = (state: State, user: string): string => (state.me?.id === user ? words.you : state.people[user]?.name ?? words.someone);
