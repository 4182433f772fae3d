// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { useJump } from './useJump.ts';
import type { List } from './useOpening.ts';

const scrollToEnd = vi.fn();
const list = { getDistanceFromEnd: () => 9_000, scrollRect: { height: 600 }, scrollToEnd } as unknown as List;

beforeEach(() => {
  scrollToEnd.mockClear();
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
});

it('a jump is made again when the page that was on its way has come, once', () => {
  const { result, rerender } = renderHook(({ loading }) => useJump(list, loading), { initialProps: { loading: true } });
  result.current();
  expect(scrollToEnd).toHaveBeenCalledTimes(1);
  rerender({ loading: false });
  expect(scrollToEnd).toHaveBeenCalledTimes(2);
  rerender({ loading: true });
  rerender({ loading: false });
  expect(scrollToEnd).toHaveBeenCalledTimes(2);
});

it('a jump while nothing loads is made once', () => {
  const { result, rerender } = renderHook(({ loading }) => useJump(list, loading), { initialProps: { loading: false } });
  result.current();
  rerender({ loading: true });
  rerender({ loading: false });
  expect(scrollToEnd).toHaveBeenCalledTimes(1);
});
