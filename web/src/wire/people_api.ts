// What the client asks of the server about other people: who they are, who of them is there, whom I block (docs/protocol/chat.md).
import type { Person, UserId } from '../state/model.ts';
import { reading } from './answers.ts';
import { list, number } from './json.ts';
import { personFrom } from './person_shapes.ts';
import type { Answer, Link, Rest } from './ports.ts';

export interface PeoplePage {
  readonly people: readonly Person[];
  /** Another page may follow. */
  readonly more: boolean;
}

export interface Watching {
  /** The number of the last update before this answer. */
  readonly version: number;
  /** Who of those that were asked for is not offline. */
  readonly online: readonly UserId[];
}

export interface PeopleApi {
  /** One page of all, from 1 on. */
  page(page: number): Promise<Answer<PeoplePage>>;
  named(query: string): Promise<Answer<readonly Person[]>>;
  block(user: UserId, blocked: boolean): Promise<Answer<unknown>>;
  /** To be told of who signs up, or has another name or picture. A server that does not know this refuses. */
  hearOfChanges(): Promise<Answer<unknown>>;
  /** To be told of the presence of these, and of nobody else. */
  watch(users: readonly UserId[]): Promise<Answer<Watching>>;
  setPresence(presence: 'away' | 'online'): Promise<Answer<unknown>>;
}

const kPerPage = 100;
const kMostFound = 20;
/** The longest query that the server takes, in UTF-16 units. */
const kLongestQuery = 64;

const peopleIn = (data: unknown): Person[] => list(data, 'users', personFrom);
const idsIn = (data: unknown, name: string): UserId[] => list(data, name, (each) => (typeof each === 'string' ? each : null));

export function makePeopleApi({ rest, link }: { readonly rest: Rest; readonly link: Link }): PeopleApi {
  return {
    async page(page) {
      const answer = await rest.get<unknown>(`/api/users?limit=${kPerPage}&page=${page}`);
      return reading(answer, (data) => {
        const people = peopleIn(data);
        return { people, more: people.length === kPerPage };
      });
    },
    async named(query) {
      return reading(await rest.get<unknown>(`/api/users?q=${encodeURIComponent(query.slice(0, kLongestQuery))}&limit=${kMostFound}`), peopleIn);
    },
    block: (user, blocked) => rest.send<unknown>(blocked ? 'PUT' : 'DELETE', `/api/users/${user}/block`),
    hearOfChanges: () => link.ask<unknown>('users.subscribe', {}),
    async watch(userIds) {
      const answer = await link.ask<unknown>('presence.subscribe', { userIds });
      return reading(answer, (data) => ({ version: number(data, 'version') ?? 0, online: idsIn(data, 'online') }));
    },
    setPresence: (state) => link.ask<unknown>('presence.set', { state }),
  };
}
