// A conversation for tests of the chat's components: Ann (me), Ben and Cleo, and messages between them.
import { configure } from '@testing-library/react';
import { fakeClient, type FakeClient } from '../fakeClient.tsx';
import type { Actions } from '../../state/actions.ts';
import type { Conversation, Member, Message, Person, State, Thread } from '../../state/model.ts';

export const person = (id: string, name: string, more: Partial<Person> = {}): Person => ({
  id, name, username: id, avatar: '/avatars/default.svg', presence: 'online', lastSeenAt: null, blocked: false, ...more,
});

export const member = (userId: string, more: Partial<Member> = {}): Member => ({ userId, role: 'member', readUpToSeq: 0, deliveredUpToSeq: 0, ...more });

export const direct = (more: Partial<Conversation> = {}): Conversation => ({
  id: 'c', kind: 'direct', title: null, avatar: null, members: [member('ann'), member('ben')], otherId: 'ben', lastMessage: null, unread: 0,
  activeCallId: null, callsRing: true, activeAt: '2026-11-24T14:00:00Z', ...more,
});

export const group = (more: Partial<Conversation> = {}): Conversation =>
  direct({ kind: 'group', title: 'Team', otherId: null, members: [member('ann', { role: 'owner' }), member('ben'), member('cleo')], ...more });

/** Ben's, unless `more` says otherwise. At 14:03 of the day, wherever the test runs. */
export const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`, clientId: null, conversationId: 'c', seq, senderId: 'ben', kind: 'text', text: `text ${seq}`, attachments: [], call: null, replyTo: null,
  createdAt: at(14, 3), editedAt: null, deletedAt: null, state: 'received', upload: null, ...more,
});

export const own = (seq: number, more: Partial<Message> = {}): Message => message(seq, { senderId: 'ann', state: 'sent', clientId: `client-${seq}`, ...more });

export const at = (hours: number, minutes: number): string => new Date(2026, 10, 24, hours, minutes).toISOString();

export const thread = (messages: readonly Message[], more: Partial<Thread> = {}): Thread => ({
  messages, phase: 'ready', older: 'none-left', firstUnreadSeq: null, ...more,
});

/** A client in which the conversation `c` is open. */
export function chatClient(conversation: Conversation, shown: Thread, state: Partial<State> = {}, acts: Partial<Actions> = {}): FakeClient {
  return fakeClient({
    me: { id: 'ann', username: 'ann', displayName: 'Ann', email: null, avatar: '' },
    people: { ben: person('ben', 'Ben'), cleo: person('cleo', 'Cleo') },
    conversations: { [conversation.id]: conversation }, threads: { [conversation.id]: shown }, open: conversation.id, ...state,
  }, acts);
}

/** jsdom lays nothing out: a list of 700 px whose rows are 50 px high, and dialogs that open. */
export function pretendLayout(): void {
  // Whether something is hidden is asked of the styles of all that is around it: slow, and there are none here.
  configure({ defaultHidden: true });
  Object.defineProperties(HTMLElement.prototype, {
    clientHeight: { configurable: true, get: () => 700 }, clientWidth: { configurable: true, get: () => 800 }, offsetHeight: { configurable: true, get: () => 50 },
    showPopover: { configurable: true, value: () => undefined }, scrollTo: { configurable: true, value: () => undefined },
  });
  Object.defineProperties(HTMLDialogElement.prototype, {
    showModal: { configurable: true, value(this: HTMLDialogElement) { this.open = true; } }, close: { configurable: true, value(this: HTMLDialogElement) { this.open = false; } },
  });
  window.matchMedia = (query) => ({
    matches: query.includes('min-width'), media: query, onchange: null, addEventListener: () => undefined, removeEventListener: () => undefined,
    addListener: () => undefined, removeListener: () => undefined, dispatchEvent: () => false,
  });
}
