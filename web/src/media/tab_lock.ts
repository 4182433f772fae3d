// A Web Lock that one tab of a browser has: when it gives it back, or closes, the next one that waits gets it.

export type Locks = Pick<LockManager, 'request' | 'query'>;

/** `granted` when this tab has it. Returns how to give it back, or to stop waiting for it. */
export function holdLock(locks: Locks, name: string, granted: () => void): () => void {
  const waiting = new AbortController();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => { release = resolve; });
  locks.request(name, { signal: waiting.signal }, () => {
    granted();
    return held;
  }).catch(() => {});  // given up before it was this tab's turn
  return () => {
    waiting.abort();
    release();
  };
}
