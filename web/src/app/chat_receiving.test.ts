import { describe, expect, it, vi } from 'vitest';
import { FakeServer, holding, refusal } from './chat_server_for_tests.ts';
import { aChat, settle, type Stage } from './chat_stage_for_tests.ts';

async function anOpenChat(written = 0): Promise<Stage> {
  const server = new FakeServer();
  server.open('chat', 'direct', ['me', 'ann']);
  for (let at = 1; at <= written; at += 1) server.write('ann', 'chat', `m${at}`);
  const stage = await aChat({ server });
  await stage.chat.show('chat');
  await settle();
  return stage;
}

const seqs = ({ store }: Stage, id = 'chat'): (number | null)[] => (store.getState().threads[id]?.messages ?? []).map((each) => each.seq);

describe('pages', () => {
  it('loads the newest fifty first, older ones on demand, and stops at the first', async () => {
    const stage = await anOpenChat(120);
    const thread = () => stage.store.getState().threads['chat'];
    expect(seqs(stage)).toEqual(Array.from({ length: 50 }, (_, at) => at + 71));
    await stage.chat.loadOlder('chat');
    expect(seqs(stage)[0]).toBe(21);
    expect(thread()?.older).toBe('idle');
    await stage.chat.loadOlder('chat');
    expect(seqs(stage)).toHaveLength(120);
    expect(thread()?.older).toBe('none-left');
  });

  it('says that a page could not be loaded, and loads it when asked again', async () => {
    const stage = await anOpenChat(60);
    stage.rest.up = false;
    await stage.chat.loadOlder('chat');
    expect(stage.store.getState().threads['chat']?.older).toBe('failed');
    stage.rest.up = true;
    await stage.chat.loadOlder('chat');
    expect(stage.store.getState().threads['chat']?.older).toBe('none-left');
  });

  it('walks back to a message that was found far above', async () => {
    const stage = await anOpenChat(320);
    expect(await stage.chat.reveal('chat', 7)).toBe('found');
    expect(seqs(stage)).toContain(7);
    expect(await stage.chat.reveal('chat', 321)).toBe('missing');
  });

  it('walks there in few steps, also over pages that end early', async () => {
    const stage = await anOpenChat(1050);
    let drawn = 0;
    stage.store.subscribe((now, before) => { drawn += now.threads === before.threads ? 0 : 1; });
    const page = stage.server.page.bind(stage.server);
    stage.server.page = (id, query) => {
      if (query.get('before') === '801') query.set('limit', '60');
      return page(id, query);
    };
    expect(await stage.chat.reveal('chat', 1)).toBe('found');
    expect(seqs(stage)).toEqual(Array.from({ length: 1050 }, (_, at) => at + 1));
    expect(drawn).toBeLessThanOrEqual(8);
    expect(stage.store.getState().threads['chat']?.older).toBe('none-left');
  });

  it('walks back to a message while an older page is on its way already', async () => {
    const stage = await anOpenChat(320);
    const late = holding(stage, 'before=271&limit=50');
    void stage.chat.loadOlder('chat');
    await settle();
    const revealed = stage.chat.reveal('chat', 7);
    await settle();
    late.release();
    expect(await revealed).toBe('found');
    expect(seqs(stage)).toContain(7);
  });

  it('asks for few pages that it cannot use where all of them end early', async () => {
    const stage = await anOpenChat(1050);
    const page = stage.server.page.bind(stage.server);
    stage.server.page = (id, query) => {
      query.set('limit', '40');
      return page(id, query);
    };
    stage.server.pages = 0;
    expect(await stage.chat.reveal('chat', 1)).toBe('found');
    expect([seqs(stage).length, stage.server.pages]).toEqual([1050, 1000 / 40 + 3]);
  });

  it('says that a page on the way could not be loaded, and goes on when asked again', async () => {
    const stage = await anOpenChat(500);
    const page = stage.server.page.bind(stage.server);
    stage.server.page = (id, query) => (query.get('before') === '251' ? refusal('STORE_UNAVAILABLE') : page(id, query));
    expect(await stage.chat.reveal('chat', 1)).toBe('missing');
    expect([stage.store.getState().threads['chat']?.older, seqs(stage)[0]]).toEqual(['failed', 251]);
    stage.server.page = page;
    expect(await stage.chat.reveal('chat', 1)).toBe('found');
    expect(seqs(stage)).toHaveLength(500);
  });

  it('says that a conversation which is not mine is missing', async () => {
    const stage = await aChat();
    expect(await stage.chat.show('somebody-elses')).toBe('missing');
  });

  it.each(['%', '%2', 'team%2Fx'])('says so of %j, which the address of no conversation holds, without a request', async (id) => {
    const stage = await aChat();
    const get = vi.spyOn(stage.rest, 'get');
    expect(await stage.chat.show(id)).toBe('missing');
    expect(get).not.toHaveBeenCalled();
  });
});

describe('coming back', () => {
  it('fetches all that was missed, however much, without a gap', async () => {
    const stage = await anOpenChat(10);
    stage.link.lose('offline');
    for (let at = 11; at <= 260; at += 1) stage.server.write('ann', 'chat', `m${at}`);
    stage.link.back('fresh');
    await settle();
    expect(seqs(stage)).toEqual(Array.from({ length: 260 }, (_, at) => at + 1));
  });

  it('takes up what was edited meanwhile', async () => {
    const stage = await anOpenChat(3);
    stage.link.lose('offline');
    const second = stage.server.conversations.get('chat')?.messages[1];
    if (second) Object.assign(second, { text: 'better', editedAt: '2026-11-29T11:00:00.000Z' });
    stage.link.back('fresh');
    await settle();
    expect(stage.texts()).toEqual(['m1', 'better', 'm3']);
  });

  it('brings a chat that is not open up to date when it is opened', async () => {
    const stage = await anOpenChat(3);
    await stage.chat.show(null);
    stage.link.lose('offline');
    stage.server.write('ann', 'chat', 'm4');
    stage.link.back('fresh');
    await settle();
    expect(stage.texts()).toHaveLength(3);
    await stage.chat.show('chat');
    await settle();
    expect(stage.texts()).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('does not show what comes after a gap before the gap is closed', async () => {
    const stage = await anOpenChat(2);
    const told = stage.server.tell;
    stage.server.tell = () => undefined;
    stage.server.write('ann', 'chat', 'm3');
    stage.server.tell = told;
    const seen: string[][] = [];
    stage.store.subscribe(() => seen.push(stage.texts()));
    stage.server.write('ann', 'chat', 'm4');
    await settle();
    expect(stage.texts()).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(seen).not.toContainEqual(['m1', 'm2', 'm4']);
  });
});

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
