import { describe, expect, it } from 'vitest';
import { settled } from './fakes_for_tests.ts';
import type { Socket, SocketEnd } from './socket.ts';
import { browserTurns, inTurns, kTurnMs } from './turns.ts';

/** A socket whose end is in the test's hand. `turn()` runs what waits for one; each event takes `costs` ms. */
function aSocket({ costs = 0 } = {}) {
  const told: string[] = [];
  const acts: (() => void)[] = [];
  let now = 0;
  let end: SocketEnd | null = null;
  let answer: (answer: unknown) => void = () => undefined;
  const open = inTurns((_, given) => {
    end = given;
    const socket: Socket = {
      connected: true, connect: () => undefined, disconnect: () => given.down(false), drop: () => given.down(false),
      emit: (_event, _payload, answered) => void (answer = answered),
    };
    return socket;
  }, { later: (act) => void acts.push(act), now: () => now });
  const heard: SocketEnd = {
    up: () => void told.push('up'), down: () => void told.push('down'), refused: () => void told.push('refused'),
    event(name) {
      now += costs;
      told.push(name);
    },
  };
  const socket = open(() => ({}), heard);
  if (!end) throw new Error('no socket was opened');
  return { told, acts, socket, heard, end: end as SocketEnd, turn: () => acts.shift()?.(), answers: () => answer({}) };
}

const burst = (end: SocketEnd, count: number): void => { for (let at = 0; at < count; at += 1) end.event('message.new', {}); };

describe('what comes in bursts', () => {
  it('is passed on together', () => {
    const { end, told, acts, turn } = aSocket();
    burst(end, 100);
    expect([told.length, acts.length]).toEqual([0, 1]);
    turn();
    expect([told.length, acts.length]).toEqual([100, 0]);
  });

  it('leaves the page its frames: a turn is short, and the rest has another', () => {
    const { end, told, acts, turn } = aSocket({ costs: kTurnMs / 2 });
    burst(end, 5);
    const counts: number[] = [];
    while (acts.length > 0) {
      turn();
      counts.push(told.length);
    }
    expect(counts).toEqual([2, 4, 5]);
  });

  it('stays in order before and behind an event of a call, which has a turn of its own', () => {
    const { end, told, turn } = aSocket();
    end.event('unread.update', {});
    end.event('call.incoming', {});
    end.event('message.new', {});
    turn();
    expect(told).toEqual(['unread.update']);
    turn();
    expect(told).toEqual(['unread.update', 'call.incoming']);
    turn();
    expect(told).toEqual(['unread.update', 'call.incoming', 'message.new']);
  });

  it('goes on after one that threw', () => {
    const { end, told, heard, turn } = aSocket();
    const { event } = heard;
    heard.event = () => {
      heard.event = event;
      throw new Error('cannot be read');
    };
    burst(end, 2);
    expect(turn).toThrow('cannot be read');
    turn();
    expect(told).toEqual(['message.new']);
  });
});

it('an event of a call before which nothing waits is passed on at once', () => {
  const { end, told, acts } = aSocket();
  end.event('call.incoming', {});
  expect([told, acts.length]).toEqual([['call.incoming'], 0]);
});

it('an answer stays behind what came before it, and what it sets going is done before the next', async () => {
  const { end, told, socket, turn, answers } = aSocket();
  const asked = new Promise<void>((resolve) => { socket.emit('message.send', {}, () => resolve()); }).then(() => told.push('answered'));
  burst(end, 1);
  answers();
  burst(end, 1);
  turn();
  turn();
  await asked;
  expect(told).toEqual(['message.new', 'answered']);
  turn();
  expect(told).toEqual(['message.new', 'answered', 'message.new']);
});

it('all that waits is passed on before the word that the connection is lost, also behind some that throw', () => {
  const { end, told, heard } = aSocket();
  const { event } = heard;
  const broken = new Set(['typing', 'call.incoming']);
  heard.event = (name, payload) => {
    if (broken.has(name)) throw new Error(`${name} cannot be read`);
    event(name, payload);
  };
  for (const name of ['message.new', 'typing', 'unread.update', 'call.incoming', 'message.new']) end.event(name, {});
  expect(() => end.down(false)).toThrow('typing cannot be read');
  expect(told).toEqual(['message.new', 'unread.update', 'message.new', 'down']);
});

it('nothing is left waiting when the connection is lost, also by an event itself', async () => {
  const { end, told, heard, socket, turn } = aSocket();
  burst(end, 2);
  end.down(false);
  expect(told).toEqual(['message.new', 'message.new', 'down']);
  const { event } = heard;
  heard.event = (name, payload) => {
    heard.event = event;
    event(name, payload);
    socket.drop();
  };
  burst(end, 3);
  turn();
  turn();
  await settled();
  expect(told.slice(3)).toEqual(['message.new', 'message.new', 'message.new', 'down']);
});

it('in a browser each turn is a task of its own, in the order in which they were asked for', async () => {
  const { later, now } = browserTurns();
  const began = now();
  const done: string[] = [];
  await new Promise<void>((resolve) => {
    later(() => {
      done.push('first');
      void Promise.resolve().then(() => done.push('what it set going'));
    });
    later(() => {
      done.push('second');
      resolve();
    });
    done.push('asked');
  });
  expect(done).toEqual(['asked', 'first', 'what it set going', 'second']);
  expect(now()).toBeGreaterThan(began);
});
