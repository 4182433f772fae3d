import { expect, it } from 'vitest';
import type { Toast } from './model.ts';
import { withToast, withoutToast } from './toasts.ts';

const info = (id: string, text = id): Toast => ({ id, kind: 'info', text });

it('shows the newest three toasts', () => {
  const all = ['a', 'b', 'c', 'd'].reduce<readonly Toast[]>((toasts, id) => withToast(toasts, info(id)), []);
  expect(all.map((each) => each.id)).toEqual(['b', 'c', 'd']);
});

it('shows the same words once', () => {
  expect(withToast([info('a', 'Saved.'), info('b')], info('c', 'Saved.')).map((each) => each.id)).toEqual(['b', 'c']);
});

it('shows each missed call', () => {
  const missed = (id: string): Toast => ({ id, kind: 'missed-call', conversationId: 'c', callerId: 'u', type: 'audio' });
  expect(withToast([missed('a')], missed('b'))).toHaveLength(2);
});

it('changes nothing by dismissing a toast that is gone', () => {
  const toasts = [info('a')];
  expect(withoutToast(toasts, 'b')).toBe(toasts);
  expect(withoutToast(toasts, 'a')).toEqual([]);
});
