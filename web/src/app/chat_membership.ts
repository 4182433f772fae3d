// What I set for myself in a conversation: it is shown at once, and the server is told one change at a time, so that of several the last one stays.
import type { ChatActions } from '../state/actions.ts';
import type { Conversation, ConversationId, Membership, State, UserId } from '../state/model.ts';
import { kForGood, withMembership, withoutWanted, withWanted } from '../state/muting.ts';
import type { WireError } from '../wire/ports.ts';
import type { ChatContext } from './chat_context.ts';
import type { ConversationList } from './chat_list.ts';

/** `refused`: the server did not take it; somebody has to hear of it. */
export function makeMembership(
  chat: ChatContext, conversations: ConversationList, refused: (error: WireError) => void,
): Pick<ChatActions, 'mute' | 'ringForCalls'> {
  const running = new Map<string, Promise<void>>();
  const held = (id: ConversationId): Conversation | undefined => chat.store.getState().conversations[id];
  const change = (how: (all: State['conversations']) => State['conversations']): void =>
    chat.store.change((state) => ({ conversations: how(state.conversations) }));

  /** False: nobody waits for what else was wanted. */
  async function ask(me: UserId, id: ConversationId, wanted: Membership): Promise<boolean> {
    const answer = await chat.api.setMembership(id, wanted);
    if (chat.myId() !== me || !held(id)) return false;
    if (answer.ok) {
      // Whether or not the answer can be read.
      change((all) => withMembership(all, id, wanted));
      conversations.put(answer.data, { unread: true });
      conversations.touch(id, { membership: true });
    } else refused(answer.error);
    change((all) => withoutWanted(all, id, wanted));
    return true;
  }

  /** Until the server has answered all that is wanted. */
  async function askForAll(me: UserId, id: ConversationId, key: string): Promise<void> {
    try {
      let wanted = held(id)?.wanted;
      while (wanted && (await ask(me, id, wanted))) wanted = held(id)?.wanted;
    } finally {
      running.delete(key);
    }
  }

  function want(id: ConversationId, wanted: Membership): Promise<void> {
    const me = chat.myId();
    if (me === null || !held(id)) return Promise.resolve();
    change((all) => withWanted(all, id, wanted));
    const key = `${me} ${id}`;
    const asking = running.get(key) ?? askForAll(me, id, key);
    running.set(key, asking);
    return asking;
  }

  return {
    mute: (id, muted) => want(id, { mutedUntil: muted ? kForGood : null }),
    ringForCalls: (id, ring) => want(id, { callsRing: ring }),
  };
}
