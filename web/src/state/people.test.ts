import { describe, expect, it } from 'vitest';
import type { Conversation, Person } from './model.ts';
import { toWatch, withBlocked, withListed, withNamed, withOnline, withPresence } from './people.ts';

const person = (id: string, more: Partial<Person> = {}): Person => ({
  id, username: id, name: id, avatar: '/a.svg', presence: 'offline', lastSeenAt: null, blocked: false, ...more,
});
const people = (...all: Person[]) => Object.fromEntries(all.map((each) => [each.id, each]));

describe('the list of people', () => {
  it('does not contain me', () => {
    expect(Object.keys(withListed({}, [person('me'), person('ben')], 'me', false))).toEqual(['ben']);
  });
  it('keeps the presence that was told, because the list knows it roughly', () => {
    const before = people(person('ben', { presence: 'busy' }));
    expect(withListed(before, [person('ben', { presence: 'online', name: 'Ben' })], 'me', true)['ben']).toMatchObject({ presence: 'busy', name: 'Ben' });
    expect(withListed(before, [person('ben')], 'me', false)['ben']?.presence).toBe('offline');
  });
  it('knows whom I block, but no block that I made or lifted while it came', () => {
    const asked = people(person('ann', { blocked: true }), person('ben'));
    const listed = [person('ann', { blocked: true }), person('ben'), person('cy', { blocked: true })];
    const blocked = (after: Readonly<Record<string, Person>>): string[] => Object.values(after).filter((each) => each.blocked).map(({ id }) => id);
    expect(blocked(withListed({}, listed, 'me', false))).toEqual(['ann', 'cy']);
    expect(blocked(withListed(people(person('cy')), listed, 'me', true))).toEqual(['cy', 'ann']);
    expect(blocked(withListed(withBlocked(withBlocked(asked, 'ann', false), 'ben', true), listed, 'me', true, asked))).toEqual(['ben', 'cy']);
  });
  it('is the same object when nobody changed', () => {
    const before = people(person('ben'), person('cy'));
    expect(withListed(before, [person('ben')], 'me', true)).toBe(before);
    expect(withNamed(before, [person('cy')], 'me')).toBe(before);
    expect(withOnline(before, [])).toBe(before);
  });
  it('takes names from conversations, but no usernames that a call gives for names', () => {
    const before = people(person('ben', { name: 'Ben X', presence: 'online' }));
    expect(withNamed(before, [person('ben', { name: 'Ben Y' })], 'me')['ben']).toMatchObject({ name: 'Ben Y', presence: 'online' });
    expect(withNamed(before, [person('ben')], 'me')).toBe(before);
    expect(withNamed(before, [person('dan', { name: 'Dan' })], 'me')['dan']?.name).toBe('Dan');
  });
});

describe('presence', () => {
  it('keeps away and busy of those who are there', () => {
    const after = withOnline(people(person('a', { presence: 'busy' }), person('b'), person('c', { presence: 'away' })), ['a', 'b']);
    expect(Object.values(after).map((each) => each.presence)).toEqual(['busy', 'online', 'offline']);
  });
  it('says when somebody was there last, once they are gone', () => {
    const gone = withPresence(people(person('a', { presence: 'online' })), 'a', 'offline', 't1');
    expect(gone['a']).toMatchObject({ presence: 'offline', lastSeenAt: 't1' });
    expect(withPresence(gone, 'a', 'online', null)['a']?.lastSeenAt).toBeNull();
  });
  it('of strangers changes nothing', () => {
    const before = people(person('a'));
    expect(withPresence(before, 'x', 'online', null)).toBe(before);
    expect(withBlocked(before, 'x', true)).toBe(before);
  });
  it('is watched of those with whom I write first', () => {
    const chat = { id: 'c', otherId: 'z', activeAt: '2' } as Conversation;
    expect(toWatch(people(person('a'), person('b'), person('z')), { c: chat }, 2)).toEqual(['z', 'a']);
  });
});
