// @vitest-environment jsdom
// Calls over a link and browser media of which each test says what they do.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { State } from '../state/model.ts';
import { createStore, type Store } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest, refusal, settled, success, type FakeClock, type FakeLink, type FakeRest } from '../wire/fakes_for_tests.ts';
import { FakeConnection, foreignOffer, refuse, stubMedia, type FakeDevices } from '../media/fakes_for_tests.ts';
import type { Calls } from './calls.ts';
import { makeAllCalls } from './calls_client.ts';

const [kMe, kBen, kCara, kCall, kRoom, kGroup] = ['a-me', 'b-ben', 'c-cara', 'call-1', 'room', 'group'];
const kAt = '2026-11-29T10:00:00.000Z';

let [clock, link, rest, store, devices]: [FakeClock, FakeLink, FakeRest, Store, FakeDevices] = [fakeClock(), fakeLink(), fakeRest(), createStore(), stubMedia()];
let calls: Calls;
let said: string[];
let topics: Map<string, string | undefined>;

const person = (id: string, name: string) => ({ id, username: name, name, avatar: '', presence: 'online', lastSeenAt: null, blocked: false }) as const;
const conversation = (id: string, kind: 'direct' | 'group', activeCallId: string | null = null) =>
  ({ id, kind, title: kind === 'group' ? 'Team' : null, avatar: null, members: [], otherId: kind === 'direct' ? kBen : null, lastMessage: null, unread: 0, activeCallId, mutedUntil: null, activeAt: kAt }) as const;
const first: Partial<State> = {
  me: { id: kMe, username: 'me', displayName: null, email: null, avatar: '' },
  people: { [kBen]: person(kBen, 'Ben'), [kCara]: person(kCara, 'Cara') },
  conversations: { [kRoom]: conversation(kRoom, 'direct'), [kGroup]: conversation(kGroup, 'group', kCall) },
};

beforeEach(() => {
  sessionStorage.clear();
  vi.stubGlobal('isSecureContext', true);
  [clock, link, rest, store, devices, said] = [fakeClock(Date.parse(kAt)), fakeLink(), fakeRest(), createStore(first), stubMedia(), []];
  topics = new Map();
  rest.answer = () => success({ iceServers: [{ urls: 'stun:one' }], ttl: 600 });
  link.answer = (event) => success(event === 'call.start' ? { ...aCall(), reachable: true } : event === 'call.accept' ? connected() : {});
  make();
  link.become('online');
});
afterEach(() => { calls.forgetCalls(); });

function make(): void {
  calls = makeAllCalls({
    store, rest, link, clock, newId: (() => { let last = 0; return () => `id-${++last}`; })(),
    toast: (toast) => store.change((state) => ({ toasts: [...state.toasts, { ...toast, id: 'toast' }] })),
    announce(text, _, about) {
      said.push(text);
      topics.set(text, about);
    },
  }, false);
}

const party = (userId: string, state: string) => ({ userId, role: 'callee', state, joinedAt: state === 'joined' ? kAt : null, mediaState: null });
const aCall = (more: object = {}) => ({ id: kCall, callerId: kMe, recipientId: kBen, conversationId: kRoom, callType: 'video', status: 'calling', participants: [party(kMe, 'joined'), party(kBen, 'invited')], createdAt: kAt, ...more });
const connected = (more: object = {}) => aCall({ status: 'connected', startedAt: kAt, participants: [party(kMe, 'joined'), party(kBen, 'joined')], ...more });
const fromBen = (more: object = {}) => aCall({ callerId: kBen, recipientId: kMe, ...more });
const incoming = (more: object = {}) => link.tell('call.incoming', { callId: kCall, call: fromBen(), caller: { id: kBen }, ringExpiresAt: '2026-11-29T10:00:45.000Z', offer: foreignOffer('B'), ...more });

const asked = (event: string): unknown[] => link.asked.filter((each) => each.event === event).map((each) => each.payload);
const signals = (kind: string): unknown[] => asked('call.signal').filter((each) => typeof each === 'object' && each !== null && 'kind' in each && each.kind === kind);
const phase = (): string => store.getState().call?.phase ?? 'none';
/** Everything that a loaded chunk and opened devices need. */
async function work(): Promise<void> {
  for (let turn = 0; turn < 10; ++turn) await settled();
  await vi.dynamicImportSettled();
  for (let turn = 0; turn < 10; ++turn) await settled();
}
async function dial(): Promise<void> {
  calls.startCall(kRoom, 'video');
  await work();
}
async function talk(): Promise<void> {
  await dial();
  link.tell('call.accepted', { callId: kCall, call: connected(), by: { userId: kBen }, startedAt: kAt, answer: { type: 'answer', sdp: 'x' } });
  await work();
  FakeConnection.all.at(-1)?.become('connected');
}
const allClosed = (): boolean => devices.opened.every((each) => each.readyState === 'ended') && FakeConnection.all.every((each) => each.signalingState === 'closed');

describe('starting', () => {
  it('is shown at once, names the direct conversation, rings at once, and carries an offer', async () => {
    calls.startCall(kRoom, 'video');
    expect(phase()).toBe('outgoing');
    await work();
    expect(asked('call.start')).toMatchObject([{ conversationId: kRoom, callType: 'video', ring: 'immediate', glare: 'connect', offer: { type: 'offer' } }]);
    expect(FakeConnection.all[0]?.configuration).toMatchObject({ iceServers: [{ urls: 'stun:one' }] });
    expect(store.getState().call?.id).toBe(kCall);
  });

  it('does not wait for the devices, and sends candidates when the call has a name', async () => {
    devices.getUserMedia = () => new Promise(() => {});
    let name: (answer: ReturnType<typeof success>) => void = () => {};
    link.answer = (event) => (event === 'call.start' ? new Promise((resolve) => { name = resolve; }) : success({}));
    await dial();
    expect([asked('call.start').length, signals('candidate').length]).toEqual([1, 0]);
    name(success(aCall()));
    await work();
    expect(signals('candidate')).toMatchObject([{ callId: kCall, toUserId: kBen, gen: 0 }]);
  });

  it('of a group rings when the devices are open or have failed for good', async () => {
    let open: () => void = () => {};
    devices.getUserMedia = () => new Promise((_done, fail) => { open = () => fail(new DOMException('', 'NotFoundError')); });
    link.answer = (event) => success(event === 'call.start' ? aCall({ recipientId: null, groupId: kGroup, conversationId: kGroup }) : {});
    calls.startCall(kGroup, 'video');
    await work();
    expect(asked('call.start')).toEqual([{ conversationId: kGroup, callType: 'video', ring: 'onCallerReady' }]);
    expect(asked('call.ready')).toEqual([]);
    devices.getUserMedia = () => refuse('NotFoundError');
    open();
    await work();
    expect(asked('call.ready')).toEqual([{ callId: kCall }]);
    expect(store.getState().media.degraded).toBe('listen-only');
  });

  it('that is refused says why, and closes media', async () => {
    link.answer = (event) => (event === 'call.start' ? refusal('RECIPIENT_BUSY') : success({}));
    await dial();
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'busy' });
    expect(allClosed()).toBe(true);
  });

  it('of which no answer came is cancelled when it turns out that it rings', async () => {
    link.answer = (event) => (event === 'call.start' ? refusal('NETWORK') : success({}));
    await dial();
    link.become('connecting');
    link.become('online');
    link.tell('call.snapshot', { calls: [aCall({ id: 'other', callerId: kBen }), aCall({ id: 'elsewhere', conversationId: 'x' }), aCall()], callSeqs: {} });
    expect(asked('call.cancel')).toEqual([{ callId: kCall }]);
  });

  it('is cancelled also before the server has named it', async () => {
    let name: (answer: ReturnType<typeof success>) => void = () => {};
    link.answer = (event) => (event === 'call.start' ? new Promise((resolve) => { name = resolve; }) : success({}));
    await dial();
    calls.hangUp();
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'cancelled' });
    name(success(aCall()));
    await work();
    expect(asked('call.cancel')).toEqual([{ callId: kCall }]);
    expect(allClosed()).toBe(true);
  });

  it('that meets theirs answers their offer (X-05)', async () => {
    link.answer = (event) => success(event === 'call.start' ? { ...fromBen({ status: 'connected', startedAt: kAt }), glare: true } : {});
    calls.startCall(kRoom, 'video');
    incoming();
    expect(store.getState().incoming).toBeNull();
    await settled();
    await work();
    link.tell('call.glare', { callId: kCall, offer: foreignOffer('B') });
    await work();
    expect(store.getState().call).toMatchObject({ phase: 'connecting', role: 'callee', id: kCall });
    expect(signals('answer')).toHaveLength(1);
    expect(FakeConnection.all.map((each) => each.signalingState)).toEqual(['closed', 'stable']);
    // A line about the call takes the place of one that waits.
    expect([topics.get('You called each other.'), topics.get('Connecting…')]).toEqual(['glare', 'call']);
  });
});

describe('a ring', () => {
  it('is acknowledged, shown, and answered before anything is opened', async () => {
    incoming();
    expect(store.getState().incoming).toMatchObject({ id: kCall, callerId: kBen, type: 'video' });
    expect(asked('call.ringing')).toEqual([{ callId: kCall }]);
    calls.accept('audio');
    expect(phase()).toBe('connecting');
    expect([asked('call.accept'), devices.opened.length]).toEqual([[{ callId: kCall }], 0]);
    await work();
    expect(devices.opened.map((each) => each.kind)).toEqual(['audio']);
    expect(signals('answer')).toHaveLength(1);
  });

  it('keeps the candidates that come before it is answered', async () => {
    incoming();
    link.tell('call.signal', { callId: kCall, from: kBen, kind: 'candidate', payload: { candidate: 'one', sdpMid: '0' }, gen: 0 });
    calls.accept('video');
    await work();
    expect(FakeConnection.all[0]?.candidates).toMatchObject([{ candidate: 'one' }]);
  });

  it('that was answered too late ends, and closes what was opened', async () => {
    link.answer = (event) => (event === 'call.accept' ? refusal('CALL_NOT_RINGING', { data: { call: fromBen({ status: 'missed', endReason: 'cancelled' }) } }) : success({}));
    incoming();
    calls.accept('video');
    await work();
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'cancelled', role: 'callee' });
    expect(allClosed()).toBe(true);
  });

  it('ends when the code for media cannot be loaded, and the caller does not wait', async () => {
    vi.doMock('../media/engine.ts', () => { throw new Error('the network was away'); });
    make();
    incoming();
    calls.accept('audio');
    calls.watchQuality(true);
    await work();
    vi.doUnmock('../media/engine.ts');
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'failed', endDetail: 'NETWORK' });
    expect(asked('call.end')).toEqual([{ callId: kCall }]);
  });

  it('is asked for again when the link is back, if nobody answered the accept', async () => {
    incoming();
    link.become('connecting');
    calls.accept('video');
    await work();
    expect([phase(), asked('call.accept').length]).toEqual(['connecting', 0]);
    link.become('online');
    await work();
    expect(asked('call.accept')).toHaveLength(1);
  });

  it.each([
    ['call.answered_elsewhere', 'info'], ['call.declined_elsewhere', 'info'], ['call.cancelled', 'missed-call'], ['call.missed', 'missed-call'],
  ])('ends by %s, with a toast', (event, kind) => {
    incoming();
    link.tell(event, { callId: kCall, call: fromBen({ status: 'missed', endReason: 'cancelled', endedBy: kBen }), endReason: 'cancelled' });
    expect([store.getState().incoming, store.getState().toasts.map((each) => each.kind), devices.opened]).toEqual([null, [kind], []]);
  });

  it('that was missed is told in a toast and to the ear', () => {
    incoming();
    link.tell('call.missed', { callId: kCall, call: fromBen({ status: 'missed', endReason: 'timeout' }), endReason: 'timeout' });
    expect(store.getState().toasts).toMatchObject([{ kind: 'missed-call', callerId: kBen }]);
    expect(said).toContain('Missed call from Ben.');
  });

  it('names who is in no list yet', () => {
    incoming({ call: fromBen({ callerId: 'd-dora' }), caller: { id: 'd-dora', username: 'dora', displayName: 'Dora' } });
    expect(store.getState().incoming?.callerId).toBe('d-dora');
    expect(store.getState().people['d-dora']?.name).toBe('Dora');
  });

  it('is declined once the server hears of it', () => {
    incoming();
    link.become('connecting');
    calls.decline();
    expect([store.getState().incoming, asked('call.reject')]).toEqual([null, []]);
    link.become('online');
    expect(asked('call.reject')).toEqual([{ callId: kCall }]);
  });
});

describe('logging out', () => {
  it('forgets which devices were chosen', () => {
    calls.chooseDevice('camera', 'cam-2');
    calls.forgetCalls();
    expect(store.getState().media.chosen).toEqual({ camera: null, microphone: null, speaker: null });
  });
});

describe('in a call', () => {
  it('its type stays what was asked, also when it is answered without a picture', async () => {
    incoming();
    calls.accept('audio');
    expect(store.getState().call?.type).toBe('video');
    await work();
    expect(store.getState().media.camera).toBe(false);
  });

  it('the others are told what I send, when it begins and when it changes', async () => {
    await talk();
    calls.setMuted(true);
    calls.setCamera(false);
    await settled();
    expect(asked('call.media')).toEqual([
      { callId: kCall, audio: true, video: true, screen: false }, { callId: kCall, audio: true, video: true, screen: false, alive: true },
      { callId: kCall, audio: false, video: true, screen: false, alive: true }, { callId: kCall, audio: false, video: false, screen: false, alive: true },
    ]);
  });

  it('the others are told what I switched while the link was away as soon as it is back', async () => {
    await talk();
    link.become('connecting');
    calls.setMuted(true);
    await settled();
    link.become('online', false);
    expect(asked('call.media').at(-1)).toMatchObject({ audio: false, video: true });
  });

  it('a lost link is shown, and ICE starts anew when it is back', async () => {
    await talk();
    link.become('connecting');
    expect([phase(), store.getState().call?.reconnectingMine]).toEqual(['reconnecting', true]);
    link.answer = (event) => success(event === 'call.sync' ? { calls: [connected()] } : {});
    link.become('online', false);
    expect(phase()).toBe('in-call');
    await work();
    expect(asked('call.sync')).toEqual([{ callId: kCall }]);
  });

  it('a call that ended meanwhile is known as ended', async () => {
    await talk();
    link.become('connecting');
    link.answer = (event) => success(event === 'call.sync' ? { calls: [connected({ status: 'ended', endReason: 'connection_lost', duration: 41 })] } : {});
    link.become('online');
    await work();
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'connection_lost', durationSeconds: 41 });
  });

  it('that a login ended is told only to whom the group call goes on without', async () => {
    await talk();
    const ended = (status: string) => link.tell('call.ended', { callId: kCall, call: connected({ status }), endReason: 'token_revoked', duration: 41 });
    ended('ended');
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'hangup', durationSeconds: 41 });
    await talk();
    ended('connected');
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'failed', endDetail: 'token_revoked', durationSeconds: null });
  });

  it('hanging up closes media at once, also without a link, and the server is told later', async () => {
    await talk();
    link.become('offline');
    clock.move(5_000);
    calls.hangUp();
    expect([phase(), store.getState().call?.durationSeconds, allClosed()]).toEqual(['ended', 5, true]);
    link.become('online');
    expect(asked('call.end')).toEqual([{ callId: kCall }]);
  });

  it('its end is shown for 4 s', async () => {
    await talk();
    link.tell('call.ended', { callId: kCall, call: connected({ status: 'ended' }), endReason: 'hangup', duration: 125 });
    expect(store.getState().call).toMatchObject({ endReason: 'hangup', durationSeconds: 125 });
    expect(said).toContain('Call ended, 2 min 5 s.');
    clock.move(3_999);
    expect(phase()).toBe('ended');
    clock.move(1);
    expect(phase()).toBe('none');
  });

  it('says after 10 s that it still connects', async () => {
    await dial();
    link.tell('call.accepted', { callId: kCall, call: connected(), by: { userId: kBen }, startedAt: kAt });
    clock.move(10_000);
    expect(store.getState().call).toMatchObject({ phase: 'connecting', slow: true });
  });

  it('leaving a group leaves it to the others; ending it does not', async () => {
    link.answer = (event) => success(event === 'call.accept' ? connected({ callerId: kBen, recipientId: null, conversationId: kGroup }) : {});
    calls.joinCall(kGroup, 'audio');
    await work();
    calls.hangUp();
    expect([asked('call.leave'), asked('call.end')]).toEqual([[{ callId: kCall }], []]);
    clock.move(4_000);
    calls.joinCall(kGroup, 'audio');
    await work();
    calls.endForAll();
    expect(asked('call.end')).toEqual([{ callId: kCall }]);
  });

  it('who comes into a group gets an offer from who is there', async () => {
    link.answer = (event) => success(event === 'call.accept' ? connected({ callerId: kBen, recipientId: null, conversationId: kGroup }) : {});
    calls.joinCall(kGroup, 'audio');
    await work();
    link.tell('call.peer_state', { callId: kCall, userId: kCara, state: 'joined', mediaState: { audio: true, video: false, screen: false } });
    await work();
    expect(signals('offer')).toMatchObject([{ toUserId: kCara }]);
    link.tell('call.peer_state', { callId: kCall, userId: kCara, state: 'left' });
    expect(store.getState().call?.participants.map((each) => each.userId)).toEqual([kBen]);
  });

  it('a device that was unplugged is told in a toast, with the one that is used now', async () => {
    await talk();
    devices.opened.find((each) => each.kind === 'audio')?.end();
    await work();
    expect(store.getState().toasts).toMatchObject([{ kind: 'info', text: 'audio unplugged. Using audio.' }]);
  });

  it('who comes to a few, or goes, is told in a toast', async () => {
    link.answer = (event) => success(event === 'call.accept' ? connected({ callerId: kBen, recipientId: null, conversationId: kGroup }) : {});
    calls.joinCall(kGroup, 'audio');
    await work();
    link.tell('call.signal', { callId: kCall, from: kBen, kind: 'offer', payload: foreignOffer('B'), gen: 0 });
    await work();
    FakeConnection.all.at(-1)?.become('connected');
    for (const state of ['joined', 'left']) link.tell('call.peer_state', { callId: kCall, userId: kCara, state, mediaState: null });
    expect(store.getState().toasts.map((each) => 'text' in each && each.text)).toEqual(['Cara joined.', 'Cara left.']);
    expect(said).toEqual(expect.arrayContaining(['Cara joined.', 'Cara left.']));
  });
});

describe('a reload', () => {
  it('leaves behind what it needs, tells the server, and goes on without asking anybody', async () => {
    await talk();
    calls.setMuted(true);
    window.dispatchEvent(new Event('pagehide'));
    expect(rest.asked.filter((each) => each.method === 'BEACON').map((each) => each.path)).toContain(`/api/calls/${kCall}/away`);
    [link, store, devices] = [fakeLink(), createStore(first), stubMedia()];
    link.answer = (event) => success(event === 'call.sync' ? { calls: [connected()] } : {});
    make();
    link.become('online');
    await work();
    expect(store.getState().call).toMatchObject({ phase: 'connecting', id: kCall, role: 'caller' });
    expect(store.getState().media.muted).toBe(true);
    expect(asked('call.accept')).toEqual([]);
    expect(signals('offer')).toMatchObject([{ toUserId: kBen, gen: 1 }]);
    expect(sessionStorage.getItem('belfry.call')).toBeNull();  // a copy of the tab finds none
  });

  it('while it rings goes on with how far that had come, and further if the server knows more', async () => {
    const reload = async (call: object): Promise<string | undefined> => {
      window.dispatchEvent(new Event('pagehide'));
      calls.forgetCalls();
      [link, store, devices] = [fakeLink(), createStore(first), stubMedia()];
      link.answer = (event) => success(event === 'call.sync' ? { calls: [call] } : {});
      make();
      link.become('online');
      await work();
      return store.getState().call?.progress;
    };
    await dial();
    link.tell('call.progress', { callId: kCall, state: 'woken' });
    expect(await reload(aCall())).toBe('woken');
    expect(await reload(aCall({ firstRingAt: kAt }))).toBe('ringing');
  });

  it('of a call that is over goes on with nothing', async () => {
    sessionStorage.setItem('belfry.call', JSON.stringify({ callId: kCall, muted: false, camera: true, gen: 0 }));
    link.answer = () => success({ calls: [connected({ status: 'ended', endReason: 'hangup' })] });
    make();
    link.become('online');
    await work();
    expect([phase(), devices.opened]).toEqual(['none', []]);
  });
});
