// What the server said of the form as a whole. How long to wait is counted down in a part that a screen reader reads once.
import { type ReactNode, useEffect, useState } from 'react';
import type { Refusal } from '../../state/actions.ts';
import { FormFault } from '../parts/Field.tsx';
import { duration } from '../words/format.en.ts';
import * as words from '../words/page.en.ts';

export function Refused({ refusal, children }: { readonly refusal: Refusal; readonly children?: ReactNode }) {
  const wait = refusal.code === 'RATE_LIMITED' ? refusal.retryAfterSeconds : null;
  return (
    <FormFault>
      {wait === null ? words.refused(refusal) : <Wait key={wait} seconds={wait} />}
      {children}
    </FormFault>
  );
}

function Wait({ seconds }: { readonly seconds: number }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const end = performance.now() + seconds * 1000;
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000))), 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  if (left === 0) return words.tooMany.now;
  return <>{words.tooMany.before}<span role="timer">{duration(left)}</span>{words.tooMany.after}</>;
}
