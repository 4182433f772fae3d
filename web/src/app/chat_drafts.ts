// What is being written, per conversation; kept on the disk. While one is being stored only the last of those that follow waits, so that
// fast typing writes as often as the disk allows and no more.
import type { ConversationId } from '../state/model.ts';
import type { ChatContext } from './chat_context.ts';

export interface Drafts {
  set(conversation: ConversationId, text: string): void;
  restore(drafts: Readonly<Record<ConversationId, string>>): void;
  clear(): void;
}

export function makeDrafts(chat: ChatContext): Drafts {
  const waiting = new Map<ConversationId, string>();
  let busy = false;

  async function store(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let [next] = waiting; next; [next] = waiting) {
      const [conversation, text] = next;
      waiting.delete(conversation);
      const me = chat.myId();
      if (me !== null) await chat.disk.draft(me, conversation, text);
    }
    busy = false;
  }

  return {
    set(conversation, text) {
      if ((chat.store.getState().drafts[conversation] ?? '') === text) return;
      chat.store.change((state) => {
        const { [conversation]: _, ...others } = state.drafts;
        return { drafts: text === '' ? others : { ...others, [conversation]: text } };
      });
      waiting.set(conversation, text);
      void store();
    },
    restore: (drafts) => chat.store.change((state) => ({ drafts: { ...drafts, ...state.drafts } })),
    clear: () => waiting.clear(),
  };
}
