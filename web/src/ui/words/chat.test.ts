import { describe, expect, it } from 'vitest';
import type { CallEntry } from '../../state/model.ts';
import { chatWords } from './chat.en.ts';
import { duration, fileSize, names, number, plural } from './format.en.ts';

const call = (more: Partial<CallEntry>): CallEntry => ({ id: 'k', type: 'video', outcome: 'ended', endReason: 'hangup', durationSeconds: 125, ...more });

describe('the entry of a call', () => {
  it('says how long it was', () => {
    expect(chatWords.callEntry(call({}), true)).toBe('Video call · 2 min 5 s');
    expect(chatWords.callEntry(call({ type: 'audio', durationSeconds: 41 }), false)).toBe('Audio call · 41 s');
  });
  it('is missed for who was called and cancelled or unanswered for the caller', () => {
    expect(chatWords.callEntry(call({ outcome: 'missed', endReason: 'cancelled' }), false)).toBe('Missed video call');
    expect(chatWords.callEntry(call({ outcome: 'missed', endReason: 'cancelled' }), true)).toBe('Cancelled video call');
    // The caller was gone before anybody answered.
    expect(chatWords.callEntry(call({ outcome: 'missed', endReason: 'connection_lost' }), true)).toBe('Cancelled video call');
    expect(chatWords.callEntry(call({ outcome: 'missed', endReason: 'timeout' }), true)).toBe('Video call, no answer');
    expect(chatWords.callEntry(call({ type: 'audio', outcome: 'missed', endReason: 'timeout' }), false)).toBe('Missed audio call');
  });
  it('is declined for both', () => {
    expect([true, false].map((mine) => chatWords.callEntry(call({ outcome: 'rejected', endReason: 'declined' }), mine))).toEqual(['Declined video call', 'Declined video call']);
  });
});

describe('plain words', () => {
  it('makes sentences of what the server writes about groups', () => {
    expect(['Ann added Ben', 'Ben left', 'Ann named the group "Crew"'].map(chatWords.systemEntry))
      .toEqual(['Ann added Ben.', 'Ben left.', 'Ann renamed the group to “Crew”.']);
  });
  it('tells who types', () => {
    expect([[], ['Ann'], ['Ann', 'Ben'], ['Ann', 'Ben', 'Cleo']].map(chatWords.typing)).toEqual(['', 'Ann is typing…', 'Ann and Ben are typing…', 'Several people are typing…']);
  });
  it('writes durations, sizes, numbers and lists', () => {
    expect([0, 41, 60, 125, 3600, 3720].map(duration)).toEqual(['0 s', '41 s', '1 min', '2 min 5 s', '1 h', '1 h 2 min']);
    expect([1, 512, 1536, 1.2 * 1024 * 1024, 84 * 1024 * 1024].map(fileSize)).toEqual(['1 byte', '512 bytes', '1.5 kB', '1.2 MB', '84 MB']);
    expect([number(7950), plural(1, 'message', 'messages'), plural(3, 'message', 'messages')]).toEqual(['7\u00a0950', '1 message', '3 messages']);
    expect([names(['Ann']), names(['Ann', 'Ben']), names(['Ann', 'Ben', 'Cleo'])]).toEqual(['Ann', 'Ann and Ben', 'Ann, Ben and Cleo']);
  });
});
