// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Actions } from '../../state/actions.ts';
import type { Conversation, Message, Person, State } from '../../state/model.ts';
import { kEmpty } from '../../state/store.ts';
import { fakeClient } from '../fakeClient.tsx';
import { Sidebar } from './Sidebar.tsx';

beforeEach(() => window.history.replaceState(null, '', '/'));
afterEach(cleanup);

const person = (id: string, more: Partial<Person> = {}): Person => (
  { id, username: id, name: id.charAt(0).toUpperCase() + id.slice(1), avatar: '', presence: 'offline', lastSeenAt: null, blocked: false, ...more });
const message = (more: Partial<Message> = {}): Message => ({
  id: 'm', clientId: null, conversationId: 'room', seq: 1, senderId: 'ann', kind: 'text', text: 'See you then.', attachments: [], call: null, replyTo: null,
  createdAt: '2026-11-29T14:03:00Z', editedAt: null, deletedAt: null, state: 'received', upload: null, ...more,
});
const chat = (id: string, otherId: string, more: Partial<Conversation> = {}): Conversation => ({
  id, kind: 'direct', title: null, avatar: null, members: [], otherId, lastMessage: message({ conversationId: id, senderId: otherId }), unread: 0,
  activeCallId: null, callsRing: true, activeAt: '2026-11-29T14:03:00Z', ...more,
});
const team = (more: Partial<Conversation> = {}): Conversation => ({ ...chat('team', 'ann'), kind: 'group', title: 'Team', otherId: null, ...more });
const me = { id: 'me', username: 'mia', displayName: null, email: null, avatar: '' };
const byId = <T extends { readonly id: string }>(...all: readonly T[]) => Object.fromEntries(all.map((each) => [each.id, each]));

function show(state: Partial<State>, acts: Partial<Actions> = {}, open: string | null = null) {
  const client = fakeClient({ me, ...state }, acts);
  render(<client.Around><Sidebar open={open} /></client.Around>);
  return client;
}
const rows = (list: string) => within(screen.getByRole('list', { name: list })).getAllByRole('listitem');
const nameOf = (row: HTMLElement | undefined) => {
  // What is aria-hidden is in no name.
  const link = within(row ?? document.body).getByRole('link').cloneNode(true);
  if (!(link instanceof HTMLElement)) return null;
  for (const hidden of link.querySelectorAll('[aria-hidden="true"]')) hidden.remove();
  return link.textContent;
};

test('a row is named by the person, the presence, what is unread, and what was said last', () => {
  show({ people: byId(person('ann', { presence: 'online' })), conversations: byId(chat('room', 'ann', { unread: 3 })) });
  const [row] = rows('People');
  expect(nameOf(row)).toMatch(/^Ann, online, 3 unread messages, See you then\./);
  expect({ ...row?.dataset }).toMatchObject({ user: 'ann', username: 'ann', conversation: 'room', presence: 'online', unread: '3' });
  expect(row?.querySelector('[data-part="badge"]')?.textContent).toBe('3');
  expect(row?.querySelector('[data-part="snippet"]')?.textContent).toBe('See you then.');
});

test.each([['away', 'Ann, away, 1 unread message, '], ['busy', 'Ann, in a call, 1 unread message, '], ['offline', 'Ann, offline, 1 unread message, ']] as const)(
  'presence %s is said in words', (presence, start) => {
    show({ people: byId(person('ann', { presence })), conversations: byId(chat('room', 'ann', { unread: 1 })) });
    expect(nameOf(rows('People')[0])).toContain(start);
  });

test('without unread messages there is no badge and no word of it', () => {
  show({ people: byId(person('ann')), conversations: byId(chat('room', 'ann')) });
  const [row] = rows('People');
  expect(nameOf(row)).toMatch(/^Ann, offline, See you then\./);
  expect(row?.dataset['unread']).toBe('0');
  expect(row?.querySelector('[data-part="badge"]')).toBeNull();
});

test('people stand by what happened last, then by name', () => {
  show({
    people: byId(person('dora'), person('ann'), person('ben'), person('cleo')),
    conversations: byId(chat('one', 'cleo', { activeAt: '2026-11-28T10:00:00Z' }), chat('two', 'ben', { activeAt: '2026-11-29T10:00:00Z' })),
  });
  expect(rows('People').map((row) => row.dataset['user'])).toEqual(['ben', 'cleo', 'ann', 'dora']);
});

test('groups have a list only if there are any, and tell who spoke', () => {
  const client = show({ people: byId(person('ann')) });
  expect(screen.queryByRole('list', { name: 'Groups' })).toBeNull();
  act(() => client.store.change(() => ({ conversations: byId(team({ unread: 1 })) })));
  expect(nameOf(rows('Groups')[0])).toMatch(/^Team, 1 unread message, Ann: See you then\./);
});

test('somebody who types, a draft and a call come before what was said last', () => {
  const conversations = byId(chat('room', 'ann'));
  const client = show({ people: byId(person('ann')), conversations });
  const snippet = () => rows('People')[0]?.querySelector('[data-part="snippet"]')?.textContent;
  act(() => client.store.change(() => ({ drafts: { room: 'Shall we' } })));
  expect(snippet()).toBe('Draft: Shall we');
  act(() => client.store.change(() => ({ typing: { room: ['ann'] } })));
  expect(snippet()).toBe('typing…');
  act(() => client.store.change(() => ({ typing: {}, drafts: {}, people: byId(person('ann', { presence: 'busy' })) })));
  expect(snippet()).toBe('In a call');
});

test('the open conversation is the current one', () => {
  show({ people: byId(person('ann'), person('ben')), conversations: byId(chat('room', 'ann'), chat('other', 'ben')) }, {}, 'room');
  expect(screen.getAllByRole('link', { current: 'page' }).map((link) => link.getAttribute('href'))).toEqual(['/c/room']);
});

test('the first opening makes the conversation', async () => {
  const conversationWith = vi.fn(async () => 'made');
  show({ people: byId(person('ann')) }, { conversationWith });
  await act(async () => { fireEvent.click(screen.getByRole('link', { name: /^Ann/ })); });
  expect(conversationWith).toHaveBeenCalledWith('ann');
  expect(window.location.pathname).toBe('/c/made');
});

test('arrows, Home and End move among the rows', () => {
  show({ people: byId(person('ann'), person('ben'), person('cleo')) });
  const [ann, ben, cleo] = screen.getAllByRole('link');
  ann?.focus();
  const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
  press('ArrowDown');
  expect(document.activeElement).toBe(ben);
  press('End');
  expect(document.activeElement).toBe(cleo);
  press('ArrowDown');
  expect(document.activeElement).toBe(cleo);
  press('Home');
  expect(document.activeElement).toBe(ann);
});

test('an arrow goes from the search to the first row, but not with Alt', () => {
  show({ people: byId(person('ann')) });
  const field = screen.getByRole('searchbox');
  field.focus();
  fireEvent.keyDown(field, { key: 'ArrowDown', altKey: true });
  expect(document.activeElement).toBe(field);
  fireEvent.keyDown(field, { key: 'ArrowDown' });
  expect(document.activeElement).toBe(screen.getByRole('link', { name: /^Ann/ }));
});

test('nobody else is here', () => {
  show({});
  expect(document.querySelector('[data-empty="people"]')?.textContent).toContain('You are the first.');
  expect(screen.getByRole('button', { name: 'Copy the address' })).toBeTruthy();
});

test('what is found takes the place of the lists', () => {
  const hit = { message: message({ id: 'm7', seq: 7, text: 'the plan', senderId: 'ben' }), snippet: 'the plan' };
  show({
    people: byId(person('ann'), person('ben')), conversations: byId(chat('room', 'ben'), team({ title: 'Planners' })),
    search: { query: 'plan', phase: 'done', people: ['ann'], hits: [hit] },
  });
  expect(screen.queryByRole('list', { name: 'People' })).toBeNull();
  const found = rows('Search results');
  expect(found.map((row) => row.dataset['user'] ?? row.dataset['message'] ?? row.dataset['conversation'])).toEqual(['ann', 'team', 'm7']);
  expect(within(found[2] ?? document.body).getByRole('link').getAttribute('href')).toBe('/c/room?message=7');
  expect(found[2]?.querySelector('mark')?.textContent).toBe('plan');
});

test('a search for nothing that is there says so', () => {
  show({ people: byId(person('ann')), search: { ...kEmpty.search, query: 'plam', phase: 'done' } });
  expect(document.querySelector('[data-empty="search"]')?.textContent).toContain('Nothing found for “plam”.');
});

test('what is typed is searched for', () => {
  const search = vi.fn();
  show({}, { search });
  fireEvent.change(screen.getByRole('searchbox', { name: 'Search people and messages' }), { target: { value: 'ann' } });
  expect(search).toHaveBeenCalledWith('ann');
});
