// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { aPage, connected, kCall } from './calls_stage_for_tests.ts';

describe('the end of a call', () => {
  it('that a login ended is told only to whom the group call goes on without', async () => {
    const { link, store, talk } = aPage();
    await talk();
    const ended = (status: string) => link.tell('call.ended', { callId: kCall, call: connected({ status }), endReason: 'token_revoked', duration: 41 });
    ended('ended');
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'hangup', durationSeconds: 41 });
    await talk();
    ended('connected');
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'failed', endDetail: 'token_revoked', durationSeconds: null });
  });

  it('by hanging up closes media at once, also without a link, and the server is told later', async () => {
    const { calls, clock, link, store, asked, phase, talk, allClosed } = aPage();
    await talk();
    link.become('offline');
    clock.move(5_000);
    calls.hangUp();
    expect([phase(), store.getState().call?.durationSeconds, allClosed()]).toEqual(['ended', 5, true]);
    link.become('online');
    expect(asked('call.end')).toEqual([{ callId: kCall }]);
  });

  it('is shown for 4 s', async () => {
    const { clock, link, store, said, phase, talk } = aPage();
    await talk();
    link.tell('call.ended', { callId: kCall, call: connected({ status: 'ended' }), endReason: 'hangup', duration: 125 });
    expect(store.getState().call).toMatchObject({ endReason: 'hangup', durationSeconds: 125 });
    expect(said).toContain('Call ended, 2 min 5 s.');
    clock.move(3_999);
    expect(phase()).toBe('ended');
    clock.move(1);
    expect(phase()).toBe('none');
  });
});

describe('logging out', () => {
  it('forgets which devices were chosen', () => {
    const { calls, store } = aPage();
    calls.chooseDevice('camera', 'cam-2');
    calls.forgetCalls();
    expect(store.getState().media.chosen).toEqual({ camera: null, microphone: null, speaker: null });
  });
});
