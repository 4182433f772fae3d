// Groups and their members, and whom I do not want to hear of: muted conversations, blocked people.
import type { ChatActions, Done } from '../state/actions.ts';
import type { Conversation, ConversationId, UserId } from '../state/model.ts';
import { type Membership, kForGood, withMembership } from '../state/muting.ts';
import { withBlocked } from '../state/people.ts';
import type { Answer, WireError } from '../wire/ports.ts';
import type { ServerConversation } from '../wire/shapes.ts';
import type { ChatContext } from './chat_context.ts';
import type { ConversationList } from './chat_list.ts';
import { refusalFrom } from './refusals.ts';

export type Groups = Pick<ChatActions, 'createGroup' | 'renameGroup' | 'addMembers' | 'removeMember' | 'leaveGroup' | 'mute' | 'ringForCalls' | 'block'>;

/** `removed`: this conversation is not mine any more. `refused`: a request without a form was refused; somebody has to hear of it. */
export function makeGroups(
  chat: ChatContext, conversations: ConversationList, removed: (id: ConversationId) => void, refused: (error: WireError) => void,
): Groups {
  function changed(answer: Answer<ServerConversation | null>): Done<null> {
    if (!answer.ok) return { ok: false, refusal: refusalFrom(answer.error) };
    conversations.put(answer.data, { unread: true });
    return { ok: true, value: null };
  }

  /** Shown at once, and taken back when the server refuses it. */
  async function setMembership(id: ConversationId, membership: Membership, of: (before: Conversation) => Membership): Promise<void> {
    const before = chat.store.getState().conversations[id];
    if (!before) return;
    const set = (to: Membership): void => chat.store.change((state) => ({ conversations: withMembership(state.conversations, id, to) }));
    set(membership);
    const answer = await chat.api.setMembership(id, membership);
    if (answer.ok) return void conversations.put(answer.data, { unread: true });
    set(of(before));
    refused(answer.error);
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
    mute: (id, muted) => setMembership(id, { mutedUntil: muted ? kForGood : null }, (before) => ({ mutedUntil: before.mutedUntil ?? null })),
    ringForCalls: (id, ring) => setMembership(id, { callsRing: ring }, (before) => ({ callsRing: before.callsRing })),
    async block(user: UserId, blocked) {
      const answer = await chat.people.block(user, blocked);
      if (!answer.ok) return refused(answer.error);
      chat.store.change((state) => ({ people: withBlocked(state.people, user, blocked) }));
    },
  };
}
