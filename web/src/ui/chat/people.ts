// Names and faces of who is in a conversation, as values that a selector may return: they are equal while nothing changed.
import type { Conversation, Message, Person, State, UserId } from '../../state/model.ts';
import { chatWords } from '../words/chat.en.ts';

export const nameOf = (state: State, user: UserId): string => {
  if (state.me?.id === user) return chatWords.you;
  return state.people[user]?.name ?? chatWords.someone;
};

export function titleOf(state: State, conversation: Conversation | undefined): string {
  if (!conversation) return '';
  if (conversation.kind === 'group') return conversation.title ?? '';
  return conversation.otherId ? nameOf(state, conversation.otherId) : '';
}

/** How my name stands among others: the display name, not `You`. */
export const ownName = (state: State): string => state.me?.displayName ?? state.me?.username ?? chatWords.you;

export const peopleByName = (state: State): readonly Person[] => sortedByName(state.people);

const kSorted = new WeakMap<State['people'], readonly Person[]>();
const kCompare = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

function sortedByName(people: State['people']): readonly Person[] {
  const known = kSorted.get(people);
  if (known) return known;
  const sorted = Object.values(people).sort((one, other) => kCompare.compare(one.name, other.name));
  kSorted.set(people, sorted);
  return sorted;
}

const kById = new WeakMap<readonly Message[], ReadonlyMap<string, Message>>();

/** The message of that id among those that are here. */
export function messageById(messages: readonly Message[] | undefined, id: string): Message | undefined {
  if (!messages) return undefined;
  let map = kById.get(messages);
  if (!map) {
    map = new Map(messages.map((message) => [message.id, message]));
    kById.set(messages, map);
  }
  return map.get(id);
}
