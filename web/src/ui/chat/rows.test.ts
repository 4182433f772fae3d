import { describe, expect, it } from 'vitest';
import type { Message } from '../../state/model.ts';
import { estimatedHeight, firstUnreadIndex, keyOf, newSince, placeOf, seqUpTo } from './rows.ts';

const at = (day: number, hours: number, minutes: number) => new Date(2026, 10, day, hours, minutes).toISOString();
const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`, clientId: null, conversationId: 'c', seq, senderId: 'ben', kind: 'text', text: 'x', attachments: [], call: null, replyTo: null,
  createdAt: at(24, 14, seq), editedAt: null, deletedAt: null, state: 'received', upload: null, ...more,
});
const now = new Date(2026, 10, 25, 9).getTime();

describe('where a message stands', () => {
  it('begins a day with a separator, named as one speaks of it', () => {
    const messages = [message(1, { createdAt: at(10, 9, 0) }), message(2, { createdAt: at(21, 9, 0) }), message(3), message(4, { createdAt: at(25, 8, 0) })];
    expect(messages.map((_, index) => placeOf(messages, index, null, now).day)).toEqual(['Tuesday, 10 November', 'Saturday', 'Yesterday', 'Today']);
  });
  it('shares a name line with the same sender within three minutes', () => {
    const messages = [message(1), message(3), message(7), message(8, { senderId: 'ann' })];
    expect(messages.map((_, index) => placeOf(messages, index, null, now).first)).toEqual([true, false, true, true]);
    expect(messages.map((_, index) => placeOf(messages, index, null, now).last)).toEqual([false, true, true, true]);
  });
  it('breaks a run at a call, and at the first unread message', () => {
    const messages = [message(1), message(2, { kind: 'call' }), message(3), message(4)];
    expect(messages.map((_, index) => placeOf(messages, index, 4, now).first)).toEqual([true, true, true, true]);
    expect(messages.map((_, index) => placeOf(messages, index, 4, now).unread)).toEqual([false, false, false, true]);
  });
  it('shows the separator at the next message if the first unread one was taken away', () => {
    const messages = [message(1), message(5), message(6)];
    expect(messages.map((_, index) => placeOf(messages, index, 4, now).unread)).toEqual([false, true, false]);
    expect(firstUnreadIndex(messages, 4)).toBe(1);
  });
  it('opens at the end if the first unread message is not here yet', () => {
    expect(firstUnreadIndex([message(51), message(52)], 4)).toBe(-1);
  });
  it('keeps its key when the server gives it an id', () => {
    expect(keyOf(message(1, { id: 'client', clientId: 'client', seq: null }))).toBe(keyOf(message(1, { id: 'server', clientId: 'client' })));
  });
});

describe('how high a row will be', () => {
  it('is a bubble, and where a run begins a name line', () => {
    const messages = [message(1), message(2), message(9), message(10, { senderId: 'ann' }), message(11, { senderId: 'ann', text: 'x'.repeat(61) })];
    expect(messages.map((_, index) => estimatedHeight(messages, index))).toEqual([74, 42, 74, 74, 66]);
  });
  it('is guessed as without a run beside calls, which have no bubble', () => {
    const messages = [message(1, { kind: 'call' }), message(2)];
    expect(messages.map((_, index) => estimatedHeight(messages, index))).toEqual([68, 74]);
  });
});

describe('what is new', () => {
  const messages = [message(1), message(2), message(3, { state: 'sent', senderId: 'ann' }), message(4), message(5, { state: 'sending', seq: null, senderId: 'ann' })];
  it('counts messages of others after what was seen', () => {
    expect([newSince(messages, 1), newSince(messages, 2), newSince(messages, 4)]).toEqual([2, 1, 0]);
  });
  it('takes the newest number up to a place, past what has none yet', () => {
    expect([seqUpTo(messages, 4), seqUpTo(messages, 1), seqUpTo([], 0)]).toEqual([4, 2, 0]);
  });
});
