import { expect, it } from 'vitest';
import type { Toast } from '../state/model.ts';
import { createStore } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest, success } from '../wire/fakes_for_tests.ts';
import { makeLogins } from './logins.ts';

it('says that the other logins are ended, if there were any', async () => {
  const toasts: Partial<Toast>[] = [];
  const rest = fakeRest();
  const logins = makeLogins({
    store: createStore(), rest, link: fakeLink(), clock: fakeClock(), newId: () => 'id', announce: () => undefined, toast: (toast) => toasts.push(toast),
  });
  let ids = ['mine'];
  rest.answer = () => success({ sessions: ids.map((id) => ({ id, current: id === 'mine', userAgent: '' })) });
  await logins.signOutElsewhere();
  expect(toasts).toEqual([]);
  ids = ['mine', 'phone'];
  await logins.signOutElsewhere();
  expect(toasts).toEqual([{ kind: 'info', text: 'You were signed out elsewhere.' }]);
});
