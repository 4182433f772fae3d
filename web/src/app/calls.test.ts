// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { stubMedia } from '../media/fakes_for_tests.ts';
import { createStore } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest, settled } from '../wire/fakes_for_tests.ts';
import { makeCalls } from './calls.ts';

it('a ring that comes before the chunk of calls is shown when it is there, unless it is over by then', async () => {
  stubMedia();
  const [store, link] = [createStore(), fakeLink()];
  const calls = makeCalls({ store, link, rest: fakeRest(), clock: fakeClock(), newId: () => 'id', toast() {}, announce() {} });
  link.become('online');
  const ring = (callId: string): void => link.tell('call.incoming', {
    callId, call: { id: callId, callerId: 'b', recipientId: 'a', status: 'calling' }, caller: { id: 'b' }, ringExpiresAt: '2099-01-01T00:00:00.000Z',
  });
  ring('first');
  link.tell('call.cancelled', { callId: 'first', endReason: 'cancelled' });
  ring('second');
  expect(store.getState().incoming).toBeNull();
  await vi.waitFor(() => expect(store.getState().incoming?.id).toBe('second'));
  link.tell('call.cancelled', { callId: 'second', endReason: 'cancelled' });
  expect(store.getState().incoming).toBeNull();
  await settled();
  calls.forgetCalls();
});
