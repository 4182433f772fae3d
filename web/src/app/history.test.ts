import { expect, it } from 'vitest';
import { kEmpty } from '../state/store.ts';
import type { State } from '../state/model.ts';
import { fakeClock, fakeLink, fakeRest, success } from '../wire/fakes_for_tests.ts';
import { createStore } from '../state/store.ts';
import { historyFrom, statisticsFrom } from '../wire/history_api.ts';
import { makeHistory, pageOf } from './history.ts';

const state: State = {
  ...kEmpty,
  me: { id: 'me', username: 'me', displayName: null, email: null, avatar: '' },
  people: { ben: { id: 'ben', username: 'ben', name: 'Ben X', avatar: '/b.svg', presence: 'offline', lastSeenAt: null, blocked: false } },
};
const person = (id: string) => ({ id, username: id, avatar: '/a.svg' });
const call = (id: string, at: string, more: object = {}) => ({
  id, callerId: 'me', recipientId: 'ben', conversationId: 'c', callType: 'video', status: 'ended', endReason: 'hangup', startedAt: at, duration: 41,
  createdAt: at, caller: person('me'), recipient: person('ben'), ...more,
});
const attempt = (id: string, createdAt: string, caller = 'ben') => ({
  id, reason: 'busy', callType: 'audio', createdAt, caller: person(caller), recipient: person(caller === 'me' ? 'ben' : 'me'),
});

it('tells of each call who the other was and which way it went', () => {
  const page = pageOf(historyFrom({
    calls: [call('1', 't2'), call('2', 't1', { callerId: 'cy', recipientId: 'me', caller: person('cy'), startedAt: null, duration: null })], nextCursor: null,
  }), 'all', null, state);
  expect(page.next).toBeNull();
  expect(page.calls).toMatchObject([
    { direction: 'outgoing', otherId: 'ben', otherName: 'Ben X', durationSeconds: 41, group: false },
    { direction: 'incoming', otherId: 'cy', otherName: 'cy', durationSeconds: null },
  ]);
});

it('puts the attempts that were refused between the calls, each on one page only', () => {
  const attempts = [attempt('a', 't5'), attempt('b', 't3'), attempt('c', 't1')];
  const first = pageOf(historyFrom({ calls: [call('1', 't4'), call('2', 't2')], attempts, nextCursor: 'next' }), 'all', null, state);
  expect(first.calls.map((each) => each.id)).toEqual(['a', '1', 'b', '2']);
  expect(first.calls[0]).toMatchObject({ status: 'rejected', endReason: 'busy', direction: 'incoming', otherName: 'Ben X' });
  expect(first.next).toBe('next t2');
  const second = pageOf(historyFrom({ calls: [call('3', 't0')], attempts, nextCursor: null }), 'all', 't2', state);
  expect(second.calls.map((each) => each.id)).toEqual(['c', '3']);
});

it('shows an attempt under the direction that it had', () => {
  const json = { calls: [], attempts: [attempt('in', 't1'), attempt('out', 't2', 'me')], nextCursor: null };
  const ids = (filter: 'missed' | 'incoming' | 'outgoing') => pageOf(historyFrom(json), filter, null, state).calls.map((each) => each.id);
  expect([ids('missed'), ids('incoming'), ids('outgoing')]).toEqual([['in'], ['in'], ['out']]);
});

it('asks for the next page from the cursor on, and for sums since the beginning of the period', async () => {
  const [rest, clock] = [fakeRest(), fakeClock(Date.parse('2026-11-29T00:00:00Z'))];
  const history = makeHistory({ store: createStore(), rest, clock, link: fakeLink(), newId: () => '', toast: () => undefined, announce: () => undefined });
  rest.answer = () => success({});
  await history.loadHistory('missed', 'a/b t2');
  await history.loadStatistics('7d');
  expect(rest.asked.map((each) => each.path)).toEqual([
    '/api/calls/history?limit=30&include=attempts&status=missed&direction=incoming&cursor=a%2Fb',
    '/api/calls/stats?groupBy=day&from=2026-11-22T00:00:00.000Z',
  ]);
});

it('reads sums, and those of each day', () => {
  expect(statisticsFrom({ totalCalls: 2, averageDuration: 1.5, days: [{ day: '2026-11-29', totalCalls: 2 }, {}] })).toMatchObject(
    { totalCalls: 2, averageDuration: 1.5, missedCalls: 0, days: [{ day: '2026-11-29', totalCalls: 2 }] });
});
