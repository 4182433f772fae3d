// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import type { Call, Conversation, Incoming, Person } from '../state/model.ts';
import { createStore } from '../state/store.ts';
import { showOnDocument } from './document.ts';

const ann: Person = { id: 'ann', username: 'ann', name: 'Ann', avatar: '', presence: 'online', lastSeenAt: null, blocked: false };
const call = (more: Partial<Call>) => ({ phase: 'in-call', otherId: 'ann', group: false, conversationId: 'c', ...more }) as Call;
const room = (more: Partial<Conversation>) => ({ id: 'c', unread: 0, title: null, ...more }) as Conversation;

function shown() {
  const store = createStore({ people: { ann } });
  showOnDocument(store);
  return { store, data: document.documentElement.dataset };
}

describe('the document', () => {
  it('says who is signed in, and how the page does', () => {
    const { store, data } = shown();
    expect(data).toMatchObject({ app: 'starting', connection: 'connecting', sound: 'none' });
    expect(data['user']).toBeUndefined();
    store.change(() => ({ app: 'ready', connection: 'online', sound: 'ringtone', me: { id: 'me', username: 'me', displayName: null, email: null, avatar: '' } }));
    expect(data).toMatchObject({ app: 'ready', connection: 'online', sound: 'ringtone', user: 'me' });
    store.change(() => ({ me: null }));
    expect(data['user']).toBeUndefined();
  });

  it('is titled by what matters most: who is calling, with whom I talk, what is unread', () => {
    const { store } = shown();
    const titles: string[] = [];
    const note = () => titles.push(document.title);
    note();
    store.change(() => ({ conversations: { c: room({ unread: 2 }), d: room({ id: 'd', unread: 1 }) } }));
    note();
    store.change(() => ({ call: call({ phase: 'outgoing' }) }));
    note();
    store.change(() => ({ call: call({}) }));
    note();
    store.change(() => ({ incoming: { callerId: 'ann' } as Incoming }));
    note();
    expect(titles).toEqual(['Belfry', '(3) Belfry', '(3) Belfry', 'In call with Ann · Belfry', 'Ann is calling · Belfry']);
  });

  it('names a group call by the group', () => {
    const { store } = shown();
    store.change(() => ({ conversations: { c: room({ title: 'Team' }) }, call: call({ group: true }) }));
    expect(document.title).toBe('In call with Team · Belfry');
  });
});
