// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { aCall, aPage, aPageAgain, connected, kAt, kBen, kCall, reloaded } from './calls_stage_for_tests.ts';

describe('a reload', () => {
  it('leaves behind what it needs, tells the server, and goes on without asking anybody', async () => {
    const before = aPage();
    await before.talk();
    before.calls.setMuted(true);
    const { store, asked, signals } = await reloaded(before, connected());
    expect(before.rest.asked.filter((each) => each.method === 'BEACON').map((each) => each.path)).toContain(`/api/calls/${kCall}/away`);
    expect(store.getState().call).toMatchObject({ phase: 'connecting', id: kCall, role: 'caller' });
    expect(store.getState().media.muted).toBe(true);
    expect(asked('call.accept')).toEqual([]);
    expect(signals('offer')).toMatchObject([{ toUserId: kBen, gen: 1 }]);
    expect(sessionStorage.getItem('belfry.call')).toBeNull();  // a copy of the tab finds none
  });

  it('while it rings goes on with how far that had come, and further if the server knows more', async () => {
    const first = aPage();
    await first.dial();
    first.link.tell('call.progress', { callId: kCall, state: 'woken' });
    const second = await reloaded(first, aCall());
    expect(second.store.getState().call?.progress).toBe('woken');
    const third = await reloaded(second, aCall({ firstRingAt: kAt }));
    expect(third.store.getState().call?.progress).toBe('ringing');
  });

  it('of a call that is over goes on with nothing', async () => {
    sessionStorage.setItem('belfry.call', JSON.stringify({ callId: kCall, muted: false, camera: true, gen: 0 }));
    const { phase, devices } = await aPageAgain(connected({ status: 'ended', endReason: 'hangup' }));
    expect([phase(), devices.opened]).toEqual(['none', []]);
  });
});
