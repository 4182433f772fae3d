// One form: it is checked when it is sent, a fault goes when its field is changed, and the first field at fault gets the focus.
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Done, Refusal } from '../../state/actions.ts';

type Faults = Readonly<Record<string, string | null>>;

export interface FormOptions {
  readonly check: () => Faults;
  readonly send: () => Promise<Done<null>>;
  readonly fields: Readonly<Record<string, RefObject<HTMLInputElement | null>>>;
  /** What the refusal says of one field. */
  readonly faultOf: (refusal: Refusal, field: string) => string | null;
}

export interface Form {
  readonly busy: boolean;
  readonly faults: Faults;
  /** Of the form as a whole. */
  readonly refusal: Refusal | null;
  readonly submit: () => void;
  readonly changing: (field: string, set: (value: string) => void) => (value: string) => void;
}

export function useForm({ check, send, fields, faultOf }: FormOptions): Form {
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  // A refused form is what the focus moves for: the state tells when it is rendered.
  const [refusals, setRefusals] = useState(0);
  const inForm = useRef({ fields, faults });
  useEffect(() => { inForm.current = { fields, faults }; });
  useEffect(() => {
    if (refusals === 0) return;
    const { fields: all, faults: now } = inForm.current;
    const first = Object.keys(all).find((field) => now[field]);
    if (first !== undefined) all[first]?.current?.focus();
  }, [refusals]);

  const refuse = (found: Faults, whole: Refusal | null) => {
    setFaults(found);
    setRefusal(whole);
    setRefusals((count) => count + 1);
  };
  const submit = async () => {
    const found = check();
    if (Object.values(found).some(Boolean)) return refuse(found, null);
    setBusy(true);
    setFaults({});
    setRefusal(null);
    const answer = await send();
    setBusy(false);
    if (!answer.ok) refuse(Object.fromEntries(Object.keys(fields).map((field) => [field, faultOf(answer.refusal, field)])), answer.refusal);
  };
  return {
    busy, faults, refusal,
    submit: () => void submit(),
    changing: (field, set) => (value) => {
      set(value);
      if (faults[field]) setFaults({ ...faults, [field]: null });
    },
  };
}
