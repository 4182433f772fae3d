// Which tab notifies: of all tabs of a browser one does, as one rings (media/ring_turn.ts), and none while somebody looks at one of them. The
// Web Lock `belfry.notify` decides; tabs without a connection leave it to the others. A tab that is looked at has or awaits `belfry.seen`.
import { holdLock, type Locks } from '../media/tab_lock.ts';
import type { Store } from '../state/store.ts';

const kNotify = 'belfry.notify';
const kSeen = 'belfry.seen';

/** Where this tab is; in tests there are several. */
export interface Place {
  readonly locks: Locks;
  readonly document: EventTarget & { readonly visibilityState: DocumentVisibilityState };
  readonly window: EventTarget;
}

/** Returns how to find out whether this tab may notify now. */
export function makeNotifyingTab({ getState, subscribe }: Store, { locks, document, window }: Place): () => Promise<boolean> {
  let notifies = false;
  let away = false;
  let leaveNotify: (() => void) | null = null;
  let leaveSeen: (() => void) | null = null;

  function takePart(): void {
    const [canNotify, isSeen] = [!away && getState().connection === 'online', !away && document.visibilityState === 'visible'];
    if (canNotify) leaveNotify ??= holdLock(locks, kNotify, () => { notifies = true; });
    else {
      leaveNotify?.();
      leaveNotify = null;
      notifies = false;
    }
    if (isSeen) leaveSeen ??= holdLock(locks, kSeen, () => {});
    else {
      leaveSeen?.();
      leaveSeen = null;
    }
  }

  takePart();
  subscribe((now, before) => { if (now.connection !== before.connection) takePart(); });
  document.addEventListener('visibilitychange', takePart);
  // Browsers keep no page with a lock for the way back.
  for (const [event, goes] of [['pagehide', true], ['pageshow', false]] as const)
    window.addEventListener(event, () => {
      away = goes;
      takePart();
    });

  return async () => {
    const held = (await locks.query()).held ?? [];
    const isHeld = (name: string): boolean => held.some((each) => each.name === name);
    // Nobody has it yet when what was missed comes with the connection.
    return !isHeld(kSeen) && (notifies || !isHeld(kNotify));
  };
}
