// When an older page comes, the row that was the oldest loses what stood above its message: the day, often the name. The list anchors rows by
// their top, so its message would move by that; this keeps the message itself where it is read.
import { useLayoutEffect, useRef } from 'react';
import type { Message } from '../../state/model.ts';
import { keyOf } from './rows.ts';
import type { List } from './useOpening.ts';

export function usePrepended(list: () => List, messages: readonly Message[]): void {
  const first = useRef<string | null>(null);
  const changed = useRef<string | null>(null);

  useLayoutEffect(() => {
    const oldest = messages[0] ? keyOf(messages[0]) : null;
    if (first.current !== null && first.current !== oldest) changed.current = first.current;
    first.current = oldest;
  }, [messages]);

  useLayoutEffect(() => {
    list().shouldAdjustScrollPositionOnItemSizeChange = (item, _, instance) => {
      const top = instance.scrollOffset ?? 0;
      if (item.key === changed.current) {
        changed.current = null;
        return true;
      }
      // As the list does by itself: estimates are mended above the fold, changes only if they are wholly above it.
      if (!instance.itemSizeCache.has(item.key)) return item.start < top || isPrepended(instance, item.index, first.current);
      return item.end <= top && instance.scrollDirection !== 'backward';
    };
  }, [list]);
}

/** Rows are measured as they are mounted, before the effect above: then the oldest message is still the former one. */
function isPrepended(list: List, index: number, oldest: string | null): boolean {
  const { count, getItemKey } = list.options;
  if (oldest === null || getItemKey(0) === oldest) return false;
  for (let at = index + 1; at < count; at += 1) if (getItemKey(at) === oldest) return true;
  return false;
}
