import { describe, expect, it } from 'vitest';
import { FakeServer, holding } from './chat_server_for_tests.ts';
import { aChat, settle, type Stage } from './chat_stage_for_tests.ts';

async function aLeftChat(written: number, revealed = written): Promise<Stage> {
  const server = new FakeServer();
  server.open('chat', 'direct', ['me', 'ann']);
  for (let at = 1; at <= written; at += 1) server.write('ann', 'chat', `m${at}`);
  const stage = await aChat({ server });
  await stage.chat.show('chat');
  await settle();
  await stage.chat.reveal('chat', revealed);
  await stage.chat.show(null);
  return stage;
}

/** A message whose event is lost. */
function unheard({ server }: Stage, text: string): void {
  const { tell } = server;
  server.tell = () => undefined;
  server.write('ann', 'chat', text);
  server.tell = tell;
}

const seqs = ({ store }: Stage): (number | null)[] => (store.getState().threads['chat']?.messages ?? []).map((each) => each.seq);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => at + from);

describe('a chat that was opened once and is not open', () => {
  it('R-004-21: opens with its newest page when much was missed, and has no gap above it', async () => {
    const stage = await aLeftChat(10);
    stage.link.lose('offline');
    for (let at = 11; at <= 3000; at += 1) stage.server.write('ann', 'chat', `m${at}`);
    stage.link.back('fresh');
    await settle();
    stage.server.pages = 0;
    await stage.chat.show('chat');
    await settle();
    expect([stage.server.pages, seqs(stage).length, seqs(stage)[0]]).toEqual([1, 50, 2951]);
    await stage.chat.loadOlder('chat');
    expect(seqs(stage)).toEqual(range(2901, 3000));
  });

  it('R-004-21: has no gap where a page of its former opening comes after it was opened again', async () => {
    const stage = await aLeftChat(10);
    const late = holding(stage, 'after=210');
    await stage.chat.show('chat');
    stage.link.lose('offline');
    for (let at = 11; at <= 3000; at += 1) stage.server.write('ann', 'chat', `m${at}`);
    stage.link.back('fresh');
    await settle();
    expect([late.held(), seqs(stage).at(-1)]).toEqual([1, 210]);
    await stage.chat.show(null);
    await stage.chat.show('chat');
    await settle();
    unheard(stage, 'm3001');
    stage.server.write('ann', 'chat', 'm3002');
    expect(seqs(stage)).toEqual(range(2951, 3000));
    late.release();
    await settle();
    expect(seqs(stage)).toEqual(range(2951, 3002));
  });

  it('says of a message that it is not looked for, rather than missing, while the newest page is on its way', async () => {
    const stage = await aLeftChat(10);
    stage.link.lose('offline');
    for (let at = 11; at <= 300; at += 1) stage.server.write('ann', 'chat', `m${at}`);
    stage.link.back('fresh');
    await settle();
    const shown = stage.chat.show('chat');
    expect(await stage.chat.reveal('chat', 290)).toBe('left');
    await shown;
    await settle();
    expect(await stage.chat.reveal('chat', 290)).toBe('found');
  });

  it('ends the way to a message that it was left on, however soon it is opened again', async () => {
    const stage = await aLeftChat(3000);
    await stage.chat.show('chat');
    await stage.chat.reveal('chat', 2300);
    const late = holding(stage, 'before=2251');
    const revealed = stage.chat.reveal('chat', 1);
    await settle();
    await stage.chat.show(null);
    await stage.chat.show('chat');
    const { pages } = stage.server;
    late.release();
    expect([await revealed, stage.server.pages - pages, seqs(stage)]).toEqual(['left', 0, range(2951, 3000)]);
  });

  it('R-004-21: is not brought up to date any further', async () => {
    const stage = await aLeftChat(10);
    const late = holding(stage, 'after=210');
    await stage.chat.show('chat');
    stage.link.lose('offline');
    for (let at = 11; at <= 3000; at += 1) stage.server.write('ann', 'chat', `m${at}`);
    stage.link.back('fresh');
    await settle();
    await stage.chat.show(null);
    const { pages } = stage.server;
    late.release();
    await settle();
    expect([late.held(), stage.server.pages - pages]).toEqual([0, 0]);
    await stage.chat.show('chat');
    await settle();
    expect(seqs(stage)).toEqual(range(2951, 3000));
  });

  it('keeps few of what was on its way when it was left', async () => {
    const stage = await aLeftChat(3000);
    await stage.chat.show('chat');
    const late = holding(stage, 'before=2551');
    const revealed = stage.chat.reveal('chat', 1);
    await settle();
    expect([late.held(), seqs(stage)]).toEqual([1, range(2551, 3000)]);
    await stage.chat.show(null);
    late.release();
    await revealed;
    expect(seqs(stage)).toEqual(range(2951, 3000));
  });

  it('asks for nothing when it is behind, until it is opened', async () => {
    const stage = await aLeftChat(10);
    unheard(stage, 'm11');
    stage.server.pages = 0;
    stage.server.write('ann', 'chat', 'm12');
    await settle();
    expect(stage.server.pages).toBe(0);
    await stage.chat.show('chat');
    await settle();
    expect(seqs(stage)).toEqual(range(1, 12));
  });

  it('keeps few of many messages that come, and shows them without a gap', async () => {
    const stage = await aLeftChat(10);
    for (let at = 11; at <= 1600; at += 1) {
      stage.server.write('ann', 'chat', `m${at}`);
      expect(seqs(stage).length).toBeLessThanOrEqual(500);
    }
    stage.server.pages = 0;
    await stage.chat.show('chat');
    await settle();
    expect([stage.server.pages, seqs(stage).at(-1)]).toEqual([0, 1600]);
    const first = seqs(stage)[0] ?? 0;
    await stage.chat.loadOlder('chat');
    expect(seqs(stage)).toEqual(range(first - 50, 1600));
  });

  it('keeps few of all that was scrolled through', async () => {
    expect(seqs(await aLeftChat(700, 1))).toEqual(range(651, 700));
  });
});
