import { describe, expect, it } from 'vitest';
import { isMuted, kForGood, ringsForCalls } from '../state/muting.ts';
import type { Answer } from '../wire/ports.ts';
import { ok, refusal } from './chat_server_for_tests.ts';
import { aGroup, settle, type Stage } from './chat_stage_for_tests.ts';

/** The group as the server has it when I have set this. */
function crewWith({ server }: Stage, mine: { mutedUntil?: string | null; ringMode?: 'all' | 'none' }): Record<string, unknown> {
  const crew = server.conversations.get('crew');
  if (!crew) throw new Error('there is no group');
  return { ...server.json(crew), members: crew.members.map((each) => (each.userId === 'me' ? { ...each, ...mine } : each)) };
}

/** A group whose requests wait for the test to answer them. */
async function anAskingGroup() {
  const stage = await aGroup();
  const requests: { readonly body: unknown; readonly answer: (answer: Answer<unknown>) => Promise<void> }[] = [];
  stage.rest.send = <T>(_method: string, _path: string, body?: unknown) => new Promise<Answer<T>>((resolve) => {
    requests.push({ body, answer: (answer) => { resolve(answer as Answer<T>); return settle(); } });
  });
  const crew = () => stage.store.getState().conversations['crew'];
  const muted = (): boolean => isMuted(crew(), stage.clock.now());
  const rings = (): boolean | undefined => { const held = crew(); return held && ringsForCalls(held); };
  return {
    stage, muted, rings,
    bodies: () => requests.map((each) => each.body),
    answer: (at: number, answer: Answer<unknown>) => requests[at]?.answer(answer) ?? Promise.reject(new Error('it was not asked')),
    tell: (mine: Parameters<typeof crewWith>[1]) => stage.link.pass('conversation.updated', { conversation: crewWith(stage, mine) }),
  };
}

const kUnmute = { mutedUntil: null };
const kMute = { mutedUntil: kForGood };

describe('muting', () => {
  it('is so at once, and taken back when the server refuses', async () => {
    const { stage, muted, answer } = await anAskingGroup();
    const done = stage.chat.mute('crew', true);
    expect(muted()).toBe(true);
    await answer(0, refusal('STORE_UNAVAILABLE', { message: 'The store is unavailable' }));
    await done;
    expect(muted()).toBe(false);
    expect(stage.toasts).toEqual([{ kind: 'error', text: 'The store is unavailable' }]);
  });

  it('stays when the answer cannot be read', async () => {
    const { stage, muted, answer } = await anAskingGroup();
    void stage.chat.mute('crew', true);
    await answer(0, ok({}));
    expect(muted()).toBe(true);
  });

  it('S19: of messages and of calls are two things, which an event for all members does not undo', async () => {
    const { stage, muted, rings, bodies, answer, tell } = await anAskingGroup();
    void stage.chat.mute('crew', true);
    await answer(0, ok(crewWith(stage, kMute)));
    void stage.chat.ringForCalls('crew', false);
    await answer(1, ok(crewWith(stage, { ...kMute, ringMode: 'none' })));
    expect(bodies()).toEqual([kMute, { ringMode: 'none' }]);
    tell({ ringMode: 'none' });
    expect([muted(), rings()]).toEqual([true, false]);
  });

  it('of which an event tells stays, whatever a list says that was written before', async () => {
    const { stage, muted, tell } = await anAskingGroup();
    stage.link.lose('offline');
    stage.link.back('fresh');
    tell(kMute);
    await settle();
    expect(muted()).toBe(true);
  });

  it('S19: that ended on another device while this one was away has ended here, also if a message comes before the list', async () => {
    const { stage, muted, tell } = await anAskingGroup();
    tell(kMute);
    expect(muted()).toBe(true);
    stage.link.lose('offline');
    stage.link.back('fresh');
    stage.server.write('ann', 'crew', 'before the list');
    await settle();
    const { mutedUntil, unread } = stage.store.getState().conversations['crew'] ?? {};
    expect([mutedUntil, unread]).toEqual([null, 1]);
  });

  it('is over when its time is', () => {
    const until = { mutedUntil: '2026-01-02T03:04:05.000Z' };
    expect(isMuted(until, Date.parse('2026-01-02T03:04:04.999Z'))).toBe(true);
    expect(isMuted(until, Date.parse('2026-01-02T03:04:05.000Z'))).toBe(false);
    expect([isMuted(undefined, 0), isMuted({ mutedUntil: null }, 0), isMuted({}, 0)]).toEqual([false, false, false]);
  });
});

describe('a switch that is pressed again before the server answered', () => {
  it('shows what was wanted last all the time, and the server is told that last, once', async () => {
    const { stage, muted, bodies, answer, tell } = await anAskingGroup();
    for (const on of [true, false, true, false]) void stage.chat.mute('crew', on);
    expect([muted(), bodies()]).toEqual([false, [kMute]]);
    const seen = new Set<boolean>();
    stage.store.subscribe(() => seen.add(muted()));
    tell(kMute);
    await answer(0, ok(crewWith(stage, kMute)));
    expect(bodies()).toEqual([kMute, kUnmute]);
    tell(kUnmute);
    await answer(1, ok(crewWith(stage, {})));
    expect([[...seen], bodies().length]).toEqual([[false], 2]);
  });

  it('needs no second request where the first says the same', async () => {
    const { stage, muted, bodies, answer } = await anAskingGroup();
    for (const on of [true, false, true]) void stage.chat.mute('crew', on);
    await answer(0, ok(crewWith(stage, kMute)));
    expect([muted(), bodies()]).toEqual([true, [kMute]]);
  });

  it('goes back to what the server has, however often it refuses', async () => {
    const { stage, muted, rings, bodies, answer } = await anAskingGroup();
    void stage.chat.mute('crew', true);
    await answer(0, ok(crewWith(stage, kMute)));
    void stage.chat.mute('crew', false);
    void stage.chat.ringForCalls('crew', false);
    await answer(1, refusal('STORE_UNAVAILABLE'));
    expect([muted(), rings()]).toEqual([true, false]);
    await answer(2, refusal('STORE_UNAVAILABLE'));
    expect([muted(), rings(), bodies()]).toEqual([true, true, [kMute, kUnmute, { ringMode: 'none' }]]);
  });

  it('is not asked about any more when the group is gone', async () => {
    const { stage, bodies, answer } = await anAskingGroup();
    void stage.chat.mute('crew', true);
    void stage.chat.mute('crew', false);
    stage.link.pass('conversation.removed', { conversationId: 'crew' });
    await answer(0, ok(crewWith(stage, kMute)));
    expect([bodies(), stage.store.getState().conversations['crew']]).toEqual([[kMute], undefined]);
  });
});
