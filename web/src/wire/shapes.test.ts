import { describe, expect, it } from 'vitest';
import { endOfPart } from '../state/call_end.ts';
import {
  answeredConversationFrom, callFrom, conversationFrom, endReasonFrom, hitFrom, loginFrom, meFrom, messageFrom, personFrom, serverConversationFrom, stateOfOwn,
} from './shapes.ts';

const kAnn = '01a22691-087b-7e80-97e0-719819fb8932';
const kBen = '01a22691-08a4-764f-b28a-257573c12c97';
const kRoom = '01a22691-3e8b-7d82-a8ed-e29aa3aa3963';

// As the server answered them, but for what does not matter.
const aMember = (userId: string, username: string, upTo = 0) => ({
  userId, username, name: `${username} X`, avatar: '/avatars/default.svg', role: 'member', ringMode: 'all', joinedAt: '2026-11-29T09:09:42.667Z',
  readUpToSeq: upTo, deliveredUpToSeq: upTo,
});
const aMessage = (more: object = {}) => ({
  id: 'm-1', conversationId: kRoom, seq: 1, clientMessageId: 'c-1', kind: 'text', text: 'hi', attachments: [], callId: null, replyTo: null,
  createdAt: '2026-11-29T09:09:42.874Z', editedAt: null, deletedAt: null, senderId: kAnn, call: null, ...more,
});
const aConversation = (more: object = {}) => ({
  id: kRoom, kind: 'direct', title: null, avatar: null, createdBy: kAnn, lastSeq: 1, createdAt: '2026-11-29T09:09:42.667Z',
  updatedAt: '2026-11-29T09:09:42.874Z', members: [aMember(kAnn, 'ann'), aMember(kBen, 'ben', 1)], lastMessage: aMessage(), activeCallId: null,
  unreadCount: 2, ...more,
});

describe('a person', () => {
  it('is called by the display name, else by the username', () => {
    expect(personFrom({ id: kBen, username: 'ben', displayName: 'Ben X', online: true })).toMatchObject({ name: 'Ben X', presence: 'online' });
    expect(personFrom({ id: kBen, username: 'ben', avatar: null })).toMatchObject({ name: 'ben', avatar: '/avatars/default.svg', presence: 'offline' });
  });
  it('has a name that turns no text around it', () => {
    expect(personFrom({ id: kBen, username: 'ben', displayName: '\u202ennA\u202c' })?.name).toBe('nnA');
    expect(personFrom({ id: kBen, username: 'ben', displayName: '\u2067\u2069' })?.name).toBe('ben');
    expect(conversationFrom(aConversation({ kind: 'group', title: 'Te\u202eam' }), kAnn)?.title).toBe('Team');
  });
  it('is called by the username if nothing of the display name can be seen', () => {
    for (const displayName of ['\u200b', '\u3164', '   ', '\u00a0\u2003', '\u00ad\ufeff\u2060', '\u2800', '\u{e0041}']) {
      expect(personFrom({ id: kBen, username: 'ben', displayName })?.name).toBe('ben');
      expect(meFrom({ id: kBen, username: 'ben', displayName })?.displayName).toBeNull();
    }
    for (const displayName of ['.', '\u200fבן', '👩\u200d🚀']) expect(personFrom({ id: kBen, username: 'ben', displayName })?.name).toBe(displayName);
  });
  it('may be a member of a conversation', () => {
    expect(serverConversationFrom(aConversation(), kAnn)?.people.map((each) => [each.id, each.name])).toEqual([[kAnn, 'ann X'], [kBen, 'ben X']]);
  });
  it('has an id and a username, or is none', () => {
    expect(personFrom({ username: 'ben' })).toBeNull();
    expect(personFrom('ben')).toBeNull();
  });
  it('has no display name of their own while it is the username', () => {
    expect(meFrom({ id: kAnn, username: 'ann', displayName: 'ann', email: null })).toMatchObject({ displayName: null, email: null });
  });
  it('has logins named after their devices', () => {
    expect(loginFrom({ id: 'l', userAgent: 'curl/7', createdAt: 't', current: true }, () => 'curl')).toEqual(
      { id: 'l', device: 'curl', lastSeenAt: 't', current: true });
  });
});

describe('a conversation', () => {
  it('knows the other one, and how far my last message has come', () => {
    const conversation = conversationFrom(aConversation(), kAnn);
    expect(conversation).toMatchObject({ otherId: kBen, unread: 2, activeAt: '2026-11-29T09:09:42.874Z', callsRing: true });
    expect(conversation?.lastMessage?.state).toBe('read');
    expect(conversationFrom(aConversation(), kBen)?.lastMessage?.state).toBe('received');
  });
  it('S19, J-1.5: says what I want to hear of it, what an event leaves out is not known, and an answer that leaves it out says that nothing is muted', () => {
    const mutedUntil = '2099-01-02T03:04:05.000Z';
    const quiet = aConversation({ members: [{ ...aMember(kAnn, 'ann'), ringMode: 'none', mutedUntil }, aMember(kBen, 'ben')] });
    expect(conversationFrom(quiet, kAnn)).toMatchObject({ callsRing: false, mutedUntil });
    expect(conversationFrom(quiet, kBen)).toMatchObject({ callsRing: true });
    expect(conversationFrom(quiet, kBen)).not.toHaveProperty('mutedUntil');
    expect(answeredConversationFrom(quiet, kAnn)?.conversation.mutedUntil).toBe(mutedUntil);
    expect(answeredConversationFrom(quiet, kBen)?.conversation.mutedUntil).toBeNull();
  });
  it('of a group has no other one, and may have a call that one can join', () => {
    expect(conversationFrom(aConversation({ kind: 'group', title: 'Team', activeCallId: 'call' }), kAnn)).toMatchObject(
      { otherId: null, title: 'Team', activeCallId: 'call' });
    expect(conversationFrom(aConversation({ activeCallId: 'call' }), kAnn)?.activeCallId).toBeNull();
  });
  it('of a kind that we do not know is none', () => {
    expect(conversationFrom(aConversation({ kind: 'channel' }), kAnn)).toBeNull();
  });
});

describe('an own message', () => {
  const members = (...upTo: number[]) => upTo.map((seq, index) => ({ userId: `u${index}`, role: 'member' as const, readUpToSeq: seq, deliveredUpToSeq: 5 }));
  it('of a group is read when everybody else has read it', () => {
    expect(stateOfOwn(4, members(0, 4, 9), 'u0')).toBe('read');
    expect(stateOfOwn(4, members(0, 4, 3), 'u0')).toBe('delivered');
    expect(stateOfOwn(6, members(0, 4, 3), 'u0')).toBe('sent');
    expect(stateOfOwn(1, members(0), 'u0')).toBe('sent');
  });
});

describe('a message', () => {
  it('keeps its text, and the members that we know', () => {
    expect(messageFrom(aMessage({ reactions: ['👍'] }), kAnn)).toEqual({
      id: 'm-1', clientId: 'c-1', conversationId: kRoom, seq: 1, senderId: kAnn, kind: 'text', text: 'hi', attachments: [], call: null, replyTo: null,
      createdAt: '2026-11-29T09:09:42.874Z', editedAt: null, deletedAt: null, state: 'sent', upload: null,
    });
  });
  it('may be a file', () => {
    const file = { id: 'f', url: '/api/files/f', name: 'a.png', mime: 'image/png', size: 9, width: 3, height: 2, thumbnailUrl: null };
    expect(messageFrom(aMessage({ kind: 'file', attachments: [file, { url: 'no id' }] }), kBen)?.attachments).toEqual(
      [{ id: 'f', url: '/api/files/f', name: 'a.png', mime: 'image/png', bytes: 9, width: 3, height: 2, thumbnailUrl: null }]);
  });
  it('may be the end of a call', () => {
    const call = { id: 'k', callType: 'video', status: 'missed', endReason: 'timeout', duration: null, startedAt: null, endedAt: null };
    expect(messageFrom(aMessage({ kind: 'call', callId: 'k', call }), kBen)?.call).toEqual(
      { id: 'k', type: 'video', outcome: 'missed', endReason: 'timeout', durationSeconds: 0 });
  });
  it('may be a hit of a search', () => {
    expect(hitFrom({ message: aMessage(), snippet: '…hi…' }, kAnn)).toMatchObject({ snippet: '…hi…', message: { id: 'm-1' } });
    expect(hitFrom({ snippet: 'nothing' }, kAnn)).toBeNull();
  });
});

describe('a call', () => {
  const json = {
    id: 'k', callerId: kAnn, recipientId: kBen, conversationId: kRoom, groupId: null, callType: 'video', status: 'calling', endReason: null,
    endedBy: null, mediaMode: 'p2p', ringExpiresAt: '2026-11-29T09:10:42.886Z', startedAt: null, endedAt: null, duration: null,
    createdAt: '2026-11-29T09:09:42.886Z', reachable: false, caller: { id: kAnn, username: 'ann', avatar: '/a.svg' },
    participants: [
      { userId: kAnn, role: 'caller', state: 'joined', deviceId: 'd', joinedAt: null, leaveReason: null, mediaState: { audio: true, video: false, screen: false } },
      { userId: kBen, role: 'callee', state: 'later', deviceId: null, joinedAt: null, leaveReason: null, mediaState: null },
    ],
  };
  it('is read with its parties', () => {
    const call = callFrom(json);
    expect(call).toMatchObject({ id: 'k', type: 'video', status: 'calling', reachable: false, glare: false, caller: { name: 'ann' }, recipient: null });
    expect(call?.participants.map(({ state, media }) => [state, media?.audio ?? null])).toEqual([['joined', true], ['invited', null]]);
  });
  it('has rung if the call says so, or one whom it calls', () => {
    const [ann, ben] = json.participants;
    expect(callFrom(json)?.hasRung).toBe(false);
    expect(callFrom({ ...json, firstRingAt: '2026-11-29T09:09:43.000Z' })?.hasRung).toBe(true);
    expect(callFrom({ ...json, participants: [ann, { ...ben, ringingAt: '2026-11-29T09:09:43.000Z' }] })?.hasRung).toBe(true);
  });
  it('of a status that we do not know is none', () => {
    expect(callFrom({ ...json, status: 'parked' })).toBeNull();
  });
  it('ends for a reason that is shown, into which the finer ones fold', () => {
    const finer = ['admin', 'token_revoked', 'user_deactivated', 'caller_disconnected', 'server_shutdown', 'gremlins', 'constructor'];
    expect(finer.map(endReasonFrom)).toEqual(['failed', 'failed', 'failed', 'connection_lost', 'server_restart', 'failed', 'failed']);
    expect(['hangup', '', null].map(endReasonFrom)).toEqual(['hangup', null, null]);
    // The call that ends and the line about it in the chat say the same.
    for (const word of ['hangup', ...finer]) expect(endOfPart(word).reason).toBe(endReasonFrom(word));
  });
});
