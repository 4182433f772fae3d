// Group calls that run now, and who is in them: whoever may join sees it in the conversation's header. Events tell of it only to those who
// are rung or take part, so it is asked for when a group is opened.
import { withActiveCall } from '../state/conversations.ts';
import type { Conversation, ConversationId, State, UserId } from '../state/model.ts';
import { readCall } from '../wire/calls_api.ts';
import { hear } from '../wire/events.ts';
import type { ServerCall } from '../wire/shapes.ts';
import type { ChatContext } from './chat_context.ts';
import type { ConversationList } from './chat_list.ts';

const goesOn = (call: ServerCall): boolean => call.status === 'calling' || call.status === 'connected';
const peopleIn = (call: ServerCall): UserId[] =>
  call.participants.filter((each) => each.state === 'joined' || each.state === 'suspended').map((each) => each.userId);

export interface GroupCalls {
  ask(conversation: ConversationId): void;
}

export function followGroupCalls(chat: ChatContext, list: ConversationList): GroupCalls {
  const change = (how: (state: State) => State['conversations']): void => chat.store.change((state) => {
    const conversations = how(state);
    return conversations === state.conversations ? {} : { conversations };
  });

  function follow(call: ServerCall | null): void {
    const id: ConversationId | null = call?.conversationId ?? call?.groupId ?? null;
    if (!call || id === null) return;
    change(({ conversations }) => {
      const held = conversations[id];
      if (held?.kind !== 'group' || (!goesOn(call) && held.activeCallId !== call.id)) return conversations;
      return withActiveCall(conversations, id, goesOn(call) ? { id: call.id, people: peopleIn(call) } : null);
    });
  }

  const runningIn = (state: State, callId: string): Conversation | undefined =>
    Object.values(state.conversations).find((each) => each.activeCallId === callId);

  async function askFor(id: ConversationId): Promise<void> {
    if (chat.store.getState().conversations[id]?.kind !== 'group' || (await list.loadOne(id)) !== 'here') return;
    const callId = chat.store.getState().conversations[id]?.activeCallId ?? null;
    if (callId === null) return;
    const answer = await readCall(chat.rest, callId);
    if (answer.ok) follow(answer.data);
  }

  for (const name of ['call.incoming', 'call.accepted', 'call.rejected', 'call.cancelled', 'call.missed', 'call.ended'] as const)
    hear(chat.link, name, ({ call }) => follow(call));
  hear(chat.link, 'call.snapshot', ({ calls }) => calls.forEach(follow));
  hear(chat.link, 'call.peer_state', ({ callId, userId, state: news }) => change((state) => {
    const held = runningIn(state, callId);
    if (!held || (news !== 'joined' && news !== 'left')) return state.conversations;
    const others = (held.activeCallPeople ?? []).filter((each) => each !== userId);
    return withActiveCall(state.conversations, held.id, { id: callId, people: news === 'joined' ? [...others, userId] : others });
  }));

  return { ask: (id) => void askFor(id) };
}
