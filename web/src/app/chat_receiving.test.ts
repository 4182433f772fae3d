import { describe, expect, it } from 'vitest';
import { FakeServer } from './chat_server_for_tests.ts';
import { aChat, anOpenChat, settle } from './chat_stage_for_tests.ts';

describe('states', () => {
  it('only ever move forward, in whatever order the news come', async () => {
    const stage = await anOpenChat();
    stage.chat.send('chat', 'hello');
    await settle();
    const status = (read: number, delivered: number): void =>
      stage.link.pass('message.status', { conversationId: 'chat', userId: 'ann', readUpToSeq: read, deliveredUpToSeq: delivered });
    status(0, 1);
    expect(stage.states()).toEqual(['delivered']);
    status(1, 1);
    expect(stage.states()).toEqual(['read']);
    status(0, 1);
    status(0, 0);
    expect(stage.states()).toEqual(['read']);
    await stage.chat.reload('chat');
    expect(stage.states()).toEqual(['read']);
  });

  it('are those of the receipt when it came before the acknowledgement', async () => {
    const stage = await anOpenChat();
    stage.server.pointer('ann', 'chat', 'delivered', 1);
    stage.chat.send('chat', 'hello');
    await settle();
    expect(stage.states()).toEqual(['delivered']);
  });

  it('of messages above the newest page move forward too when the list tells it', async () => {
    const server = new FakeServer();
    server.open('chat', 'direct', ['me', 'ann']);
    for (let at = 1; at <= 60; at += 1) server.write('me', 'chat', `m${at}`);
    const stage = await aChat({ server });
    await stage.chat.show('chat');
    await settle();
    await stage.chat.loadOlder('chat');
    stage.link.lose('offline');
    server.pointer('ann', 'chat', 'read', 60);
    stage.link.back('fresh');
    await settle();
    expect(new Set(stage.states())).toEqual(new Set(['read']));
  });

  it('mean everybody in a group', async () => {
    const server = new FakeServer();
    server.open('crew', 'group', ['me', 'ann', 'ben']);
    const stage = await aChat({ server });
    await stage.chat.show('crew');
    await settle();
    stage.chat.send('crew', 'all aboard');
    await settle();
    server.pointer('ann', 'crew', 'read', 1);
    expect(stage.states('crew')).toEqual(['sent']);
    server.pointer('ben', 'crew', 'delivered', 1);
    expect(stage.states('crew')).toEqual(['delivered']);
    server.pointer('ben', 'crew', 'read', 1);
    expect(stage.states('crew')).toEqual(['read']);
  });
});

describe('slices', () => {
  it('stay the same objects when a hundred messages come for another chat', async () => {
    const server = new FakeServer();
    for (const [id, user] of [['chat', 'ann'], ['other', 'ben'], ['third', 'cleo']] as const) server.open(id, 'direct', ['me', user]);
    server.write('ann', 'chat', 'm1');
    const stage = await aChat({ server });
    await stage.chat.show('chat');
    stage.chat.read('chat', 1);
    await settle();
    const before = stage.store.getState();
    for (let at = 0; at < 100; at += 1) server.write('ben', 'other', `m${at}`);
    await settle();
    const now = stage.store.getState();
    expect(now.threads).toBe(before.threads);
    expect(now.conversations['chat']).toBe(before.conversations['chat']);
    expect(now.conversations['third']).toBe(before.conversations['third']);
    expect(now.typing).toBe(before.typing);
    expect(now.people).toBe(before.people);
    expect(now.conversations['other']).toMatchObject({ unread: 100, lastMessage: { text: 'm99' } });
  });
});
