// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';
import { FakeConnection } from '../media/fakes_for_tests.ts';
import { refusal, success } from '../wire/fakes_for_tests.ts';
import { aPage, fromBen, kBen, kCall, work } from './calls_stage_for_tests.ts';

describe('a ring', () => {
  it('is acknowledged, shown, and answered before anything is opened', async () => {
    const { calls, devices, store, asked, signals, phase, rings } = aPage();
    rings();
    expect(store.getState().incoming).toMatchObject({ id: kCall, callerId: kBen, type: 'video' });
    expect(asked('call.ringing')).toEqual([{ callId: kCall }]);
    calls.accept('audio');
    expect(phase()).toBe('connecting');
    expect([asked('call.accept'), devices.opened.length]).toEqual([[{ callId: kCall }], 0]);
    await work();
    expect(devices.opened.map((each) => each.kind)).toEqual(['audio']);
    expect(signals('answer')).toHaveLength(1);
  });

  it('is answered also while it is being told', async () => {
    const { calls, store, signals, phase, rings } = aPage();
    store.subscribe((now, before) => { if (now.incoming !== null && now.incoming !== before.incoming) calls.accept('audio'); });
    rings();
    await work();
    expect([phase(), signals('answer').length]).toEqual(['connecting', 1]);
  });

  it('keeps the candidates that come before it is answered', async () => {
    const { calls, link, rings } = aPage();
    rings();
    link.tell('call.signal', { callId: kCall, from: kBen, kind: 'candidate', payload: { candidate: 'one', sdpMid: '0' }, gen: 0 });
    calls.accept('video');
    await work();
    expect(FakeConnection.all[0]?.candidates).toMatchObject([{ candidate: 'one' }]);
  });

  it('that was answered too late ends, and closes what was opened', async () => {
    const { calls, store, rings, allClosed } = aPage((event) =>
      (event === 'call.accept' ? refusal('CALL_NOT_RINGING', { data: { call: fromBen({ status: 'missed', endReason: 'cancelled' }) } }) : success({})));
    rings();
    calls.accept('video');
    await work();
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'cancelled', role: 'callee' });
    expect(allClosed()).toBe(true);
  });

  it('ends when the code for media cannot be loaded, and the caller does not wait', async () => {
    vi.doMock('../media/engine.ts', () => { throw new Error('the network was away'); });
    const { calls, store, asked, rings } = aPage();
    rings();
    calls.accept('audio');
    calls.watchQuality(true);
    await work();
    vi.doUnmock('../media/engine.ts');
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'failed', endDetail: 'NETWORK' });
    expect(asked('call.end')).toEqual([{ callId: kCall }]);
  });

  it('is asked for again when the link is back, if nobody answered the accept', async () => {
    const { calls, link, asked, phase, rings } = aPage();
    rings();
    link.become('connecting');
    calls.accept('video');
    await work();
    expect([phase(), asked('call.accept').length]).toEqual(['connecting', 0]);
    link.become('online');
    await work();
    expect(asked('call.accept')).toHaveLength(1);
  });

  it.each([
    ['call.answered_elsewhere', 'info'], ['call.declined_elsewhere', 'info'], ['call.cancelled', 'missed-call'], ['call.missed', 'missed-call'],
  ])('ends by %s, with a toast', (event, kind) => {
    const { link, store, devices, rings } = aPage();
    rings();
    link.tell(event, { callId: kCall, call: fromBen({ status: 'missed', endReason: 'cancelled', endedBy: kBen }), endReason: 'cancelled' });
    expect([store.getState().incoming, store.getState().toasts.map((each) => each.kind), devices.opened]).toEqual([null, [kind], []]);
  });

  it('that was missed is told in a toast and to the ear', () => {
    const { link, store, said, rings } = aPage();
    rings();
    link.tell('call.missed', { callId: kCall, call: fromBen({ status: 'missed', endReason: 'timeout' }), endReason: 'timeout' });
    expect(store.getState().toasts).toMatchObject([{ kind: 'missed-call', callerId: kBen }]);
    expect(said).toContain('Missed call from Ben.');
  });

  it('names who is in no list yet', () => {
    const { store, rings } = aPage();
    rings({ call: fromBen({ callerId: 'd-dora' }), caller: { id: 'd-dora', username: 'dora', displayName: 'Dora' } });
    expect(store.getState().incoming?.callerId).toBe('d-dora');
    expect(store.getState().people['d-dora']?.name).toBe('Dora');
  });

  it('is declined once the server hears of it', () => {
    const { calls, link, store, asked, rings } = aPage();
    rings();
    link.become('connecting');
    calls.decline();
    expect([store.getState().incoming, asked('call.reject')]).toEqual([null, []]);
    link.become('online');
    expect(asked('call.reject')).toEqual([{ callId: kCall }]);
  });
});
