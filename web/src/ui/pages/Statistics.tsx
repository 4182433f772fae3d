// Sums over my calls: beside the list on wide screens, four figures above it on medium ones, behind a row on compact ones (DESIGN §7.11).
import { ChevronDown } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { Period, Statistics as Sums } from '../../state/actions.ts';
import { Button } from '../parts/Button.tsx';
import { Select } from '../parts/Select.tsx';
import { useActions } from '../use.ts';
import { duration, number } from '../words/format.en.ts';
import { pageWords } from '../words/pages.en.ts';
import { DayBars } from './DayBars.tsx';
import { lastDays } from './lastDays.ts';
import { useCallTurns } from './useHistory.ts';
import css from './Statistics.module.css';

const words = pageWords.statistics;
type Name = Exclude<keyof Sums, 'days'>;

const kPeriods: readonly Period[] = ['7d', '30d', 'all'];
const isPeriod = (value: string): value is Period => kPeriods.some((period) => period === value);

const kMain: readonly (readonly [Name, string, (value: number) => string])[] = [
  ['totalCalls', words.calls, number], ['totalDuration', words.duration, duration],
  ['averageDuration', words.average, duration], ['missedCalls', words.missed, number],
];
const kOthers: readonly (readonly [Name, string])[] = [
  ['incoming', words.incoming], ['outgoing', words.outgoing], ['audioCalls', words.audio], ['videoCalls', words.video], ['rejectedCalls', words.rejected],
];

function Figures({ sums, period }: { readonly sums: Sums; readonly period: Period }) {
  const [now] = useState(Date.now);
  return (
    <>
      <dl className={css['main']}>
        {kMain.map(([name, label, said]) => (
          <div key={name}><dt>{label}</dt><dd data-stat={name} data-value={sums[name]}>{said(sums[name])}</dd></div>
        ))}
      </dl>
      <dl className={css['others']}>
        {kOthers.map(([name, label]) => (
          <div key={name}><dt>{label}</dt><dd data-stat={name} data-value={sums[name]}>{number(sums[name])}</dd></div>
        ))}
      </dl>
      {sums.days && <DayBars bars={lastDays(sums.days, period === '7d' ? 7 : 14, now)} />}
    </>
  );
}

export function Statistics() {
  const { loadStatistics } = useActions();
  const [period, setPeriod] = useState<Period>('30d');
  const [sums, setSums] = useState<Sums | 'failed' | null>(null);
  const [open, setOpen] = useState(false);
  const [tries, setTries] = useState(0);
  const turns = useCallTurns();
  const id = useId();

  useEffect(() => {
    let left = false;
    void loadStatistics(period).then((answer) => { if (!left) setSums(answer.ok ? answer.value : 'failed'); });
    return () => { left = true; };
  }, [period, loadStatistics, turns, tries]);

  return (
    <section className={css['statistics']} aria-labelledby={id} data-open={open}>
      <h2 id={id} className={css['title']}>{words.title}</h2>
      <button type="button" className={css['opens']} aria-expanded={open} aria-controls={`${id}-body`} onClick={() => setOpen(!open)}>
        {words.title}<ChevronDown size={20} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <div id={`${id}-body`} className={css['body']}>
        <Select label={words.period} labelHidden value={period} onChange={(value) => { if (isPeriod(value)) setPeriod(value); }}
          options={kPeriods.map((value) => ({ value, label: words.periods[value] }))} />
        {sums === 'failed'
          ? <p className={css['failed']}>{words.failed} <Button size="small" onClick={() => setTries(tries + 1)}>{pageWords.history.tryAgain}</Button></p>
          : sums && <Figures sums={sums} period={period} />}
      </div>
    </section>
  );
}
