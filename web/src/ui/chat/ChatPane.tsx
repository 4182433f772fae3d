// One conversation: header, messages, composer, and its details beside them (from 1280 px on) or in a sheet.
import { type KeyboardEvent, lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import type { Conversation, ConversationId } from '../../state/model.ts';
import { Sheet } from '../parts/Dialog.tsx';
import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { ChatBody } from './ChatBody.tsx';
import { ChatHeader } from './ChatHeader.tsx';
import { Details } from './Details.tsx';
import { LeftGroup } from './LeftGroup.tsx';
import { ThreadSearchBar } from './ThreadSearchBar.tsx';
import { useWide } from './useWide.ts';
import css from './ChatPane.module.css';

const NotFound = lazy(() => import('../pages/NotFound.tsx'));

/** `left`: I pressed it, and the conversation is about to go. */
type Gone = 'no' | 'missing' | 'left';

export function ChatPane({ conversationId }: { readonly conversationId: ConversationId }) {
  return <Pane key={conversationId} conversationId={conversationId} />;
}

function Pane({ conversationId }: { readonly conversationId: ConversationId }) {
  const known = useBelfry((state) => state.conversations[conversationId] !== undefined);
  const last = useLastKnown(conversationId);
  const [gone, setGone] = useState<Gone>('no');
  const [searching, setSearching] = useState(false);
  const [detailed, setDetailed] = useState(false);
  const wide = useWide();
  const target = useTarget();
  const missing = useCallback(() => setGone('missing'), []);
  const pane = useRef<HTMLElement>(null);
  const closeDetails = useCallback(() => {
    setDetailed(false);
    pane.current?.querySelector<HTMLElement>(`button[aria-label="${chatWords.details}"]`)?.focus();
  }, []);

  if (!known && last) return <LeftGroup conversation={last} left={gone === 'left'} />;
  if (gone === 'missing') return <Suspense><NotFound what="conversation" /></Suspense>;

  const details = detailed && known && (
    <Details conversationId={conversationId} onLeft={() => setGone('left')} onClose={wide ? closeDetails : undefined} />
  );
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    // A dialog in the details closes by it, and by nothing else.
    if (event.target instanceof Element && event.target.closest('dialog')) return;
    // DESIGN §13: search first, then details, then the field, which is left for the messages.
    if (searching) setSearching(false);
    else if (detailed && wide) closeDetails();
    else pane.current?.querySelector<HTMLElement>(event.target instanceof HTMLTextAreaElement ? '[role="log"]' : 'textarea')?.focus();
  };
  return (
    <section ref={pane} className={css['pane']} data-conversation={conversationId} onKeyDown={key}>
      <div className={css['main']}>
        <ChatHeader conversationId={conversationId} searching={searching} detailed={detailed}
          onSearch={() => setSearching(!searching)} onDetails={() => setDetailed(!detailed)} />
        {searching && <ThreadSearchBar conversationId={conversationId} onClose={() => setSearching(false)} />}
        <ChatBody conversationId={conversationId} target={target} onMissing={missing} />
      </div>
      {details && wide && <div className={css['side']}>{details}</div>}
      {details && !wide && <Sheet title={chatWords.details} onClose={() => setDetailed(false)}>{details}</Sheet>}
    </section>
  );
}

/** The conversation as it was before it went away, for its name. */
function useLastKnown(id: ConversationId): Conversation | null {
  const now = useBelfry((state) => state.conversations[id]);
  const [last, setLast] = useState(now ?? null);
  // Not in an effect: see useSeen.
  if (now && now !== last) setLast(now);
  return now ?? last;
}

/** The message to lead to: the search hit that is shown, else `?message=SEQ` of the address. */
function useTarget(): { readonly seq: number } | null {
  const hit = useBelfry((state) => state.threadSearch?.hits[state.threadSearch.at]?.message ?? null);
  const asked = Number(new URLSearchParams(useSearch()).get('message') ?? Number.NaN);
  const seq = hit?.seq ?? (Number.isSafeInteger(asked) ? asked : null);
  return useMemo(() => (seq === null ? null : { seq }), [seq]);
}
