// Live media in components. A stream is no state: it is read again whenever one came, went or was replaced.
import { type RefObject, useCallback, useEffect, useSyncExternalStore } from 'react';
import type { Streams } from '../../state/actions.ts';
import type { UserId } from '../../state/model.ts';
import { useStreams } from '../use.ts';

export function useStream(read: (streams: Streams) => MediaStream | null): MediaStream | null {
  const streams = useStreams();
  const watch = useCallback((changed: () => void) => streams.watch(changed), [streams]);
  return useSyncExternalStore(watch, () => read(streams));
}

const kLevelEveryMs = 80;

/** Writes the loudness, 0 to 1, into the CSS variable `--level`: no render, and no timer while `active` is false. */
export function useLevel(target: RefObject<HTMLElement | null>, user: UserId | 'self', active: boolean): void {
  const streams = useStreams();
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(() => target.current?.style.setProperty('--level', streams.level(user).toFixed(2)), kLevelEveryMs);
    return () => clearInterval(timer);
  }, [streams, target, user, active]);
}
