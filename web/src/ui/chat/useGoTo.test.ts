// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { Revealed } from '../../state/actions.ts';
import { fakeClient } from '../fakeClient.tsx';
import { message } from './chatForTests.tsx';
import { useGoTo } from './useGoTo.ts';
import type { List } from './useOpening.ts';

async function goingTo(seq: number, revealed: Revealed) {
  const client = fakeClient({}, { reveal: vi.fn(async () => revealed) });
  const list = { scrollToIndex: vi.fn() };
  const messages = [message(6), message(7)];
  const target = { seq };
  const { result } = renderHook(() => useGoTo('c', messages, () => list as unknown as List, true, target), { wrapper: client.Around });
  await act(async () => undefined);
  return { client, list, result };
}

it('a message that was found is scrolled to and marked', async () => {
  const { client, list, result } = await goingTo(7, 'found');
  expect(list.scrollToIndex).toHaveBeenCalledWith(1, { align: 'center' });
  expect([result.current.marked, vi.mocked(client.actions.toast).mock.calls]).toEqual([7, []]);
});

it('a toast tells of one that is missing, and of nothing where the chat was left', async () => {
  expect(vi.mocked((await goingTo(1, 'left')).client.actions.toast)).not.toHaveBeenCalled();
  expect(vi.mocked((await goingTo(1, 'missing')).client.actions.toast)).toHaveBeenCalledExactlyOnceWith('error', expect.any(String));
});
