import { describe, expect, it } from 'vitest';
import { ok, refusal } from './chat_server_for_tests.ts';
import { aChat, aGroup, settle, type Stage } from './chat_stage_for_tests.ts';

/** Answers REST as this says, and writes down what was asked. */
function answering({ server }: Stage, how: (what: string) => ReturnType<typeof ok>): string[] {
  const asked: string[] = [];
  server.act = (what, _id, body) => {
    asked.push(`${what} ${JSON.stringify(body)}`);
    return how(what);
  };
  return asked;
}

describe('groups', () => {
  it('are here as soon as they are made', async () => {
    const stage = await aChat();
    answering(stage, () => ok(stage.server.json(stage.server.open('crew', 'group', ['me', 'ann', 'ben']))));
    expect(await stage.chat.createGroup(' Crew ', ['ann', 'ben'])).toEqual({ ok: true, value: 'crew' });
    expect(stage.store.getState().conversations['crew']?.members).toHaveLength(3);
    expect(Object.keys(stage.store.getState().people)).toEqual(expect.arrayContaining(['ann', 'ben']));
  });

  it('tell a form why the server refused', async () => {
    const stage = await aGroup();
    answering(stage, () => refusal('VALIDATION_FAILED', { details: [{ field: 'title', issue: 'too_long' }] }));
    expect(await stage.chat.renameGroup('crew', 'x'.repeat(201))).toMatchObject({ ok: false, refusal: { code: 'VALIDATION_FAILED', fields: { title: 'too_long' } } });
  });

  it('are gone once I have left, also if somebody removed me meanwhile', async () => {
    const stage = await aGroup();
    answering(stage, () => refusal('NOT_PARTICIPANT'));
    expect(await stage.chat.leaveGroup('crew')).toEqual({ ok: true, value: null });
    expect(stage.store.getState().conversations['crew']).toBeUndefined();
    stage.link.pass('conversation.removed', { conversationId: 'crew' });
    expect(stage.toasts).toEqual([]);
  });
});

describe('blocking', () => {
  it('shows on the person once the server did it', async () => {
    const stage = await aChat();
    const blocked = (): unknown => stage.store.getState().people['ann']?.blocked;
    answering(stage, () => refusal('NETWORK'));
    await stage.chat.block('ann', true);
    expect([blocked(), stage.toasts.length]).toEqual([false, 1]);
    answering(stage, () => ok({ userId: 'ann', blocked: true }));
    await stage.chat.block('ann', true);
    expect(blocked()).toBe(true);
  });
});

describe('a message that is there', () => {
  async function aSentMessage() {
    const stage = await aChat();
    await stage.chat.show('chat');
    await settle();
    stage.chat.send('chat', 'helo');
    await settle();
    const message = stage.store.getState().threads['chat']?.messages[0];
    if (!message) throw new Error('it was not sent');
    const changed = (more: object) => ok({ ...stage.server.conversations.get('chat')?.messages[0], ...more });
    return { stage, message, changed };
  }

  it('is changed when the server has changed it, in its place and in the sidebar', async () => {
    const { stage, message, changed } = await aSentMessage();
    answering(stage, () => changed({ text: 'hello', editedAt: '2026-11-29T12:00:00.000Z' }));
    expect(await stage.chat.edit(message, 'hello')).toBe(true);
    expect(stage.texts()).toEqual(['hello']);
    expect(stage.store.getState().conversations['chat']?.lastMessage?.text).toBe('hello');
  });

  it('stays deleted, whatever an older answer says', async () => {
    const { stage, message, changed } = await aSentMessage();
    answering(stage, () => changed({ text: '', deletedAt: '2026-11-29T12:00:00.000Z' }));
    expect(await stage.chat.remove(message)).toBe(true);
    await stage.chat.reload('chat');
    expect(stage.store.getState().threads['chat']?.messages[0]).toMatchObject({ text: '', deletedAt: '2026-11-29T12:00:00.000Z' });
  });

  it('stays as it is when the server refuses, and a toast says so', async () => {
    const { stage, message } = await aSentMessage();
    answering(stage, () => refusal('FORBIDDEN'));
    expect(await stage.chat.edit(message, 'hello')).toBe(false);
    expect(stage.texts()).toEqual(['helo']);
    expect(stage.toasts).toEqual([{ kind: 'error', text: 'The message could not be changed.' }]);
  });

  it('is answered with its id', async () => {
    const { stage, message } = await aSentMessage();
    const asked = answering(stage, () => refusal('NETWORK'));
    stage.chat.send('chat', 'what?', message.id);
    await settle();
    expect(asked[0]).toContain(`"replyTo":"${message.id}"`);
    expect(stage.store.getState().threads['chat']?.messages[1]?.replyTo).toBe(message.id);
  });
});
