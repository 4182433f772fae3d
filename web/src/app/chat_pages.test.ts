import { describe, expect, it, vi } from 'vitest';
import { holding, refusal } from './chat_server_for_tests.ts';
import { aChat, anOpenChat, settle, type Stage } from './chat_stage_for_tests.ts';

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
