import { expect, it } from 'vitest';
import { leaveTab, takeTab, type WebStorage } from './storage.ts';
import { newId } from './new_id.ts';

function fakeStorage(): WebStorage {
  const kept = new Map<string, string>();
  return { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value), remove: (key) => void kept.delete(key) };
}

it('goes on after a reload with the device and the session of the page before', () => {
  const storage = fakeStorage();
  leaveTab(storage, 'tab-1', { sessionId: 's', lastSeq: 9 });
  expect(takeTab(storage, () => 'new')).toEqual({ deviceId: 'tab-1', resume: { sessionId: 's', lastSeq: 9 } });
});

it('gives that away once, so that a copy of the tab is another device', () => {
  const storage = fakeStorage();
  leaveTab(storage, 'tab-1', null);
  takeTab(storage, () => 'new');
  expect(takeTab(storage, () => 'new')).toEqual({ deviceId: 'new', resume: null });
});

it('makes ids that are UUIDs', () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newId()).not.toBe(newId());
});
