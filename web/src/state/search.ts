// The two searches: over people and all messages, and in one conversation.
import type { Person, Search, SearchHit, ThreadSearch, UserId } from './model.ts';

export const kNoSearch: Search = { query: '', phase: 'idle', people: [], hits: [] };

/** Without case and accents, as the server compares. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const kMostPeople = 20;

/** Whose name or username has every word of the query as the beginning of one of its words, by name. */
export function peopleNamed(people: readonly Person[], query: string): UserId[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const fits = (person: Person): boolean => {
    const parts = plain(`${person.name} ${person.username}`).split(/[^\p{L}\p{N}]+/u);
    return wanted.every((word) => plain(person.username).startsWith(word) || parts.some((part) => part.startsWith(word)));
  };
  return people.filter(fits).sort((a, b) => a.name.localeCompare(b.name)).slice(0, kMostPeople).map((person) => person.id);
}

/** The newest first: the search begins at what was said last. */
export const newestFirst = (hits: readonly SearchHit[]): SearchHit[] => [...hits].sort((a, b) => (b.message.seq ?? 0) - (a.message.seq ?? 0));

/** Round and round. */
export function stepped(search: ThreadSearch, by: 1 | -1): ThreadSearch {
  const count = search.hits.length;
  return count < 2 ? search : { ...search, at: (search.at + by + count) % count };
}
