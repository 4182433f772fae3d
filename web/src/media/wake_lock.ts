// Keeps the screen on in a call with pictures. The browser lets go of the lock when the page is hidden, so it is asked for again then.
export function keepScreenOn(): () => void {
  let held: WakeLockSentinel | null = null;
  let over = false;
  const ask = async (): Promise<void> => {
    if (over || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      if (over) await lock.release();
      else held = lock;
    } catch {
      // A low battery, or a policy: the call goes on all the same.
    }
  };
  const seen = (): void => void ask();
  document.addEventListener('visibilitychange', seen);
  void ask();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', seen);
    void held?.release();
    held = null;
  };
}
