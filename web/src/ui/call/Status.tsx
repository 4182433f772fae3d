// The sentence of a call. In a call its timer is one text node that changes once a second, on the second of the server's `startedAt`.
import { useEffect, useState } from 'react';
import type { Call } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { callNameOf, nameOf } from './names.ts';

/** Milliseconds since 1970, anew at each full second after `from`; stands still without one. */
function useSeconds(from: string | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (from === null) return undefined;
    const start = Date.parse(from);
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const at = Date.now();
      setNow(at);
      timer = setTimeout(tick, 1000 - ((((at - start) % 1000) + 1000) % 1000));
    };
    tick();
    return () => clearTimeout(timer);
  }, [from]);
  return now;
}

export function Status({ call, className }: { readonly call: Call; readonly className?: string | undefined }) {
  const name = useBelfry((state) => callNameOf(state, call));
  const away = call.participants.find((person) => person.connection === 'reconnecting')?.userId ?? call.otherId;
  const awayName = useBelfry((state) => nameOf(state, away));
  const now = useSeconds(call.phase === 'in-call' ? call.startedAt : null);
  // A status, but a silent one: the announcer says what is to be heard (DESIGN §12), and a timer would speak each second.
  return (
    <p role="status" aria-live="off" data-part="call-status" className={className}>{callWords.statusText(call, name, now, awayName)}</p>
  );
}
