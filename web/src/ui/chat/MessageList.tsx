// The messages of one conversation: a virtual list that is anchored at its end, so that older pages and own messages never move what is
// read. It takes only what it shows from the state: messages elsewhere do not reach it (R-004-66).
import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { memo, useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import type { ConversationId, Message } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { JumpToLatest } from './JumpToLatest.tsx';
import { ListHead } from './ListHead.tsx';
import { MessageRow } from './MessageRow.tsx';
import { RowContext } from './rowContext.ts';
import { estimatedHeight, keyOf, placeOf } from './rows.ts';
import { useArticleKeys } from './useArticleKeys.ts';
import { useGoTo } from './useGoTo.ts';
import { useJump } from './useJump.ts';
import { useOlder } from './useOlder.ts';
import { type List, useOpening } from './useOpening.ts';
import { usePinned } from './usePinned.ts';
import { usePrepended } from './usePrepended.ts';
import { useReading } from './useReading.ts';
import css from './MessageList.module.css';

const kNone: readonly Message[] = [];
/** Above the oldest message: room for what ListHead says, taken always, so that its words move nothing. */
const kHead = 72;
const kOverscan = 8;
/** Older messages are fetched when so many are left above. */
const kNearStart = 10;
/** That near to the end one reads the end: new messages are followed. */
const kNearEnd = 80;

export interface MessageListProps {
  readonly conversationId: ConversationId;
  /** How to open the menu of a message. */
  readonly openMenu: (message: Message, anchor: HTMLElement) => void;
  /** What to scroll to and mark: a search hit, a link to a message. A new object scrolls again. */
  readonly target: { readonly seq: number } | null;
}

export const MessageList = memo(function MessageList({ conversationId, openMenu, target }: MessageListProps) {
  const thread = useBelfry((state) => state.threads[conversationId]);
  const shown = useBelfry((state) => state.open === conversationId);
  const messages = thread?.messages ?? kNone;
  const firstUnreadSeq = thread?.firstUnreadSeq ?? null;
  const ready = thread?.phase === 'ready';

  const scroller = useRef<HTMLDivElement>(null);
  const listRef = useRef<List | null>(null);
  const current = useCallback((): List => {
    if (!listRef.current) throw new Error('the list is not there yet');
    return listRef.current;
  }, []);
  const { marked, goTo } = useGoTo(conversationId, messages, current, ready, target);
  const row = useMemo(() => ({ openMenu, goTo }), [openMenu, goTo]);
  const keys = useArticleKeys(scroller, messages, row, current);

  const { kept } = keys;
  const list = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback((index: number) => estimatedHeight(messages, index), [messages]),
    getItemKey: useCallback((index: number) => {
      const message = messages[index];
      return message ? keyOf(message) : index;
    }, [messages]),
    rangeExtractor: useCallback((range: Range) => withKept(defaultRangeExtractor(range), kept), [kept]),
    overscan: kOverscan, paddingStart: kHead, paddingEnd: 12, anchorTo: 'end', followOnAppend: true, scrollEndThreshold: kNearEnd,
  });
  useLayoutEffect(() => { listRef.current = list; });
  usePrepended(current, messages);

  const jump = useJump(scroller, list);
  const settled = useOpening(list, ready && shown, messages, firstUnreadSeq);
  const atEnd = messages.length === 0 || list.isAtEnd(kNearEnd);
  usePinned(scroller, list, kNearEnd);
  const lastVisible = settled ? lastWhole(list, messages.length, atEnd) : -1;
  useReading(conversationId, messages, lastVisible);

  const nearStart = settled && (list.range?.startIndex ?? kNearStart) < kNearStart;
  const filled = list.getTotalSize() > (list.scrollRect?.height ?? 0);
  useOlder(conversationId, scroller, settled, ready && nearStart, filled);

  const now = Date.now();
  return (
    <RowContext value={row}>
      <div className={css['frame']}>
        <div ref={scroller} className={css['log']} role="log" aria-label={chatWords.messages} aria-live="off" aria-busy={thread?.phase === 'loading' || undefined}
          tabIndex={0} onKeyDown={keys.onKeyDown} onFocus={keys.onFocus}>
          <div className={css['column']} style={{ blockSize: list.getTotalSize() }}>
            <ListHead conversationId={conversationId} />
            {list.getVirtualItems().map((item) => {
              const message = messages[item.index];
              return message && (
                <div key={item.key} ref={list.measureElement} data-index={item.index} className={css['row']} style={{ transform: `translateY(${item.start}px)` }}>
                  <MessageRow message={message} {...placeOf(messages, item.index, firstUnreadSeq, now)} marked={marked !== null && message.seq === marked} />
                </div>
              );
            })}
          </div>
        </div>
        <JumpToLatest messages={messages} lastVisible={lastVisible} firstUnreadSeq={firstUnreadSeq} away={settled && !atEnd} onJump={jump} />
      </div>
    </RowContext>
  );
});

/** The message with the focus stays mounted however far one scrolls: else the focus would fall out of the page. */
function withKept(range: number[], kept: number): number[] {
  const [first, last] = [range[0], range[range.length - 1]];
  if (kept < 0 || first === undefined || last === undefined || (kept >= first && kept <= last)) return range;
  return kept < first ? [kept, ...range] : [...range, kept];
}

function lastWhole(list: List, count: number, atEnd: boolean): number {
  if (atEnd) return count - 1;
  const last = list.range?.endIndex ?? -1;
  const item = list.measurementsCache[last];
  const bottom = (list.scrollOffset ?? 0) + (list.scrollRect?.height ?? 0);
  return item && item.end > bottom + 8 ? last - 1 : last;
}
