import { useShallow } from 'zustand/react/shallow';
import type { Call } from '../../state/model.ts';
import { AlertDialog } from '../parts/Dialog.tsx';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { nameOf } from './names.ts';

/** Asked when two or more others are in the call (SPEC J-2.9). */
export function EndForAll({ call, onClose }: { readonly call: Call; readonly onClose: () => void }) {
  const actions = useActions();
  const who = useBelfry(useShallow((state) => call.participants.map((person) => nameOf(state, person.userId))));
  const end = () => {
    onClose();
    actions.endForAll();
  };
  return (
    <AlertDialog title={callWords.endForAllQuestion} text={callWords.stillIn(who)} action={callWords.endForAll} onAction={end} onClose={onClose} />
  );
}
