// The calls of the last days as bars, told in words to who does not see them.
import { useState } from 'react';
import { pageWords } from '../words/pages.en.ts';
import { busiest, type DayBar } from './lastDays.ts';
import css from './Statistics.module.css';

const kHeight = 48;
const kStep = 16;
const kWidth = 10;

export function DayBars({ bars }: { readonly bars: readonly DayBar[] }) {
  const [now] = useState(Date.now);
  const most = busiest(bars);
  const total = bars.reduce((sum, { calls }) => sum + calls, 0);
  const height = (calls: number): number => (calls === 0 ? 2 : Math.max(4, (calls / (most?.calls ?? 1)) * kHeight));
  if (total === 0) return null;
  return (
    <div className={css['days']}>
      <svg className={css['bars']} role="img" aria-label={pageWords.statistics.bars(bars.length, total, most, now)}
        viewBox={`0 0 ${bars.length * kStep} ${kHeight}`} preserveAspectRatio="none">
        {bars.map(({ day, calls }, at) => (
          <rect key={day} data-empty-day={calls === 0 || undefined} x={at * kStep + (kStep - kWidth) / 2} y={kHeight - height(calls)}
            width={kWidth} height={height(calls)} rx={2} />
        ))}
      </svg>
      <p aria-hidden="true">{pageWords.statistics.lastDays(bars.length)}</p>
    </div>
  );
}
