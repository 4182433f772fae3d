import { describe, expect, test } from 'vitest';
import { type Box, columnsOf, controlsFormOf, gridOf, mayCover, movedCorner, nearestCorner, type Width, widthOf } from './layout.ts';

const kPhone: Box = { width: 344, height: 600 };
const kTablet: Box = { width: 752, height: 800 };
const kDesk: Box = { width: 1424, height: 700 };

describe('the grid of DESIGN 7.8', () => {
  const table: readonly (readonly [people: number, compact: number, medium: number, wide: number])[] = [
    [3, 1, 2, 3], [4, 2, 2, 2], [5, 2, 3, 3], [6, 2, 3, 3], [7, 2, 3, 4], [8, 2, 3, 4],
  ];
  test.each(table)('%i people: %i columns on a phone, %i on a tablet, %i on a desk', (people, compact, medium, wide) => {
    expect(columnsOf(people, 'compact', kPhone)).toBe(compact);
    expect(columnsOf(people, 'medium', kTablet)).toBe(medium);
    expect(columnsOf(people, 'wide', kDesk)).toBe(wide);
  });

  test('three people stand two and one where the wide stage is not wider than 2:1', () => {
    expect(columnsOf(3, 'wide', { width: 1200, height: 800 })).toBe(2);
  });

  test.each<[Width, Box]>([['compact', kPhone], ['medium', kTablet], ['wide', kDesk]])('all tiles fit on a %s stage', (width, box) => {
    for (let people = 1; people <= 8; people += 1) {
      const { columns, rows, tile } = gridOf(people, width, box);
      expect(columns * rows).toBeGreaterThanOrEqual(people);
      expect(columns * tile.width + (columns - 1) * 8).toBeLessThanOrEqual(box.width);
      expect(rows * tile.height + (rows - 1) * 8).toBeLessThanOrEqual(box.height);
    }
  });

  test('tiles stay 16:10 on a desk, and between 4:5 and 16:10 on a phone', () => {
    const { tile } = gridOf(4, 'wide', kDesk);
    expect(tile.width / tile.height).toBeCloseTo(1.6, 1);
    const phone = gridOf(4, 'compact', kPhone).tile;
    expect(phone.width / phone.height).toBeGreaterThanOrEqual(0.79);
  });

  test('tiles are never lower than 120 px: the grid scrolls instead', () => {
    expect(gridOf(8, 'compact', { width: 344, height: 350 }).tile.height).toBe(120);
  });
});

describe('the corner of the own picture', () => {
  const box = { width: 100, height: 100 };
  test('is the nearest to where it was let go', () => {
    expect(nearestCorner(10, 10, box)).toBe('top-left');
    expect(nearestCorner(90, 60, box)).toBe('bottom-right');
  });
  test('follows the arrow keys, and stays where there is no further one', () => {
    expect(movedCorner('bottom-right', 'ArrowUp')).toBe('top-right');
    expect(movedCorner('top-right', 'ArrowUp')).toBe('top-right');
    expect(movedCorner('top-right', 'ArrowLeft')).toBe('top-left');
    expect(movedCorner('top-right', 'a')).toBeNull();
  });
});

test('a picture fills its place unless much of it would be lost', () => {
  expect(mayCover({ width: 1280, height: 720 }, { width: 1400, height: 800 })).toBe(true);
  expect(mayCover({ width: 720, height: 1280 }, { width: 1400, height: 800 })).toBe(false);
});

test('the controls show what there is room for', () => {
  expect(controlsFormOf('compact', 360, false, false)).toBe('few');
  expect(controlsFormOf('medium', 768, false, false)).toBe('words');
  expect(controlsFormOf('medium', 768, false, true)).toBe('icons');
  expect(controlsFormOf('medium', 488, false, false)).toBe('few');
  expect(controlsFormOf('medium', 740, true, false)).toBe('few');
  expect(controlsFormOf('wide', 0, false, true)).toBe('words');
});

test('widths are those of DESIGN 7.1', () => {
  expect([360, 699, 700, 1099, 1100].map(widthOf)).toEqual(['compact', 'compact', 'medium', 'medium', 'wide']);
});
