// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { FakeConnection, foreignOffer } from '../media/fakes_for_tests.ts';
import { aPage, kBen, kCall, kCara, work } from './calls_stage_for_tests.ts';

describe('a group\'s call', () => {
  it('is left to the others by leaving it, but not by ending it', async () => {
    const { calls, clock, asked, joinGroup } = aPage();
    await joinGroup();
    calls.hangUp();
    expect([asked('call.leave'), asked('call.end')]).toEqual([[{ callId: kCall }], []]);
    clock.move(4_000);
    await joinGroup();
    calls.endForAll();
    expect(asked('call.end')).toEqual([{ callId: kCall }]);
  });

  it('has an offer for who comes in from who is there', async () => {
    const { link, store, signals, joinGroup } = aPage();
    await joinGroup();
    link.tell('call.peer_state', { callId: kCall, userId: kCara, state: 'joined', mediaState: { audio: true, video: false, screen: false } });
    await work();
    expect(signals('offer')).toMatchObject([{ toUserId: kCara }]);
    link.tell('call.peer_state', { callId: kCall, userId: kCara, state: 'left' });
    expect(store.getState().call?.participants.map((each) => each.userId)).toEqual([kBen]);
  });

  it('of a few tells in a toast who comes or goes', async () => {
    const { link, store, said, joinGroup } = aPage();
    await joinGroup();
    link.tell('call.signal', { callId: kCall, from: kBen, kind: 'offer', payload: foreignOffer('B'), gen: 0 });
    await work();
    FakeConnection.all.at(-1)?.become('connected');
    for (const state of ['joined', 'left']) link.tell('call.peer_state', { callId: kCall, userId: kCara, state, mediaState: null });
    expect(store.getState().toasts.map((each) => 'text' in each && each.text)).toEqual(['Cara joined.', 'Cara left.']);
    expect(said).toEqual(expect.arrayContaining(['Cara joined.', 'Cara left.']));
  });
});
