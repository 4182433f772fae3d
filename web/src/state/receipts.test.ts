import { describe, expect, it } from 'vitest';
import type { Member, Message } from './model.ts';
import { stateOfOwn, withStates } from './receipts.ts';

const member = (userId: string, readUpToSeq: number, deliveredUpToSeq: number): Member => ({ userId, role: 'member', readUpToSeq, deliveredUpToSeq });
const mine = (seq: number): Message => ({
  id: `m${seq}`, clientId: null, conversationId: 'a', seq, senderId: 'me', kind: 'text', text: '', attachments: [], call: null, replyTo: null,
  createdAt: '', editedAt: null, deletedAt: null, state: 'sent', upload: null,
});

describe('the states of own messages', () => {
  it('are those of who is last of the others', () => {
    const members = [member('me', 9, 9), member('ann', 3, 5), member('ben', 1, 3)];
    expect(withStates([1, 2, 3, 4].map(mine), members, 'me').map(({ state }) => state)).toEqual(['read', 'delivered', 'delivered', 'sent']);
    expect(stateOfOwn(1, [member('me', 9, 9)], 'me')).toBe('sent');
  });

  it('look at each member a few times, however many messages there are', () => {
    let looks = 0;
    const members = Array.from({ length: 500 }, (_, at) => ({
      ...member('', 0, 0),
      get userId() {
        looks += 1;
        return `user${at}`;
      },
    }));
    withStates(Array.from({ length: 500 }, (_, at) => mine(at)), members, 'me');
    expect(looks).toBeLessThan(500 * 10);
  });
});
