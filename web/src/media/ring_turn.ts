// One audible tab (DESIGN §14): of all tabs of one browser that ring, one sounds. The Web Lock `belfry.ring` decides; a tab that closes
// frees it, and the next one takes over. A tab that is looked at asks first. Where there are no Web Locks, the tabs elect one by
// BroadcastChannel: the visible one before the others, then the oldest.
import type { Clock } from '../wire/ports.ts';
import { holdLock } from './tab_lock.ts';

const kName = 'belfry.ring';
const kHiddenWaitMs = 150;
const kHeartbeatMs = 500;
const kSilentMs = 1_500;

/** `granted` when it is this tab's turn. Returns how to give it back, or to stop waiting for it. */
export function takeTurn(clock: Clock, granted: () => void): () => void {
  const wait = document.visibilityState === 'visible' ? 0 : kHiddenWaitMs;
  let giveBack = (): void => {};
  const stop = clock.after(wait, () => { giveBack = 'locks' in navigator ? holdLock(navigator.locks, kName, granted) : byElection(clock, granted); });
  return () => {
    stop();
    giveBack();
  };
}

interface Claim {
  readonly id: string;
  readonly visible: boolean;
  readonly since: number;
}

const isClaim = (value: unknown): value is Claim => typeof value === 'object' && value !== null
  && 'id' in value && typeof value.id === 'string' && 'since' in value && typeof value.since === 'number' && 'visible' in value;

const goesBefore = (one: Claim, other: Claim): boolean =>
  (one.visible !== other.visible ? one.visible : one.since !== other.since ? one.since < other.since : one.id < other.id);

function byElection(clock: Clock, granted: () => void): () => void {
  if (typeof BroadcastChannel === 'undefined') {
    granted();
    return () => {};
  }
  const channel = new BroadcastChannel(kName);
  const mine: Claim = { id: crypto.randomUUID(), visible: document.visibilityState === 'visible', since: clock.now() };
  let mineSounds = false;
  let betterAt = -Infinity;
  const say = (): void => channel.postMessage(mine);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!isClaim(data)) return;
    // Whoever sounds goes on; of those who wait, the first of the order.
    if (!mineSounds && goesBefore(data, mine)) betterAt = clock.now();
    else say();
  };
  say();
  const consider = (): void => {
    say();
    if (mineSounds || clock.now() - betterAt < kSilentMs) return;
    mineSounds = true;
    granted();
  };
  const stopFirst = clock.after(kHiddenWaitMs, consider);
  const stopEvery = clock.every(kHeartbeatMs, consider);
  return () => {
    stopFirst();
    stopEvery();
    channel.close();
  };
}
