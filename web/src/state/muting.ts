// Whether the messages of a conversation are announced, and whether the calls of a group ring me (SPEC S19, J-1.5).
import { changing } from './conversations.ts';
import type { Conversation, ConversationId, State } from './model.ts';

/** Until somebody takes it back: further than any clock that a device will show. */
export const kForGood = '9999-12-31T23:59:59.999Z';

export const isMuted = (conversation: Pick<Conversation, 'mutedUntil'> | null | undefined, now: number): boolean => {
  const until = conversation?.mutedUntil;
  return typeof until === 'string' && Date.parse(until) > now;
};

/** What I set for myself in a conversation. */
export type Membership = Partial<Pick<Conversation, 'mutedUntil' | 'callsRing'>>;

export const withMembership = (all: State['conversations'], id: ConversationId, membership: Membership): State['conversations'] =>
  changing(all, id, (conversation) => ({ ...conversation, ...membership }));

/** When the next of those that are muted is to be heard again; null: none is muted. */
export function soonestEnd(all: State['conversations']): number | null {
  let soonest = Infinity;
  for (const { mutedUntil } of Object.values(all)) {
    const end = mutedUntil ? Date.parse(mutedUntil) : NaN;
    if (end < soonest) soonest = end;
  }
  return soonest === Infinity ? null : soonest;
}

export const withoutEnded = (all: State['conversations'], now: number): State['conversations'] =>
  Object.values(all).filter((each) => each.mutedUntil && !isMuted(each, now)).reduce((rest, { id }) => withMembership(rest, id, { mutedUntil: null }), all);
