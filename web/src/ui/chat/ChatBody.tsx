// Messages, who types, and the composer of one conversation: the lower part of the chat pane, and the chat beside a call's stage.
import { useCallback, useLayoutEffect, useState } from 'react';
import type { ConversationId, Message } from '../../state/model.ts';
import { useActions } from '../use.ts';
import { Composer, type Writing } from './Composer.tsx';
import { DropZone } from './DropZone.tsx';
import { MessageList } from './MessageList.tsx';
import { type MenuAt, MessageMenu } from './MessageMenu.tsx';
import { NoMessages } from './NoMessages.tsx';
import { TypingLine } from './TypingLine.tsx';

export interface ChatBodyProps {
  readonly conversationId: ConversationId;
  /** A message to scroll to and mark; a new object does it again. */
  readonly target?: { readonly seq: number } | null | undefined;
  /** The conversation is not mine, or gone. */
  readonly onMissing?: (() => void) | undefined;
}

export function ChatBody({ conversationId, target = null, onMissing }: ChatBodyProps) {
  const actions = useActions();
  const [writing, setWriting] = useState<Writing>({ kind: 'new' });
  const [menu, setMenu] = useState<MenuAt | null>(null);
  const openMenu = useCallback((message: Message, anchor: HTMLElement) => setMenu({ message, anchor }), []);

  // Before the first paint, so that a conversation whose messages are here is there at once.
  useLayoutEffect(() => {
    let gone = false;
    void actions.show(conversationId).then((found) => {
      if (found === 'missing' && !gone) onMissing?.();
    });
    return () => {
      gone = true;
      void actions.show(null);
    };
  }, [actions, conversationId, onMissing]);

  return (
    <DropZone conversationId={conversationId}>
      <NoMessages conversationId={conversationId} />
      <MessageList key={conversationId} conversationId={conversationId} openMenu={openMenu} target={target} />
      <TypingLine conversationId={conversationId} />
      <Composer key={`composer ${conversationId}`} conversationId={conversationId} writing={writing} onWriting={setWriting} />
      {menu && (
        <MessageMenu key={menu.message.id} at={menu} onClose={() => setMenu(null)}
          onEdit={(message) => setWriting({ kind: 'edit', message })} onReply={(message) => setWriting({ kind: 'reply', message })} />
      )}
    </DropZone>
  );
}
