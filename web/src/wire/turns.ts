// Events that come in bursts are delivered together, so that the page renders once for all of them instead of once for each. The order in
// which events and answers came is kept.
import type { NativeEvents } from './events.ts';
import type { OpenSocket } from './socket.ts';

/** Runs an act when what came before it has been done, in a task of its own. */
export type Later = (act: () => void) => void;

export interface TurnParts {
  readonly later: Later;
  /** Milliseconds; from where does not matter. */
  readonly now: () => number;
}

/** A turn takes no longer than this, so that with the rendering after it a frame (16 ms at 60 Hz) is late by little, and keys are answered. */
export const kTurnMs = 10;

/** Any other event has a turn of its own: what it starts by promises is done before the next event is delivered. */
const kBurstEvents = [
  'message.new', 'message.updated', 'message.status', 'unread.update', 'typing', 'presence.update', 'users.changed',
] as const satisfies readonly (keyof NativeEvents)[];
const kInBursts: ReadonlySet<string> = new Set(kBurstEvents);

/** An event or an answer for whoever listens. */
interface Delivery {
  /** It has a turn of its own. */
  readonly alone: boolean;
  readonly act: () => void;
}

interface Turns {
  add(delivery: Delivery): void;
  /** All of it, now, also behind one that throws; the first that was thrown is thrown again at the end. */
  finish(): void;
}

function makeTurns({ later, now }: TurnParts): Turns {
  const waiting: Delivery[] = [];
  let asked = false;

  function ask(): void {
    if (asked || waiting.length === 0) return;
    asked = true;
    later(() => {
      asked = false;
      turn();
    });
  }

  /** At least one of those that wait. Each is taken out before it acts: it may end the connection, which finishes the others. */
  function turn(): void {
    const until = now() + kTurnMs;
    let delivery = waiting.shift();
    try {
      while (delivery) {
        delivery.act();
        const next = waiting[0];
        delivery = delivery.alone || next === undefined || next.alone || now() >= until ? undefined : waiting.shift();
      }
    } finally {
      ask();
    }
  }

  return {
    add(delivery) {
      if (delivery.alone && waiting.length === 0) return delivery.act();
      waiting.push(delivery);
      ask();
    },
    finish() {
      const thrown: unknown[] = [];
      for (let delivery = waiting.shift(); delivery; delivery = waiting.shift()) {
        try {
          delivery.act();
        } catch (error) {
          thrown.push(error);
        }
      }
      if (thrown.length > 0) throw thrown[0];
    },
  };
}

/** A socket whose events and answers come in turns. */
export function inTurns(open: OpenSocket, parts: TurnParts): OpenSocket {
  return (handshake, end) => {
    const turns = makeTurns(parts);
    const socket = open(handshake, {
      up: (recovered) => end.up(recovered),
      down(byServer) {
        try {
          turns.finish();
        } finally {
          end.down(byServer);
        }
      },
      refused: (code) => end.refused(code),
      event: (name, payload) => turns.add({ alone: !kInBursts.has(name), act: () => end.event(name, payload) }),
    });
    return {
      get connected() {
        return socket.connected;
      },
      connect: () => socket.connect(),
      disconnect: () => socket.disconnect(),
      drop: () => socket.drop(),
      emit: (event, payload, answered) => socket.emit(event, payload, (answer) => turns.add({ alone: true, act: () => answered(answer) })),
    };
  };
}

/** By a message channel, because browsers delay timers while the page is hidden, and the ring of a call may wait for a turn. */
export function browserTurns(): TurnParts {
  const { port1, port2 } = new MessageChannel();
  const acts: (() => void)[] = [];
  port1.onmessage = () => acts.shift()?.();
  return {
    now: () => performance.now(),
    later(act) {
      acts.push(act);
      port2.postMessage(null);
    },
  };
}
