import { expect, it, vi } from 'vitest';
import { kForGood, withMembership, withWanted } from '../state/muting.ts';
import { aChat, type Stage } from './chat_stage_for_tests.ts';
import { FakeServer } from './chat_server_for_tests.ts';

const kMinute = 60_000;
const kDay = 24 * 60 * kMinute;

async function twoChats(): Promise<Stage> {
  const server = new FakeServer();
  server.open('chat', 'direct', ['me', 'ann']);
  server.open('team', 'group', ['me', 'ann', 'ben']);
  return aChat({ server });
}

function mute({ store, clock }: Stage, id: string, ms: number): void {
  const mutedUntil = new Date(clock.now() + ms).toISOString();
  store.change((state) => ({ conversations: withMembership(state.conversations, id, { mutedUntil }) }));
}
const muted = ({ store }: Stage) => Object.values(store.getState().conversations).filter((each) => each.mutedUntil).map((each) => each.id);

it('a mute ends by itself, each at its own time (S19)', async () => {
  const stage = await twoChats();
  mute(stage, 'team', 20 * kMinute);
  mute(stage, 'chat', 10 * kMinute);
  await stage.clock.pass(10 * kMinute - 1);
  expect(muted(stage)).toEqual(['chat', 'team']);
  await stage.clock.pass(1);
  expect(muted(stage)).toEqual(['team']);
  await stage.clock.pass(10 * kMinute);
  expect(muted(stage)).toEqual([]);
});

it('a mute that is made longer leaves no timer of its former end', async () => {
  const stage = await twoChats();
  mute(stage, 'chat', 10 * kMinute);
  mute(stage, 'chat', 30 * kMinute);
  const waits = vi.spyOn(stage.clock, 'after');
  await stage.clock.pass(20 * kMinute);
  expect(muted(stage)).toEqual(['chat']);
  expect(waits).not.toHaveBeenCalled();
});

it('a mute for longer than a timer counts ends at its time, one for good never', async () => {
  const stage = await twoChats();
  const waits = vi.spyOn(stage.clock, 'after');
  stage.store.change((state) => ({ conversations: withMembership(state.conversations, 'team', { mutedUntil: kForGood }) }));
  mute(stage, 'chat', 30 * kDay);
  await stage.clock.pass(30 * kDay - 1);
  expect(muted(stage)).toEqual(['chat', 'team']);
  await stage.clock.pass(1);
  expect(muted(stage)).toEqual(['team']);
  expect(Math.max(...waits.mock.calls.map(([ms]) => ms))).toBeLessThan(2 ** 31);
});

it('a mute that ends while another is asked for leaves the state, and no timer behind it', async () => {
  const stage = await twoChats();
  mute(stage, 'chat', 10 * kMinute);
  stage.store.change((state) => ({ conversations: withWanted(state.conversations, 'chat', { mutedUntil: kForGood }) }));
  const waits = vi.spyOn(stage.clock, 'after');
  await stage.clock.pass(20 * kMinute);
  expect([muted(stage), waits.mock.calls]).toEqual([[], []]);
  expect(stage.store.getState().conversations['chat']?.wanted).toEqual({ mutedUntil: kForGood });
});
