// Where the pictures of a call go (DESIGN §7.1, §7.8): plain arithmetic, so that it can be tested without a page.

export type Width = 'compact' | 'medium' | 'wide';

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly tile: Box;
}

export const kMediumFrom = 700;
export const kWideFrom = 1100;
const kGap = 8;
const kLeastHeight = 120;

export const widthOf = (pixels: number): Width => (pixels >= kWideFrom ? 'wide' : pixels >= kMediumFrom ? 'medium' : 'compact');

/** How many tiles stand beside each other; `people` counts me. */
export function columnsOf(people: number, width: Width, box: Box): number {
  const portrait = width === 'compact' && box.height >= box.width;
  if (people <= 1) return 1;
  if (people === 2) return portrait ? 1 : 2;
  if (people === 3) return portrait ? 1 : width === 'wide' && box.width > 2 * box.height ? 3 : 2;
  if (people === 4) return 2;
  if (people <= 6) return portrait ? 2 : 3;
  if (portrait) return 2;
  return width === 'wide' ? 4 : 3;
}

/** Tiles of 16:10 as large as fit; on a phone held upright as the cell is, but never flatter than 16:10 nor slimmer than 4:5. */
export function gridOf(people: number, width: Width, box: Box): Grid {
  const columns = columnsOf(people, width, box);
  const rows = Math.ceil(people / columns);
  const cell = { width: (box.width - kGap * (columns - 1)) / columns, height: Math.max(kLeastHeight, (box.height - kGap * (rows - 1)) / rows) };
  const wanted = cell.width / cell.height;
  const ratio = width === 'compact' && box.height >= box.width ? Math.min(16 / 10, Math.max(4 / 5, wanted)) : 16 / 10;
  const tile = wanted > ratio ? { width: cell.height * ratio, height: cell.height } : { width: cell.width, height: cell.width / ratio };
  return { columns, rows, tile: { width: Math.max(0, Math.floor(tile.width)), height: Math.max(0, Math.floor(tile.height)) } };
}

/** How the controls are shown: `few` with the rest behind `More`, `icons` without the words of the red ones, `words`. */
export type ControlsForm = 'few' | 'icons' | 'words';

/** `room`: the width of the stage without what is beside it; 0: not measured. `low`: a phone on its side. */
export function controlsFormOf(width: Width, room: number, low: boolean, host: boolean): ControlsForm {
  if (low || width === 'compact' || (room > 0 && room < 680)) return 'few';
  return host && room > 0 && room < 900 ? 'icons' : 'words';
}

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** The corner that is nearest to a point in the box. */
export const nearestCorner = (x: number, y: number, box: Box): Corner =>
  `${y < box.height / 2 ? 'top' : 'bottom'}-${x < box.width / 2 ? 'left' : 'right'}`;

/** The next corner in the direction of an arrow key; null: no such key. */
export function movedCorner(corner: Corner, key: string): Corner | null {
  const [vertical, sideways] = corner.split('-');
  switch (key) {
    case 'ArrowUp': return sideways === 'left' ? 'top-left' : 'top-right';
    case 'ArrowDown': return sideways === 'left' ? 'bottom-left' : 'bottom-right';
    case 'ArrowLeft': return vertical === 'top' ? 'top-left' : 'bottom-left';
    case 'ArrowRight': return vertical === 'top' ? 'top-right' : 'bottom-right';
    default: return null;
  }
}

/** Whether a picture of this shape may be cut to fill the box: if not much is lost. */
export const mayCover = (picture: Box, box: Box): boolean => {
  if (picture.height === 0 || box.height === 0 || box.width === 0) return true;
  const differs = (picture.width / picture.height) / (box.width / box.height);
  return differs > 0.7 && differs < 1.45;
};
