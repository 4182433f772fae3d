import type { ConversationId, Person, State } from '../../state/model.ts';
import { Avatar, type AvatarSize, GroupAvatar } from '../parts/Avatar.tsx';
import { useBelfry } from '../use.ts';
import { titleOf } from './people.ts';

export interface ConversationFaceProps {
  readonly conversationId: ConversationId;
  readonly size: AvatarSize;
  /** Draws the dot of the other one of a direct conversation. */
  readonly presence?: boolean | undefined;
  readonly className?: string | undefined;
}

/** The other one's face; of a group its picture, else the faces of two of its members. */
export function ConversationFace({ conversationId, size, presence = false, className }: ConversationFaceProps) {
  const name = useBelfry((state) => titleOf(state, state.conversations[conversationId]));
  const group = useBelfry((state) => state.conversations[conversationId]?.kind === 'group');
  const picture = useBelfry((state) => state.conversations[conversationId]?.avatar);
  const first = useBelfry((state) => otherAt(state, conversationId, 0));
  const second = useBelfry((state) => otherAt(state, conversationId, 1));
  if (group) return <GroupAvatar id={conversationId} title={name} src={picture} size={size} members={first && second ? [first, second] : []} className={className} />;
  return <Avatar id={first?.id ?? conversationId} name={name} src={first?.avatar} size={size} presence={presence ? first?.presence : undefined} className={className} />;
}

function otherAt(state: State, id: ConversationId, at: number): Person | undefined {
  const conversation = state.conversations[id];
  if (conversation?.otherId) return at === 0 ? state.people[conversation.otherId] : undefined;
  const other = conversation?.members.filter((member) => member.userId !== state.me?.id)[at];
  return other ? state.people[other.userId] : undefined;
}
