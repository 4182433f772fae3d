// A Client for tests of components: a real store, and actions that answer at once and note what was asked of them.
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import type { Actions, Client, Done, Streams } from '../state/actions.ts';
import type { Call, State } from '../state/model.ts';
import { createStore, type Store } from '../state/store.ts';
import { ClientContext } from './use.ts';

const done = async (): Promise<Done<null>> => ({ ok: true, value: null });
const nothing = async (): Promise<void> => undefined;
const kNoSums = {
  totalCalls: 0, totalDuration: 0, averageDuration: 0, missedCalls: 0, rejectedCalls: 0, incoming: 0, outgoing: 0, audioCalls: 0, videoCalls: 0,
};

function actions(): Actions {
  return {
    signUp: vi.fn(done), logIn: vi.fn(done), logOut: vi.fn(nothing), saveProfile: vi.fn(done), setPhoto: vi.fn(done), loadLogins: vi.fn(nothing),
    signOutLogin: vi.fn(nothing), signOutElsewhere: vi.fn(nothing),
    conversationWith: vi.fn(async () => null), show: vi.fn(async () => 'shown' as const), loadOlder: vi.fn(nothing), reload: vi.fn(nothing), send: vi.fn(),
    attach: vi.fn(), cancelUpload: vi.fn(), retry: vi.fn(), discard: vi.fn(), edit: vi.fn(async () => true), remove: vi.fn(async () => true), setDraft: vi.fn(),
    typed: vi.fn(), read: vi.fn(), search: vi.fn(), searchIn: vi.fn(), stepSearch: vi.fn(), endSearch: vi.fn(), reveal: vi.fn(async () => 'found' as const),
    createGroup: vi.fn(async () => ({ ok: true as const, value: 'group' })), renameGroup: vi.fn(done), addMembers: vi.fn(done), removeMember: vi.fn(done),
    leaveGroup: vi.fn(done), mute: vi.fn(nothing), ringForCalls: vi.fn(nothing), block: vi.fn(nothing),
    startCall: vi.fn(), callUser: vi.fn(), joinCall: vi.fn(), accept: vi.fn(), decline: vi.fn(), hangUp: vi.fn(), endForAll: vi.fn(), closeEnd: vi.fn(),
    callAgain: vi.fn(), setMuted: vi.fn(), setCamera: vi.fn(), setScreen: vi.fn(), retryMedia: vi.fn(), dismissMediaError: vi.fn(), chooseDevice: vi.fn(),
    loadDevices: vi.fn(nothing), watchQuality: vi.fn(),
    setTheme: vi.fn(), set: vi.fn(), setNotifications: vi.fn(nothing), playRingtone: vi.fn(), playTestSound: vi.fn(), dismissToast: vi.fn(), toast: vi.fn(),
    reloadPage: vi.fn(), loadHistory: vi.fn(async () => ({ ok: true as const, value: { calls: [], next: null } })),
    loadStatistics: vi.fn(async () => ({ ok: true as const, value: kNoSums })),
  };
}

const kNoStreams: Streams = {
  own: () => null, remote: () => null, level: () => 0, watch: () => () => undefined,
  preview: () => ({ stream: () => null, level: () => 0, watch: () => () => undefined, stop: () => undefined }),
};

/** A call of two that has begun. */
export const aCall = (more: Partial<Call> = {}): Call => ({
  phase: 'in-call', id: 'call', conversationId: 'room', type: 'video', role: 'caller', group: false, otherId: 'ann', progress: 'ringing',
  startedAt: '2026-11-29T14:00:00Z', endReason: null, endDetail: null, retryAfterSeconds: null, requestId: null, durationSeconds: null,
  reconnectingMine: false, slow: false, participants: [], activeSpeaker: null, host: false, ...more,
});

export interface FakeClient extends Client {
  readonly store: Store;
  readonly Around: (props: { readonly children: ReactNode }) => ReactNode;
}

export function fakeClient(state: Partial<State> = {}, acts: Partial<Actions> = {}): FakeClient {
  const store = createStore({ app: 'ready', connection: 'online', ...state });
  const client: Client = { getState: store.getState, subscribe: store.subscribe, actions: { ...actions(), ...acts }, streams: kNoStreams };
  return { ...client, store, Around: ({ children }) => <ClientContext value={client}>{children}</ClientContext> };
}
