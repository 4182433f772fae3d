// The one ornament (DESIGN section 5): arcs around a face whose form is the state of the call, or of the person. Words stand beside it, so
// it is hidden from screen readers. It is as large as the face; the arcs reach `ringReach(size)` px beyond it, which the caller keeps free.
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { arc, circle, type RingSize, ringMeasures } from './ringForm.ts';
import css from './Ring.module.css';

export type RingState = 'idle' | 'online' | 'away' | 'busy' | 'created' | 'pushed' | 'ringing' | 'incoming' | 'connecting' | 'connected' |
  'speaking' | 'reconnecting' | 'poor' | 'ended' | 'failed';

export type { RingSize };

export interface RingProps {
  readonly state: RingState;
  readonly size: RingSize;
  /** Of `speaking`: loudness, 0 to 1. Or set the CSS variable `--level` on an element above. */
  readonly level?: number | undefined;
  /** The face: an <Avatar> of the same size, or the mark. */
  readonly children?: ReactNode;
  readonly className?: string | undefined;
}

export function Ring({ state, size, level, children, className }: RingProps) {
  const { box } = ringMeasures(size);
  return (
    <span className={cx(css['ring'], className)} data-ring={state} aria-hidden="true"
      style={{ '--face-size': `${size}px`, ...(level === undefined ? {} : { '--level': level }) }}>
      {children}
      {state !== 'idle' && (
        <svg className={css['arcs']} viewBox={`${-box / 2} ${-box / 2} ${box} ${box}`} width={box} height={box} fill="none">
          <Form state={state} size={size} />
        </svg>
      )}
    </span>
  );
}

function Form({ state, size }: { readonly state: RingState; readonly size: RingSize }) {
  const { stroke, radii } = ringMeasures(size);
  const [inner, middle] = radii;
  switch (state) {
    case 'idle': return null;
    case 'online': case 'away': case 'busy': return <Dot state={state} size={size} />;
    case 'created': return <Dotted radius={inner} stroke={stroke} />;
    case 'pushed': return <><circle r={inner} className={css['muted']} strokeWidth={stroke} /><Dotted radius={middle} stroke={stroke} /></>;
    case 'ringing': return <Arcs radii={radii} from={0} stroke={stroke} className={css['ringing']} />;
    case 'incoming': return <Arcs radii={radii} from={-90} stroke={stroke} className={css['incoming']} />;
    case 'connecting': return <path d={arc(inner, 45, 270)} strokeWidth={stroke} className={cx(css['muted'], css['turning'])} />;
    case 'connected': return <circle r={inner} strokeWidth={stroke} className={css['live']} />;
    case 'speaking': return <circle r={inner} strokeWidth={3} className={cx(css['live'], css['speaking'])} />;
    case 'reconnecting': return (
      <path d={Array.from({ length: 8 }, (_, i) => arc(inner, i * 45 - 14, 28)).join('')} strokeWidth={stroke}
        className={cx(css['amber'], css['fading'])} />);
    case 'poor': return <path d={arc(inner, 270, 270)} strokeWidth={stroke} className={css['amber']} />;
    case 'ended': return <><circle r={inner} strokeWidth={stroke} className={cx(css['muted'], css['closing'])} />
      <circle cy={inner} r={stroke * 1.75} className={cx(css['dot'], css['muted'])} /></>;
    case 'failed': return <><circle r={inner} strokeWidth={stroke} className={css['failed']} />
      <path d={`M${-inner * 0.9} ${inner * 0.9}L${inner * 0.9} ${-inner * 0.9}`} strokeWidth={stroke} className={css['failed']} /></>;
  }
}

function Dotted({ radius, stroke }: { readonly radius: number; readonly stroke: number }) {
  const dots = Math.round((2 * Math.PI * radius) / (stroke * 3.5));
  return (
    <circle r={radius} pathLength={dots} strokeWidth={stroke} strokeDasharray="0.01 0.99" strokeLinecap="round"
      className={cx(css['muted'], css['stepping'])} />
  );
}

function Arcs(props: { readonly radii: readonly number[]; readonly from: number; readonly stroke: number; readonly className: string | undefined }) {
  return <g className={props.className}>{props.radii.map((r) => <path key={r} d={arc(r, props.from, 90)} strokeWidth={props.stroke} />)}</g>;
}

/** Presence, at 4 o'clock: filled, half filled, or hollow with a bar. */
function Dot({ state, size }: { readonly state: 'online' | 'away' | 'busy'; readonly size: RingSize }) {
  const r = Math.max(4.5, size * 0.115);
  const [x, y] = circle((size / 2) * 0.94, 128);
  return (
    <g transform={`translate(${x} ${y})`} className={css[state]}>
      <circle r={r + 2.5} className={css['behind']} />
      {state === 'online' && <circle r={r} className={css['filled']} />}
      {state === 'away' && <><circle r={r - 0.75} className={css['hollow']} /><path d={`M${-r} 0A${r} ${r} 0 0 0 ${r} 0Z`} className={css['filled']} /></>}
      {state === 'busy' && <><circle r={r - 0.9} className={css['hollow']} /><path d={`M${-r * 0.45} 0H${r * 0.45}`} className={css['bar']} /></>}
    </g>
  );
}
