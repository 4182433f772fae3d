// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Actions, Done, HistoryEntry, HistoryPage } from '../../state/actions.ts';
import { aCall, fakeClient } from '../fakeClient.tsx';
import History from './History.tsx';

afterEach(cleanup);

const entry = (more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: 'call-1', direction: 'incoming', status: 'ended', endReason: 'hangup', type: 'video', durationSeconds: 125, at: '2026-11-29T14:03:00Z',
  otherId: 'ann', otherName: 'Ann', otherAvatar: null, conversationId: 'room', group: false, ...more,
});
const page = (calls: readonly HistoryEntry[], next: string | null = null): Done<HistoryPage> => ({ ok: true, value: { calls, next } });

async function show(loadHistory: Actions['loadHistory'], more: Partial<Actions> = {}) {
  const client = fakeClient({}, { loadHistory, ...more });
  await act(async () => { render(<client.Around><History /></client.Around>); });
  return client;
}

test('a call is listed with its words, its length and the hooks of the contract', async () => {
  await show(async () => page([entry()]));
  const item = within(screen.getByRole('list', { name: 'Calls' })).getByRole('listitem');
  expect({ ...item.dataset }).toMatchObject({ call: 'call-1', direction: 'incoming', status: 'ended', type: 'video', duration: '125' });
  expect(item.textContent).toContain('Ann');
  expect(item.textContent).toContain('Video call · 2 min 5 s');
});

test.each([
  [{ status: 'missed', endReason: 'timeout', type: 'audio', durationSeconds: null }, 'Missed audio call'],
  [{ status: 'missed', endReason: 'timeout', direction: 'outgoing', durationSeconds: null }, 'Video call, no answer'],
  [{ status: 'missed', endReason: 'cancelled', direction: 'outgoing', durationSeconds: null }, 'Cancelled video call'],
  [{ status: 'rejected', endReason: 'busy', direction: 'outgoing', durationSeconds: null }, 'Video call, busy'],
  [{ status: 'rejected', endReason: 'declined', durationSeconds: null }, 'Declined video call'],
] as const)('of %o it says: %s', async (more, words) => {
  await show(async () => page([entry(more)]));
  const item = screen.getByRole('listitem');
  expect(item.textContent).toContain(words);
  expect(item.dataset['duration']).toBeUndefined();
});

test('arrows move among the links of the list', async () => {
  await show(async () => page([entry(), entry({ id: 'call-2', otherName: 'Ben' })]));
  const [first, second] = within(screen.getByRole('list', { name: 'Calls' })).getAllByRole('link');
  first?.focus();
  fireEvent.keyDown(first ?? document.body, { key: 'ArrowDown' });
  expect(document.activeElement).toBe(second);
});

test('a filter asks anew, and an answer that comes late is not shown', async () => {
  const waiting: ((answer: Done<HistoryPage>) => void)[] = [];
  const load = vi.fn(() => new Promise<Done<HistoryPage>>((resolve) => { waiting.push(resolve); }));
  await show(load);
  fireEvent.click(screen.getByRole('radio', { name: 'Missed' }));
  expect(load).toHaveBeenLastCalledWith('missed', null);
  await act(async () => waiting[1]?.(page([])));
  await act(async () => waiting[0]?.(page([entry()])));
  expect(screen.queryByRole('listitem')).toBeNull();
  expect(screen.getByText('You have missed no call.').closest('[data-empty="history"]')).not.toBeNull();
});

test('more is loaded below, and what fails can be tried again', async () => {
  const load = vi.fn()
    .mockResolvedValueOnce(page([entry()], 'next'))
    .mockResolvedValueOnce({ ok: false, refusal: { code: 'NETWORK', fields: {}, retryAfterSeconds: null, requestId: null } })
    .mockResolvedValueOnce(page([entry({ id: 'call-2' })]));
  await show(load);
  const more = screen.getByRole('button', { name: 'Load more' });
  await act(async () => { fireEvent.click(more); });
  screen.getByText('The calls could not be loaded.');
  await act(async () => { fireEvent.click(more); });
  expect(load).toHaveBeenLastCalledWith('all', 'next');
  expect(screen.getAllByRole('listitem').map(({ dataset }) => dataset['call'])).toEqual(['call-1', 'call-2']);
  expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
});

test('Call back calls the same person with the same type, a group in its conversation, and nobody while I am in a call', async () => {
  const client = await show(async () => page([entry(), entry({ id: 'call-2', group: true, otherId: null, otherName: 'Team', type: 'audio' })]));
  const [first, second] = screen.getAllByRole('button', { name: 'Call back' });
  if (!first || !second) throw new Error('there are two rows');
  fireEvent.click(first);
  expect(client.actions.callUser).toHaveBeenCalledWith('ann', 'video');
  fireEvent.click(second);
  expect(client.actions.startCall).toHaveBeenCalledWith('room', 'audio');
  await act(async () => client.store.change(() => ({ call: aCall() })));
  expect(first.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(first);
  expect(client.actions.callUser).toHaveBeenCalledTimes(1);
});

test('R-001-28: when a call of mine ends, the list asks again and keeps its order', async () => {
  const load = vi.fn().mockResolvedValueOnce(page([entry({ id: 'old' })], 'next')).mockResolvedValue(page([entry({ id: 'new' }), entry({ id: 'old' })], 'other'));
  const client = await show(load);
  await act(async () => client.store.change(() => ({ call: aCall({ id: 'new' }) })));
  await act(async () => client.store.change(() => ({ call: null })));
  expect(screen.getAllByRole('listitem').map(({ dataset }) => dataset['call'])).toEqual(['new', 'old']);
});

test('all nine statistics have their values, in words and as numbers', async () => {
  const sums = {
    totalCalls: 42, totalDuration: 11_100, averageDuration: 264.3, missedCalls: 3, rejectedCalls: 2, incoming: 20, outgoing: 22, audioCalls: 10, videoCalls: 32,
  };
  const loadStatistics = vi.fn(async () => ({ ok: true as const, value: { ...sums, days: [{ day: new Date().toISOString().slice(0, 10), totalCalls: 7 }] } }));
  await show(async () => page([]), { loadStatistics });
  const region = screen.getByRole('region', { name: 'Statistics' });
  for (const [name, value] of Object.entries(sums)) expect(region.querySelector<HTMLElement>(`[data-stat="${name}"]`)?.dataset['value']).toBe(String(value));
  expect(region.querySelector('[data-stat="totalDuration"]')?.textContent).toBe('3 h 5 min');
  within(region).getByRole('img', { name: /^7 calls in the last 14 days, most of them Today \(7\)$/ });
  within(region).getByText('Last 14 days');
  await act(async () => { fireEvent.change(within(region).getByRole('combobox', { name: 'Period' }), { target: { value: '7d' } }); });
  expect(loadStatistics).toHaveBeenLastCalledWith('7d');
});

test('days without any call have no bars', async () => {
  const sums = { totalCalls: 0, totalDuration: 0, averageDuration: 0, missedCalls: 0, rejectedCalls: 0, incoming: 0, outgoing: 0, audioCalls: 0, videoCalls: 0, days: [] };
  await show(async () => page([]), { loadStatistics: async () => ({ ok: true as const, value: sums }) });
  const region = screen.getByRole('region', { name: 'Statistics' });
  expect(region.querySelector('[data-stat="totalCalls"]')?.textContent).toBe('0');
  expect(within(region).queryByRole('img')).toBeNull();
});
