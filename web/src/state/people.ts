// The other people: who they are comes from lists and conversations, whether they are there from presence. I am not among them.
import type { ConversationId, Conversation, Person, Presence, UserId } from './model.ts';

export type People = Readonly<Record<UserId, Person>>;

function same(a: Person, b: Person): boolean {
  return a.name === b.name && a.avatar === b.avatar && a.username === b.username && a.presence === b.presence &&
    a.lastSeenAt === b.lastSeenAt && a.blocked === b.blocked;
}

/** Persons that did not change stay the same objects, and a list in which nobody did is the same list. */
function put(people: People, changed: readonly Person[]): People {
  const next = { ...people };
  let differs = false;
  for (const person of changed) {
    const before = people[person.id];
    if (before && same(before, person)) continue;
    next[person.id] = person;
    differs = true;
  }
  return differs ? next : people;
}

/**
 * All pages of the list of people: it knows whom I block, and roughly who is online. `subscribed`: presence says that better. `asked`: as they
 * were when it was asked for; a block that I made or lifted since is newer than the list.
 */
export function withListed(people: People, listed: readonly Person[], myId: UserId, subscribed: boolean, asked: People = people): People {
  const changed = listed.filter((each) => each.id !== myId).map((each) => {
    const before = people[each.id];
    if (!before) return each;
    const known = asked[each.id];
    const blocked = known && known.blocked !== before.blocked ? before.blocked : each.blocked;
    return subscribed ? { ...each, blocked, presence: before.presence, lastSeenAt: before.lastSeenAt } : { ...each, blocked };
  });
  return put(people, changed);
}

/** People as conversations and calls name them, which say nothing of presence. */
export function withNamed(people: People, named: readonly Person[], myId: UserId): People {
  const changed = named.filter((each) => each.id !== myId).map((each) => {
    const before = people[each.id];
    if (!before) return each;
    // A call names its people by their usernames only.
    const name = each.name === each.username && before.username === each.username ? before.name : each.name;
    return { ...before, username: each.username, name, avatar: each.avatar };
  });
  return put(people, changed);
}

export function withPresence(people: People, userId: UserId, presence: Presence, lastSeenAt: string | null): People {
  const before = people[userId];
  if (!before) return people;
  return put(people, [{ ...before, presence, lastSeenAt: presence === 'offline' ? lastSeenAt ?? before.lastSeenAt : null }]);
}

/** Who of them is not offline; the finer states follow as updates. */
export function withOnline(people: People, online: readonly UserId[]): People {
  const there = new Set(online);
  const changed = Object.values(people).map((each): Person => {
    if (!there.has(each.id)) return { ...each, presence: 'offline' };
    return each.presence === 'offline' ? { ...each, presence: 'online', lastSeenAt: null } : each;
  });
  return put(people, changed);
}

export function withBlocked(people: People, userId: UserId, blocked: boolean): People {
  const before = people[userId];
  return before ? put(people, [{ ...before, blocked }]) : people;
}

/** Whose presence to ask for: at most `most`, first those with whom I write. */
export function toWatch(people: People, conversations: Readonly<Record<ConversationId, Conversation>>, most: number): UserId[] {
  const ids = new Set<UserId>();
  const latest = Object.values(conversations).sort((a, b) => b.activeAt.localeCompare(a.activeAt));
  for (const { otherId } of latest) if (otherId !== null && people[otherId]) ids.add(otherId);
  for (const id of Object.keys(people)) ids.add(id);
  return [...ids].slice(0, most);
}
