// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { settled, success } from '../wire/fakes_for_tests.ts';
import { aPage, connected, kAt, kBen, kCall, work } from './calls_stage_for_tests.ts';

describe('in a call', () => {
  it('its type stays what was asked, also when it is answered without a picture', async () => {
    const { calls, store, rings } = aPage();
    rings();
    calls.accept('audio');
    expect(store.getState().call?.type).toBe('video');
    await work();
    expect(store.getState().media.camera).toBe(false);
  });

  it('the others are told what I send, when it begins and when it changes', async () => {
    const { calls, asked, talk } = aPage();
    await talk();
    calls.setMuted(true);
    calls.setCamera(false);
    await settled();
    expect(asked('call.media')).toEqual([
      { callId: kCall, audio: true, video: true, screen: false }, { callId: kCall, audio: true, video: true, screen: false, alive: true },
      { callId: kCall, audio: false, video: true, screen: false, alive: true }, { callId: kCall, audio: false, video: false, screen: false, alive: true },
    ]);
  });

  it('the others are told what I switched while the link was away as soon as it is back', async () => {
    const { calls, link, asked, talk } = aPage();
    await talk();
    link.become('connecting');
    calls.setMuted(true);
    await settled();
    link.become('online', false);
    expect(asked('call.media').at(-1)).toMatchObject({ audio: false, video: true });
  });

  it('a lost link is shown, and ICE starts anew when it is back', async () => {
    const { link, store, asked, phase, talk } = aPage();
    await talk();
    link.become('connecting');
    expect([phase(), store.getState().call?.reconnectingMine]).toEqual(['reconnecting', true]);
    link.answer = (event) => success(event === 'call.sync' ? { calls: [connected()] } : {});
    link.become('online', false);
    expect(phase()).toBe('in-call');
    await work();
    expect(asked('call.sync')).toEqual([{ callId: kCall }]);
  });

  it('a call that ended meanwhile is known as ended', async () => {
    const { link, store, talk } = aPage();
    await talk();
    link.become('connecting');
    link.answer = (event) => success(event === 'call.sync' ? { calls: [connected({ status: 'ended', endReason: 'connection_lost', duration: 41 })] } : {});
    link.become('online');
    await work();
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'connection_lost', durationSeconds: 41 });
  });

  it('says after 10 s that it still connects', async () => {
    const { clock, link, store, dial } = aPage();
    await dial();
    link.tell('call.accepted', { callId: kCall, call: connected(), by: { userId: kBen }, startedAt: kAt });
    clock.move(10_000);
    expect(store.getState().call).toMatchObject({ phase: 'connecting', slow: true });
  });

  it('a device that was unplugged is told in a toast, with the one that is used now', async () => {
    const { devices, store, talk } = aPage();
    await talk();
    devices.opened.find((each) => each.kind === 'audio')?.end();
    await work();
    expect(store.getState().toasts).toMatchObject([{ kind: 'info', text: 'audio unplugged. Using audio.' }]);
  });
});
