// Measures of a connection, from what getStats() of the browsers has in common.
import type { QualitySample } from '../state/model.ts';
import { member, number, words } from '../wire/json.ts';

/** Counters of the sample before, since the browser only counts up. */
export interface Counters {
  readonly at: number;
  readonly received: number;
  readonly lost: number;
  readonly bytes: number;
}

export interface Measured {
  readonly sample: QualitySample;
  readonly counters: Counters;
  readonly fps: number | null;
}

type Report = ReadonlyMap<string, unknown>;

const ofType = (report: Report, type: string): unknown[] => [...report.values()].filter((each) => words(each, 'type') === type);
const sum = (all: readonly unknown[], name: string): number => all.reduce<number>((total, each) => total + (number(each, name) ?? 0), 0);
const highest = (values: readonly (number | null)[]): number | null =>
  values.reduce((most, each) => (each === null ? most : Math.max(most ?? 0, each)), null);
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);

function pathOf(report: Report): { rtt: number | null; path: string | null } {
  const [transport] = ofType(report, 'transport');
  const pairs = ofType(report, 'candidate-pair');
  const pair = report.get(words(transport, 'selectedCandidatePairId') ?? '')
    ?? pairs.find((each) => member(each, 'nominated') === true && words(each, 'state') === 'succeeded');
  const local = report.get(words(pair, 'localCandidateId') ?? '');
  return { rtt: number(pair, 'currentRoundTripTime'), path: words(local, 'candidateType') };
}

function pictureOf(inbound: readonly unknown[]): { resolution: string | null; fps: number | null } {
  const widest = inbound.filter((each) => words(each, 'kind') === 'video' && (number(each, 'frameWidth') ?? 0) > 0)
    .sort((one, other) => (number(other, 'frameWidth') ?? 0) - (number(one, 'frameWidth') ?? 0))[0];
  if (widest === undefined) return { resolution: null, fps: null };
  return { resolution: `${number(widest, 'frameWidth') ?? 0}×${number(widest, 'frameHeight') ?? 0}`, fps: number(widest, 'framesPerSecond') };
}

/** The loss of either direction, whichever is worse: what they lose of ours is told by their reports. */
export function measure(report: Report, before: Counters | null, at: number): Measured {
  const inbound = ofType(report, 'inbound-rtp');
  const remote = ofType(report, 'remote-inbound-rtp');
  const counters = { at, received: sum(inbound, 'packetsReceived'), lost: sum(inbound, 'packetsLost'), bytes: sum(inbound, 'bytesReceived') };
  const packets = before === null ? 0 : counters.received - before.received + counters.lost - before.lost;
  const here = before === null || packets <= 0 ? null : Math.max(0, counters.lost - before.lost) / packets * 100;
  const there = highest(remote.map((each) => number(each, 'fractionLost')));
  const { rtt, path } = pathOf(report);
  const farRtt = highest(remote.map((each) => number(each, 'roundTripTime')));
  const seconds = before === null ? 0 : (at - before.at) / 1000;
  const jitter = highest(inbound.filter((each) => words(each, 'kind') === 'audio').map((each) => number(each, 'jitter')));
  const bitrate = seconds > 0 && before !== null ? (counters.bytes - before.bytes) * 8 / 1000 / seconds : null;
  const { resolution, fps } = pictureOf(inbound);
  const sample: QualitySample = {
    at,
    rttMs: rounded((rtt ?? farRtt) === null ? null : (rtt ?? farRtt ?? 0) * 1000),
    lossPercent: rounded(highest([here, there === null ? null : there * 100])),
    jitterMs: rounded(jitter === null ? null : jitter * 1000),
    bitrateKbps: bitrate === null || bitrate < 0 ? null : Math.round(bitrate),
    resolution, path,
  };
  return { sample, counters, fps };
}

/** Of several connections: the worst of each measure, the picture of the best. */
export function worstOf(samples: readonly QualitySample[], at: number): QualitySample | null {
  if (samples.length === 0) return null;
  const bitrates = samples.map((each) => each.bitrateKbps).filter((each) => each !== null);
  return {
    at,
    rttMs: highest(samples.map((each) => each.rttMs)),
    lossPercent: highest(samples.map((each) => each.lossPercent)),
    jitterMs: highest(samples.map((each) => each.jitterMs)),
    bitrateKbps: bitrates.length === 0 ? null : bitrates.reduce((total, each) => total + each, 0),
    resolution: samples.find((each) => each.resolution !== null)?.resolution ?? null,
    path: samples.find((each) => each.path === 'relay')?.path ?? samples[0]?.path ?? null,
  };
}
