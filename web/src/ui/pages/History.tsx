// My calls, newest first, and sums over them (DESIGN §7.11, §17.6).
import { useState } from 'react';
import type { HistoryEntry, HistoryFilter } from '../../state/actions.ts';
import { Button } from '../parts/Button.tsx';
import { Empty } from '../parts/Empty.tsx';
import { RadioGroup } from '../parts/RadioGroup.tsx';
import { moveAmongLinks } from '../sidebar/moves.ts';
import { dayName } from '../words/format.en.ts';
import { pageWords } from '../words/pages.en.ts';
import { CallRow } from './CallRow.tsx';
import { Statistics } from './Statistics.tsx';
import { type History as Calls, useHistory } from './useHistory.ts';
import css from './History.module.css';

const words = pageWords.history;
const kFilters: readonly HistoryFilter[] = ['all', 'missed', 'incoming', 'outgoing'];

function Rows({ calls }: { readonly calls: readonly HistoryEntry[] }) {
  const [now] = useState(Date.now);
  return (
    <ul className={css['list']} aria-label={words.calls} onKeyDown={moveAmongLinks}>
      {calls.map((entry, at) => {
        const day = dayName(entry.at, now);
        const before = calls[at - 1];
        const begins = !before || dayName(before.at, now) !== day;
        return <CallRow key={entry.id} entry={entry} day={begins && <h2 className={css['day']}>{day}</h2>} />;
      })}
    </ul>
  );
}

function List({ filter, history }: { readonly filter: HistoryFilter; readonly history: Calls }) {
  const { calls, phase, more } = history;
  if (phase === 'failed') return <p className={css['note']} role="alert">{words.failed} <Button size="small" onClick={history.reload}>{words.tryAgain}</Button></p>;
  if (phase === 'loading' && calls.length === 0) return <p className={css['note']} role="status">{words.loading}</p>;
  if (calls.length === 0) {
    return filter === 'all'
      ? <Empty of="history" look="list" title={words.none} text={words.noneMore} />
      : <Empty of="history" look="list" picture={null} title={words.noneFor[filter]} />;
  }
  return (
    <>
      <Rows calls={calls} />
      {more === 'failed' && <p className={css['note']} role="alert">{words.failed}</p>}
      {more !== 'none' && <Button className={css['more']} busy={more === 'loading'} onClick={history.loadMore}>{words.loadMore}</Button>}
    </>
  );
}

export default function History() {
  const [filter, setFilter] = useState<HistoryFilter>('all');
  const history = useHistory(filter);
  return (
    <div className={css['page']}>
      <header className={css['header']}>
        <h1>{words.title}</h1>
        <RadioGroup label={words.show} labelHidden look="chips" value={filter} onChange={setFilter}
          options={kFilters.map((value) => ({ value, label: words.filters[value] }))} />
      </header>
      <Statistics />
      <div className={css['calls']}><List filter={filter} history={history} /></div>
    </div>
  );
}
