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

it('does not go on trying once the server has refused the token', async () => {
  const connecting = connect({ token: 'old', chat: false });
  await vi.waitFor(() => expect(connected).toBe(1));
  end.refused('TOKEN_REVOKED');
  await expect(connecting).rejects.toMatchObject({ name: 'ConnectError', code: 'TOKEN_REVOKED' });
  window.dispatchEvent(new Event('online'));
  expect(connected).toBe(1);
});
