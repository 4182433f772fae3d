import { expect, it } from 'vitest';
import type { Conversation, Incoming, Person, State } from '../state/model.ts';
import { kEmpty } from '../state/store.ts';
import { noticeFollower, pathAskedFor } from './notifications.ts';
import type { NoticePorts } from './notifications.ts';

const ann: Person = { id: 'a', username: 'ann', name: 'Ann', avatar: '', presence: 'online', lastSeenAt: null, blocked: false };
const chat: Conversation = {
  id: 'c1', kind: 'direct', title: null, avatar: null, members: [], otherId: 'a', lastMessage: null, unread: 2, activeCallId: null, callsRing: true, activeAt: '',
};
const call: Incoming = {
  id: 'k', conversationId: 'c1', type: 'video', group: false, callerId: 'a', expiresAt: '', soundBlocked: false,
};
const start: State = { ...kEmpty, people: { a: ann }, conversations: { c1: chat } };

/** What a page does that goes through these states, one after the other. */
function notices(states: readonly State[], wanted = true): string[] {
  const did: string[] = [];
  const ports: NoticePorts = {
    wanted: () => wanted, now: () => 0, unread: (total) => did.push(`unread ${total}`), close: (tag) => did.push(`close ${tag}`),
    show: ({ title, options }) => did.push(`${title} / ${options.body}`),
  };
  const follow = noticeFollower(ports);
  for (const [at, state] of states.entries()) follow(state, states[at - 1] ?? start);
  return did;
}

it('shows a call that rings, and closes it when it is taken', () => {
  expect(notices([{ ...start, incoming: call }, start])).toEqual(['Ann is calling / Video call', 'close call:k']);
});

it('replaces it by the missed call, in whichever order these come', () => {
  const missed: State = { ...start, toasts: [{ id: '1', kind: 'missed-call', conversationId: 'c1', callerId: 'a', type: 'video' }] };
  for (const ends of [[missed], [start, missed], [{ ...missed, incoming: call }, missed]])
    expect(notices([{ ...start, incoming: call }, ...ends]).filter((each) => each.startsWith('Missed call from Ann /'))).toHaveLength(1);
});

it('names the group', () => {
  const team: State = { ...start, conversations: { c1: { ...chat, kind: 'group', title: 'Team' } } };
  expect(notices([team, { ...team, incoming: { ...call, group: true } }])).toContain('Ann is calling Team / Video call');
});

it('shows each message once, with how many wait', () => {
  const one: State = { ...start, toasts: [{ id: '1', kind: 'message', conversationId: 'c1', senderId: 'a', text: 'Hello' }] };
  expect(notices([one, { ...one, back: true }])).toEqual(['Ann (2) / Hello']);
});

it('shows nothing while the page is looked at, and no sound of others while one is not to be disturbed', () => {
  expect(notices([{ ...start, incoming: call }], false)).toEqual([]);
  expect(notices([{ ...start, incoming: call, settings: { ...start.settings, doNotDisturb: true } }])).toEqual([]);
});

it('puts the number of unread messages on the icon, and closes what is being read', () => {
  expect(notices([{ ...start, conversations: { c1: { ...chat, unread: 5 } } }])).toEqual(['unread 5']);
  expect(notices([{ ...start, open: 'c1' }])).toEqual(['close chat:c1']);
});

it('puts a number on the icon only if it is another than the one there', () => {
  const more = { ...start, conversations: { c1: { ...chat, unread: 5 } } };
  const moved = { ...more, conversations: { c1: { ...chat, unread: 5, activeAt: 'later' } } };
  expect(notices([more, moved, more])).toEqual(['unread 5']);
});

it('closes what was read on another device', () => {
  expect(notices([{ ...start, conversations: { c1: { ...chat, unread: 0 } } }])).toEqual(['close chat:c1', 'unread 0']);
});

it('goes where a click on a notification leads, if that is a page of the client', () => {
  expect(pathAskedFor({ type: 'open', path: '/call/k' }, 'https://call.example')).toBe('/call/k');
  for (const data of [{ type: 'open', path: '//evil' }, { type: 'open', path: 7 }, { type: 'open' }, { type: 'close', path: '/' }, null, '/call/k'])
    expect(pathAskedFor(data, 'https://call.example')).toBeNull();
});
