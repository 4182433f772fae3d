// What a socket brings while the page is busy is passed on together, so that the page draws once what it would else draw a hundred times: of
// a burst of messages each one alone costs a render. The order stays, and only what may come in bursts waits at all.
import type { OpenSocket } from './socket.ts';

/** Runs an act when what came before it has been done, in a task of its own. */
export type Later = (act: () => void) => void;

export interface TurnParts {
  readonly later: Later;
  /** Milliseconds; from where does not matter. */
  readonly now: () => number;
}

/** Then the page has a frame and its keys, before more is passed on. */
export const kTurnMs = 10;

/** All else ends a turn: what it sets going by promises is done before the next is told. */
const kInBursts: ReadonlySet<string> =
  new Set(['message.new', 'message.updated', 'message.status', 'unread.update', 'typing', 'presence.update', 'users.changed']);

interface Told {
  readonly alone: boolean;
  readonly act: () => void;
}

interface Turns {
  add(told: Told): void;
  /** All of it, now, also behind one that throws; the first that was thrown is thrown again at the end. */
  finish(): void;
}

function makeTurns({ later, now }: TurnParts): Turns {
  const waiting: Told[] = [];
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
    let told = waiting.shift();
    try {
      while (told) {
        told.act();
        const next = waiting[0];
        told = told.alone || next === undefined || next.alone || now() >= until ? undefined : waiting.shift();
      }
    } finally {
      ask();
    }
  }

  return {
    add(told) {
      if (told.alone && waiting.length === 0) return told.act();
      waiting.push(told);
      ask();
    },
    finish() {
      const thrown: unknown[] = [];
      for (let told = waiting.shift(); told; told = waiting.shift()) {
        try {
          told.act();
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

/** A message channel, because browsers hold timers back while the page is hidden, and a call may wait behind. */
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
