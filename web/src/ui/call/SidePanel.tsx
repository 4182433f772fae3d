// Beside the stage, or over its lower half: the chat of the call's conversation, and the quality of the connection.
import { lazy, Suspense } from 'react';
import type { Call } from '../../state/model.ts';
import { ErrorBoundary } from '../parts/ErrorBoundary.tsx';
import { callWords } from '../words/call.en.ts';
import { useName } from './names.ts';
import { QualityPanel } from './QualityPanel.tsx';
import css from './Stage.module.css';

const ChatBody = lazy(() => import('../chat/ChatBody.tsx').then((chat) => ({ default: chat.ChatBody })));

interface SidePanelProps {
  readonly call: Call;
  readonly chat: boolean;
  readonly quality: boolean;
  readonly onCloseQuality: () => void;
}

export function SidePanel({ call, chat, quality, onCloseQuality }: SidePanelProps) {
  const name = useName(call.participants[0]?.userId ?? call.otherId);
  return (
    <>
      {quality && (
        <div className={css['quality']} data-surface="stage">
          <QualityPanel name={name} connected={call.phase !== 'reconnecting' || !call.reconnectingMine} onClose={onCloseQuality} />
        </div>
      )}
      {chat && call.conversationId !== null && (
        <section aria-label={callWords.chatBeside} className={css['chat']}>
          <ErrorBoundary><Suspense fallback={null}><ChatBody conversationId={call.conversationId} /></Suspense></ErrorBoundary>
        </section>
      )}
    </>
  );
}
