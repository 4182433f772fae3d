// What is seen of the others: a face, a picture, tiles, or a screen with a strip of tiles.
import type { ReactNode } from 'react';
import type { Call } from '../../state/model.ts';
import { Ring } from '../parts/Ring.tsx';
import { useBelfry } from '../use.ts';
import { type Arrangement, sharer } from './arrange.ts';
import { CallFace } from './Face.tsx';
import type { Width } from './layout.ts';
import { ringOf } from './ringOf.ts';
import type { SelfPlace } from './SelfView.tsx';
import { SharedScreen } from './SharedScreen.tsx';
import { Tile } from './Tile.tsx';
import { TileGrid, TileStrip } from './TileGrid.tsx';
import { useSteady } from './useSteady.ts';

const kSpeakerMs = 2000;

export interface PicturesProps {
  readonly call: Call;
  readonly arranged: Arrangement;
  readonly width: Width;
  readonly faceSize: 64 | 128 | 160;
  /** My own tile among the others. */
  readonly self: (place: SelfPlace, tabIndex: number) => ReactNode;
}

export function Pictures({ call, arranged, width, faceSize, self }: PicturesProps) {
  const weak = useBelfry((state) => state.quality.warn);
  const speaker = useSteady(call.activeSpeaker, kSpeakerMs);
  const frozen = call.phase === 'reconnecting' && call.reconnectingMine;
  const [only] = call.participants;
  const alone = only && { person: only, as: 'alone', active: only.userId === call.activeSpeaker, frozen, faceSize } as const;
  const screen = sharer(call);
  switch (arranged) {
    case 'hero': {
      const ring = ringOf(call, { speaking: only?.speaking ?? false, weak });
      if (alone && !call.group && call.phase !== 'ended') return <Tile {...alone} named={false} ring={ring} fit="auto" />;
      return <Ring state={ring} size={faceSize}><CallFace call={call} size={faceSize} /></Ring>;
    }
    case 'duo': return alone && <Tile {...alone} named={call.group} fit={width === 'compact' ? 'fill' : 'auto'} />;
    case 'grid': return <TileGrid call={call} width={width} frozen={frozen} own={(tabIndex) => self('cell', tabIndex)} />;
    case 'share': return screen && (
      <>
        <SharedScreen user={screen.userId} frozen={frozen || screen.connection !== 'connected'} />
        <TileStrip call={call} first={speaker} frozen={frozen} own={(tabIndex) => self('strip', tabIndex)} />
      </>
    );
  }
}
