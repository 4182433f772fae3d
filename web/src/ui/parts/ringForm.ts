// The geometry of the ring. Angles in degrees, clockwise from 12 o'clock; the middle is 0, 0.
export type RingSize = 24 | 32 | 40 | 64 | 96 | 128 | 160;

export interface RingMeasures {
  readonly stroke: number;
  /** Of the three arcs, from the face outwards. */
  readonly radii: readonly [number, number, number];
  readonly box: number;
}

export function ringMeasures(size: RingSize): RingMeasures {
  const stroke = size >= 128 ? 3 : 2;
  const gap = size <= 40 ? 3 : 6;
  const first = size / 2 + gap + stroke / 2;
  const step = gap + stroke;
  const radii = [first, first + step, first + 2 * step] as const;
  return { stroke, radii, box: Math.ceil(2 * (radii[2] + stroke)) };
}

/** How far the arcs reach beyond the face. */
export const ringReach = (size: RingSize): number => (ringMeasures(size).box - size) / 2;

export function circle(radius: number, degrees: number): [number, number] {
  const angle = (degrees * Math.PI) / 180;
  return [round(Math.sin(angle) * radius), round(-Math.cos(angle) * radius)];
}

/** A path along the circle, `sweep` degrees clockwise from `from`. */
export function arc(radius: number, from: number, sweep: number): string {
  const [x0, y0] = circle(radius, from);
  const [x1, y1] = circle(radius, from + sweep);
  return `M${x0} ${y0}A${radius} ${radius} 0 ${sweep > 180 ? 1 : 0} 1 ${x1} ${y1}`;
}

const round = (n: number): number => Math.round(n * 100) / 100;
