// The tiles of a group: one stop for Tab, arrows move among them. Their size comes from the room there is (layout.ts).
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import type { Call } from '../../state/model.ts';
import { callWords } from '../words/call.en.ts';
import { gridOf, type Width } from './layout.ts';
import { Tile } from './Tile.tsx';
import { useBox } from './useBox.ts';
import css from './Stage.module.css';

const kBack = ['ArrowLeft', 'ArrowUp'];
const kOn = ['ArrowRight', 'ArrowDown'];

/** Moves the focus among the tiles of `container`; tells which has it. */
function useRoving() {
  const [at, setAt] = useState(0);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-tile]')];
    const now = tiles.findIndex((tile) => tile === document.activeElement);
    if (now < 0 || tiles.length === 0) return;
    const step = kOn.includes(event.key) ? 1 : kBack.includes(event.key) ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = (now + step + tiles.length) % tiles.length;
    setAt(next);
    tiles[next]?.focus();
  };
  return { at, onKeyDown };
}

interface GridProps {
  readonly call: Call;
  readonly width: Width;
  readonly frozen: boolean;
  /** My own tile, last. */
  readonly own: (tabIndex: number) => ReactNode;
}

export function TileGrid({ call, width, frozen, own }: GridProps) {
  const room = useRef<HTMLDivElement>(null);
  const box = useBox(room);
  const people = call.participants.length + 1;
  const { columns, rows, tile } = gridOf(people, width, box);
  const { at, onKeyDown } = useRoving();
  const face = tile.height < 200 ? 64 : 96;
  return (
    <div ref={room} className={css['room']}>
      <div role="group" aria-label={callWords.tiles} className={css['grid']} data-columns={columns} data-rows={rows} data-people={people} onKeyDown={onKeyDown}
        style={{ '--columns': columns, '--tile-width': `${tile.width}px`, '--tile-height': `${tile.height}px` }}>
        {call.participants.map((person, index) => (
          <Tile key={person.userId} person={person} as="cell" named active={person.userId === call.activeSpeaker} frozen={frozen} faceSize={face} fit="fill"
            tabIndex={index === at ? 0 : -1} />
        ))}
        {own(at === people - 1 ? 0 : -1)}
      </div>
    </div>
  );
}

/** Beside a shared screen: who speaks comes first. */
export function TileStrip({ call, first, frozen, own }: Omit<GridProps, 'width'> & { readonly first: string | null }) {
  const { at, onKeyDown } = useRoving();
  const people = call.participants.toSorted((a, b) => Number(b.userId === first) - Number(a.userId === first));
  return (
    <div role="group" aria-label={callWords.tiles} className={css['strip']} onKeyDown={onKeyDown}>
      {people.map((person, index) => (
        <Tile key={person.userId} person={person} as="strip" named active={person.userId === call.activeSpeaker} frozen={frozen} faceSize={40} fit="fill"
          tabIndex={index === at ? 0 : -1} />
      ))}
      {own(at === people.length ? 0 : -1)}
    </div>
  );
}
