import { expect, it } from 'vitest';
import { createStore } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest, success } from '../wire/fakes_for_tests.ts';
import { makeAccount } from './account.ts';
import { lateAccount } from './account_late.ts';
import type { Context } from './context.ts';

const aContext = (): Context => ({
  store: createStore(), rest: fakeRest(), link: fakeLink(), clock: fakeClock(), newId: () => 'id', toast: () => undefined, announce: () => undefined,
});

it('fetches the code of the account once, at its first use', async () => {
  let fetched = 0;
  const { actions } = lateAccount(aContext(), async () => {
    ++fetched;
    return { makeAccount };
  });
  expect(fetched).toBe(0);
  await Promise.all([actions.loadHistory('all', null), actions.loadStatistics('7d')]);
  await actions.loadLogins();
  expect(fetched).toBe(1);
});

it('says that the server is away when the code cannot be fetched, and tries again', async () => {
  let away = true;
  const ctx = aContext();
  ctx.store.change(() => ({ me: { id: 'me', username: 'me', displayName: null, email: null, avatar: '' } }));
  const { actions } = lateAccount(ctx, async () => {
    if (away) throw new TypeError('failed to fetch');
    return { makeAccount };
  });
  expect(await actions.saveProfile('Ann')).toMatchObject({ ok: false, refusal: { code: 'NETWORK' } });
  away = false;
  Object.assign(ctx.rest, { answer: () => success({ id: 'me', username: 'me', displayName: 'Ann' }) });
  expect(await actions.saveProfile('Ann')).toEqual({ ok: true, value: null });
  expect(ctx.store.getState().me?.displayName).toBe('Ann');
});
