// The bars of the history: one for each of the last days, also for those without a call.
import type { Statistics } from '../../state/actions.ts';

export interface DayBar {
  /** `2026-11-29`, UTC, as the server counts. */
  readonly day: string;
  readonly calls: number;
}

const kDay = 86_400_000;

/** Oldest first, today last. */
export function lastDays(days: NonNullable<Statistics['days']>, count: number, now: number): readonly DayBar[] {
  const calls = new Map(days.map(({ day, totalCalls }) => [day, totalCalls]));
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(now - (count - 1 - at) * kDay).toISOString().slice(0, 10);
    return { day, calls: calls.get(day) ?? 0 };
  });
}

/** The first of the days with the most calls; null: there was no call. */
export const busiest = (bars: readonly DayBar[]): DayBar | null =>
  bars.reduce<DayBar | null>((most, bar) => (bar.calls > (most?.calls ?? 0) ? bar : most), null);
