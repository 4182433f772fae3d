// Who types where, in the order in which they began.
import type { ConversationId, State, UserId } from './model.ts';

type Typing = State['typing'];

export function withTyping(typing: Typing, conversation: ConversationId, user: UserId, types: boolean): Typing {
  const now = typing[conversation] ?? [];
  if (now.includes(user) === types) return typing;
  const next = types ? [...now, user] : now.filter((each) => each !== user);
  return next.length > 0 ? { ...typing, [conversation]: next } : withoutTyping(typing, conversation);
}

export function withoutTyping(typing: Typing, conversation: ConversationId): Typing {
  if (!(conversation in typing)) return typing;
  const { [conversation]: gone, ...rest } = typing;
  return gone ? rest : typing;
}
