// Whether the messages of a conversation are announced, and whether the calls of a group ring me (SPEC S19, J-1.5).
import { changing } from './conversations.ts';
import type { Conversation, ConversationId, Membership, State } from './model.ts';

/** Until somebody takes it back: further than any clock that a device will show. */
export const kForGood = '9999-12-31T23:59:59.999Z';

export const isMuted = (conversation: Pick<Conversation, 'mutedUntil' | 'wanted'> | null | undefined, now: number): boolean => {
  const until = conversation?.wanted?.mutedUntil === undefined ? conversation?.mutedUntil : conversation.wanted.mutedUntil;
  return typeof until === 'string' && Date.parse(until) > now;
};

export const ringsForCalls = ({ wanted, callsRing }: Pick<Conversation, 'callsRing' | 'wanted'>): boolean => wanted?.callsRing ?? callsRing;

type Conversations = State['conversations'];

export const withWanted = (all: Conversations, id: ConversationId, wanted: Membership): Conversations =>
  changing(all, id, (conversation) => ({ ...conversation, wanted: { ...conversation.wanted, ...wanted } }));

/** The server has confirmed this. */
export const withMembership = (all: Conversations, id: ConversationId, membership: Membership): Conversations =>
  changing(all, id, (conversation) => ({ ...conversation, ...membership }));

/** The server was asked for this, and has answered: what was wanted since stays wanted. */
export const withoutWanted = (all: Conversations, id: ConversationId, asked: Membership): Conversations =>
  changing(all, id, ({ wanted = {}, ...conversation }) => {
    const left: Membership = {
      ...(wanted.mutedUntil !== undefined && wanted.mutedUntil !== asked.mutedUntil && { mutedUntil: wanted.mutedUntil }),
      ...(wanted.callsRing !== undefined && wanted.callsRing !== asked.callsRing && { callsRing: wanted.callsRing }),
    };
    return Object.keys(left).length === 0 ? conversation : { ...conversation, wanted: left };
  });

/** When the next of those that are muted is to be heard again; null: none is muted. */
export function soonestEnd(all: Conversations): number | null {
  let soonest = Infinity;
  for (const { mutedUntil } of Object.values(all)) {
    const end = mutedUntil ? Date.parse(mutedUntil) : NaN;
    if (end < soonest) soonest = end;
  }
  return soonest === Infinity ? null : soonest;
}

/** Whatever is wanted since. */
export const withoutEnded = (all: Conversations, now: number): Conversations =>
  Object.values(all).filter(({ mutedUntil }) => mutedUntil && Date.parse(mutedUntil) <= now)
    .reduce((rest, { id }) => withMembership(rest, id, { mutedUntil: null }), all);
