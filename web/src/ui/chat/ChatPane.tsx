import type { ConversationId } from '../../state/model.ts';

/** The whole of one conversation: header, messages, composer, and its details beside or above. */
export function ChatPane({ conversationId }: { readonly conversationId: ConversationId }) {
  return <section data-conversation={conversationId} />;
}
