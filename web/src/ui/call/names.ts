// Whose names stand in a call.
import { useBelfry } from '../use.ts';
import type { Call, State, UserId } from '../../state/model.ts';
import { callWords } from '../words/call.en.ts';
import { names } from '../words/format.en.ts';

export const nameOf = (state: State, user: UserId): string =>
  state.people[user]?.name ?? (state.me?.id === user ? state.me.displayName ?? state.me.username : callWords.someone);

/** The group's title; of one without: who is in it. */
export function groupNameOf(state: State, conversation: string | null): string {
  const group = conversation === null ? undefined : state.conversations[conversation];
  if (!group) return callWords.group;
  const others = group.members.filter((member) => member.userId !== state.me?.id);
  return group.title ?? names(others.map((member) => nameOf(state, member.userId)));
}

/** `Ann` in every sentence of DESIGN §9: the other, or the group. */
export const callNameOf = (state: State, call: Pick<Call, 'group' | 'otherId' | 'conversationId'>): string =>
  (call.group ? groupNameOf(state, call.conversationId) : nameOf(state, call.otherId));

export const useName = (user: UserId): string => useBelfry((state) => nameOf(state, user));
export const useCallName = (call: Pick<Call, 'group' | 'otherId' | 'conversationId'>): string => useBelfry((state) => callNameOf(state, call));
