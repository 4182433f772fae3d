import { useEffect, useState } from 'react';

/** True once `what` has been true for so long: a wait that is over at once shows no word. */
export function useLater(what: boolean, ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!what) {
      setLate(false);
      return undefined;
    }
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [what, ms]);
  return late && what;
}
