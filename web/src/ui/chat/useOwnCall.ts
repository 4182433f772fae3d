import type { ConversationId } from '../../state/model.ts';
import { useBelfry } from '../use.ts';

/** Whether I am in a call: none other can be begun then. */
export const useInCall = (): boolean => useBelfry((state) => state.call !== null && state.call.phase !== 'ended');

/** The group call of this conversation that runs without me. */
export const useJoinable = (conversation: ConversationId): string | null => useBelfry((state) => {
  const running = state.conversations[conversation]?.activeCallId ?? null;
  return state.call?.id === running && state.call?.phase !== 'ended' ? null : running;
});
