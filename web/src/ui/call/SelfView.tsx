// My own picture: over the whole stage while I call (to see oneself before one is seen), then a tile in a corner that can be dragged or moved
// by the arrow keys, or one of the tiles of a group. Mirrored for me, not for the others.
import { EyeOff, MicOff } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import { useBelfry } from '../use.ts';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { callWords } from '../words/call.en.ts';
import { PersonFace } from './Face.tsx';
import { type Corner, movedCorner, nearestCorner } from './layout.ts';
import { Picture } from './Picture.tsx';
import { useStream } from './useStream.ts';
import { useStill } from './useWidth.ts';
import css from './SelfView.module.css';

/** `behind`: the whole stage; `badge`: a face with `You`, where nobody has a picture. */
export type SelfPlace = 'behind' | 'corner' | 'cell' | 'strip' | 'badge';

export interface SelfViewProps {
  readonly place: SelfPlace;
  /** In which the corners are. */
  readonly within: RefObject<HTMLElement | null>;
  readonly active: boolean;
  readonly onHide?: (() => void) | undefined;
  readonly tabIndex?: number | undefined;
}

const kStageMs = 320;

/** From where it was to where it is now, by transform only. */
function useGlide(tile: RefObject<HTMLElement | null>, place: SelfPlace, corner: Corner): void {
  const before = useRef<DOMRect | null>(null);
  const still = useStill();
  useLayoutEffect(() => {
    const element = tile.current;
    if (!element) return;
    const now = element.getBoundingClientRect();
    const then = before.current;
    before.current = now;
    if (!then || still || now.width === 0 || typeof element.animate !== 'function') return;
    element.animate([{
      transformOrigin: 'top left',
      transform: `translate(${then.left - now.left}px, ${then.top - now.top}px) scale(${then.width / now.width}, ${then.height / now.height})`,
    }, { transformOrigin: 'top left', transform: 'none' }], { duration: kStageMs, easing: 'cubic-bezier(.2,0,0,1)' });
  }, [tile, place, corner, still]);
}

/** Follows the pointer, then snaps to the nearest corner. */
function useDrag(tile: RefObject<HTMLElement | null>, within: RefObject<HTMLElement | null>, drop: (corner: Corner) => void) {
  const from = useRef<{ x: number; y: number } | null>(null);
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button'))) return;
      from.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!from.current) return;
      tile.current?.style.setProperty('--dragged-x', `${event.clientX - from.current.x}px`);
      tile.current?.style.setProperty('--dragged-y', `${event.clientY - from.current.y}px`);
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      const moved = from.current;
      from.current = null;
      tile.current?.style.removeProperty('--dragged-x');
      tile.current?.style.removeProperty('--dragged-y');
      const frame = within.current?.getBoundingClientRect();
      if (moved && frame && Math.hypot(event.clientX - moved.x, event.clientY - moved.y) > 8)
        drop(nearestCorner(event.clientX - frame.left, event.clientY - frame.top, frame));
    },
  };
}

export function SelfView({ place, within, active, onHide, tabIndex }: SelfViewProps) {
  const me = useBelfry((state) => state.me);
  const muted = useBelfry((state) => state.media.muted);
  const camera = useBelfry((state) => state.media.camera);
  const stream = useStream((streams) => streams.own('camera'));
  const tile = useRef<HTMLDivElement>(null);
  const [corner, setCorner] = useState<Corner>('bottom-right');
  const help = useId();
  const drag = useDrag(tile, within, setCorner);
  useGlide(tile, place, corner);
  const pictured = camera && stream !== null;
  const floats = place === 'corner';
  const step = (event: KeyboardEvent) => {
    const next = movedCorner(corner, event.key);
    if (!next) return;
    event.preventDefault();
    setCorner(next);
  };
  return (
    <div ref={tile} role="group" aria-label={callWords.you} data-tile="self" data-muted={muted} data-camera={camera} data-active-speaker={active || undefined}
      data-place={place} data-corner={floats ? corner : undefined} tabIndex={floats ? 0 : tabIndex} aria-describedby={floats ? help : undefined}
      className={cx(css['self'], css[place], pictured && css['pictured'])} onKeyDown={floats ? step : undefined} {...(floats ? drag : {})}>
      {pictured
        ? <Picture stream={stream} user="self" kind="camera" mirrored />
        : place !== 'behind' && me && <PersonFace user={me.id} size={place === 'cell' ? 96 : place === 'corner' ? 40 : 64} />}
      {(place === 'cell' || place === 'strip' || place === 'badge') && (
        <p className={css['foot']} aria-hidden="true">{callWords.you}{muted && place !== 'badge' && <MicOff size={16} strokeWidth={1.75} />}</p>
      )}
      {floats && <span id={help} hidden>{callWords.selfTile}</span>}
      {floats && onHide && <IconButton label={callWords.hideSelf} icon={EyeOff} size="list" tone="stage" tooltip="none" className={css['hide']} onClick={onHide} />}
    </div>
  );
}
