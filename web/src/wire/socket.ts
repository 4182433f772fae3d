// The stock client of Socket.IO, cut down to what link.ts uses, so that a test can put another in its place.
import { io } from 'socket.io-client';
import { member, text } from './json.ts';

export interface SocketEnd {
  /** Connected. `recovered`: the server replays what this socket missed (Socket.IO's connection state recovery). */
  up(recovered: boolean): void;
  /** `byServer`: it will not come back by itself. */
  down(byServer: boolean): void;
  /** The server let nobody in. `code` is empty if it gave none. */
  refused(code: string): void;
  event(name: string, payload: unknown): void;
}

export interface Socket {
  readonly connected: boolean;
  connect(): void;
  /** Ends the session at the server too, if the socket is connected. */
  disconnect(): void;
  /** Breaks the connection as a lost network does: the server keeps the session for a while. */
  drop(): void;
  emit(event: string, payload: unknown, answered: (answer: unknown) => void): void;
}

export type OpenSocket = (handshake: () => Record<string, unknown>, end: SocketEnd) => Socket;

// A page whose connection broke shows `Reconnecting…` and may be in a call, so it tries often; spread, because after a restart of the
// server all pages come at once.
const kFirstRetryMs = 300;
const kLongestRetryMs = 3000;

/** At `address`; absent: where the page came from, with its cookie. */
export function stockSocket(address?: string): OpenSocket {
  return (handshake, end) => {
    const socket = io(address ?? '', {
      autoConnect: false,
      forceNew: true,
      // WebSocket first: one request less. Where a proxy refuses it, polling.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: kFirstRetryMs,
      reconnectionDelayMax: kLongestRetryMs,
      auth: (tell) => tell(handshake()),
    });
    socket.on('connect', () => end.up(socket.recovered));
    socket.on('disconnect', (reason) => end.down(reason === 'io server disconnect'));
    socket.on('connect_error', (error) => {
      if (!socket.active) end.refused(text(member(error, 'data'), 'code') ?? '');
    });
    socket.onAny((name: unknown, payload: unknown) => {
      if (typeof name === 'string') end.event(name, payload);
    });
    return {
      get connected() {
        return socket.connected;
      },
      connect: () => void socket.connect(),
      disconnect: () => void socket.disconnect(),
      drop: () => void socket.io.engine?.close(),
      emit: (event, payload, answered) => void socket.emit(event, payload, answered),
    };
  };
}
