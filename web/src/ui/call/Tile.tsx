// A person in a call: the picture, or the face in its ring, and a foot that says the state in words.
import { MicOff } from 'lucide-react';
import { useRef } from 'react';
import type { Participant } from '../../state/model.ts';
import { cx } from '../parts/cx.ts';
import { Ring, type RingState } from '../parts/Ring.tsx';
import { callWords } from '../words/call.en.ts';
import { PersonFace } from './Face.tsx';
import { useName } from './names.ts';
import { Picture } from './Picture.tsx';
import { useLevel, useStream } from './useStream.ts';
import css from './Tile.module.css';

export interface TileProps {
  readonly person: Participant;
  /** `alone`: the only other one, whose picture is as large as the stage; `cell`: one of a grid; `strip`: beside a shared screen. */
  readonly as: 'alone' | 'cell' | 'strip';
  readonly active: boolean;
  /** My side is away: every picture stands still. */
  readonly frozen: boolean;
  /** Of `alone` without a picture: what the ring around the face says. */
  readonly ring?: RingState | undefined;
  readonly faceSize: 40 | 64 | 96 | 128 | 160;
  readonly fit: 'fill' | 'auto';
  /** The foot has the name: the stage's heading does not say it. */
  readonly named: boolean;
  readonly tabIndex?: number | undefined;
}

function ringOfTile(person: Participant, frozen: boolean): RingState {
  if (frozen || person.connection === 'reconnecting') return 'reconnecting';
  if (person.connection === 'connecting') return 'connecting';
  return 'idle';
}

export function Tile({ person, as, active, frozen, ring, faceSize, fit, named, tabIndex }: TileProps) {
  const name = useName(person.userId);
  const tile = useRef<HTMLDivElement>(null);
  const stream = useStream((streams) => streams.remote(person.userId, 'camera'));
  useLevel(tile, person.userId, person.speaking);
  const away = frozen || person.connection !== 'connected';
  // In a call of two without a picture the words under the face say all.
  const footed = named || (person.muted && ring === undefined);
  const pictured = person.camera && stream !== null;
  return (
    <div ref={tile} role="group" tabIndex={tabIndex} className={cx(css['tile'], css[as], pictured && css['pictured'], person.speaking && !away && css['speaking'])}
      aria-label={callWords.tileName(name, { ...person, reconnecting: person.connection === 'reconnecting' })}
      data-tile={person.userId} data-speaking={person.speaking} data-muted={person.muted} data-camera={person.camera}
      data-connection={person.connection} data-active-speaker={active || undefined}>
      {pictured && <Picture stream={stream} user={person.userId} kind="camera" fit={fit} dimmed={away} />}
      {(!pictured || away) && (
        <span className={css['face']}>
          <Ring state={ring ?? ringOfTile(person, frozen)} size={faceSize}><PersonFace user={person.userId} size={faceSize} /></Ring>
        </span>
      )}
      {footed && <p className={css['foot']} aria-hidden="true">
        {named && <span className={css['name']}>{name}</span>}
        {person.muted && <span className={css['mark']}><MicOff size={16} strokeWidth={1.75} />{!named && callWords.mutedMark}</span>}
        {named && person.connection === 'reconnecting' && <span className={css['hold']}>{callWords.isReconnecting}</span>}
        {named && person.connection === 'connecting' && <span className={css['hold']}>{callWords.isConnecting}</span>}
      </p>}
    </div>
  );
}
