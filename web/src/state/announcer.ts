// What a screen reader is to hear (DESIGN §12): lines wait for their turn, at most one in 700 ms, oldest first; a newer line about the same
// thing takes the place of one that waits. Pure: app/announcer.ts has the clock and the regions.

export const kBetweenLinesMs = 700;
/** Beyond that nobody could follow any more: the oldest are left out. */
const kMostWaiting = 6;

export interface Line {
  readonly text: string;
  readonly how: 'polite' | 'assertive';
  readonly about: string | null;
}

export interface Announcer {
  readonly waiting: readonly Line[];
  /** When the last line was said, in milliseconds; before the first: minus infinity. */
  readonly saidAt: number;
}

export const kSilent: Announcer = { waiting: [], saidAt: -Infinity };

export function withLine(announcer: Announcer, line: Line): Announcer {
  const at = line.about === null ? -1 : announcer.waiting.findIndex((each) => each.about === line.about);
  const waiting = at < 0 ? [...announcer.waiting, line] : announcer.waiting.map((each, index) => (index === at ? line : each));
  return { ...announcer, waiting: waiting.slice(-kMostWaiting) };
}

/** How long until the next line may be said; null: none waits. */
export function waitMs(announcer: Announcer, now: number): number | null {
  if (announcer.waiting.length === 0) return null;
  return Math.max(0, announcer.saidAt + kBetweenLinesMs - now);
}

export function sayNext(announcer: Announcer, now: number): { readonly line: Line | null; readonly next: Announcer } {
  const [line, ...waiting] = announcer.waiting;
  if (!line || waitMs(announcer, now) !== 0) return { line: null, next: announcer };
  return { line, next: { waiting, saidAt: now } };
}
