// @vitest-environment jsdom
// The address follows the call, and there is no moment in which a call is nowhere.
import { act, cleanup, render, screen } from '@testing-library/react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call, Conversation, Incoming } from '../../state/model.ts';
import { aCall, fakeClient } from '../fakeClient.tsx';
import { CallLayer } from './CallLayer.tsx';

const room: Conversation = {
  id: 'room', kind: 'direct', title: null, avatar: null, members: [], otherId: 'ann', lastMessage: null, unread: 0, activeCallId: null, callsRing: true,
  activeAt: '2026-11-29T14:00:00Z',
};
const ringing: Incoming = { id: 'k', conversationId: 'room', type: 'video', group: false, callerId: 'ann', expiresAt: '', soundBlocked: false };

function show(path: string) {
  const client = fakeClient({ conversations: { room } });
  const { hook, navigate, history = [] } = memoryLocation({ path, record: true });
  render(<Router hook={hook}><client.Around><CallLayer /></client.Around></Router>);
  const become = (call: Call | null, incoming: Incoming | null = null) => act(async () => client.store.change(() => ({ call, incoming })));
  return { client, become, navigate, at: () => history[history.length - 1], history };
}
const view = () => screen.queryByRole('region', { name: 'Call' })?.dataset['view'];

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function showModal() { this.open = true; };
  HTMLDialogElement.prototype.close = function close() { this.open = false; };
});
afterEach(cleanup);

describe('the address', () => {
  test('goes to the stage, gets the call\'s name, and ends in its conversation', async () => {
    const { become, at } = show('/history');
    await become(aCall({ phase: 'outgoing', id: null }));
    expect(at()).toBe('/call/new');
    expect(view()).toBe('stage');
    await become(aCall({ phase: 'outgoing', id: 'k' }));
    expect(at()).toBe('/call/k');
    await become(aCall({ phase: 'ended', id: 'k', endReason: 'hangup' }));
    expect(at()).toBe('/call/k');
    await become(null);
    expect(at()).toBe('/c/room');
    expect(view()).toBeUndefined();
  });

  test('stays where somebody has gone while the call goes on', async () => {
    const { become, at, navigate } = show('/c/room');
    await become(aCall({ id: 'k' }));
    await act(async () => navigate('/history'));
    expect(view()).toBe('mini');
    await become(aCall({ id: 'k', phase: 'reconnecting' }));
    await become(null);
    expect(at()).toBe('/history');
  });

  test('is that of the next call, if one follows the end of another', async () => {
    const { become, at } = show('/');
    await become(aCall({ id: 'k', phase: 'ended', endReason: 'timeout' }));
    await become(aCall({ id: null, phase: 'outgoing' }));
    expect(at()).toBe('/call/new');
  });

  test('leaves /call/new when there is no call', async () => {
    const { at, become } = show('/call/new');
    await become(null);
    await act(async () => { await import('./CallPlace.tsx'); });
    expect(at()).toBe('/');
  });
});

test('an answered call is there in the moment in which the dialog goes', async () => {
  const { become } = show('/');
  await become(null, ringing);
  expect(screen.getByRole('dialog', { name: 'Incoming call' })).toBeTruthy();
  const seen: string[] = [];
  const watch = new MutationObserver(() => seen.push(`${document.querySelector('dialog') ? 'dialog' : ''}${document.querySelector('[data-call-state]') ? 'region' : ''}`));
  watch.observe(document.body, { childList: true, subtree: true });
  await become(aCall({ id: 'k', phase: 'connecting', role: 'callee' }));
  watch.disconnect();
  expect(seen).not.toContain('');
  expect(view()).toBe('stage');
});
