import { describe, expect, it } from 'vitest';
import { fateIn, onPush, pushIn, readPush } from './ring.ts';
import type { CallFate, Push, RingPorts } from './ring.ts';

const kNow = Date.parse('2026-11-28T14:03:00Z');
const kCall = '018f0000-0000-7000-8000-000000000001';
const ring = { type: 'ring', callId: kCall, callerId: 'u', callerName: 'Ann', callType: 'video', conversationId: 'c1', expiresAt: new Date(kNow + 30_000).toISOString() };

/** A browser that notes what it is asked to do, and whose server answers these fates in turn. */
function browser(fates: CallFate[], { seen = false, clicked = false } = {}) {
  const shown = new Map<string, string>();
  const did: string[] = [];
  let now = kNow;
  const ports: RingPorts = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      did.push(`slept ${ms / 1000} s`);
      if (clicked) shown.clear();
    },
    fateOf: async () => fates.shift() ?? 'unknown',
    isSeen: async () => seen,
    show: async ({ title, options }) => {
      shown.set(options.tag, title);
      did.push(title);
    },
    isShown: async (tag) => shown.has(tag),
    close: async (tag) => {
      shown.delete(tag);
      did.push('closed');
    },
    forget: async () => void did.push('forgot'),
  };
  return { ports, did, shown };
}

const read = (data: object): Push => {
  const push = readPush(data);
  if (!push) throw new Error('no push');
  return push;
};

describe('a push', () => {
  it('rings when the server says that the call does, and is a missed call once the ring has run out', async () => {
    const { ports, did } = browser(['rings', 'over']);
    await onPush(read(ring), ports);
    expect(did).toEqual(['Ann is calling', 'slept 30 s', 'Missed call from Ann']);
  });

  it('that comes twice rings once', async () => {
    const { ports, did } = browser(['rings', 'rings', 'over', 'over']);
    const loud: boolean[] = [];
    const show = async (notice: Parameters<RingPorts['show']>[0]) => {
      loud.push(notice.options.renotify);
      await ports.show(notice);
    };
    const sleep = async (ms: number) => {
      await onPush(read(ring), { ...ports, show });
      await ports.sleep(ms);
    };
    await onPush(read(ring), { ...ports, show, sleep });
    expect(did.slice(0, 2)).toEqual(['Ann is calling', 'Ann is calling']);
    expect(loud.slice(0, 2)).toEqual([true, false]);
  });

  it('that comes after the end is a missed call', async () => {
    const late = browser(['over']);
    await onPush(read(ring), late.ports);
    expect(late.did).toEqual(['Missed call from Ann']);
    const old = browser(['over']);
    await onPush(read({ ...ring, expiresAt: new Date(kNow - 1).toISOString() }), old.ports);
    expect(old.did).toEqual(['Missed call from Ann']);
  });

  it('rings though the server cannot be asked', async () => {
    const { ports, did } = browser(['unknown', 'unknown'], { clicked: true });
    await onPush(read(ring), ports);
    expect(did[0]).toBe('Ann is calling');
  });

  it('does not ring for a call that was answered elsewhere, nor beside a page that shows it', async () => {
    const answered = browser(['answered']);
    await onPush(read(ring), answered.ports);
    expect(answered.did).toEqual(['closed']);
    const seen = browser(['rings'], { seen: true });
    await onPush(read(ring), seen.ports);
    expect(seen.did).toEqual([]);
  });

  it('says nothing after a click on it, and nothing about a call that was taken in the end', async () => {
    const clicked = browser(['rings'], { clicked: true });
    await onPush(read(ring), clicked.ports);
    expect(clicked.did).toEqual(['Ann is calling', 'slept 30 s']);
    const answered = browser(['rings', 'answered']);
    await onPush(read(ring), answered.ports);
    expect(answered.did).toEqual(['Ann is calling', 'slept 30 s', 'closed']);
  });

  it('for somebody who is not logged in here any more ends the subscription', async () => {
    const { ports, did } = browser(['signed-out']);
    await onPush(read(ring), ports);
    expect(did).toEqual(['closed', 'forgot']);
  });

  it('about a call that the server does not know, or that is another\'s, says nothing and closes what it showed', async () => {
    const old = new Date(kNow - 1).toISOString();
    for (const push of [ring, { ...ring, expiresAt: old }, { ...ring, type: 'cancel', reason: 'cancelled' }]) {
      const { ports, did } = browser(['not-ours']);
      await onPush(read(push), ports);
      expect(did).toEqual(['closed']);
    }
    const later = browser(['rings', 'not-ours']);
    await onPush(read(ring), later.ports);
    expect(later.did).toEqual(['Ann is calling', 'slept 30 s', 'closed']);
  });

  it('that takes a ring back replaces it by the missed call, or only closes it', async () => {
    const cancelled = browser([]);
    await onPush(read({ ...ring, type: 'cancel', reason: 'cancelled' }), cancelled.ports);
    expect(cancelled.did).toEqual(['Missed call from Ann']);
    for (const reason of ['answered_elsewhere', 'declined_elsewhere']) {
      const elsewhere = browser([]);
      await onPush(read({ ...ring, type: 'cancel', reason }), elsewhere.ports);
      expect(elsewhere.did).toEqual(['closed']);
    }
  });

  it('names the caller by no more than a line that turns nothing around, and somebody whose name cannot be seen', () => {
    const name = (callerName: string) => read({ ...ring, callerName }).call.callerName;
    expect(name('\u202ennA\u2069')).toBe('nnA');
    expect(name('🙂'.repeat(65))).toBe(`${'🙂'.repeat(63)}…`);
    for (const unseen of ['', ' \u200b', '\u3164']) expect(name(unseen)).toBe('Somebody');
  });

  it('that cannot be read is ignored', () => {
    expect(pushIn({ json: () => JSON.parse('{') as unknown })).toBeNull();
    expect(pushIn(null)).toBeNull();
    expect(pushIn({ json: () => ring })?.call.callId).toBe(kCall);
  });

  it('that is none of ours is ignored', () => {
    for (const other of [null, 'ring', {}, { type: 'ring' }, { type: 'other', callId: kCall }, { type: 'ring', callId: 7 }]) expect(readPush(other)).toBeNull();
  });
});

describe('the fate of a call', () => {
  const of = (status: string, participants = 2) => fateIn(200, { data: { status, participants: Array.from({ length: participants }) } });
  it('is read from its status', () => {
    expect(of('calling')).toBe('rings');
    expect(of('connected')).toBe('answered');
    expect(of('connected', 3)).toBe('rings');
    for (const end of ['ended', 'missed', 'rejected']) expect(of(end)).toBe('over');
    expect(fateIn(401, null)).toBe('signed-out');
    for (const status of [403, 404]) expect(fateIn(status, {})).toBe('not-ours');
    expect(fateIn(503, {})).toBe('unknown');
    expect(fateIn(200, 'nonsense')).toBe('unknown');
  });
});
