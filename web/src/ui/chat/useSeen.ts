import { useState } from 'react';
import type { Message } from '../../state/model.ts';
import { newSince, seqUpTo } from './rows.ts';

/**
 * How many messages of others came that were not on the screen yet: what `Jump to latest` counts. What was seen is noted while rendering,
 * not in an effect: messages may come faster than React runs what an effect asks for, and fifty such remainders in a row it takes for a loop.
 */
export function useSeen(messages: readonly Message[], lastVisible: number, firstUnreadSeq: number | null): number {
  const [seen, setSeen] = useState<number | null>(null);
  const now = lastVisible < 0 ? seen : Math.max(seen ?? (firstUnreadSeq === null ? 0 : firstUnreadSeq - 1), seqUpTo(messages, lastVisible));
  if (now !== seen) setSeen(now);
  return now === null || lastVisible < 0 ? 0 : newSince(messages, now);
}
