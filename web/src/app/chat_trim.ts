// How much is kept of a chat that is not open: little, however much comes for it, because what is needed again is loaded again.
import type { Thread } from '../state/model.ts';
import { runEnd } from '../state/messages.ts';
import { withLatest } from '../state/threads.ts';

/** Up to so many stay, so that who looks into another chat finds the place again; more make each message that comes slow, which copies the list. */
const kMostKept = 500;
/** What grew to more is cut to as many as a newest page has: so few that it takes long until it has to be cut again. */
const kCutTo = 50;

/** Farther behind than one page of the largest size, a chat that is opened is not brought up to date page by page, for which one would wait. */
const kFarBehind = 100;

/** Of a chat that is not open. */
export const trimmed = (thread: Thread): Thread => (thread.messages.length > kMostKept ? withLatest(thread, kCutTo) : thread);

/** `last`: the number of the last message that there is. */
export const isFarBehind = (thread: Thread, last: number): boolean => thread.phase === 'ready' && last - (runEnd(thread.messages) ?? 0) > kFarBehind;
