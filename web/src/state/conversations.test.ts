import { describe, expect, it } from 'vitest';
import { withList, withRead, withReceipt, withServers, withUnread, type Keep } from './conversations.ts';
import type { Conversation, Message } from './model.ts';

const aMessage = (seq: number, senderId = 'ann'): Message => ({
  id: `m${seq}`, clientId: null, conversationId: 'a', seq, senderId, kind: 'text', text: '', attachments: [], call: null, replyTo: null,
  createdAt: '', editedAt: null, deletedAt: null, state: senderId === 'me' ? 'sent' : 'received', upload: null,
});
const aConversation = (id: string, more: Partial<Conversation> = {}): Conversation => ({
  id, kind: 'direct', title: null, avatar: null, otherId: 'ann', lastMessage: null, unread: 0, activeCallId: null, callsRing: true, activeAt: '',
  members: ['me', 'ann'].map((userId) => ({ userId, role: 'member', readUpToSeq: 0, deliveredUpToSeq: 0 })), ...more,
});

describe('conversations', () => {
  it('believe events of which the list was on its way, and the list otherwise', () => {
    const held = { a: aConversation('a', { unread: 3 }), b: aConversation('b', { unread: 3 }), gone: aConversation('gone'), made: aConversation('made') };
    const list = [aConversation('a', { unread: 1 }), aConversation('b', { unread: 1 }), aConversation('removed')];
    const now = withList(held, list, new Map([['a', { unread: true }], ['made', {}], ['removed', {}]]), 'me');
    expect(Object.keys(now).sort()).toEqual(['a', 'b', 'made']);
    expect([now['a']?.unread, now['b']?.unread]).toEqual([3, 1]);
  });

  it('never take a pointer or the last message back', () => {
    const held = withReceipt({ a: aConversation('a', { lastMessage: aMessage(5, 'me') }) }, 'a', 'ann', { read: 5, delivered: 5 }, 'me');
    const now = withServers(held, aConversation('a', { lastMessage: aMessage(4, 'me') }), { unread: true }, 'me');
    expect(now['a']?.lastMessage).toMatchObject({ seq: 5, state: 'read' });
    expect(now['a']?.members[1]).toMatchObject({ readUpToSeq: 5, deliveredUpToSeq: 5 });
    expect(withReceipt(now, 'a', 'ann', { read: 3, delivered: 4 }, 'me')).toBe(now);
  });

  it('count what is left when part of it was read, and leave the count alone when not all of it is here', () => {
    const held = { a: aConversation('a', { unread: 4, lastMessage: aMessage(4) }) };
    const messages = [1, 2, 3, 4].map((seq) => aMessage(seq));
    expect(withRead(held, 'a', 3, messages, 'me')['a']?.unread).toBe(1);
    expect(withRead(held, 'a', 1, messages.slice(2), 'me')['a']?.unread).toBe(4);
    expect(withRead(held, 'a', 4, [], 'me')['a']?.unread).toBe(0);
  });

  it('take no count for a sign of how far I have read', () => {
    const now = withUnread({ a: aConversation('a', { unread: 2, lastMessage: aMessage(9) }) }, 'a', 0);
    expect(now['a']).toMatchObject({ unread: 0, members: [{ userId: 'me', readUpToSeq: 0 }, {}] });
  });

  it('look at each member of a large group a few times, however many there are', () => {
    let looks = 0;
    const members = Array.from({ length: 500 }, (_, at) => ({
      get userId() {
        looks += 1;
        return `user${at}`;
      },
      role: 'member' as const, readUpToSeq: 0, deliveredUpToSeq: 0,
    }));
    const group = aConversation('a', { kind: 'group', otherId: null, members });
    withServers({ a: group }, { ...group, title: 'Crew' }, { unread: true }, 'me');
    expect(looks).toBeLessThan(500 * 10);
  });

  it('come as a long list without a copy for each of them', () => {
    const list = Array.from({ length: 4_000 }, (_, at) => aConversation(`c${at}`));
    const began = performance.now();
    const now = withList(withList({}, list, new Map(), 'me'), list, new Map(), 'me');
    expect(Object.keys(now)).toHaveLength(4_000);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('until when it is muted', () => {
  const muted = aConversation('c', { mutedUntil: '2099-01-02T03:04:05.000Z' });
  const after = (given: Partial<Conversation>, keep: Keep): unknown => {
    const { mutedUntil, callsRing } = withServers({ c: muted }, aConversation('c', given), keep, 'me')['c'] ?? {};
    return [mutedUntil, callsRing];
  };

  it('S19: stays where an event does not tell it, whatever becomes of the count', () => {
    for (const keep of [{}, { unread: true }] as const) {
      expect(after({}, keep)).toEqual(['2099-01-02T03:04:05.000Z', true]);
      expect(after({ mutedUntil: null, callsRing: false }, keep)).toEqual([null, false]);
    }
  });

  it('S19: stays where it was told after the answer was written', () => {
    expect(after({ mutedUntil: null, callsRing: false }, { membership: true })).toEqual(['2099-01-02T03:04:05.000Z', true]);
  });
});
