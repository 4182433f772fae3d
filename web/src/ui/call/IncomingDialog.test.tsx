// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Incoming, Person } from '../../state/model.ts';
import { kEmpty } from '../../state/store.ts';
import { fakeClient } from '../fakeClient.tsx';
import { IncomingDialog } from './IncomingDialog.tsx';

const ann: Person = { id: 'ann', username: 'ann', name: 'Ann', avatar: '', presence: 'online', lastSeenAt: null, blocked: false };
const ringing: Incoming = {
  id: 'k', conversationId: null, type: 'video', group: false, callerId: 'ann', expiresAt: '2026-11-29T14:00:45Z', soundBlocked: false,
};

function show(incoming: Partial<Incoming> = {}, doNotDisturb = false) {
  const client = fakeClient({ people: { ann }, incoming: { ...ringing, ...incoming }, settings: { ...kEmpty.settings, doNotDisturb } });
  render(<client.Around><IncomingDialog /></client.Around>);
  return client;
}
const dialog = (name = 'Incoming call') => screen.getByRole('dialog', { name });
const press = (name: string) => {
  const button = screen.getByRole('button', { name });
  fireEvent.pointerDown(button);
  fireEvent.click(button);
};

beforeEach(() => {
  vi.useFakeTimers();
  HTMLDialogElement.prototype.showModal = vi.fn(function showModal(this: HTMLDialogElement) { this.open = true; });
  HTMLDialogElement.prototype.close = function close() { this.open = false; };
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the incoming dialog', () => {
  test('is modal, says who calls, and takes the focus itself', () => {
    show();
    expect(HTMLDialogElement.prototype.showModal).toHaveBeenCalledOnce();
    expect(document.activeElement).toBe(dialog());
    expect(within(dialog()).getByRole('heading', { level: 2 }).textContent).toBe('Ann');
    expect(screen.getByText('Ann is calling with video')).toBeTruthy();
    expect({ ...dialog().dataset }).toEqual({ callId: 'k', callType: 'video' });
    expect(within(dialog()).getAllByRole('button').map((each) => each.textContent)).toEqual(['Accept with video', 'Accept with audio', 'Decline']);
  });

  test('is deaf to keys and presses for half a second', () => {
    const { actions } = show();
    press('Accept with video');
    fireEvent.keyDown(dialog(), { key: 'Enter', ctrlKey: true, altKey: true });
    vi.advanceTimersByTime(499);
    press('Decline');
    expect(actions.accept).not.toHaveBeenCalled();
    expect(actions.decline).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    press('Decline');
    expect(actions.decline).toHaveBeenCalledOnce();
  });

  test('does not take the end of a press that began too early', () => {
    const { actions } = show();
    const button = screen.getByRole('button', { name: 'Accept with audio' });
    fireEvent.pointerDown(button);
    vi.advanceTimersByTime(600);
    fireEvent.click(button);
    expect(actions.accept).not.toHaveBeenCalled();
  });

  test('is answered as it was called by Ctrl+Alt+Enter', () => {
    const { actions } = show({ type: 'audio' });
    expect(screen.getByText('Ann is calling')).toBeTruthy();
    vi.advanceTimersByTime(500);
    fireEvent.keyDown(dialog(), { key: 'Enter', ctrlKey: true, altKey: true });
    expect(actions.accept).toHaveBeenCalledExactlyOnceWith('audio');
  });

  test('is not closed by Escape', () => {
    const { actions } = show();
    vi.advanceTimersByTime(600);
    expect(fireEvent.keyDown(dialog(), { key: 'Escape' })).toBe(false);
    expect(actions.decline).not.toHaveBeenCalled();
    expect(dialog()).toBeTruthy();
  });

  test('keeps Tab among its three buttons', () => {
    show();
    vi.advanceTimersByTime(600);
    const name = () => document.activeElement?.textContent;
    fireEvent.keyDown(dialog(), { key: 'Tab', shiftKey: true });
    expect(name()).toBe('Decline');
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Tab' });
    expect(name()).toBe('Accept with video');
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Tab' });
    expect(name()).toBe('Accept with audio');
  });

  test('says that the sound waits for a click', () => {
    show({ soundBlocked: true });
    expect(screen.getByText('Click anywhere to hear the ringtone.').dataset['part']).toBe('sound-hint');
  });

  test('names the group', () => {
    show({ group: true });
    expect(within(dialog('Incoming group call')).getByText('Ann is calling Group with video')).toBeTruthy();
  });

  test('goes when the call does', () => {
    const client = show();
    act(() => client.store.change(() => ({ incoming: null })));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('takes no focus on "do not disturb"', () => {
    show({}, true);
    expect(HTMLDialogElement.prototype.showModal).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(document.body);
    expect(within(dialog()).getAllByRole('button')).toHaveLength(3);
  });
});
