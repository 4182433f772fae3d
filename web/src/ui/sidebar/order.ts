// Who stands where in the sidebar: by what happened last; those without a conversation after them, by name.
import type { Conversation, Person, State, UserId } from '../../state/model.ts';

export interface PersonEntry {
  readonly person: Person;
  /** Null: none was begun yet. */
  readonly conversation: Conversation | null;
}

const kByName = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

export function peopleInOrder(people: State['people'], conversations: State['conversations'], me: UserId | null): readonly PersonEntry[] {
  const direct = new Map<UserId, Conversation>();
  for (const each of Object.values(conversations)) if (each.otherId !== null) direct.set(each.otherId, each);
  return Object.values(people)
    .filter((person) => person.id !== me)
    .map((person) => ({ person, conversation: direct.get(person.id) ?? null }))
    .sort((a, b) => latestFirst(a.conversation, b.conversation) || kByName.compare(a.person.name, b.person.name));
}

export function groupsInOrder(conversations: State['conversations']): readonly Conversation[] {
  return Object.values(conversations).filter((each) => each.kind === 'group').sort(latestFirst);
}

function latestFirst(a: Conversation | null, b: Conversation | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Date.parse(b.activeAt) - Date.parse(a.activeAt);
}

/** What a search finds among the titles of my groups: the server searches people and messages only. */
export function groupsFound(conversations: State['conversations'], query: string): readonly Conversation[] {
  const wanted = query.trim().toLocaleLowerCase('en');
  if (wanted === '') return [];
  return groupsInOrder(conversations).filter((group) => (group.title ?? '').toLocaleLowerCase('en').includes(wanted));
}
