import { describe, expect, it } from 'vitest';
import { isMuted, kForGood } from '../state/muting.ts';
import { FakeServer, ok, refusal } from './chat_server_for_tests.ts';
import { aChat, settle, type Stage } from './chat_stage_for_tests.ts';

async function aGroup(): Promise<Stage> {
  const server = new FakeServer();
  server.open('crew', 'group', ['me', 'ann']);
  return aChat({ server });
}

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

/** I did it on another device. */
function mutedByEvent({ server, link }: Stage, mutedUntil: string | null): void {
  const crew = server.conversations.get('crew');
  if (!crew) throw new Error('there is no group');
  const members = crew.members.map((each) => (each.userId === 'me' ? { ...each, mutedUntil } : each));
  link.pass('conversation.updated', { conversation: { ...server.json(crew), members } });
}

describe('muting', () => {
  it('is so at once, and taken back when the server refuses', async () => {
    const stage = await aGroup();
    const muted = (): boolean => isMuted(stage.store.getState().conversations['crew'], stage.clock.now());
    answering(stage, () => refusal('STORE_UNAVAILABLE', { message: 'The store is unavailable' }));
    const done = stage.chat.mute('crew', true);
    expect(muted()).toBe(true);
    await done;
    expect(muted()).toBe(false);
    expect(stage.toasts).toEqual([{ kind: 'error', text: 'The store is unavailable' }]);
  });

  it('S19: of messages and of calls are two things, which an event for all members does not undo', async () => {
    const stage = await aGroup();
    const crew = stage.server.conversations.get('crew');
    const asked = answering(stage, () => ok(crew && stage.server.json(crew)));
    const me = crew?.members[0];
    if (me) me.mutedUntil = kForGood;
    await stage.chat.mute('crew', true);
    await stage.chat.ringForCalls('crew', false);
    delete me?.mutedUntil;
    expect(asked.map((each) => each.slice(each.indexOf(' {')))).toEqual([' {"mutedUntil":"9999-12-31T23:59:59.999Z"}', ' {"ringMode":"none"}']);
    stage.link.pass('conversation.updated', { conversation: crew && { ...stage.server.json(crew), title: 'Band' } });
    await settle();
    const conversation = stage.store.getState().conversations['crew'];
    expect([conversation?.title, isMuted(conversation, stage.clock.now())]).toEqual(['Band', true]);
    await stage.chat.mute('crew', false);
    expect(asked[2]).toContain(' {"mutedUntil":null}');
  });

  it('S19: that ended on another device while this one was away has ended here, also if a message comes before the list', async () => {
    const stage = await aGroup();
    mutedByEvent(stage, kForGood);
    expect(isMuted(stage.store.getState().conversations['crew'], stage.clock.now())).toBe(true);
    stage.link.lose('offline');
    stage.link.back('fresh');
    stage.server.write('ann', 'crew', 'before the list');
    await settle();
    const { mutedUntil, unread } = stage.store.getState().conversations['crew'] ?? {};
    expect([mutedUntil, unread]).toEqual([null, 1]);
  });

  it('S19: of which an event tells stays, whatever a list says that was written before', async () => {
    const stage = await aGroup();
    stage.link.lose('offline');
    stage.link.back('fresh');
    mutedByEvent(stage, kForGood);
    await settle();
    expect(isMuted(stage.store.getState().conversations['crew'], stage.clock.now())).toBe(true);
  });

  it('is over when its time is', () => {
    const until = { mutedUntil: '2026-01-02T03:04:05.000Z' };
    expect(isMuted(until, Date.parse('2026-01-02T03:04:04.999Z'))).toBe(true);
    expect(isMuted(until, Date.parse('2026-01-02T03:04:05.000Z'))).toBe(false);
    expect([isMuted(undefined, 0), isMuted({ mutedUntil: null }, 0), isMuted({}, 0)]).toEqual([false, false, false]);
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
