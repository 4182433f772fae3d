// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { State, Toast } from '../../state/model.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { person, pretendLayout } from '../chat/chatForTests.tsx';
import { fakeClient } from '../fakeClient.tsx';
import { Banner } from './Banner.tsx';
import { Notices } from './Notices.tsx';

beforeEach(() => {
  pretendLayout();
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const kToasts: readonly Toast[] = [
  { id: 't1', kind: 'message', conversationId: 'c', senderId: 'ben', text: 'See you then.' },
  { id: 't2', kind: 'missed-call', conversationId: 'c', callerId: 'ben', type: 'video' },
  { id: 't3', kind: 'error', text: 'It broke.' },
];

function show(state: Partial<State> = {}) {
  const client = fakeClient({ people: { ben: person('ben', 'Ben') }, ...state });
  render(<client.Around><Banner /><Notices /></client.Around>);
  return client;
}
const toast = (kind: string) => document.querySelector<HTMLElement>(`[data-toast="${kind}"]`);

describe('toasts', () => {
  it('stand in their region with what can be done', () => {
    const client = show({ toasts: kToasts });
    const region = within(screen.getByRole('region', { name: 'Notifications (F8)' }));
    expect(toast('message')?.dataset['conversation']).toBe('c');
    expect(toast('message')?.textContent).toContain('Ben: See you then.');
    expect(toast('missed-call')?.textContent).toContain('Missed call from Ben.');
    expect([toast('message'), toast('error')].map((each) => each?.getAttribute('role'))).toEqual(['status', 'alert']);
    fireEvent.click(region.getByRole('button', { name: 'Call back' }));
    expect(client.actions.callUser).toHaveBeenCalledWith('ben', 'video');
    fireEvent.click(region.getByRole('button', { name: 'Open chat' }));
    expect(window.location.pathname).toBe('/c/c');
    expect(region.getAllByRole('button', { name: 'Dismiss' })).toHaveLength(3);
  });

  it('are silent where the announcer says the same', () => {
    show({ toasts: [{ id: 't4', kind: 'info', text: 'Ben joined.', announced: true }] });
    expect(toast('info')?.getAttribute('aria-live')).toBe('off');
  });

  it('go after six seconds, but not while one points at them, and errors never', () => {
    const client = show({ toasts: kToasts });
    fireEvent.pointerEnter(toast('message') ?? document.body);
    act(() => { vi.advanceTimersByTime(6000); });
    expect(client.actions.dismissToast).toHaveBeenCalledExactlyOnceWith('t2');
    fireEvent.pointerLeave(toast('message') ?? document.body);
    act(() => { vi.advanceTimersByTime(6000); });
    expect(client.actions.dismissToast).toHaveBeenLastCalledWith('t1');
    expect(client.actions.dismissToast).not.toHaveBeenCalledWith('t3');
  });

  it('ask whether to ring while the tab is closed until that is answered', () => {
    const client = show({ toasts: [{ id: 't5', kind: 'notifications-offer' }] });
    act(() => { vi.advanceTimersByTime(60_000); });
    expect(toast('info')?.textContent).toContain('Ring even when this tab is closed?');
    expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'No' }));
    expect(client.actions.setNotifications).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Turn on' }));
    expect(client.actions.setNotifications).toHaveBeenCalledExactlyOnceWith(true);
    expect(client.actions.dismissToast).toHaveBeenCalledTimes(2);
  });

  it('are led to by F8, and back', () => {
    show({ toasts: kToasts });
    const field = document.body.appendChild(document.createElement('input'));
    field.focus();
    fireEvent.keyDown(field, { key: 'F8' });
    expect(toast('message')?.contains(document.activeElement)).toBe(true);
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'F8' });
    expect(document.activeElement).toBe(field);
    field.remove();
  });
});

describe('the banner', () => {
  const banner = () => document.querySelector<HTMLElement>('[data-banner]');
  it('tells of the connection, then of a new version', () => {
    const client = show({ newVersion: true });
    const seen = (['offline', 'connecting', 'online'] as const).map((connection) => {
      act(() => client.store.change(() => ({ connection, back: connection === 'online' })));
      return [banner()?.dataset['banner'], banner()?.textContent];
    });
    expect(seen).toEqual([['offline', 'You are offline. Messages will be sent when you are back.'], ['connecting', 'Connecting…'], ['back', 'Back online.']]);
    act(() => client.store.change(() => ({ back: false })));
    expect(banner()?.dataset['banner']).toBe('update');
    fireEvent.click(screen.getByRole('button', { name: 'Reload' }));
    expect(client.actions.reloadPage).toHaveBeenCalled();
  });
  it('is silent while all is well, and while nobody is signed in', () => {
    const client = show();
    expect(banner()).toBeNull();
    act(() => client.store.change(() => ({ app: 'signed-out', connection: 'connecting' })));
    expect(banner()).toBeNull();
  });
});

describe('the live regions', () => {
  const region = (how: string) => document.querySelector(`[data-announcer="${how}"]`);
  it('are in the document, and in the modal dialog on top while there is one', () => {
    const client = fakeClient();
    const view = render(<client.Around><Notices /></client.Around>);
    expect(region('polite')?.getAttribute('role')).toBe('status');
    expect(region('assertive')?.parentNode).toBe(document.body);
    view.rerender(<client.Around><Notices /><Dialog title="Question" onClose={() => undefined}>Well?</Dialog></client.Around>);
    expect(screen.getByRole('dialog').contains(region('polite'))).toBe(true);
    view.rerender(<client.Around><Notices /></client.Around>);
    expect(region('polite')?.parentNode).toBe(document.body);
    expect(document.querySelectorAll('[data-announcer]')).toHaveLength(2);
  });
});
