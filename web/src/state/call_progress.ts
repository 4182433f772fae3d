// How far a ring has come. A file of its own, for the page that only looks whether a reload left a call.
import type { RingProgress } from './model.ts';

/** In the order in which a ring passes through them. */
export const kProgress: readonly RingProgress[] = ['unreachable', 'created', 'pushed', 'woken', 'ringing'];
