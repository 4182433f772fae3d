import { useEffect, useRef, useState } from 'react';

/** `value`, but not changed more often than each `ms`: what people look at must not jump. */
export function useSteady<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const changedAt = useRef(0);
  useEffect(() => {
    if (Object.is(shown, value)) return undefined;
    const timer = setTimeout(() => {
      changedAt.current = Date.now();
      setShown(value);
    }, Math.max(0, changedAt.current + ms - Date.now()));
    return () => clearTimeout(timer);
  }, [shown, value, ms]);
  return shown;
}
