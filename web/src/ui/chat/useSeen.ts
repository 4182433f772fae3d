import { useEffect, useState } from 'react';
import type { Message } from '../../state/model.ts';
import { newSince, seqUpTo } from './rows.ts';

/** How many messages of others came that were not on the screen yet: what `Jump to latest` counts. */
export function useSeen(messages: readonly Message[], lastVisible: number, firstUnreadSeq: number | null): number {
  const [seen, setSeen] = useState<number | null>(null);
  const now = lastVisible < 0 ? null : Math.max(seen ?? (firstUnreadSeq === null ? 0 : firstUnreadSeq - 1), seqUpTo(messages, lastVisible));
  useEffect(() => {
    if (now !== null && now !== seen) setSeen(now);
  }, [now, seen]);
  return now === null ? 0 : newSince(messages, now);
}
