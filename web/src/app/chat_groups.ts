// Groups and their members, and people whom I block.
import type { ChatActions, Done } from '../state/actions.ts';
import type { ConversationId, UserId } from '../state/model.ts';
import { withBlocked } from '../state/people.ts';
import type { Answer, WireError } from '../wire/ports.ts';
import type { ServerConversation } from '../wire/shapes.ts';
import type { ChatContext } from './chat_context.ts';
import type { ConversationList } from './chat_list.ts';
import { refusalFrom } from './refusals.ts';

export type Groups = Pick<ChatActions, 'createGroup' | 'renameGroup' | 'addMembers' | 'removeMember' | 'leaveGroup' | 'block'>;

/** `removed`: this conversation is not mine any more. `refused`: a request without a form was refused; somebody has to hear of it. */
export function makeGroups(
  chat: ChatContext, conversations: ConversationList, removed: (id: ConversationId) => void, refused: (error: WireError) => void,
): Groups {
  function changed(answer: Answer<ServerConversation | null>): Done<null> {
    if (!answer.ok) return { ok: false, refusal: refusalFrom(answer.error) };
    conversations.put(answer.data, { unread: true });
    return { ok: true, value: null };
  }

  return {
    async createGroup(title, members) {
      const answer = await chat.api.createGroup(title.trim(), members);
      if (!answer.ok) return { ok: false, refusal: refusalFrom(answer.error) };
      const made = conversations.put(answer.data, {});
      return made ? { ok: true, value: made.id }
        : { ok: false, refusal: { code: 'INTERNAL', fields: {}, retryAfterSeconds: null, requestId: null } };
    },
    renameGroup: async (id, title) => changed(await chat.api.renameGroup(id, title.trim())),
    addMembers: async (id, users) => changed(await chat.api.addMembers(id, users)),
    removeMember: async (id, user) => changed(await chat.api.removeMember(id, user)),
    async leaveGroup(id) {
      const answer = await chat.api.leave(id);
      // Not in it: somebody removed me while I was leaving.
      if (!answer.ok && answer.error.code !== 'NOT_PARTICIPANT') return { ok: false, refusal: refusalFrom(answer.error) };
      removed(id);
      return { ok: true, value: null };
    },
    async block(user: UserId, blocked) {
      const answer = await chat.people.block(user, blocked);
      if (!answer.ok) return refused(answer.error);
      chat.store.change((state) => ({ people: withBlocked(state.people, user, blocked) }));
    },
  };
}
