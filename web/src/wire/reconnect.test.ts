// R-004-48: all clients lose their server at the same moment, and come back at different ones. The stock client of Socket.IO with the settings
// of socket.ts, over a network on which nothing can be connected; every attempt is noted with its time.
import type * as Library from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeClock } from './fakes_for_tests.ts';
import { makeLink } from './link.ts';
import { stockSocket, type SocketEnd } from './socket.ts';

/** When each client tried, in milliseconds since the loss; one list for each. */
let tries: number[][] = [];

vi.mock('socket.io-client', async (original) => {
  const real = await original<typeof Library>();
  return {
    ...real,
    io(address: string, options: object) {
      const mine: number[] = [];
      tries.push(mine);
      class Refused extends real.WebSocket {
        override createSocket() {
          mine.push(Date.now());
          const socket = { close: () => undefined, onerror: (_error: Error) => undefined };
          setTimeout(() => socket.onerror(new Error('refused')), 0);
          return socket;
        }
      }
      return real.io(address, { ...options, transports: [Refused] });
    },
  };
});

/** Mulberry32: the same numbers in each run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const kClients = 400;
/** How many of ten thousand may come within a tenth of a second: as many as the server's queue of arrivals holds (net/server.hpp). */
const kQueue = 4096;
const nobody: SocketEnd = { up: () => undefined, down: () => undefined, refused: () => undefined, event: () => undefined };

/** The most that come within a tenth of a second, were there ten thousand. */
function crowd(moments: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const at of moments) counts.set(Math.floor(at / 100), (counts.get(Math.floor(at / 100)) ?? 0) + 1);
  return Math.max(...counts.values()) * 10_000 / kClients;
}

describe('R-004-48: clients that lost their server at one moment', () => {
  beforeEach(() => {
    tries = [];
    vi.useFakeTimers({ now: 0 });
    vi.spyOn(Math, 'random').mockImplementation(chance(48));
  });
  afterEach(() => void vi.useRealTimers());

  it.each([0, 1000, 10_000])('are back within three seconds of its return, never in a crowd, when it was away for %i ms', (away) => {
    const open = stockSocket('http://server.example');
    const sockets = Array.from({ length: kClients }, () => open(() => ({}), nobody));
    for (const socket of sockets) socket.connect();
    vi.advanceTimersByTime(away + 4000);
    for (const socket of sockets) socket.disconnect();
    // The attempt at once is the connection that was lost.
    const back = tries.map((each) => each.slice(1).find((at) => at >= away) ?? Infinity).map((at) => at - away);
    expect(back).toHaveLength(kClients);
    expect(Math.max(...back)).toBeLessThanOrEqual(3010);
    expect(crowd(back)).toBeLessThan(kQueue);
  });

  it('come at different moments also when it let nobody in, or closed their sockets itself', () => {
    const clock = fakeClock(0);
    const back: number[] = [];
    for (const lost of ['refused', 'closed']) {
      for (let at = 0; at < kClients / 2; ++at) {
        let connects = 0;
        const ends: SocketEnd[] = [];
        makeLink({
          clock, random: Math.random, deviceId: 'tab', takeResume: () => null, network: { online: () => true, watch: () => undefined },
          open: (_handshake, end) => {
            ends.push(end);
            return { connected: false, connect: () => void (++connects > 1 && back.push(clock.now())), disconnect: () => undefined, drop: () => undefined, emit: () => undefined };
          },
        }).connect();
        if (lost === 'refused') ends[0]?.refused('STORE_UNAVAILABLE');
        else ends[0]?.down(true);
      }
    }
    clock.move(2000);
    expect(back).toHaveLength(kClients);
    expect(crowd(back)).toBeLessThan(kQueue);
  });
});
