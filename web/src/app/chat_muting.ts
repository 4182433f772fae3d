// A mute that has ended leaves the state, so that what shows it goes at that moment and not with the next rendering. One timer, for the
// soonest end.
import { soonestEnd, withoutEnded } from '../state/muting.ts';
import type { ChatContext } from './chat_context.ts';

/** Timers count no further than 2^31 ms, and stand still while the computer sleeps: so the clock is looked at now and then. */
const kLookAgainMs = 3_600_000;

export function endMutes({ store, clock }: ChatContext): void {
  let due: number | null = null;
  let callOff = (): void => undefined;

  function look(): void {
    const end = soonestEnd(store.getState().conversations);
    if (end === due) return;
    due = end;
    callOff();
    if (end !== null) callOff = clock.after(Math.min(Math.max(end - clock.now(), 0), kLookAgainMs), endThem);
  }

  function endThem(): void {
    due = null;
    const { conversations } = store.getState();
    const left = withoutEnded(conversations, clock.now());
    if (left !== conversations) store.change(() => ({ conversations: left }));
    look();
  }

  store.subscribe((state, before) => {
    if (state.conversations !== before.conversations) look();
  });
}
