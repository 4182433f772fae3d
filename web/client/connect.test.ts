// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { fakeRest, success } from '../src/wire/fakes_for_tests.ts';
import type { SocketEnd } from '../src/wire/socket.ts';
import { connect } from './connect.ts';

let end: SocketEnd;
let connected = 0;
vi.mock('./addresses.ts', () => ({
  restAt: () => Object.assign(fakeRest(), { get: async () => success({ user: { id: 'me', username: 'me' } }) }),
  socketAt: () => (_: unknown, heard: SocketEnd) => {
    end = heard;
    return { connected: false, connect: () => ++connected, disconnect: () => undefined, drop: () => undefined, emit: () => undefined };
  },
}));
beforeEach(() => { connected = 0; });

/** What listens to the page: added, and neither removed nor ended by its signal. */
function listeners(): () => string[] {
  let all: { type: string; listener: unknown; signal: AbortSignal | undefined }[] = [];
  for (const target of [window, document]) {
    const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)];
    vi.spyOn(target, 'addEventListener').mockImplementation((type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions) => {
      all.push({ type, listener, signal: typeof options === 'object' ? options.signal : undefined });
      add(type, listener, options);
    });
    vi.spyOn(target, 'removeEventListener').mockImplementation((type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions) => {
      all = all.filter((each) => each.type !== type || each.listener !== listener);
      remove(type, listener, options);
    });
  }
  return () => all.filter(({ signal }) => signal?.aborted !== true).map(({ type }) => type);
}

it('leaves nothing behind that listens when it is closed', async () => {
  const listening = listeners();
  const connecting = connect({ chat: false });
  await vi.waitFor(() => expect(connected).toBe(1));
  end.event('session.ready', { seq: 1, sessionId: 's', userId: 'me' });
  const belfry = await connecting;
  await vi.dynamicImportSettled();
  expect(listening()).toEqual(expect.arrayContaining(['online', 'offline', 'pagehide', 'pageshow', 'pointerdown', 'keydown']));
  belfry.close();
  expect(listening()).toEqual([]);
});

it('leaves nothing behind that listens when it is refused, or closed before the code of calls has come', async () => {
  const listening = listeners();
  const refused = connect({ chat: false });
  await vi.waitFor(() => expect(connected).toBe(1));
  end.refused('TOKEN_REVOKED');
  await expect(refused).rejects.toThrow();
  expect(listening()).toEqual([]);
  const connecting = connect({ chat: false });
  await vi.waitFor(() => expect(connected).toBe(2));
  end.event('session.ready', { seq: 1, sessionId: 's', userId: 'me' });
  (await connecting).close();
  await vi.dynamicImportSettled();
  expect(listening()).toEqual([]);
});

it('does not go on trying once the server has refused the token', async () => {
  const connecting = connect({ token: 'old', chat: false });
  await vi.waitFor(() => expect(connected).toBe(1));
  end.refused('TOKEN_REVOKED');
  await expect(connecting).rejects.toMatchObject({ name: 'ConnectError', code: 'TOKEN_REVOKED' });
  window.dispatchEvent(new Event('online'));
  expect(connected).toBe(1);
});
