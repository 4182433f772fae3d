import { describe, expect, it } from 'vitest';
import { FakeServer } from './chat_server_for_tests.ts';
import { aChat, settle } from './chat_stage_for_tests.ts';

const typing = (stage: Awaited<ReturnType<typeof aChat>>, userId: string, types: boolean): void =>
  stage.link.pass('typing', { conversationId: 'chat', userId, typing: types, expiresAt: '' });

describe('typing', () => {
  it('sends one sign in three seconds, and the end only after a sign', async () => {
    const { chat, clock, server } = await aChat();
    const signs = (): number => server.asked.filter((each) => each.startsWith('typing')).length;
    chat.typed('chat', false);
    chat.typed('chat', true);
    chat.typed('chat', true);
    await clock.pass(2_900);
    chat.typed('chat', true);
    expect(signs()).toBe(1);
    await clock.pass(100);
    chat.typed('chat', true);
    await settle();
    expect(signs()).toBe(2);
    chat.typed('chat', false);
    chat.typed('chat', false);
    await settle();
    expect(signs()).toBe(3);
    chat.typed('chat', true);
    chat.send('chat', 'done');
    chat.typed('chat', false);
    await settle();
    expect(signs()).toBe(4);
  });

  it('shows who types in the order in which they began, until they stop or their message comes', async () => {
    const stage = await aChat();
    typing(stage, 'ben', true);
    typing(stage, 'ann', true);
    typing(stage, 'ben', true);
    expect(stage.store.getState().typing['chat']).toEqual(['ben', 'ann']);
    typing(stage, 'ben', false);
    stage.server.write('ann', 'chat', 'here it is');
    expect(stage.store.getState().typing['chat']).toBeUndefined();
  });

  it('is forgotten five seconds after the connection was lost', async () => {
    const stage = await aChat();
    typing(stage, 'ann', true);
    stage.link.lose('connecting');
    await stage.clock.pass(4_999);
    expect(stage.store.getState().typing['chat']).toEqual(['ann']);
    await stage.clock.pass(1);
    expect(stage.store.getState().typing).toEqual({});
  });
});

describe('being removed', () => {
  it('takes all of the conversation away, while somebody types and something waits to be sent', async () => {
    const server = new FakeServer();
    server.open('crew', 'group', ['me', 'ann']);
    const stage = await aChat({ server });
    await stage.chat.show('crew');
    await settle();
    stage.chat.typed('crew', true);
    stage.chat.setDraft('crew', 'half a');
    stage.link.pass('typing', { conversationId: 'crew', userId: 'ann', typing: true });
    stage.rest.up = false;
    stage.link.lose('connecting');
    stage.chat.send('crew', 'too late');
    await settle();
    server.conversations.delete('crew');
    stage.rest.up = true;
    stage.link.back('recovered');
    stage.link.pass('conversation.removed', { conversationId: 'crew' });
    stage.link.pass('typing', { conversationId: 'crew', userId: 'ann', typing: true });
    await settle();
    const { conversations, threads, typing: who, drafts } = stage.store.getState();
    expect([conversations['crew'], threads['crew'], who['crew'], drafts['crew']]).toEqual([undefined, undefined, undefined, undefined]);
    expect(stage.disk.queue.size + stage.disk.drafts.size).toBe(0);
  });

  it('is told by a toast unless the group is on the screen', async () => {
    const server = new FakeServer();
    server.open('crew', 'group', ['me', 'ann']);
    const stage = await aChat({ server });
    stage.link.pass('conversation.removed', { conversationId: 'crew' });
    expect(stage.toasts).toEqual([{ kind: 'info', text: 'You are no longer in this group.' }]);
  });

  it('is noticed when the list comes after an absence', async () => {
    const server = new FakeServer();
    server.open('crew', 'group', ['me', 'ann']);
    const stage = await aChat({ server });
    stage.link.lose('offline');
    server.conversations.delete('crew');
    stage.link.back('fresh');
    await settle();
    expect(Object.keys(stage.store.getState().conversations)).toEqual(['chat']);
  });
});

describe('notices', () => {
  it('are a toast for a chat that is elsewhere, and none for the open and visible one', async () => {
    const stage = await aChat();
    stage.server.write('ann', 'chat', 'one');
    await stage.chat.show('chat');
    await settle();
    stage.server.write('ann', 'chat', 'two');
    stage.visible = false;
    stage.server.write('ann', 'chat', 'three');
    stage.chat.send('chat', 'mine');
    await settle();
    expect(stage.toasts).toEqual(['one', 'three'].map((text) => ({ kind: 'message', conversationId: 'chat', senderId: 'ann', text })));
    expect(stage.said).toEqual(['New message from ann.', 'ann: two', 'New message from ann.']);
  });

  it('come once, also when the event comes again', async () => {
    const stage = await aChat();
    const message = stage.server.write('ann', 'chat', 'one');
    stage.link.pass('message.new', { conversationId: 'chat', message: { ...message } });
    expect(stage.toasts).toHaveLength(1);
  });

  it('are none of a muted chat', async () => {
    const stage = await aChat();
    stage.server.act = () => ({ ok: true, data: {} });
    await stage.chat.mute('chat', true);
    stage.server.write('ann', 'chat', 'psst');
    expect(stage.toasts).toEqual([]);
    expect(stage.said).toEqual([]);
  });

  it('are a number when many come at once', async () => {
    const stage = await aChat();
    await stage.chat.show('chat');
    for (let at = 1; at <= 5; at += 1) stage.server.write('ann', 'chat', `m${at}`);
    expect(stage.said).toEqual(['ann: m1', 'ann: m2', 'ann: m3', '4 new messages.', '5 new messages.']);
  });
});

describe('searching', () => {
  it('asks once the keys rest, and drops an answer that was overtaken', async () => {
    const { chat, clock, server, store } = await aChat();
    chat.search('li');
    chat.search('lig');
    await clock.pass(200);
    chat.search('light');
    await clock.pass(200);
    expect(server.searches.map((each) => each.q)).toEqual(['lig', 'light']);
    server.searches[1]?.answer(['2']);
    await settle();
    server.searches[0]?.answer(['1', '3', '4']);
    await settle();
    expect(store.getState().search).toMatchObject({ query: 'light', phase: 'done' });
    expect(store.getState().search.hits.map((each) => each.message.id)).toEqual(['2']);
  });

  it('is over when the field is emptied, whatever comes later', async () => {
    const { chat, clock, server, store } = await aChat();
    chat.search('light');
    await clock.pass(200);
    chat.search('');
    server.searches[0]?.answer(['1']);
    await settle();
    expect(store.getState().search).toEqual({ query: '', phase: 'idle', people: [], hits: [] });
  });

  it('finds people by the beginnings of their names, without accents', async () => {
    const { chat, store } = await aChat();
    store.change((state) => ({ people: { ...state.people, eva: { id: 'eva', username: 'eva_k', name: 'Éva Kovács', avatar: '', presence: 'offline', lastSeenAt: null, blocked: false } } }));
    chat.search('kov ev');
    expect(store.getState().search.people).toEqual(['eva']);
  });

  it('steps through the hits of one chat from the newest on, round and round', async () => {
    const { chat, clock, server, store, said } = await aChat();
    await chat.show('chat');
    chat.searchIn('chat', 'light');
    await clock.pass(200);
    // Until it is answered, nobody can say that nothing was found.
    expect(store.getState().threadSearch?.query).toBe('');
    server.searches[0]?.answer(['3', '9', '5']);
    await settle();
    expect(store.getState().threadSearch?.query).toBe('light');
    const at = (): unknown => store.getState().threadSearch?.hits[store.getState().threadSearch?.at ?? 0]?.message.seq;
    expect(said).toEqual(['3 results.']);
    expect(at()).toBe(9);
    chat.stepSearch(1);
    expect(at()).toBe(5);
    chat.stepSearch(-1);
    chat.stepSearch(-1);
    expect(at()).toBe(3);
    chat.endSearch();
    expect(store.getState().threadSearch).toBeNull();
  });
});
