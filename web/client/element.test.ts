// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { kEmpty } from '../src/state/store.ts';
import './element.ts';

const called: string[] = [];
vi.mock('./element_view.ts', () => ({ ElementView: class { show(): void {} showPictures(): void {} } }));
vi.mock('./connect.ts', () => ({
  ConnectError: class extends Error {},
  connect: async ({ server = '' }) => ({
    actions: { callUser: (id: string) => called.push(id) }, streams: { watch: () => () => undefined, own: () => null, remote: () => null },
    getState: () => kEmpty, subscribe: () => () => undefined, on: () => () => undefined, close: () => undefined,
    find: async (username: string) => ({ id: `${username} of ${server}`, name: username }),
  }),
}));

it('looks for the person again when the address of the server changes', async () => {
  const element = document.createElement('belfry-call') as HTMLElement & { call(): Promise<void> };
  element.setAttribute('user', 'ann');
  element.setAttribute('server', 'https://one.example');
  await element.call();
  element.setAttribute('server', 'https://two.example');
  await element.call();
  expect(called).toEqual(['ann of https://one.example', 'ann of https://two.example']);
});
