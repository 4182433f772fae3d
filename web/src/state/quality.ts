// How good the connection is (DESIGN §10.5): from the samples of media/stats.ts to the word, its cause, and whether the stage says so.
import type { CallQuality, Quality, QualitySample } from './model.ts';

const kShownMs = 60_000;
/** The worse of the last two 5 s samples counts; with the panel open there are more of them in that time. */
const kJudgedMs = 5_500;
/** The stage tells of a poor connection after this long, and takes it back after this long of a better one. */
const kSteadyMs = 10_000;
/** Less than this from somebody whose camera is on is not a picture. */
const kLittleKbps = 20;

export interface QualitySlice extends CallQuality {
  /** Since when it has been poor, or not poor. */
  readonly since: number;
}

export const kNoQuality: QualitySlice = { level: 'unknown', warn: false, cause: 'none', samples: [], since: 0 };

type Cause = CallQuality['cause'];
const kLimits = [
  { cause: 'loss', of: (sample: QualitySample) => sample.lossPercent, good: 2, fair: 5 },
  { cause: 'rtt', of: (sample: QualitySample) => sample.rttMs, good: 200, fair: 400 },
  { cause: 'jitter', of: (sample: QualitySample) => sample.jitterMs, good: 30, fair: 60 },
] as const satisfies readonly { cause: Cause; of: (sample: QualitySample) => number | null; good: number; fair: number }[];
const kWorse: Readonly<Record<Quality, number>> = { unknown: 0, good: 1, fair: 2, poor: 3 };

export interface Verdict {
  readonly level: Quality;
  readonly cause: Cause;
}

/** Of one sample. The measure that is furthest beyond its limit is the cause. */
export function judge(sample: QualitySample, expectsPicture: boolean): Verdict {
  let verdict: Verdict = { level: 'unknown', cause: 'none' };
  let beyond = 0;
  for (const { cause, of, good, fair } of kLimits) {
    const value = of(sample);
    if (value === null) continue;
    const level = value < good ? 'good' : value < fair ? 'fair' : 'poor';
    const worse = kWorse[level] > kWorse[verdict.level] || (level === verdict.level && value / fair > beyond);
    if (worse) verdict = { level, cause: level === 'good' ? 'none' : cause };
    beyond = Math.max(beyond, value / fair);
  }
  const little = expectsPicture && sample.bitrateKbps !== null && sample.bitrateKbps < kLittleKbps;
  return little && verdict.level !== 'poor' ? { level: 'poor', cause: 'their-side' } : verdict;
}

export function addSample(quality: QualitySlice, sample: QualitySample, expectsPicture: boolean): QualitySlice {
  const samples = [...quality.samples.filter((each) => each.at > sample.at - kShownMs), sample];
  const { level, cause } = samples.filter((each) => each.at >= sample.at - kJudgedMs).map((each) => judge(each, expectsPicture))
    .reduce((worst, each) => (kWorse[each.level] > kWorse[worst.level] ? each : worst));
  const turned = (level === 'poor') !== (quality.level === 'poor') || quality.samples.length === 0;
  const since = turned ? sample.at : quality.since;
  const steady = sample.at - since >= kSteadyMs;
  return { samples, level, cause, since, warn: steady ? level === 'poor' : quality.warn };
}
