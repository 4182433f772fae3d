// The face of a person or of a group in a call.
import { useMemo } from 'react';
import type { Call, UserId } from '../../state/model.ts';
import { Avatar, type AvatarSize, GroupAvatar } from '../parts/Avatar.tsx';
import { useBelfry } from '../use.ts';
import { useCallName, useName } from './names.ts';

export function PersonFace({ user, size }: { readonly user: UserId; readonly size: AvatarSize }) {
  const name = useName(user);
  const avatar = useBelfry((state) => state.people[user]?.avatar ?? (state.me?.id === user ? state.me.avatar : null));
  return <Avatar id={user} name={name} src={avatar} size={size} />;
}

type Called = Pick<Call, 'group' | 'otherId' | 'conversationId'>;

function GroupFace({ call, size }: { readonly call: Called; readonly size: AvatarSize }) {
  const title = useCallName(call);
  const group = useBelfry((state) => (call.conversationId === null ? undefined : state.conversations[call.conversationId]));
  const people = useBelfry((state) => state.people);
  const members = useMemo(() => (group?.members ?? []).flatMap(({ userId }) => people[userId] ?? []), [group, people]);
  return <GroupAvatar id={call.conversationId ?? call.otherId} title={title} src={group?.avatar} members={members} size={size} />;
}

export const CallFace = ({ call, size }: { readonly call: Called; readonly size: AvatarSize }) =>
  (call.group ? <GroupFace call={call} size={size} /> : <PersonFace user={call.otherId} size={size} />);
