import { describe, expect, it } from 'vitest';
import { FakeServer, refusal } from './chat_server_for_tests.ts';
import { aChat, settle } from './chat_stage_for_tests.ts';

describe('conversations', () => {
  it('finds the one with somebody instead of asking for it', async () => {
    const { chat, server } = await aChat();
    expect(await chat.conversationWith('ann')).toBe('chat');
    expect(server.asked.filter((each) => each.startsWith('POST'))).toEqual([]);
  });

  it('tells by a toast why none can be made', async () => {
    const stage = await aChat();
    stage.server.refuse = () => refusal('FORBIDDEN', { message: 'You cannot message this user' });
    expect(await stage.chat.conversationWith('ben')).toBeNull();
    expect(stage.toasts).toEqual([{ kind: 'error', text: 'You cannot message this user' }]);
  });

  it('that were on their way to who was signed in before are not given to the next', async () => {
    const stage = await aChat({ start: false });
    stage.link.connect();
    void stage.chat.start();
    stage.store.change(() => ({ me: { id: 'ben', username: 'ben', displayName: null, email: null, avatar: '' } }));
    await settle();
    expect(stage.store.getState().conversations).toEqual({});
  });

  it('that nobody told of count all messages that came while they were asked for', async () => {
    const stage = await aChat();
    stage.server.open('late', 'direct', ['me', 'ben']);
    stage.server.write('ben', 'late', 'one');
    await Promise.resolve();  // the answer is on its way
    stage.server.write('ben', 'late', 'two');
    await settle();
    expect(stage.store.getState().conversations['late']?.unread).toBe(2);
  });

  it('keeps the count when the server tells of a change without it', async () => {
    const stage = await aChat();
    stage.server.write('ann', 'chat', 'one');
    const conversation = stage.server.conversations.get('chat');
    if (!conversation) throw new Error('no conversation');
    const { unreadCount: _, ...json } = stage.server.json(conversation);
    stage.link.pass('conversation.updated', { conversation: json });
    expect(stage.store.getState().conversations['chat']?.unread).toBe(1);
  });

  it('takes the count of the list where an event that came before it tells none', async () => {
    const stage = await aChat();
    stage.link.lose('offline');
    stage.server.write('ann', 'chat', 'one');
    const conversation = stage.server.conversations.get('chat');
    if (!conversation) throw new Error('no conversation');
    const { unreadCount: _, ...json } = stage.server.json(conversation);
    stage.link.back('fresh');
    stage.link.pass('conversation.updated', { conversation: json });
    await settle();
    expect(stage.store.getState().conversations['chat']?.unread).toBe(1);
  });

  it('follows the call that runs in a group', async () => {
    const server = new FakeServer();
    server.open('crew', 'group', ['me', 'ann']);
    const stage = await aChat({ server });
    const active = (): unknown => stage.store.getState().conversations['crew']?.activeCallId;
    const call = { id: 'call-1', callerId: 'ann', conversationId: 'crew', status: 'calling', callType: 'audio' };
    stage.link.pass('call.incoming', { callId: 'call-1', call, caller: { id: 'ann', username: 'ann' }, ringExpiresAt: '' });
    expect(active()).toBe('call-1');
    stage.link.pass('call.missed', { callId: 'call-1', call: { ...call, status: 'connected' } });
    expect(active()).toBe('call-1');
    server.write('ann', 'crew', 'Audio call, 0:41', 'entry', { kind: 'call', call: { id: 'call-1', callType: 'audio', status: 'ended', duration: 41 } });
    expect(active()).toBeNull();
  });
});
