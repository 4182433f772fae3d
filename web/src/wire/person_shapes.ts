// People, myself and my logins, as the server shows them.
import type { Login, Me, Person, Presence } from '../state/model.ts';
import { flag, member, nameIn, text, words } from './json.ts';

const kDefaultAvatar = '/avatars/default.svg';
const kPresences: readonly Presence[] = ['online', 'away', 'busy', 'offline'];

export const presenceFrom = (value: unknown): Presence | null => kPresences.find((each) => each === value) ?? null;

/** A user as lists and calls have them, or a member of a conversation (whose id is `userId`). */
export function personFrom(json: unknown): Person | null {
  const id = words(json, 'id') ?? words(json, 'userId');
  const username = text(json, 'username');
  if (id === null || username === null) return null;
  return {
    id,
    username,
    name: nameIn(json, 'displayName') ?? nameIn(json, 'name') ?? username,
    avatar: words(json, 'avatar') ?? kDefaultAvatar,
    presence: presenceFrom(member(json, 'presence')) ?? (flag(json, 'online') ? 'online' : 'offline'),
    lastSeenAt: words(json, 'lastSeenAt'),
    blocked: flag(json, 'blocked'),
  };
}

export function meFrom(json: unknown): Me | null {
  const id = words(json, 'id');
  const username = text(json, 'username');
  if (id === null || username === null) return null;
  const name = nameIn(json, 'displayName');
  // The server names by the username whoever set no name.
  return { id, username, displayName: name === username ? null : name, email: words(json, 'email'), avatar: words(json, 'avatar') ?? kDefaultAvatar };
}

export function loginFrom(json: unknown, deviceOf: (userAgent: string) => string): Login | null {
  const id = words(json, 'id');
  if (id === null) return null;
  return {
    id,
    current: flag(json, 'current'),
    device: deviceOf(text(json, 'userAgent') ?? ''),
    lastSeenAt: words(json, 'lastSeenAt') ?? words(json, 'createdAt') ?? '',
  };
}
