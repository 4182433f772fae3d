// The socket to the server, opened anew whenever it is lost, refused or closed by the server, until nobody wants it or the login is over.
import { isLoginOver } from './answers.ts';
import type { Clock } from './ports.ts';
import type { OpenSocket, Socket } from './socket.ts';

/**
 * After the server closed the socket or let nobody in, for another reason than the login: between half of it and all, because it may be all
 * clients at once that it does this to.
 */
const kTryAgainMs = 2000;

export interface Network {
  online(): boolean;
  /** `changed` is also called when it is worth trying again. */
  watch(changed: () => void): void;
}

export interface ConnectionParts {
  readonly open: OpenSocket;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly network: Network;
}

/** What its owner hears of it. */
export interface ConnectionEnd {
  handshake(): Record<string, unknown>;
  up(recovered: boolean): void;
  lost(): void;
  /** The network is there: whether there is a connection is another question. */
  networkBack(): void;
  loginOver(code: string): void;
  event(name: string, payload: unknown): void;
}

export interface Connection {
  /** Null: not wanted. */
  socket(): Socket | null;
  open(): void;
  close(): void;
  /** Anew, with a new handshake. */
  renew(): void;
  /** What the server closes now, it will not open again. */
  endLogin(): void;
}

/** Without a farewell, so that the server keeps the session, and without trying again. */
function dropQuietly(old: Socket): void {
  if (old.connected) old.drop();
  old.disconnect();
}

interface Attempts {
  later(): void;
  stop(): void;
}

function makeAttempts({ clock, random }: ConnectionParts, retry: () => void): Attempts {
  let stop = (): void => undefined;
  return {
    later() {
      stop();
      stop = clock.after(kTryAgainMs * (1 + random()) / 2, retry);
    },
    stop: () => stop(),
  };
}

export function makeConnection(parts: ConnectionParts, end: ConnectionEnd): Connection {
  let socket: Socket | null = null;
  let loginEnded = false;
  const attempts = makeAttempts(parts, retry);

  /** At once, whatever the pause between two attempts is now. */
  function retry(): void {
    if (!socket || socket.connected || !parts.network.online()) return;
    socket.disconnect();
    socket.connect();
  }

  /** It is the one in use until another takes its place; then nothing is heard of it. */
  function openSocket(): Socket {
    const isOurs = (): boolean => socket === opened;
    const opened: Socket = parts.open(end.handshake, {
      up: (recovered) => isOurs() && end.up(recovered),
      down(byServer) {
        if (!isOurs()) return;
        end.lost();
        if (byServer && !loginEnded) attempts.later();
      },
      refused(code) {
        if (!isOurs()) return;
        if (isLoginOver(code)) end.loginOver(code);
        else attempts.later();
      },
      event: (name, payload) => isOurs() && end.event(name, payload),
    });
    return opened;
  }

  parts.network.watch(() => {
    if (!parts.network.online()) {
      if (socket) dropQuietly(socket);
      return end.lost();
    }
    end.networkBack();
    retry();
  });

  return {
    socket: () => socket,
    open() {
      loginEnded = false;
      socket = openSocket();
      if (parts.network.online()) socket.connect();
    },
    close() {
      attempts.stop();
      const old = socket;
      socket = null;
      old?.disconnect();
    },
    renew() {
      if (!socket?.connected) return;
      const old = socket;
      socket = openSocket();
      dropQuietly(old);
      end.lost();
      socket.connect();
    },
    endLogin() {
      loginEnded = true;
    },
  };
}
