// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Actions, Refusal } from '../../state/actions.ts';
import type { State } from '../../state/model.ts';
import { kEmpty } from '../../state/store.ts';
import { fakeClient } from '../fakeClient.tsx';
import NotFound from './NotFound.tsx';
import Profile from './Profile.tsx';
import Settings from './Settings.tsx';

afterEach(cleanup);
const me = { id: 'me', username: 'ann', displayName: 'Ann', email: 'ann@example.com', avatar: '/avatars/default.svg' };

async function show(what: ReactNode, state: Partial<State> = {}, acts: Partial<Actions> = {}) {
  const client = fakeClient({ me, ...state }, acts);
  await act(async () => { render(<client.Around>{what}</client.Around>); });
  return client;
}

const refusal = (code: string): Refusal => ({ code, fields: {}, retryAfterSeconds: null, requestId: null });

test('the settings have their four regions and one heading of the first level', async () => {
  await show(<Settings />);
  expect(screen.getAllByRole('region').map((region) => region.getAttribute('aria-labelledby')?.replace('settings-', '')))
    .toEqual(['devices', 'appearance', 'notifications', 'sessions']);
  expect(screen.getAllByRole('heading', { level: 1 }).map(({ textContent }) => textContent)).toEqual(['Settings']);
});

test('devices are chosen by name, and checked in a dialog', async () => {
  const media = { ...kEmpty.media, cameras: [{ id: 'front', label: 'Front camera' }, { id: 'back', label: '' }], chosen: { ...kEmpty.media.chosen, camera: 'front' } };
  const client = await show(<Settings />, { media });
  const region = screen.getByRole('region', { name: 'Devices' });
  const box = within(region).getByRole<HTMLSelectElement>('combobox', { name: 'Camera' });
  expect([box.value, ...[...box.options].map(({ label }) => label)]).toEqual(['front', 'Front camera', 'Camera 2']);
  fireEvent.change(box, { target: { value: 'back' } });
  expect(client.actions.chooseDevice).toHaveBeenCalledWith('camera', 'back');
  within(region).getByRole('button', { name: 'Check devices' });
});

test('a theme, a switch and the volume are set at once; the browser is asked only when notifications are turned on', async () => {
  const client = await show(<Settings />);
  fireEvent.click(screen.getByRole('radio', { name: 'Dark' }));
  expect(client.actions.setTheme).toHaveBeenCalledWith('dark');
  fireEvent.click(screen.getByRole('switch', { name: 'Do not disturb on this device' }));
  expect(client.actions.set).toHaveBeenLastCalledWith({ doNotDisturb: true });
  fireEvent.change(screen.getByRole('slider', { name: 'Ringtone volume' }), { target: { value: '0.25' } });
  expect(client.actions.set).toHaveBeenLastCalledWith({ ringtoneVolume: 0.25 });
  expect(client.actions.setNotifications).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('switch', { name: 'Notifications on this device' }));
  expect(client.actions.setNotifications).toHaveBeenCalledWith(true);
});

test('this session has no button, others are signed out one by one or together', async () => {
  const logins = [
    { id: 'one', current: true, device: 'Chrome on Linux', lastSeenAt: '2026-11-29T12:00:00Z' },
    { id: 'two', current: false, device: 'Firefox', lastSeenAt: '2026-11-27T12:00:00Z' },
  ];
  const client = await show(<Settings />, { logins });
  const [mine, other] = within(screen.getByRole('list', { name: 'Sessions' })).getAllByRole('listitem');
  if (!mine || !other) throw new Error('there are two sessions');
  expect([mine.dataset['current'], other.dataset['session']]).toEqual(['true', 'two']);
  expect(within(mine).queryByRole('button')).toBeNull();
  await act(async () => { fireEvent.click(within(other).getByRole('button', { name: 'Sign out' })); });
  expect(client.actions.signOutLogin).toHaveBeenCalledWith('two');
  await act(async () => { fireEvent.click(screen.getByRole('button', { name: 'Sign out everywhere else' })); });
  expect(client.actions.signOutElsewhere).toHaveBeenCalled();
});

test('signing out everywhere else can be asked for before the list is here', async () => {
  const client = await show(<Settings />);
  await act(async () => { fireEvent.click(screen.getByRole('button', { name: 'Sign out everywhere else' })); });
  expect(client.actions.signOutElsewhere).toHaveBeenCalled();
});

test('a new name is saved, and says so until something is typed again', async () => {
  const client = await show(<Profile />);
  const field = screen.getByLabelText('Display name');
  fireEvent.change(field, { target: { value: ' Ann Smith ' } });
  await act(async () => { fireEvent.click(screen.getByRole('button', { name: 'Save' })); });
  expect(client.actions.saveProfile).toHaveBeenCalledWith('Ann Smith');
  expect(screen.getByRole('status').textContent).toBe('Saved.');
  fireEvent.change(field, { target: { value: 'A' } });
  expect(screen.getByRole('status').textContent).toBe('');
});

test('a photo is saved when it is chosen; what is no picture or too big is refused here', async () => {
  const client = await show(<Profile />);
  const photo = screen.getByLabelText('Photo');
  const choose = (file: File) => act(async () => { fireEvent.change(photo, { target: { files: [file] } }); });
  await choose(new File(['text'], 'plan.txt', { type: 'text/plain' }));
  expect(screen.getByRole('alert').textContent).toBe('Choose a picture: PNG, JPEG or WebP.');
  await choose(new File([new ArrayBuffer(5 * 1024 * 1024 + 1)], 'big.png', { type: 'image/png' }));
  expect(screen.getByRole('alert').textContent).toBe('big.png is too big; the limit is 5 MB.');
  expect(client.actions.setPhoto).not.toHaveBeenCalled();
  const picture = new File(['png'], 'me.png', { type: 'image/png' });
  await choose(picture);
  expect(client.actions.setPhoto).toHaveBeenCalledWith(picture);
  expect(screen.getByRole('status').textContent).toBe('Saved.');
});

test('a photo is removed where there is one', async () => {
  const client = await show(<Profile />);
  const remove = () => screen.getByRole('button', { name: 'Remove photo' });
  expect(remove().getAttribute('aria-disabled')).toBe('true');
  expect(document.getElementById(remove().getAttribute('aria-describedby') ?? '')?.textContent).toBe('You have no photo.');
  await act(async () => client.store.change(({ me }) => ({ me: me && { ...me, avatar: '/files/face.webp' } })));
  await act(async () => { fireEvent.click(remove()); });
  expect(client.actions.setPhoto).toHaveBeenCalledWith(null);
});

test('the refusal of a photo stays when a name is saved, until a photo is taken', async () => {
  await show(<Profile />);
  const choose = (file: File) => act(async () => { fireEvent.change(screen.getByLabelText('Photo'), { target: { files: [file] } }); });
  await choose(new File(['text'], 'plan.txt', { type: 'text/plain' }));
  fireEvent.change(screen.getByLabelText('Display name'), { target: { value: 'Ann S.' } });
  await act(async () => { fireEvent.click(screen.getByRole('button', { name: 'Save' })); });
  expect(screen.getByRole('alert').textContent).toBe('Choose a picture: PNG, JPEG or WebP.');
  expect(screen.getByRole('status').textContent).toBe('Saved.');
  await choose(new File(['png'], 'me.png', { type: 'image/png' }));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a refusal stands in the form, which can be sent again', async () => {
  const saveProfile = vi.fn().mockResolvedValueOnce({ ok: false, refusal: refusal('NETWORK') }).mockResolvedValue({ ok: true, value: null });
  await show(<Profile />, {}, { saveProfile });
  const save = screen.getByRole('button', { name: 'Save' });
  await act(async () => { fireEvent.click(save); });
  expect(screen.getByRole('alert').textContent).toContain('The server cannot be reached.');
  await act(async () => { fireEvent.click(save); });
  expect(screen.queryByRole('alert')).toBeNull();
});

test.each([['page', 'Page not found'], ['conversation', 'Not found'], ['call', 'Not found']] as const)('of a %s it says: %s', async (what, heading) => {
  await show(<NotFound what={what} />);
  screen.getByRole('heading', { level: 1, name: heading });
  expect(screen.getByRole('link', { name: 'Back to chats' }).getAttribute('href')).toBe('/');
});
