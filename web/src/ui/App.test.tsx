// @vitest-environment jsdom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { State } from '../state/model.ts';
import { App } from './App.tsx';
import { aCall, fakeClient } from './fakeClient.tsx';

const me = { id: 'me', username: 'mia', displayName: null, email: null, avatar: '' };

// So that no test waits for a chunk.
beforeAll(() => Promise.all([import('./auth/forms.ts'), import('./pages/History.tsx'), import('./pages/Profile.tsx')]));
beforeEach(() => {
  // jsdom lays nothing out.
  Object.defineProperty(HTMLElement.prototype, 'checkVisibility', { configurable: true, value: () => true });
  const media = { matches: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  Object.defineProperty(window, 'matchMedia', { configurable: true, value: () => media });
});
afterEach(cleanup);

async function show(path: string, state: Partial<State>) {
  window.history.replaceState(null, '', path);
  const client = fakeClient({ me: state.app === 'ready' ? me : null, ...state });
  await act(async () => { render(<App client={client} />); });
  return client;
}
const address = () => window.location.pathname + window.location.search;

test('while a session is being restored there are no words at first, and no login', async () => {
  await show('/c/room', { app: 'starting' });
  expect(document.querySelector('.frame')).toBeTruthy();
  expect(document.querySelector('[data-banner]')).toBeNull();
  expect(address()).toBe('/c/room');
});

test('a session that takes long to be restored is waited for with a word', async () => {
  vi.useFakeTimers();
  try {
    const client = await show('/c/room', { app: 'starting', connection: 'connecting' });
    const banner = () => document.querySelector<HTMLElement>('[data-banner]');
    const wait = (ms: number) => act(async () => { vi.advanceTimersByTime(ms); });
    await wait(900);
    expect(banner()).toBeNull();
    await wait(200);
    expect([banner()?.dataset['banner'], banner()?.textContent]).toEqual(['connecting', 'Connecting…']);
    await act(async () => client.store.change(() => ({ connection: 'offline' })));
    expect(banner()?.dataset['banner']).toBe('offline');
    // The sidebar is not filled yet.
    await act(async () => client.store.change(() => ({ connection: 'online' })));
    expect(banner()?.dataset['banner']).toBe('connecting');
    await act(async () => client.store.change(() => ({ app: 'ready', me })));
    expect(banner()).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('who is signed out is asked to log in, and the page is remembered', async () => {
  await show('/c/room?message=3', { app: 'signed-out' });
  expect(address()).toBe('/login?next=/c/room%3Fmessage%3D3');
  expect(await screen.findByRole('heading', { level: 1, name: 'Log in' })).toBeTruthy();
});

test('who is signed in is taken from the form to the page that was asked for', async () => {
  await show('/login?next=/history', { app: 'ready' });
  expect(address()).toBe('/history');
});

test('an old address is replaced', async () => {
  await show('/videocall', { app: 'ready' });
  expect(address()).toBe('/');
});

test('who logs out is at the login, with nothing to go back to', async () => {
  const client = await show('/profile', { app: 'ready' });
  await act(async () => client.store.change(() => ({ app: 'signed-out', me: null })));
  expect(address()).toBe('/login');
});

test('whose session ended comes back to the page after logging in', async () => {
  const client = await show('/profile', { app: 'ready' });
  await act(async () => client.store.change(() => ({ app: 'signed-out', me: null, sessionEnded: true })));
  expect(address()).toBe('/login?next=/profile');
  expect(await screen.findByText('You were logged out. Log in to go on.')).toBeTruthy();
});

test('the areas of a page come in the order in which they are read', async () => {
  await show('/', { app: 'ready' });
  const areas = [...document.querySelectorAll('a[href="#content"], nav, aside, main')].map((area) => area.getAttribute('aria-label') ?? area.id);
  expect(areas).toEqual(['', 'Main', 'Sidebar', 'content']);
  expect(screen.getAllByRole('link', { current: 'page' }).map((link) => link.textContent)).toEqual(['Chats']);
  expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
});

test('R-004-64: the stage of a call has the navigation beside it, and no sidebar', async () => {
  await show('/call/call', { app: 'ready', call: aCall() });
  const links = within(screen.getByRole('navigation', { name: 'Main' })).getAllByRole('link');
  expect(links.map((link) => [link.textContent, link.getAttribute('aria-current')])).toEqual([['Chats', 'page'], ['History', null], ['Settings', null], ['Profile', null]]);
  expect(screen.queryByRole('complementary', { name: 'Sidebar' })).toBeNull();
});
