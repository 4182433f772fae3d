// The page of Ann, who is `a-me`, with calls over a link and browser media of which each test says what they do.
import { afterEach, vi } from 'vitest';
import { FakeConnection, foreignOffer, stubMedia, type FakeDevices } from '../media/fakes_for_tests.ts';
import type { State } from '../state/model.ts';
import { createStore, type Store } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest, settled, success, type Answering, type FakeClock, type FakeLink, type FakeRest } from '../wire/fakes_for_tests.ts';
import type { Calls } from './calls.ts';
import { makeAllCalls } from './calls_client.ts';

export const [kMe, kBen, kCara, kCall, kChat, kGroup] = ['a-me', 'b-ben', 'c-cara', 'call-1', 'chat', 'group'];
export const kAt = '2026-11-29T10:00:00.000Z';

const person = (id: string, name: string) => ({ id, username: name, name, avatar: '', presence: 'online', lastSeenAt: null, blocked: false }) as const;
const conversation = (id: string, kind: 'direct' | 'group', activeCallId: string | null = null) =>
  ({ id, kind, title: kind === 'group' ? 'Team' : null, avatar: null, members: [], otherId: kind === 'direct' ? kBen : null, lastMessage: null, unread: 0, activeCallId, callsRing: true, activeAt: kAt }) as const;
const first: Partial<State> = {
  me: { id: kMe, username: 'me', displayName: null, email: null, avatar: '' },
  people: { [kBen]: person(kBen, 'Ben'), [kCara]: person(kCara, 'Cara') },
  conversations: { [kChat]: conversation(kChat, 'direct'), [kGroup]: conversation(kGroup, 'group', kCall) },
};

const party = (userId: string, state: string) => ({ userId, role: 'callee', state, joinedAt: state === 'joined' ? kAt : null, mediaState: null });
/** As the server tells them. */
export const aCall = (more: object = {}) => ({ id: kCall, callerId: kMe, recipientId: kBen, conversationId: kChat, callType: 'video', status: 'calling', participants: [party(kMe, 'joined'), party(kBen, 'invited')], createdAt: kAt, ...more });
export const connected = (more: object = {}) => aCall({ status: 'connected', startedAt: kAt, participants: [party(kMe, 'joined'), party(kBen, 'joined')], ...more });
export const fromBen = (more: object = {}) => aCall({ callerId: kBen, recipientId: kMe, ...more });

/** Everything that a loaded chunk and opened devices need. */
export async function work(): Promise<void> {
  for (let turn = 0; turn < 10; ++turn) await settled();
  await vi.dynamicImportSettled();
  for (let turn = 0; turn < 10; ++turn) await settled();
}

export interface Page {
  readonly clock: FakeClock;
  readonly link: FakeLink;
  readonly rest: FakeRest;
  readonly store: Store;
  readonly devices: FakeDevices;
  readonly calls: Calls;
  /** What a screen reader heard, and what each line was about. */
  readonly said: string[];
  readonly topics: Map<string, string | undefined>;
  /** The payloads of what was asked over the link. */
  asked(event: string): unknown[];
  signals(kind: string): unknown[];
  phase(): string;
  /** Every track stopped, every connection closed. */
  allClosed(): boolean;
  /** Ben calls. */
  rings(more?: object): void;
  /** Calls Ben. */
  dial(): Promise<void>;
  /** The same, and he answers. */
  talk(): Promise<void>;
  /** Joins Ben in the group's call. */
  joinGroup(): Promise<void>;
}

const pages: { readonly calls: Calls; readonly lifetime: AbortController }[] = [];
afterEach(() => {
  for (const { calls, lifetime } of pages.splice(0)) {
    calls.forgetCalls();
    lifetime.abort();
  }
});

const usual: Answering = (event) => success(event === 'call.start' ? { ...aCall(), reachable: true } : event === 'call.accept' ? connected() : {});

function deedsOn({ calls, link }: Pick<Page, 'calls' | 'link'>): Pick<Page, 'rings' | 'dial' | 'talk' | 'joinGroup'> {
  async function dial(): Promise<void> {
    calls.startCall(kChat, 'video');
    await work();
  }
  return {
    dial,
    rings: (more = {}) => link.tell('call.incoming', { callId: kCall, call: fromBen(), caller: { id: kBen }, ringExpiresAt: '2026-11-29T10:00:45.000Z', offer: foreignOffer('B'), ...more }),
    async talk() {
      await dial();
      link.tell('call.accepted', { callId: kCall, call: connected(), by: { userId: kBen }, startedAt: kAt, answer: { type: 'answer', sdp: 'x' } });
      await work();
      FakeConnection.all.at(-1)?.become('connected');
    },
    async joinGroup() {
      link.answer = (event) => success(event === 'call.accept' ? connected({ callerId: kBen, recipientId: null, conversationId: kGroup }) : {});
      calls.joinCall(kGroup, 'audio');
      await work();
    },
  };
}

/** What the page before left in this tab is still there. */
function open(answer: Answering): Page {
  vi.stubGlobal('isSecureContext', true);
  const [clock, link, rest, store, devices] = [fakeClock(Date.parse(kAt)), fakeLink(), fakeRest(), createStore(first), stubMedia()];
  const said: string[] = [];
  const topics = new Map<string, string | undefined>();
  rest.answer = () => success({ iceServers: [{ urls: 'stun:one' }], ttl: 600 });
  link.answer = answer;
  let last = 0;
  const lifetime = new AbortController();
  const calls = makeAllCalls({
    store, rest, link, clock, newId: () => `id-${++last}`,
    toast: (toast) => store.change((state) => ({ toasts: [...state.toasts, { ...toast, id: 'toast' }] })),
    announce(text, _, about) {
      said.push(text);
      topics.set(text, about);
    },
  }, false, lifetime.signal);
  link.become('online');
  const asked = (event: string): unknown[] => link.asked.filter((each) => each.event === event).map((each) => each.payload);
  const page: Page = {
    clock, link, rest, store, devices, calls, said, topics, asked, ...deedsOn({ calls, link }),
    signals: (kind) => asked('call.signal').filter((each) => typeof each === 'object' && each !== null && 'kind' in each && each.kind === kind),
    phase: () => store.getState().call?.phase ?? 'none',
    allClosed: () => devices.opened.every((each) => [each, ...each.clones].every(({ readyState }) => readyState === 'ended'))
      && FakeConnection.all.every((each) => each.signalingState === 'closed'),
  };
  pages.push({ calls, lifetime });
  return page;
}

export function aPage(answer: Answering = usual): Page {
  sessionStorage.clear();
  return open(answer);
}

/** The page goes, and comes anew in the same tab; `call`: what the server then knows of it. */
export async function reloaded(before: Page, call: object): Promise<Page> {
  window.dispatchEvent(new Event('pagehide'));
  before.calls.forgetCalls();
  return aPageAgain(call);
}

/** A page that finds in its tab what another one left there. */
export async function aPageAgain(call: object): Promise<Page> {
  const page = open((event) => success(event === 'call.sync' ? { calls: [call] } : {}));
  await work();
  return page;
}
