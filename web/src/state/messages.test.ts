import { describe, expect, it } from 'vitest';
import type { Message } from './model.ts';
import { firstSeq, runEnd, waitingOf, withChanged, withMessages, withoutWaiting } from './messages.ts';
import { withNewest, withNext, kNoThread } from './threads.ts';

const aMessage = (seq: number | null, more: Partial<Message> = {}): Message => ({
  id: `m${seq ?? 'new'}`, clientId: null, conversationId: 'c', seq, senderId: 'ann', kind: 'text', text: `m${seq}`, attachments: [], call: null,
  replyTo: null, createdAt: '', editedAt: null, deletedAt: null, state: 'received', upload: null, ...more,
});
const waiting = (clientId: string): Message => aMessage(null, { id: clientId, clientId, senderId: 'me', state: 'sending' });
const seqs = (messages: readonly Message[]): (number | null)[] => messages.map((each) => each.seq);

describe('a list of messages', () => {
  it('stands by number, whatever order they come in, with what waits behind them', () => {
    const given = [4, 1, 3, 1, 2].reduce<readonly Message[]>((list, seq) => withMessages(list, [aMessage(seq)]), [waiting('a'), waiting('b')]);
    expect(seqs(given)).toEqual([1, 2, 3, 4, null, null]);
    expect(waitingOf(given).map((each) => each.clientId)).toEqual(['a', 'b']);
  });

  it('puts a message of mine in the place of what waited under its client id, but not of another sender', () => {
    const list = withMessages([waiting('a'), waiting('b')], [aMessage(7, { clientId: 'a', senderId: 'me', state: 'sent' }), aMessage(8, { clientId: 'b' })]);
    expect(seqs(list)).toEqual([7, 8, null]);
    expect(list[2]?.clientId).toBe('b');
  });

  it('is the same list when nothing is new', () => {
    const list = withMessages([], [aMessage(1), aMessage(2)]);
    expect(withMessages(list, [aMessage(2)])).toBe(list);
    expect(withChanged(list, aMessage(9))).toBe(list);
    expect(withoutWaiting(list, 'nobody')).toBe(list);
  });

  it('keeps the later of two versions', () => {
    const edited = aMessage(1, { text: 'b', editedAt: '2026-11-29T10:00:02.000Z' });
    const deleted = aMessage(1, { text: '', deletedAt: '2026-11-29T10:00:03.000Z' });
    const older = aMessage(1, { text: 'a', editedAt: '2026-11-29T10:00:01.000Z' });
    const textOf = (...versions: Message[]): string | undefined => withMessages(versions.slice(0, 1), versions.slice(1))[0]?.text;
    expect([textOf(edited, older), textOf(older, edited), textOf(edited, deleted), textOf(deleted, edited)]).toEqual(['b', 'b', '', '']);
  });

  it('knows where its run ends', () => {
    const run = (...numbers: number[]): number | null => runEnd([...numbers.map((seq) => aMessage(seq)), waiting('a')]);
    expect([run(), run(5), run(5, 6, 7), run(5, 7), run(5, 6, 9, 10)]).toEqual([null, 5, 7, 5, 6]);
  });
});

describe('a thread', () => {
  const page = (from: number, to: number): Message[] => Array.from({ length: to - from + 1 }, (_, at) => aMessage(from + at));

  it('keeps its older part when the newest page joins it, and else lets it go', () => {
    const held = withNewest(kNoThread, page(1, 60), false);
    expect(seqs(withNewest(held, page(40, 89), true).messages)).toEqual(seqs(page(1, 89)));
    expect(withNewest(held, page(40, 89), true).older).toBe('none-left');
    const apart = withNewest(held, page(71, 120), true);
    expect([firstSeq(apart.messages), apart.older]).toEqual([71, 'idle']);
  });

  it('has the same messages whichever pages brought them', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      let thread = withNewest(kNoThread, page(1, 1 + (seed % 7)), false);
      for (let step = 1; (runEnd(thread.messages) ?? 0) < 40; step += 1) {
        const from = Math.max(1, (runEnd(thread.messages) ?? 0) + 1 - ((seed * step) % 5));
        thread = withNext(thread, page(from, Math.min(40, from + 5 + ((seed + step) % 9))));
      }
      expect(seqs(thread.messages)).toEqual(seqs(page(1, 40)));
    }
  });
});
