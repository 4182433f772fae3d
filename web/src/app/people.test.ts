import { describe, expect, it } from 'vitest';
import { withBlocked } from '../state/people.ts';
import { createStore } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest, refusal, settled, success } from '../wire/fakes_for_tests.ts';
import { makePeople } from './people.ts';

const user = (id: string, online = false) => ({ id, username: id, displayName: `Name of ${id}`, avatar: '/a.svg', online });

function aList() {
  const [store, rest, link, clock] = [createStore(), fakeRest(), fakeLink(), fakeClock()];
  store.change(() => ({ app: 'ready', me: { id: 'me', username: 'me', displayName: null, email: null, avatar: '' } }));
  const all = [user('ann'), user('ben')];
  const online = new Set(['ben']);
  rest.answer = (what) => {
    const { searchParams } = new URL(what.split(' ')[1] ?? '', 'http://host');
    const [page, limit] = [Number(searchParams.get('page')), Number(searchParams.get('limit'))];
    return success({ users: all.slice((page - 1) * limit, page * limit) });
  };
  link.answer = (event) => (event === 'presence.subscribe' ? success({ version: 4, online: [...online] }) : success({}));
  let isVisible = true;
  const people = makePeople({ store, rest, link, clock, newId: () => 'id', toast: () => undefined, announce: () => undefined }, () => isVisible);
  const presence = () => Object.fromEntries(Object.values(store.getState().people).map((each) => [each.id, each.presence]));
  const subscriptions = () => link.asked.filter((each) => each.event === 'presence.subscribe').map((each) => each.payload);
  return { people, store, rest, link, clock, all, online, presence, subscriptions, hide: () => void (isVisible = false) };
}

async function watching() {
  const parts = aList();
  parts.link.become('online');
  await parts.people.load();
  parts.clock.move(200);
  await settled();
  return parts;
}

describe('a subscription', () => {
  it('that was refused is tried again within a minute', async () => {
    const { people, link, clock, subscriptions, presence } = aList();
    const { answer } = link;
    link.answer = (event, payload) => (event === 'presence.subscribe' ? refusal('RATE_LIMITED') : answer(event, payload));
    link.become('online');
    await people.load();
    clock.move(200);
    await settled();
    link.answer = answer;
    clock.move(61_000);
    await settled();
    expect(subscriptions()).toHaveLength(2);
    expect(presence()).toEqual({ ann: 'offline', ben: 'online' });
  });
});

describe('the people', () => {
  it('are all pages of the list', async () => {
    const { people, store, all, rest } = aList();
    all.push(...Array.from({ length: 205 }, (_, index) => user(`u${index}`)));
    await people.load();
    expect(Object.keys(store.getState().people)).toHaveLength(207);
    expect(rest.asked).toHaveLength(3);
  });

  it('are asked for again when the server was away', async () => {
    const { people, store, rest, clock } = aList();
    const { answer } = rest;
    rest.answer = () => refusal('NETWORK');
    await people.load();
    rest.answer = answer;
    clock.move(3000);
    await settled();
    expect(Object.keys(store.getState().people)).toEqual(['ann', 'ben']);
  });

  it('stay blocked when I block them while the list is on its way', async () => {
    const { people, store, rest } = await watching();
    const { answer } = rest;
    rest.answer = (what, body) => {
      store.change((state) => ({ people: withBlocked(state.people, 'ann', true) }));
      return answer(what, body);
    };
    await people.load();
    expect(store.getState().people['ann']?.blocked).toBe(true);
  });

  it('grow by those who sign up, whose presence is watched too', async () => {
    const { store, link, clock, subscriptions } = await watching();
    link.tell('users.changed', { users: [user('cy', true), user('me'), { ...user('ann'), displayName: 'Ann' }] });
    expect(store.getState().people['cy']).toMatchObject({ name: 'Name of cy', presence: 'online' });
    expect(store.getState().people['ann']?.name).toBe('Ann');
    expect(store.getState().people['me']).toBeUndefined();
    clock.move(200);
    await settled();
    expect(subscriptions().at(-1)).toEqual({ userIds: ['ann', 'ben', 'cy'] });
  });

  it('are asked for by one request at a time while the server refuses, and not before it wants', async () => {
    const { people, link, rest, clock } = aList();
    rest.answer = () => refusal('RATE_LIMITED', { retryAfterMs: 120_000 });
    for (let time = 0; time < 3; ++time) {
      link.become('online');
      void people.load();
      await settled();
    }
    const asked = rest.asked.length;
    clock.move(110_000);
    await settled();
    expect(rest.asked).toHaveLength(asked);
    clock.move(10_000);
    await settled();
    expect(rest.asked).toHaveLength(asked + 1);
  });

  it('are read again every ten minutes while the page is seen and the server tells of changes', async () => {
    const { rest, clock, hide } = await watching();
    const before = rest.asked.length;
    clock.move(9 * 60_000);
    expect(rest.asked).toHaveLength(before);
    clock.move(60_000);
    await settled();
    expect(rest.asked).toHaveLength(before + 1);
    hide();
    clock.move(20 * 60_000);
    expect(rest.asked).toHaveLength(before + 1);
  });

  it('are read again each minute while the server does not tell of changes', async () => {
    const { link, rest, clock } = await watching();
    const { answer } = link;
    link.answer = (event, payload) => (event === 'users.subscribe' ? refusal('UNKNOWN_EVENT') : answer(event, payload));
    link.become('online');
    await settled();
    const before = rest.asked.length;
    clock.move(60_000);
    await settled();
    expect(rest.asked).toHaveLength(before + 1);
  });
});

describe('their presence', () => {
  it('is what the server answers, and then what it tells', async () => {
    const { link, presence } = await watching();
    expect(presence()).toEqual({ ann: 'offline', ben: 'online' });
    link.tell('presence.update', { version: 5, userId: 'ben', state: 'busy', lastSeenAt: null });
    link.tell('presence.update', { version: 6, userId: 'ann', state: 'away', lastSeenAt: null });
    expect(presence()).toEqual({ ann: 'away', ben: 'busy' });
  });

  it('is asked for anew when an update is missing', async () => {
    const { link, clock, subscriptions } = await watching();
    expect(subscriptions()).toHaveLength(1);
    link.tell('presence.update', { version: 7, userId: 'ben', state: 'busy', lastSeenAt: null });
    clock.move(200);
    await settled();
    expect(subscriptions()).toHaveLength(2);
  });

  it('is not changed by an older update', async () => {
    const { link, presence } = await watching();
    link.tell('presence.update', { version: 4, userId: 'ben', state: 'offline', lastSeenAt: null });
    expect(presence()['ben']).toBe('online');
  });

  it('comes as a whole after a recovery, and is asked for in a new session', async () => {
    const { link, clock, presence, subscriptions } = await watching();
    link.become('connecting');
    link.become('online', false);
    link.tell('presence.snapshot', { version: 9, online: ['ann'] });
    expect(presence()).toEqual({ ann: 'online', ben: 'offline' });
    link.become('connecting');
    link.become('online', true);
    clock.move(200);
    await settled();
    expect(subscriptions()).toHaveLength(2);
  });

  it('of me is away when nobody touched the page for five minutes', async () => {
    const { people, link, clock } = await watching();
    const told = () => link.asked.filter((each) => each.event === 'presence.set').map((each) => each.payload);
    clock.move(4 * 60_000);
    people.touch();
    clock.move(4 * 60_000);
    expect(told()).toEqual([]);
    clock.move(2 * 60_000);
    expect(told()).toEqual([{ state: 'away' }]);
    people.touch();
    expect(told()).toEqual([{ state: 'away' }, { state: 'online' }]);
  });
});
