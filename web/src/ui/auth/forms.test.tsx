// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Actions, Refusal } from '../../state/actions.ts';
import { fakeClient } from '../fakeClient.tsx';
import { LogIn, SignUp } from './forms.ts';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const refusing = (refusal: Partial<Refusal>) => vi.fn(async () => (
  { ok: false as const, refusal: { code: 'INTERNAL', fields: {}, retryAfterSeconds: null, requestId: null, ...refusal } }));

function show(form: 'log in' | 'sign up', acts: Partial<Actions> = {}, sessionEnded = false) {
  const client = fakeClient({ app: 'signed-out', sessionEnded }, acts);
  render(<client.Around>{form === 'log in' ? <LogIn /> : <SignUp />}</client.Around>);
  return client;
}
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
async function send(): Promise<void> {
  const form = document.querySelector('form');
  if (!form) throw new Error('there is no form');
  await act(async () => { fireEvent.submit(form); });
}
const faultOf = (label: string) => document.getElementById(screen.getByLabelText(label).getAttribute('aria-describedby') ?? '')?.textContent;

test('logging in sends what was typed', async () => {
  const { actions } = show('log in');
  expect(screen.getByRole('heading', { level: 1, name: 'Log in' })).toBeTruthy();
  type('Username or email', ' ann ');
  type('Password', 'likes calls');
  await send();
  expect(actions.logIn).toHaveBeenCalledWith('ann', 'likes calls');
});

test('an empty form is not sent, and the first field at fault gets the focus', async () => {
  const { actions } = show('log in');
  await send();
  expect(actions.logIn).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(screen.getByLabelText('Username or email'));
  expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true');
});

test('a wrong password is told above the button, and blames no field', async () => {
  show('log in', { logIn: refusing({ code: 'INVALID_CREDENTIALS' }) });
  type('Username or email', 'ann');
  type('Password', 'wrong wrong');
  await send();
  expect(screen.getByRole('alert').textContent).toBe('That username and password do not belong together. Check both and try again.');
  expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBeNull();
  expect(screen.getByLabelText('Username or email')).toHaveProperty('value', 'ann');
});

test('how long to wait is counted down', async () => {
  vi.useFakeTimers();
  show('log in', { logIn: refusing({ code: 'RATE_LIMITED', retryAfterSeconds: 40 }) });
  type('Username or email', 'ann');
  type('Password', 'likes calls');
  await send();
  expect(screen.getByRole('alert').textContent).toBe('Too many tries. You can try again in 40 s.');
  act(() => void vi.advanceTimersByTime(3000));
  expect(screen.getByRole('alert').textContent).toBe('Too many tries. You can try again in 37 s.');
  act(() => void vi.advanceTimersByTime(37_000));
  expect(screen.getByRole('alert').textContent).toBe('Too many tries. You can try again now.');
});

test('while the server is asked the form is busy and sends no second time', async () => {
  let answer = (_: { ok: true; value: null }): void => undefined;
  const logIn = vi.fn(() => new Promise<{ ok: true; value: null }>((resolve) => { answer = resolve; }));
  show('log in', { logIn });
  type('Username or email', 'ann');
  type('Password', 'likes calls');
  await send();
  await send();
  expect(logIn).toHaveBeenCalledOnce();
  expect(document.querySelector('form')?.getAttribute('aria-busy')).toBe('true');
  expect(screen.getByRole('button', { name: 'Log in' }).getAttribute('aria-disabled')).toBe('true');
  await act(async () => answer({ ok: true, value: null }));
  expect(document.querySelector('form')?.getAttribute('aria-busy')).toBeNull();
});

test('who was logged out is told so', () => {
  show('log in', {}, true);
  expect(screen.getByRole('status').textContent).toBe('You were logged out. Log in to go on.');
});

test('signing up sends what was typed', async () => {
  const { actions } = show('sign up');
  type('Username', 'ann');
  type('Display name (optional)', 'Ann');
  type('Email (optional)', 'ann@example.com');
  type('Password', 'likes calls');
  await send();
  expect(actions.signUp).toHaveBeenCalledWith({ username: 'ann', displayName: 'Ann', email: 'ann@example.com', password: 'likes calls' });
});

test.each([
  ['Username', 'ann lee', 'Use letters, digits, - and _, at most 64.'],
  ['Username', '', 'Choose a username.'],
  ['Email (optional)', 'ann', 'This does not look like an e-mail address.'],
  ['Password', 'short', 'Use at least 8 characters.'],
])('%s %j: %s', async (label, value, fault) => {
  const { actions } = show('sign up');
  type('Username', 'ann');
  type('Password', 'likes calls');
  type(label, value);
  await send();
  expect(actions.signUp).not.toHaveBeenCalled();
  expect(faultOf(label)).toBe(fault);
  expect(document.activeElement).toBe(screen.getByLabelText(label));
});

test('a taken username is told at the field and of the form, until it is changed', async () => {
  show('sign up', { signUp: refusing({ code: 'USERNAME_TAKEN', fields: { username: 'taken' } }) });
  type('Username', 'ann');
  type('Password', 'likes calls');
  await send();
  expect(screen.getByRole('alert').textContent).toBe('This username is taken. Please choose another one.');
  expect(faultOf('Username')).toBe('This username is taken. Please choose another one.');
  type('Username', 'ann2');
  expect(faultOf('Username')).toBe('letters, digits, - and _');
});
