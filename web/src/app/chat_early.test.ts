// News of a conversation that is not here yet: they overtake the answer that brings it.
import { describe, expect, it } from 'vitest';
import type { Answer } from '../wire/ports.ts';
import { FakeServer } from './chat_server_for_tests.ts';
import { aChat, settle, type Stage } from './chat_stage_for_tests.ts';

/** The server reads what is asked for now; its answer comes when the returned function is called. */
function holdAnswers(stage: Stage, to: string): () => Promise<void> {
  const get = stage.rest.get.bind(stage.rest);
  const held: (() => void)[] = [];
  stage.rest.get = async <T>(path: string): Promise<Answer<T>> => {
    const answer = await get<T>(path);
    if (path.startsWith(to)) await new Promise<void>((come) => { held.push(come); });
    return answer;
  };
  return async () => {
    for (const come of held) come();
    await settle();
  };
}

/** The list of conversations is on its way, as it was when I had written one message and ann two. */
async function aLoadingChat(): Promise<{ stage: Stage; answer: () => Promise<void> }> {
  const server = new FakeServer();
  server.open('chat', 'direct', ['me', 'ann']);
  server.write('me', 'chat', 'mine');
  for (const text of ['hers', 'hers too']) server.write('ann', 'chat', text);
  const stage = await aChat({ server, start: false });
  const answer = holdAnswers(stage, '/api/conversations?');
  stage.link.connect();
  void stage.chat.start();
  await settle();
  return { stage, answer };
}

describe('while the list is on its way', () => {
  it('a receipt is kept, and counts when the list is here', async () => {
    const { stage, answer } = await aLoadingChat();
    stage.server.pointer('ann', 'chat', 'read', 1);
    await answer();
    await stage.chat.show('chat');
    await settle();
    expect(stage.states()[0]).toBe('read');
  });

  it('a count of what I read elsewhere is kept, and does not keep the conversation out', async () => {
    const { stage, answer } = await aLoadingChat();
    stage.server.pointer('me', 'chat', 'read', 2);
    await answer();
    expect(stage.store.getState().conversations['chat']).toMatchObject({ unread: 1 });
  });

  it('an edited message is kept, and is the newer one when the list is here', async () => {
    const { stage, answer } = await aLoadingChat();
    const last = stage.server.conversations.get('chat')?.messages.at(-1);
    stage.link.pass('message.updated', { conversationId: 'chat', message: { ...last, text: 'better', editedAt: '2026-11-29T11:00:00.000Z' } });
    await answer();
    expect(stage.store.getState().conversations['chat']?.lastMessage?.text).toBe('better');
  });

  it('what was kept is not for whoever signs in meanwhile', async () => {
    const { stage, answer } = await aLoadingChat();
    stage.link.pass('unread.update', { conversationId: 'chat', unreadCount: 7, total: 7 });
    stage.store.change(({ me }) => ({ me: me && { ...me, id: 'ann' } }));
    void stage.chat.start();
    await settle();
    await answer();
    expect(stage.store.getState().conversations['chat']).toMatchObject({ unread: 2 });
  });
});

describe('while one conversation is asked for', () => {
  it('a receipt is kept, and counts when it is here', async () => {
    const stage = await aChat();
    stage.server.open('new', 'direct', ['me', 'ben']);
    const answer = holdAnswers(stage, '/api/conversations/new');
    stage.server.write('me', 'new', 'from my phone');
    await settle();
    stage.server.pointer('ben', 'new', 'read', 1);
    await answer();
    expect(stage.store.getState().conversations['new']?.lastMessage?.state).toBe('read');
  });
});
