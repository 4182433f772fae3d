// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Mic, MicOff } from 'lucide-react';
import { useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { Avatar } from './Avatar.tsx';
import { Button } from './Button.tsx';
import { initialsOf, tintOf } from './faces.ts';
import { IconButton } from './IconButton.tsx';
import { LevelMeter } from './LevelMeter.tsx';
import { PasswordField } from './PasswordField.tsx';
import { Ring, type RingState } from './Ring.tsx';
import { SearchField } from './SearchField.tsx';
import { TextField } from './TextField.tsx';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const descriptionOf = (element: Element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent ?? null;

test('a password is hidden until it is asked for', () => {
  function Form() {
    const [value, setValue] = useState('');
    return <PasswordField label="Password" value={value} onChange={setValue} />;
  }
  render(<Form />);
  const field = screen.getByLabelText('Password');
  fireEvent.change(field, { target: { value: 'likes calls' } });
  expect(field).toHaveProperty('type', 'password');
  fireEvent.click(screen.getByRole('button', { name: 'Show password' }));
  expect(field).toHaveProperty('type', 'text');
  fireEvent.click(screen.getByRole('button', { name: 'Hide password' }));
  expect(field).toHaveProperty('type', 'password');
  expect(field).toHaveProperty('value', 'likes calls');
});

test('what is wrong with a field is its description, in the place of the hint', () => {
  const { rerender } = render(<TextField label="Username" hint="letters, digits, - and _" value="" onChange={vi.fn()} />);
  const field = screen.getByRole('textbox', { name: 'Username' });
  expect(descriptionOf(field)).toBe('letters, digits, - and _');
  expect(field.getAttribute('aria-invalid')).toBeNull();
  rerender(<TextField label="Username" hint="letters, digits, - and _" value="" onChange={vi.fn()} error="This username is taken." />);
  expect(descriptionOf(field)).toBe('This username is taken.');
  expect(field.getAttribute('aria-invalid')).toBe('true');
});

test('how much is left is told from nine tenths on', () => {
  const { rerender } = render(<TextField label="Name" limit={10} value="12345678" onChange={vi.fn()} />);
  expect(screen.queryByText(/of 10/)).toBeNull();
  rerender(<TextField label="Name" limit={10} value="123456789" onChange={vi.fn()} />);
  expect(screen.getByText('9 of 10')).toBeTruthy();
});

test('a disabled button can be focused, says why, and does nothing', () => {
  const pressed = vi.fn();
  render(<Button disabled why="You are in a call." onClick={pressed}>Video call</Button>);
  const button = screen.getByRole('button', { name: 'Video call' });
  button.focus();
  fireEvent.click(button);
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(descriptionOf(button)).toBe('You are in a call.');
  expect(pressed).not.toHaveBeenCalled();
});

test('a busy button keeps its name, and does not submit again', () => {
  const submitted = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
  render(<form onSubmit={submitted}><Button type="submit" busy>Log in</Button></form>);
  const button = screen.getByRole('button', { name: 'Log in' });
  fireEvent.click(button);
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(submitted).not.toHaveBeenCalled();
});

test('a control says what it does now and whether it is on', () => {
  const { rerender } = render(<IconButton label="Mute" icon={Mic} on data-control="microphone" />);
  expect(screen.getByRole('button', { name: 'Mute' }).dataset['on']).toBe('true');
  rerender(<IconButton label="Unmute" icon={MicOff} on={false} data-control="microphone" />);
  expect(screen.getByRole('button', { name: 'Unmute' }).dataset['on']).toBe('false');
});

test('Escape clears a search, and in an empty one it is left to what is around', () => {
  const around = vi.fn();
  const changed = vi.fn();
  const { rerender } = render(<div onKeyDown={around}><SearchField label="Search" value="plan" onChange={changed} /></div>);
  fireEvent.keyDown(screen.getByRole('searchbox'), { key: 'Escape' });
  expect(changed).toHaveBeenCalledWith('');
  expect(around).not.toHaveBeenCalled();
  rerender(<div onKeyDown={around}><SearchField label="Search" value="" onChange={changed} /></div>);
  fireEvent.keyDown(screen.getByRole('searchbox'), { key: 'Escape' });
  expect(around).toHaveBeenCalledOnce();
});

test('a meter tells of silence after five seconds, and of the sound that ends it', () => {
  vi.useFakeTimers();
  let level = 0;
  const silent = vi.fn();
  render(<LevelMeter label="Microphone level" read={() => level} onSilent={silent} />);
  act(() => void vi.advanceTimersByTime(4900));
  expect(silent).not.toHaveBeenCalled();
  act(() => void vi.advanceTimersByTime(100));
  expect(silent).toHaveBeenLastCalledWith(true);
  level = 0.5;
  act(() => void vi.advanceTimersByTime(1000));
  expect(silent).toHaveBeenLastCalledWith(false);
  expect(screen.getByRole('meter', { name: 'Microphone level' }).getAttribute('aria-valuenow')).toBe('50');
});

const kStates: readonly RingState[] = ['idle', 'online', 'away', 'busy', 'created', 'pushed', 'ringing', 'incoming', 'connecting', 'connected',
  'speaking', 'reconnecting', 'poor', 'ended', 'failed'];

test('every state of the ring has a form of its own, without colour and motion', () => {
  const { container } = render(<>{kStates.map((state) => <Ring key={state} state={state} size={96} />)}</>);
  const forms = [...container.querySelectorAll('[data-ring]')].map((ring) => {
    for (const part of ring.querySelectorAll('*')) part.removeAttribute('class');
    return ring.innerHTML;
  });
  expect(new Set(forms).size).toBe(kStates.length);
});

test.each([['Ann', 'AN'], ['Mia Berg', 'MB'], ['Dora Lindqvist of the North', 'DN'], ['ann_12', 'A1'], ['李', '李'], ['🔔', '?'], ['', '?']])(
  'the letters of %j are %s', (name, letters) => expect(initialsOf(name)).toBe(letters));

test('a tint is one of eight, and always the same', () => {
  expect(tintOf('0192f3c0-11aa')).toBe(tintOf('0192f3c0-11aa'));
  expect(new Set(Array.from({ length: 200 }, (_, id) => tintOf(`user-${id}`))).size).toBe(8);
});

test('a broken picture leaves the letters', () => {
  const { container } = render(<Avatar id="ann" name="Ann" src="/avatars/ann.webp" size={40} />);
  fireEvent.error(container.querySelector('img') ?? document.body);
  expect(container.querySelector('img')).toBeNull();
  expect(container.querySelector('[data-letters]')?.getAttribute('data-letters')).toBe('AN');
});

test('the picture that everybody has is not shown', () => {
  const { container } = render(<><Avatar id="a" name="Ann" src="/avatars/default.svg" size={40} /><Avatar id="b" name="Ben" src="/avatar.jpg" size={40} /></>);
  expect(container.querySelector('img')).toBeNull();
});
