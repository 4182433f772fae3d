import { expect, test } from 'vitest';
import { busiest, lastDays } from './lastDays.ts';

const kNow = Date.UTC(2026, 10, 29, 12);

test('a bar stands for each of the last days, also for those without a call', () => {
  const bars = lastDays([{ day: '2026-11-27', totalCalls: 3 }, { day: '2026-11-29', totalCalls: 1 }, { day: '2026-10-01', totalCalls: 9 }], 3, kNow);
  expect(bars).toEqual([{ day: '2026-11-27', calls: 3 }, { day: '2026-11-28', calls: 0 }, { day: '2026-11-29', calls: 1 }]);
});

test('the busiest day is the first of those with the most calls, and none if nobody called', () => {
  const bar = (day: string, calls: number) => ({ day, calls });
  expect(busiest([bar('a', 1), bar('b', 4), bar('c', 4)])).toEqual(bar('b', 4));
  expect(busiest([bar('a', 0)])).toBeNull();
});
