import { describe, expect, it } from 'vitest';
import type { QualitySample } from './model.ts';
import { addSample, judge, kNoQuality } from './quality.ts';

const sample = (at: number, more: Partial<QualitySample> = {}): QualitySample =>
  ({ at, rttMs: 20, lossPercent: 0, jitterMs: 2, bitrateKbps: 900, resolution: null, path: 'host', ...more });
const poor = { lossPercent: 8 };
const over = (samples: readonly QualitySample[]) => samples.reduce((quality, each) => addSample(quality, each, false), kNoQuality);

describe('the verdict', () => {
  it.each([
    [{ lossPercent: 1.9, rttMs: 199, jitterMs: 29 }, 'good', 'none'],
    [{ lossPercent: 2 }, 'fair', 'loss'], [{ rttMs: 200 }, 'fair', 'rtt'], [{ jitterMs: 30 }, 'fair', 'jitter'],
    [{ lossPercent: 5 }, 'poor', 'loss'], [{ rttMs: 400 }, 'poor', 'rtt'], [{ jitterMs: 60 }, 'poor', 'jitter'],
    [{ lossPercent: 6, rttMs: 900 }, 'poor', 'rtt'],
    [{ lossPercent: null, rttMs: null, jitterMs: null }, 'unknown', 'none'],
  ] as const)('of %o is %s', (measures, level, cause) => expect(judge(sample(0, measures), false)).toEqual({ level, cause }));

  it('blames the other side when a picture is expected, and nothing comes', () => {
    expect(judge(sample(0, { bitrateKbps: 3 }), true)).toEqual({ level: 'poor', cause: 'their-side' });
    expect(judge(sample(0, { bitrateKbps: 3 }), false).level).toBe('good');
  });
});

describe('the mark on the stage', () => {
  it('is of the worse of the last two samples', () => {
    expect(over([sample(0, poor), sample(5_000)]).level).toBe('poor');
    expect(over([sample(0, poor), sample(5_000), sample(10_000)]).level).toBe('good');
  });

  it('comes after 10 s of poor, not in the first second, and goes after 10 s of better', () => {
    expect(over([sample(0, poor), sample(5_000, poor)]).warn).toBe(false);
    const warned = [sample(0, poor), sample(5_000, poor), sample(10_000, poor)];
    expect(over(warned).warn).toBe(true);
    const better = [15_000, 20_000, 25_000].map((at) => sample(at));
    expect(over([...warned, ...better]).warn).toBe(true);
    expect(over([...warned, ...better, sample(30_000)]).warn).toBe(false);
  });

  it('keeps a minute', () => {
    const samples = Array.from({ length: 30 }, (_each, index) => sample(index * 5_000));
    expect(over(samples).samples).toHaveLength(12);
  });
});
