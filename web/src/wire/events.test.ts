import { describe, expect, it } from 'vitest';
import { hear, type EventName } from './events.ts';
import { fakeLink } from './fakes_for_tests.ts';

function heardOf<N extends EventName>(name: N, ...payloads: unknown[]): unknown[] {
  const link = fakeLink();
  const heard: unknown[] = [];
  hear(link, name, (event) => heard.push(event));
  for (const payload of payloads) link.tell(name, payload);
  return heard;
}

const about = { v: 1, seq: 7, ts: 't', callId: 'k', callSeq: 3 };

describe('an event', () => {
  it('is read into what it says', () => {
    expect(heardOf('call.progress', { ...about, state: 'ringing', userId: 'u', reachable: true })).toEqual(
      [{ callId: 'k', callSeq: 3, state: 'ringing', userId: 'u', reachable: true }]);
    expect(heardOf('call.accepted', { ...about, call: null, by: { userId: 'u', deviceId: 'd' }, startedAt: 's' })).toEqual(
      [{ callId: 'k', callSeq: 3, call: null, by: { userId: 'u', deviceId: 'd' }, startedAt: 's', answer: null }]);
    expect(heardOf('presence.update', { version: 2, userId: 'u', state: 'busy', lastSeenAt: null })).toEqual(
      [{ version: 2, userId: 'u', state: 'busy', lastSeenAt: null }]);
  });

  it('names a user by id or in an object', () => {
    expect(heardOf('call.rejected', { ...about, by: 'u', reason: 'busy', final: false }, { ...about, by: { userId: 'w' }, reason: 'declined' })).toMatchObject(
      [{ by: 'u', final: false }, { by: 'w', final: true }]);
  });

  it('that cannot be read is not heard', () => {
    expect(heardOf('call.signal', { callId: 'k', kind: 'offer' }, { kind: 'offer', from: 'u' }, null)).toEqual([]);
    expect(heardOf('call.progress', { ...about, state: 'dreaming' })).toEqual([]);
    expect(heardOf('typing', { conversationId: 'c' })).toEqual([]);
  });

  it('may be a snapshot of several calls, of which the readable ones count', () => {
    const call = { id: 'k', callerId: 'u', status: 'connected' };
    expect(heardOf('call.snapshot', { calls: [call, { id: 'x' }], callSeqs: { k: 4, x: 'no' } })).toMatchObject(
      [{ calls: [{ id: 'k', status: 'connected' }], callSeqs: { k: 4 } }]);
  });

  it('is heard no more after one stopped', () => {
    const link = fakeLink();
    const heard: unknown[] = [];
    const stop = hear(link, 'server.draining', (event) => heard.push(event));
    stop();
    link.tell('server.draining', {});
    expect(heard).toEqual([]);
  });
});
