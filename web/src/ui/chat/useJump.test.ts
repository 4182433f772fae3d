// @vitest-environment jsdom
import { cleanup, fireEvent, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useJump } from './useJump.ts';
import type { List } from './useOpening.ts';

const kEnd = 9000;
const scroller = document.createElement('div');
const scrollToEnd = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  document.body.replaceChildren(scroller);
  scrollToEnd.mockReset();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** Jumps to the end from so far away: farther than two panes it is there at once. */
function jump(distance = kEnd) {
  scroller.scrollTop = kEnd - distance;
  scrollToEnd.mockImplementation(({ behavior }: { behavior?: string } = {}) => { if (behavior !== 'smooth') scroller.scrollTop = kEnd; });
  const list = { getDistanceFromEnd: () => distance, scrollRect: { height: 600 }, scrollToEnd } as unknown as List;
  const hook = renderHook(() => useJump({ current: scroller }, list));
  hook.result.current();
  return hook;
}

function browserScrolls(to: number) {
  scroller.scrollTop = to;
  fireEvent.scroll(scroller);
}

it('a jump is not undone by what the browser still has to scroll for a key pressed before', () => {
  jump();
  for (const rest of [8000, 7000, 8990]) {
    browserScrolls(rest);
    expect(scroller.scrollTop).toBe(kEnd);
  }
});

it.each(['wheel', 'touchstart', 'pointerdown', 'keydown'])('after a jump one scrolls away by hand at once: %s', (kind) => {
  jump();
  scroller.dispatchEvent(new Event(kind, { bubbles: true }));
  browserScrolls(8000);
  expect(scroller.scrollTop).toBe(8000);
});

it('after a jump what scrolls without a hand, as a screen reader does, does so a second later', () => {
  jump();
  vi.advanceTimersByTime(1000);
  browserScrolls(8000);
  expect(scroller.scrollTop).toBe(8000);
});

it('a jump from near glides there', () => {
  jump(1000);
  for (const way of [8200, 8600, kEnd]) browserScrolls(way);
  expect(scrollToEnd.mock.calls).toEqual([[{ behavior: 'smooth' }]]);
});

it('a list that is gone is not scrolled', () => {
  jump().unmount();
  browserScrolls(8000);
  expect(scrollToEnd).toHaveBeenCalledTimes(1);
});
