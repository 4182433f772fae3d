// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { FakeConnection, foreignOffer, refuse } from '../media/fakes_for_tests.ts';
import { refusal, settled, success } from '../wire/fakes_for_tests.ts';
import { aCall, aPage, fromBen, kAt, kBen, kCall, kChat, kGroup, work } from './calls_stage_for_tests.ts';

/** A page whose start is answered when the test says so. */
function aPageThatWaits() {
  let answer: (with_: ReturnType<typeof success>) => void = () => {};
  const page = aPage((event) => (event === 'call.start' ? new Promise((resolve) => { answer = resolve; }) : success({})));
  return { page, answer: (data: object) => answer(success(data)) };
}

describe('a start', () => {
  it('is shown at once, names the direct conversation, rings at once, and carries an offer', async () => {
    const { calls, phase, asked, store } = aPage();
    calls.startCall(kChat, 'video');
    expect(phase()).toBe('outgoing');
    await work();
    expect(asked('call.start')).toMatchObject([{ conversationId: kChat, callType: 'video', ring: 'immediate', glare: 'connect', offer: { type: 'offer' } }]);
    expect(FakeConnection.all[0]?.configuration).toMatchObject({ iceServers: [{ urls: 'stun:one' }] });
    expect(store.getState().call?.id).toBe(kCall);
  });

  it('does not wait for the devices, and sends candidates when the call has a name', async () => {
    const { page: { devices, dial, asked, signals }, answer } = aPageThatWaits();
    devices.getUserMedia = () => new Promise(() => {});
    await dial();
    expect([asked('call.start').length, signals('candidate').length]).toEqual([1, 0]);
    answer(aCall());
    await work();
    expect(signals('candidate')).toMatchObject([{ callId: kCall, toUserId: kBen, gen: 0 }]);
  });

  it('of a group rings when the devices are open or have failed for good', async () => {
    const { calls, devices, asked, store } = aPage((event) => success(event === 'call.start' ? aCall({ recipientId: null, groupId: kGroup, conversationId: kGroup }) : {}));
    let open: () => void = () => {};
    devices.getUserMedia = () => new Promise((_done, fail) => { open = () => fail(new DOMException('', 'NotFoundError')); });
    calls.startCall(kGroup, 'video');
    await work();
    expect(asked('call.start')).toEqual([{ conversationId: kGroup, callType: 'video', ring: 'onCallerReady' }]);
    expect(asked('call.ready')).toEqual([]);
    devices.getUserMedia = () => refuse('NotFoundError');
    open();
    await work();
    expect(asked('call.ready')).toEqual([{ callId: kCall }]);
    expect(store.getState().media.degraded).toBe('listen-only');
  });

  it('that is refused says why, and closes media', async () => {
    const { dial, store, allClosed } = aPage((event) => (event === 'call.start' ? refusal('RECIPIENT_BUSY') : success({})));
    await dial();
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'busy' });
    expect(allClosed()).toBe(true);
  });

  it('of which no answer came is cancelled when it turns out that it rings', async () => {
    const { dial, link, asked } = aPage((event) => (event === 'call.start' ? refusal('NETWORK') : success({})));
    await dial();
    link.become('connecting');
    link.become('online');
    link.tell('call.snapshot', { calls: [aCall({ id: 'other', callerId: kBen }), aCall({ id: 'elsewhere', conversationId: 'x' }), aCall()], callSeqs: {} });
    expect(asked('call.cancel')).toEqual([{ callId: kCall }]);
  });

  it('is cancelled also before the server has named it', async () => {
    const { page: { calls, dial, asked, store, allClosed }, answer } = aPageThatWaits();
    await dial();
    calls.hangUp();
    expect(store.getState().call).toMatchObject({ phase: 'ended', endReason: 'cancelled' });
    answer(aCall());
    await work();
    expect(asked('call.cancel')).toEqual([{ callId: kCall }]);
    expect(allClosed()).toBe(true);
  });

  it('that meets theirs answers their offer (X-05)', async () => {
    const { calls, link, store, signals, topics, rings } =
      aPage((event) => success(event === 'call.start' ? { ...fromBen({ status: 'connected', startedAt: kAt }), glare: true } : {}));
    calls.startCall(kChat, 'video');
    rings();
    expect(store.getState().incoming).toBeNull();
    await settled();
    await work();
    link.tell('call.glare', { callId: kCall, offer: foreignOffer('B') });
    await work();
    expect(store.getState().call).toMatchObject({ phase: 'connecting', role: 'callee', id: kCall });
    expect(signals('answer')).toHaveLength(1);
    expect(FakeConnection.all.map((each) => each.signalingState)).toEqual(['closed', 'stable']);
    // A line about the call takes the place of one that waits.
    expect([topics.get('You called each other.'), topics.get('Connecting…')]).toEqual(['glare', 'call']);
  });
});
