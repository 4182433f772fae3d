// How good the connection is, in words first. More is measured while this is open.
import { X } from 'lucide-react';
import { useEffect, useId } from 'react';
import type { CallQuality, QualitySample } from '../../state/model.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import { sparkline } from './sparkline.ts';
import css from './QualityPanel.module.css';

const kWidth = 232;
const kHeight = 48;

interface Metric {
  readonly key: keyof typeof callWords.metric;
  readonly value: number | string | null;
  readonly text: string;
}

const shown = (value: number | null | undefined, say: (value: number) => string): string => (value === null || value === undefined ? callWords.none : say(value));
const rounded = (value: number | null | undefined): number | null => (value === null || value === undefined ? null : Math.round(value * 10) / 10);

const metricsOf = (now: QualitySample | undefined): readonly Metric[] => [
  { key: 'rtt', value: rounded(now?.rttMs), text: shown(now?.rttMs, callWords.milliseconds) },
  { key: 'loss', value: rounded(now?.lossPercent), text: shown(now?.lossPercent, callWords.percent) },
  { key: 'jitter', value: rounded(now?.jitterMs), text: shown(now?.jitterMs, callWords.milliseconds) },
  { key: 'bitrate', value: rounded(now?.bitrateKbps), text: shown(now?.bitrateKbps, callWords.bitrate) },
  { key: 'resolution', value: now?.resolution ?? null, text: now?.resolution ?? callWords.none },
  { key: 'path', value: now?.path ?? null, text: now?.path ? callWords.path(now.path) : callWords.none },
];

function Trend({ samples }: Pick<CallQuality, 'samples'>) {
  const trips = samples.map((sample) => sample.rttMs);
  const known = trips.filter((trip) => trip !== null);
  const [first, last] = [known[0], known.at(-1)];
  const name = first === undefined || last === undefined || known.length < 2 ? callWords.noTrend : callWords.trend(first, last);
  return (
    <svg role="img" aria-label={name} className={css['trend']} viewBox={`0 -2 ${kWidth} ${kHeight + 4}`} preserveAspectRatio="none">
      <path d={`M0 ${kHeight}H${kWidth}`} className={css['base']} />
      <path d={sparkline(trips, kWidth, kHeight)} className={css['curve']} />
    </svg>
  );
}

export function QualityPanel({ name, connected, onClose }: { readonly name: string; readonly connected: boolean; readonly onClose: () => void }) {
  const quality = useBelfry((state) => state.quality);
  const actions = useActions();
  const id = useId();
  useEffect(() => {
    actions.watchQuality(true);
    return () => actions.watchQuality(false);
  }, [actions]);
  return (
    <section role="region" aria-labelledby={id} className={css['panel']} data-quality-level={quality.level}>
      <header className={css['header']}>
        <h2 id={id}>{callWords.quality}</h2>
        <IconButton label={callWords.close} icon={X} size="list" tone="stage" tooltip="none" onClick={onClose} />
      </header>
      <p data-part="verdict" className={css['verdict']} data-level={quality.level}>{connected ? callWords.verdict(quality, name) : callWords.notConnected}</p>
      <Trend samples={quality.samples} />
      <dl className={css['metrics']}>
        {metricsOf(quality.samples.at(-1)).map(({ key, value, text }) => (
          <div key={key} className={css['metric']}>
            <dt>{callWords.metric[key]}</dt>
            <dd data-metric={key} data-value={value ?? undefined}>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
