// The calls of one filter, page by page. When a call of mine ends, its newest page is asked again: nobody has to reload (R-001-28).
import { useCallback, useEffect, useRef, useState } from 'react';
import type { HistoryEntry, HistoryFilter } from '../../state/actions.ts';
import { useActions, useBelfry } from '../use.ts';

export interface History {
  readonly calls: readonly HistoryEntry[];
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly more: 'none' | 'idle' | 'loading' | 'failed';
  readonly loadMore: () => void;
  readonly reload: () => void;
}

interface Loaded {
  readonly filter: HistoryFilter;
  readonly calls: readonly HistoryEntry[];
  readonly next: string | null;
  readonly phase: History['phase'];
  readonly more: 'idle' | 'loading' | 'failed';
}

const nothing = (filter: HistoryFilter): Loaded => ({ filter, calls: [], next: null, phase: 'loading', more: 'idle' });

/** What is newer first; of a call that both have, the newer answer. */
function joined(newer: readonly HistoryEntry[], older: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const known = new Set(newer.map(({ id }) => id));
  return [...newer, ...older.filter(({ id }) => !known.has(id))];
}

/** Changes whenever a call of mine begins or ends. */
export const useCallTurns = (): string =>
  useBelfry(({ call, incoming }) => `${call && call.phase !== 'ended' ? call.id ?? 'new' : ''} ${incoming?.id ?? ''}`);

export function useHistory(filter: HistoryFilter): History {
  const { loadHistory } = useActions();
  const [loaded, setLoaded] = useState(() => nothing(filter));
  const turns = useCallTurns();
  const current = useRef(filter);

  const reload = useCallback(async () => {
    current.current = filter;
    setLoaded((before) => (before.filter === filter && before.phase === 'ready' ? before : nothing(filter)));
    const answer = await loadHistory(filter, null);
    if (current.current !== filter) return;
    setLoaded((before) => {
      if (!answer.ok) return before.phase === 'ready' ? before : { ...before, phase: 'failed' };
      const { calls, next } = answer.value;
      const again = before.phase === 'ready' && before.calls.length > 0;
      return { ...before, phase: 'ready', calls: joined(calls, before.calls), next: again ? before.next : next };
    });
  }, [filter, loadHistory]);

  useEffect(() => { void reload(); }, [reload, turns]);

  const shown = loaded.filter === filter ? loaded : nothing(filter);
  const { next } = shown;
  const loadMore = async () => {
    if (next === null || shown.more === 'loading') return;
    setLoaded((before) => ({ ...before, more: 'loading' }));
    const answer = await loadHistory(filter, next);
    if (current.current !== filter) return;
    setLoaded((before) => (answer.ok
      ? { ...before, more: 'idle', calls: joined(before.calls, answer.value.calls), next: answer.value.next }
      : { ...before, more: 'failed' }));
  };
  return {
    calls: shown.calls, phase: shown.phase, more: next === null ? 'none' : shown.more,
    loadMore: () => void loadMore(), reload: () => void reload(),
  };
}
