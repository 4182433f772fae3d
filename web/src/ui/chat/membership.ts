import type { ConversationId, Role } from '../../state/model.ts';
import { useBelfry } from '../use.ts';

/** Whether the conversation is still mine. */
export const useIsMember = (conversation: ConversationId): boolean =>
  useBelfry((state) => state.conversations[conversation] !== undefined);

/** My role in a group; `member` in a direct conversation. */
export const useOwnRole = (conversation: ConversationId): Role =>
  useBelfry((state) => {
    const me = state.me?.id;
    return state.conversations[conversation]?.members.find((member) => member.userId === me)?.role ?? 'member';
  });
