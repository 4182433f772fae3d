// @vitest-environment jsdom
// The table of DESIGN section 9: what each row shows, to the letter.
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Call, Conversation, MediaView, Participant, Person, State } from '../../state/model.ts';
import { kEmpty } from '../../state/store.ts';
import { aCall, fakeClient } from '../fakeClient.tsx';
import CallRegion from './CallRegion.tsx';

const person = (id: string, name: string): Person => ({ id, username: id, name, avatar: '', presence: 'online', lastSeenAt: null, blocked: false });
const kPeople = { ann: person('ann', 'Ann'), ben: person('ben', 'Ben'), cleo: person('cleo', 'Cleo') };
const participant = (userId: string, more: Partial<Participant> = {}): Participant =>
  ({ userId, connection: 'connected', muted: false, camera: false, screen: false, speaking: false, ...more });
const kTeam: Conversation = {
  id: 'team', kind: 'group', title: 'Team', avatar: null, members: [], otherId: null, lastMessage: null, unread: 0, activeCallId: null, callsRing: true,
  activeAt: '2026-11-29T14:00:00Z',
};

function show(call: Call, state: Partial<State> = {}, stage = true) {
  const client = fakeClient({ me: { id: 'me', username: 'me', displayName: 'Robin', email: null, avatar: '' }, people: kPeople, conversations: { team: kTeam }, call, ...state });
  const minimise = vi.fn();
  render(<client.Around><CallRegion stage={stage} onMinimise={minimise} onReturn={vi.fn()} /></client.Around>);
  return { client, minimise };
}

const region = () => screen.getByRole('region', { name: 'Call' });
const buttons = () => within(region()).getAllByRole('button').map((button) => button.getAttribute('aria-label') ?? button.textContent);
const status = () => region().querySelector('[data-part="call-status"]');
const ring = () => region().querySelector('[data-ring]')?.getAttribute('data-ring');
const media = (more: Partial<MediaView>): MediaView => ({ ...kEmpty.media, ...more });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-29T14:00:12Z') });
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia: vi.fn(), getDisplayMedia: vi.fn() } });
  window.matchMedia = (query) => ({
    matches: query.includes('min-width'), media: query, onchange: null, addEventListener: () => undefined, removeEventListener: () => undefined,
    addListener: () => undefined, removeListener: () => undefined, dispatchEvent: () => true,
  });
  HTMLMediaElement.prototype.play = async () => undefined;
  HTMLDialogElement.prototype.showModal = function showModal() { this.open = true; };
  HTMLDialogElement.prototype.close = function close() { this.open = false; };
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const outgoing: Partial<Call> = { phase: 'outgoing', startedAt: null };
const connecting: Partial<Call> = { phase: 'connecting', startedAt: null, participants: [participant('ann', { connection: 'connecting' })] };
const away: Partial<Call> = { phase: 'reconnecting', participants: [participant('ann', { connection: 'reconnecting' })] };
const ended = (endReason: Call['endReason'], more: Partial<Call> = {}): Partial<Call> => ({ phase: 'ended', endReason, ...more });
const kOutgoing = ['Minimise call', 'Mute', 'Turn camera on', 'Cancel call'];
const kHangUp = ['Minimise call', 'Mute', 'Turn camera on', 'Hang up'];
const kAll = ['Minimise call', 'Mute', 'Turn camera on', 'Share screen', 'Devices', 'Call quality', 'Show chat', 'Hang up'];

const table: readonly (readonly [row: string, call: Partial<Call>, text: string, ring: string, buttons: readonly string[]])[] = [
  ['pressed', { ...outgoing, progress: 'created' }, 'Calling Ann…', 'created', kOutgoing],
  ['pushed', { ...outgoing, progress: 'pushed' }, 'Notifying Ann\'s devices…', 'pushed', kOutgoing],
  ['woken', { ...outgoing, progress: 'woken' }, 'Waking Ann\'s device…', 'pushed', kOutgoing],
  ['ringing', { ...outgoing, progress: 'ringing' }, 'Ringing…', 'ringing', kOutgoing],
  ['unreachable', { ...outgoing, progress: 'unreachable' }, 'Ann seems to be offline. Still trying…', 'failed', kOutgoing],
  ['accepted', connecting, 'Connecting…', 'connecting', kHangUp],
  ['10 s without media', { ...connecting, slow: true }, 'Still connecting. A firewall may be in the way.', 'connecting', kHangUp],
  ['media flows', { participants: [participant('ann')] }, 'In call · 00:12', 'connected', kAll],
  ['own socket lost', { ...away, reconnectingMine: true }, 'Reconnecting…', 'reconnecting', kHangUp],
  ['the other is away', away, 'Ann is reconnecting…', 'reconnecting', kHangUp],
  ['hung up', ended('hangup', { durationSeconds: 125 }), 'Call ended · 2 min 5 s', 'ended', ['Close']],
  ['hung up at once', ended('hangup', { durationSeconds: 0 }), 'Call ended · 0 s', 'ended', ['Close']],
  ['hung up before it began', ended('hangup'), 'Call ended', 'ended', ['Close']],
  ['declined', ended('declined'), 'Ann declined the call.', 'failed', ['Close']],
  ['busy', ended('busy'), 'Ann is in another call.', 'busy', ['Call again', 'Send a message', 'Close']],
  ['no answer', ended('timeout'), 'No answer.', 'ended', ['Call again', 'Send a message', 'Close']],
  ['cancelled', ended('cancelled'), 'Call cancelled.', 'ended', ['Close']],
  ['unreachable to the end', ended('unreachable'), 'Ann could not be reached.', 'failed', ['Call again', 'Send a message', 'Close']],
  ['accepted too late', ended('cancelled', { role: 'callee' }), 'Ann hung up before you answered.', 'ended', ['Call back', 'Close']],
  ['connection lost', ended('connection_lost', { durationSeconds: 41 }), 'The connection was lost · 41 s', 'failed', ['Call again', 'Close']],
  ['media failed', ended('media_failed'), 'No sound or picture could get through.', 'failed', ['Call again', 'Close']],
  ['kicked', ended('kicked'), 'You were removed from the call.', 'ended', ['Close']],
  ['longest time', ended('max_duration'), 'The call reached its longest time.', 'ended', ['Close']],
  ['server restarted', ended('server_restart'), 'The server was restarted.', 'ended', ['Close']],
  ['superseded', ended('superseded'), 'Ann called you anew.', 'ended', ['Close']],
  ['ended by an administrator', ended('failed', { endDetail: 'admin' }), 'The call was ended by an administrator.', 'ended', ['Close']],
  ['signed out', ended('failed', { endDetail: 'token_revoked' }), 'You were signed out.', 'ended', ['Close']],
  ['account closed', ended('failed', { endDetail: 'user_deactivated' }), 'Ann\'s account was closed.', 'ended', ['Close']],
  ['refused: busy elsewhere', ended('failed', { endDetail: 'CALLER_BUSY' }), 'You are already in a call on another device.', 'failed', ['Close']],
  ['refused: rate', ended('failed', { endDetail: 'RATE_LIMITED', retryAfterSeconds: 24 }), 'You have called often in a short time. Try again in 24 s.', 'failed', ['Close']],
  ['refused: otherwise', ended('failed', { endDetail: 'X' }), 'The call could not be started.', 'failed', ['Close']],
];

describe('a row of the table', () => {
  test.each(table)('%s', (_, call, text, form, names) => {
    show(aCall({ startedAt: '2026-11-29T14:00:00Z', ...call }));
    expect(status()?.textContent).toBe(text);
    expect(status()?.getAttribute('role')).toBe('status');
    expect(status()?.childNodes).toHaveLength(1);
    expect(ring()).toBe(form);
    expect(buttons()).toEqual(names);
    expect(region().dataset['callState']).toBe(call.phase ?? 'in-call');
    expect(region().dataset['endReason']).toBe(call.endReason ?? undefined);
    expect(region().dataset['progress']).toBe(call.progress);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Ann');
  });
});

test('the request is named only where the sentence does not say why', () => {
  show(aCall(ended('failed', { endDetail: 'CALLER_BUSY', requestId: '01J' })));
  expect(screen.queryByText('request 01J')).toBeNull();
  cleanup();
  show(aCall(ended('failed', { endDetail: 'X', requestId: '01J' })));
  expect(screen.getByText('request 01J')).toBeTruthy();
});

describe('the region', () => {
  test('has every attribute of the contract', () => {
    show(aCall({ type: 'audio', role: 'callee' }), { quality: { ...kEmpty.quality, level: 'fair' }, media: media({ degraded: 'listen-only' }) });
    expect({ ...region().dataset }).toMatchObject({
      callState: 'in-call', callId: 'call', callType: 'audio', role: 'callee', view: 'stage', quality: 'fair', startedAt: '2026-11-29T14:00:00Z', degraded: 'listen-only',
    });
    expect(screen.getByText('Listening only: nobody hears you')).toBeTruthy();
  });

  test('has a way back to the chats where there is no navigation', () => {
    show(aCall());
    expect(screen.queryByRole('link', { name: 'Back to chats' })).toBeNull();
    cleanup();
    const wide = window.matchMedia;
    window.matchMedia = (query) => ({ ...wide(query), matches: false });
    show(aCall());
    expect(screen.getByRole('link', { name: 'Back to chats' }).getAttribute('href')).toBe('/');
  });

  test('is a bar on other pages, without a heading', () => {
    show(aCall(), {}, false);
    expect(region().dataset['view']).toBe('mini');
    expect(buttons()).toEqual(['Mute', 'Turn camera on', 'Return to call', 'Hang up']);
    expect(screen.queryByRole('heading')).toBeNull();
  });

  test('as a bar offers the same when nobody answered', () => {
    const { client } = show(aCall(ended('timeout')), {}, false);
    expect(buttons()).toEqual(['Call again', 'Send a message', 'Close']);
    fireEvent.click(screen.getByRole('button', { name: 'Call again' }));
    expect(client.actions.callAgain).toHaveBeenCalledOnce();
  });

  test('has no buttons for what the browser cannot do', () => {
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    show(aCall());
    expect(buttons()).toEqual(['Minimise call', 'Devices', 'Call quality', 'Show chat', 'Hang up']);
  });

  test('counts each second from the server\'s start', () => {
    show(aCall({ startedAt: '2026-11-29T13:00:13.300Z' }));
    expect(status()?.textContent).toBe('In call · 59:58');
    act(() => { vi.advanceTimersByTime(300); });
    expect(status()?.textContent).toBe('In call · 59:59');
    act(() => { vi.advanceTimersByTime(1000); });
    expect(status()?.textContent).toBe('In call · 1:00:00');
  });

  test('keeps one audio element per voice outside the tiles', () => {
    show(aCall({ participants: [participant('ann'), participant('ben')], group: true, conversationId: 'team' }));
    expect([...region().querySelectorAll('audio')].map((audio) => audio.dataset['user'])).toEqual(['ann', 'ben']);
    expect(region().querySelector('[data-tile] audio')).toBeNull();
  });
});

describe('a group', () => {
  const three = { group: true, conversationId: 'team', participants: [participant('ann', { speaking: true, camera: true }), participant('ben', { muted: true })], activeSpeaker: 'ann' };

  test('has a tile for each, and me last', () => {
    show(aCall(three));
    const tiles = within(region()).getAllByRole('group').filter((each) => each.dataset['tile']);
    expect(tiles.map((tile) => [tile.dataset['tile'], tile.getAttribute('aria-label')])).toEqual([
      ['ann', 'Ann'], ['ben', 'Ben, muted, camera off'], ['self', 'You'],
    ]);
    expect(tiles[0]?.dataset).toMatchObject({ speaking: 'true', muted: 'false', camera: 'true', connection: 'connected', activeSpeaker: 'true' });
  });

  test('is left by who did not start it', () => {
    const { client } = show(aCall(three));
    fireEvent.click(screen.getByRole('button', { name: 'Leave call' }));
    expect(client.actions.hangUp).toHaveBeenCalledOnce();
    expect(screen.queryByRole('button', { name: 'End call for all' })).toBeNull();
  });

  test('is ended for all only after a question, while two others are in it', () => {
    const { client } = show(aCall({ ...three, host: true }));
    fireEvent.click(screen.getByRole('button', { name: 'End call for all' }));
    expect(client.actions.endForAll).not.toHaveBeenCalled();
    const question = screen.getByRole('alertdialog', { name: 'End the call for all?' });
    expect(question.textContent).toContain('Ann and Ben are still in it.');
    fireEvent.click(within(question).getByRole('button', { name: 'End call for all' }));
    expect(client.actions.endForAll).toHaveBeenCalledOnce();
  });

  test('is ended at once with one other', () => {
    const { client } = show(aCall({ ...three, participants: [participant('ann')], host: true }));
    fireEvent.click(screen.getByRole('button', { name: 'End call for all' }));
    expect(client.actions.endForAll).toHaveBeenCalledOnce();
  });

  test('shows whose screen is shared', () => {
    show(aCall({ ...three, participants: [participant('ann', { screen: true }), participant('ben')] }));
    expect(screen.getByText('Ann is sharing the screen')).toBeTruthy();
    expect(region().querySelector('video[data-user="ann"][data-kind="screen"]')).toBeTruthy();
  });
});

describe('controls', () => {
  test('say what they do now', () => {
    const { client } = show(aCall(), { media: media({ muted: true, camera: true }) });
    fireEvent.click(screen.getByRole('button', { name: 'Unmute' }));
    expect(client.actions.setMuted).toHaveBeenCalledWith(false);
    fireEvent.click(screen.getByRole('button', { name: 'Turn camera off' }));
    expect(client.actions.setCamera).toHaveBeenCalledWith(false);
    expect(region().querySelector('[data-control="microphone"]')?.getAttribute('data-on')).toBe('false');
    expect(region().querySelector('[data-control="camera"]')?.getAttribute('data-on')).toBe('true');
    expect(region().querySelector('[data-control="screen"]')?.getAttribute('data-on')).toBe('false');
    expect(screen.getByText('You are muted')).toBeTruthy();
  });

  test('do not hang up by the second half of a double click', () => {
    const { client } = show(aCall());
    fireEvent.click(screen.getByRole('button', { name: 'Hang up' }), { detail: 2 });
    expect(client.actions.hangUp).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Hang up' }), { detail: 1 });
    expect(client.actions.hangUp).toHaveBeenCalledOnce();
  });

  test('open the quality of the call, which is measured more often while it is seen', () => {
    const sample = { at: 0, rttMs: 34, lossPercent: 0.2, jitterMs: 4.1, bitrateKbps: 1840, resolution: '1280 × 720', path: 'direct, UDP' };
    const { client } = show(aCall(), { quality: { level: 'poor', warn: false, cause: 'loss', samples: [{ ...sample, rttMs: 20 }, { ...sample, lossPercent: 8 }] } });
    fireEvent.click(screen.getByRole('button', { name: 'Call quality' }));
    expect(client.actions.watchQuality).toHaveBeenCalledWith(true);
    const panel = screen.getByRole('region', { name: 'Call quality' });
    expect(within(panel).getByText('Poor connection: your network loses 8 % of the packets.').dataset['part']).toBe('verdict');
    expect([...panel.querySelectorAll<HTMLElement>('[data-metric]')].map((each) => [each.dataset['metric'], each.dataset['value']])).toEqual([
      ['rtt', '34'], ['loss', '8'], ['jitter', '4.1'], ['bitrate', '1840'], ['resolution', '1280 × 720'], ['path', 'direct, UDP'],
    ]);
    expect(within(panel).getByRole('img').getAttribute('aria-label')).toContain('rising');
    fireEvent.keyDown(window, { key: 'Escape' });
    expect(screen.queryByRole('region', { name: 'Call quality' })).toBeNull();
    expect(client.actions.watchQuality).toHaveBeenLastCalledWith(false);
  });
});

describe('keys', () => {
  test('of the stage act without a button or a field in focus', () => {
    const { client, minimise } = show(aCall());
    fireEvent.keyDown(document.body, { key: 'm' });
    expect(client.actions.setMuted).toHaveBeenCalledWith(true);
    const mute = screen.getByRole('button', { name: 'Mute' });
    mute.focus();
    fireEvent.keyDown(mute, { key: 'v' });
    expect(client.actions.setCamera).not.toHaveBeenCalled();
    fireEvent.keyDown(mute, { key: 'e', ctrlKey: true });
    expect(client.actions.setCamera).toHaveBeenCalledWith(true);
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(minimise).toHaveBeenCalledOnce();
    expect(client.actions.hangUp).not.toHaveBeenCalled();
    fireEvent.keyDown(document.body, { key: 'H', ctrlKey: true, shiftKey: true });
    expect(client.actions.hangUp).toHaveBeenCalledOnce();
  });

  test('can be turned off', () => {
    const { client } = show(aCall(), { settings: { ...kEmpty.settings, singleKeys: false } });
    fireEvent.keyDown(document.body, { key: 'm' });
    expect(client.actions.setMuted).not.toHaveBeenCalled();
  });

  test('let one talk while Space is held', () => {
    const { client } = show(aCall(), { media: media({ muted: true }) });
    fireEvent.keyDown(document.body, { key: ' ' });
    fireEvent.keyDown(document.body, { key: ' ', repeat: true });
    expect(client.actions.setMuted).toHaveBeenCalledExactlyOnceWith(false);
    fireEvent.keyUp(document.body, { key: ' ' });
    expect(client.actions.setMuted).toHaveBeenLastCalledWith(true);
  });
});

describe('a refused device', () => {
  test('is told in the region, with a way to try again', () => {
    const { client } = show(aCall(), {
      media: media({ degraded: 'no-camera', errors: [{ kind: 'camera', name: 'NotReadableError', permission: 'granted', detail: 'none', replacement: null }] }),
    });
    const notice = within(region()).getByRole('alert');
    expect({ ...notice.dataset }).toEqual({ mediaError: 'NotReadableError', mediaKind: 'camera' });
    expect(notice.textContent).toContain('Your camera is used by another program. Close that one, then try again.');
    fireEvent.click(within(notice).getByRole('button', { name: 'Try again' }));
    expect(client.actions.retryMedia).toHaveBeenCalledWith('camera');
    fireEvent.click(within(notice).getByRole('button', { name: 'Dismiss' }));
    expect(client.actions.dismissMediaError).toHaveBeenCalledWith('camera');
    expect(region().dataset['degraded']).toBe('no-camera');
  });

  test('is told on the other pages as well', () => {
    show(aCall(), { media: media({ errors: [{ kind: 'camera', name: 'NotFoundError', permission: 'granted', detail: 'none', replacement: null }] }) }, false);
    expect(within(region()).getByRole('alert').textContent).toContain('No camera was found. Plug one in, then try again.');
  });

  test('is told of a speaker too, which can be tried again', async () => {
    const refuse = vi.fn(() => Promise.reject(new DOMException('', 'NotFoundError')));
    Object.assign(HTMLMediaElement.prototype, { sinkId: '', setSinkId: refuse });
    await act(async () => { show(aCall({ participants: [participant('ann')] }), { media: media({ chosen: { camera: null, microphone: null, speaker: 'gone' } }) }); });
    const notice = within(region()).getByRole('alert');
    expect({ ...notice.dataset }).toEqual({ mediaError: 'NotFoundError', mediaKind: 'speaker' });
    await act(async () => { fireEvent.click(within(notice).getByRole('button', { name: 'Try again' })); });
    expect(refuse).toHaveBeenCalledTimes(2);
    fireEvent.click(within(region()).getByRole('button', { name: 'Dismiss' }));
    expect(within(region()).queryByRole('alert')).toBeNull();
  });

  test('is asked for in words while the browser asks', () => {
    show(aCall({ phase: 'outgoing' }), { media: media({ asking: true }) });
    expect(screen.getByText('Your browser asks for camera and microphone. Choose Allow to be seen and heard.')).toBeTruthy();
  });
});
