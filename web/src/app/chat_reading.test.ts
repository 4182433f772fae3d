import { describe, expect, it } from 'vitest';
import { FakeServer, refusal } from './chat_server_for_tests.ts';
import { aChat, anOpenChat, settle } from './chat_stage_for_tests.ts';

describe('reading', () => {
  it('tells the server the last of what was read, and counts at once', async () => {
    const stage = await anOpenChat(3);
    expect(stage.store.getState().conversations['chat']?.unread).toBe(3);
    stage.chat.read('chat', 1);
    expect(stage.store.getState().conversations['chat']?.unread).toBe(2);
    stage.chat.read('chat', 2);
    stage.chat.read('chat', 3);
    stage.chat.read('chat', 2);
    await settle();
    expect(stage.server.asked.filter((each) => each.startsWith('message.read'))).toEqual(['message.read chat 1', 'message.read chat 3']);
    expect(stage.store.getState().conversations['chat']?.unread).toBe(0);
  });

  it('is not told of what I wrote myself', async () => {
    const stage = await anOpenChat(1);
    stage.chat.read('chat', 1);
    stage.chat.send('chat', 'mine');
    await settle();
    stage.chat.read('chat', 2);
    await settle();
    expect(stage.server.asked.filter((each) => each.startsWith('message.read'))).toEqual(['message.read chat 1']);
    stage.server.write('ann', 'chat', 'hers');
    stage.chat.read('chat', 3);
    await settle();
    expect(stage.server.asked).toContain('message.read chat 3');
  });

  it('tells that what came has been delivered, also what came while nobody was here', async () => {
    const stage = await anOpenChat(3);
    expect(stage.server.asked).toContain('message.delivered chat 3');
    await stage.chat.show(null);
    stage.server.write('ann', 'chat', 'm4');
    await settle();
    expect(stage.server.asked).toContain('message.delivered chat 4');
  });

  it('is told again after the server could not store it', async () => {
    const stage = await anOpenChat(1);
    stage.server.refuse = (what) => (what === 'message.read' ? refusal('STORE_UNAVAILABLE') : null);
    stage.chat.read('chat', 1);
    await settle();
    stage.server.refuse = () => null;
    await stage.clock.pass(5_000);
    expect(stage.server.asked.filter((each) => each.startsWith('message.read'))).toEqual(['message.read chat 1', 'message.read chat 1']);
  });

  it('is told of the newest message too when a count from before it comes late', async () => {
    const stage = await anOpenChat(1);
    stage.chat.read('chat', 1);
    await settle();
    stage.server.write('ann', 'chat', 'm2');
    await settle();
    const count = (unreadCount: number): void => stage.link.pass('unread.update', { conversationId: 'chat', unreadCount, total: unreadCount });
    count(0);
    count(1);
    stage.chat.read('chat', 2);
    await settle();
    expect(stage.server.asked).toContain('message.read chat 2');
    expect(stage.store.getState().conversations['chat']?.unread).toBe(0);
  });

  it('is told when the link is back', async () => {
    const stage = await anOpenChat(1);
    stage.rest.up = false;
    stage.link.lose('offline');
    stage.chat.read('chat', 1);
    await settle();
    expect(stage.server.asked.some((each) => each.startsWith('message.read'))).toBe(false);
    stage.rest.up = true;
    stage.link.back('recovered');
    await settle();
    expect(stage.server.asked).toContain('message.read chat 1');
  });

  it('raises updateUnreadCount on each change of a count, and only then', async () => {
    const stage = await aChat();
    stage.counts.length = 0;
    stage.server.write('ann', 'chat', 'one');
    stage.server.write('ann', 'chat', 'two');
    await settle();
    expect(stage.counts).toEqual([{ total: 1, conversations: { chat: 1 } }, { total: 2, conversations: { chat: 2 } }]);
    stage.server.pointer('me', 'chat', 'read', 2);
    expect(stage.counts.at(-1)).toEqual({ total: 0, conversations: { chat: 0 } });
    stage.chat.send('chat', 'answer');
    await settle();
    expect(stage.counts).toHaveLength(3);
  });

  it('puts the line of new messages before the first that was unread when the chat was opened, and leaves it there', async () => {
    const server = new FakeServer();
    server.open('chat', 'direct', ['me', 'ann']);
    for (let at = 1; at <= 5; at += 1) server.write('ann', 'chat', `m${at}`);
    server.pointer('me', 'chat', 'read', 3);
    const stage = await aChat({ server });
    await stage.chat.show('chat');
    await settle();
    expect(stage.store.getState().threads['chat']?.firstUnreadSeq).toBe(4);
    stage.chat.read('chat', 5);
    await settle();
    server.write('ann', 'chat', 'm6');
    await settle();
    expect(stage.store.getState().threads['chat']?.firstUnreadSeq).toBe(4);
    await stage.chat.show(null);
    stage.chat.read('chat', 6);
    await stage.chat.show('chat');
    expect(stage.store.getState().threads['chat']?.firstUnreadSeq).toBeNull();
  });
});

describe('the line of new messages', () => {
  it('is drawn when what was missed has been fetched', async () => {
    const stage = await anOpenChat(3);
    stage.chat.read('chat', 3);
    await stage.chat.show(null);
    stage.link.lose('offline');
    for (const text of ['m4', 'm5']) stage.server.write('ann', 'chat', text);
    stage.link.back('fresh');
    await settle();
    await stage.chat.show('chat');
    await settle();
    expect(stage.store.getState().threads['chat']?.firstUnreadSeq).toBe(4);
  });

  it('stands behind what another of my devices has read', async () => {
    const stage = await anOpenChat(3);
    await stage.chat.show(null);
    stage.server.pointer('me', 'chat', 'read', 3);
    stage.server.write('ann', 'chat', 'm4');
    stage.server.write('me', 'chat', 'from my phone');
    stage.server.write('ann', 'chat', 'm6');
    await settle();
    await stage.chat.show('chat');
    expect(stage.store.getState().threads['chat']?.firstUnreadSeq).toBe(4);
  });

  it('is drawn when the page comes on which the first unread one stands', async () => {
    const stage = await anOpenChat(70);
    const line = (): unknown => stage.store.getState().threads['chat']?.firstUnreadSeq;
    expect(line()).toBeNull();
    stage.chat.read('chat', 70);
    await stage.chat.loadOlder('chat');
    expect(line()).toBe(1);
  });
});
