import { describe, expect, it } from 'vitest';
import { fakeClock, settled } from './fakes_for_tests.ts';
import { kRefused, makeLink, type Resume } from './link.ts';
import type { LinkState } from './ports.ts';
import type { Socket, SocketEnd } from './socket.ts';

interface FakeSocket extends Socket {
  connected: boolean;
  readonly handshakes: Record<string, unknown>[];
  readonly sent: { event: string; answered: (answer: unknown) => void }[];
  farewells: number;
  end: SocketEnd;
  come(recovered?: boolean): void;
}

function aLink({ resume = null }: { resume?: Resume | null } = {}) {
  const clock = fakeClock();
  const sockets: FakeSocket[] = [];
  const states: [LinkState, boolean][] = [];
  const network = { isOnline: true, changed: () => undefined as void };
  const link = makeLink({
    clock,
    random: () => 1,
    deviceId: 'tab-1',
    takeResume: () => resume,
    network: { online: () => network.isOnline, watch: (changed) => void (network.changed = changed) },
    open(handshake, end) {
      const socket: FakeSocket = {
        connected: false, handshakes: [], sent: [], farewells: 0, end,
        connect: () => void socket.handshakes.push(handshake()),
        disconnect() {
          if (socket.connected) ++socket.farewells;
          socket.connected = false;
        },
        drop() {
          socket.connected = false;
          end.down(false);
        },
        emit: (event, _payload, answered) => void socket.sent.push({ event, answered }),
        come(recovered = false) {
          socket.connected = true;
          end.up(recovered);
        },
      };
      sockets.push(socket);
      return socket;
    },
  });
  link.onState((state, fresh) => states.push([state, fresh]));
  const setOnline = (isOnline: boolean): void => {
    network.isOnline = isOnline;
    network.changed();
  };
  const socket = (): FakeSocket => {
    const newest = sockets.at(-1);
    if (!newest) throw new Error('no socket was opened');
    return newest;
  };
  return { link, clock, sockets, socket, states, setOnline };
}

const ready = (seq: number, sessionId = 's-1', resumed?: boolean) => ({ v: 1, seq, sessionId, userId: 'u', deviceId: 'tab-1', resumed });

function connected(parts = aLink()) {
  parts.link.connect();
  parts.socket().come();
  parts.socket().end.event('session.ready', ready(1));
  return parts;
}

describe('a link', () => {
  it('is online when the server has named the session, not before', () => {
    const { link, socket, states } = aLink();
    link.connect();
    socket().come();
    expect(link.state()).toBe('connecting');
    expect(link.sessionId()).toBeNull();
    socket().end.event('session.ready', ready(1));
    expect(states).toEqual([['online', true]]);
    expect(link.sessionId()).toBe('s-1');
  });

  it('names its dialect and device, and no session the first time', () => {
    const { link, socket } = aLink();
    link.connect();
    expect(socket().handshakes).toEqual([{ dialect: 'native', deviceId: 'tab-1' }]);
  });

  it('asks to go on with the session that the page had before a reload', () => {
    const { link, socket } = aLink({ resume: { sessionId: 's-0', lastSeq: 41 } });
    link.connect();
    expect(socket().handshakes[0]).toMatchObject({ sessionId: 's-0', lastSeq: 41 });
    socket().come();
    socket().end.event('session.ready', ready(42, 's-0', true));
    expect(link.resume()).toEqual({ sessionId: 's-0', lastSeq: 42 });
  });

  it('passes on each event once, however often recovery repeats it', () => {
    const { link, socket } = connected();
    const heard: number[] = [];
    link.on('message.new', (event: { seq: number }) => heard.push(event.seq));
    for (const seq of [2, 3, 3, 2, 4]) socket().end.event('message.new', { seq });
    expect(heard).toEqual([2, 3, 4]);
  });

  it('passes on events without a number, and nothing that is no object', () => {
    const { link, socket } = connected();
    const heard: unknown[] = [];
    link.on('pong', (event) => heard.push(event));
    for (const payload of [{ timestamp: 1 }, 'text', null, [1]]) socket().end.event('pong', payload);
    expect(heard).toEqual([{ timestamp: 1 }]);
  });

  it('says that nothing was lost when the connection was recovered', () => {
    const { socket, states, sockets } = connected();
    socket().connected = false;
    socket().end.down(false);
    socket().come(true);
    expect(states).toEqual([['online', true], ['connecting', false], ['online', false]]);
    expect(sockets).toHaveLength(1);
  });

  it('says that something may be lost when a new session was given', () => {
    const { link, socket, states } = connected();
    socket().connected = false;
    socket().end.down(false);
    socket().come(false);
    expect(states.at(-1)).toEqual(['connecting', false]);
    socket().end.event('session.ready', ready(1, 's-2', false));
    expect(states.at(-1)).toEqual(['online', true]);
    expect(link.resume()).toEqual({ sessionId: 's-2', lastSeq: 1 });
  });

  it('counts anew in a new session', () => {
    const { link, socket } = connected();
    const heard: number[] = [];
    link.on('typing', (event: { seq: number }) => heard.push(event.seq));
    socket().end.event('typing', { seq: 9 });
    socket().end.event('session.ready', ready(1, 's-2'));
    socket().end.event('typing', { seq: 2 });
    expect(heard).toEqual([9, 2]);
  });

  it('is offline at once when the browser is, and back as soon as it is', () => {
    const { link, socket, setOnline, states } = connected();
    setOnline(false);
    expect(link.state()).toBe('offline');
    expect(socket().connected).toBe(false);
    expect(socket().farewells).toBe(0);
    setOnline(true);
    expect(states.slice(1)).toEqual([['offline', false], ['connecting', false]]);
    expect(socket().handshakes).toHaveLength(2);
  });

  it('does not try while the browser is offline', () => {
    const parts = aLink();
    parts.setOnline(false);
    parts.link.connect();
    expect(parts.socket().handshakes).toHaveLength(0);
    parts.setOnline(true);
    expect(parts.socket().handshakes).toHaveLength(1);
  });

  it('comes back after the server closed it, without the session that another socket took', () => {
    const { socket, clock } = connected();
    socket().end.event('session.replaced', { seq: 2 });
    socket().connected = false;
    socket().end.down(true);
    clock.move(2000);
    expect(socket().handshakes).toHaveLength(2);
    expect(socket().handshakes[1]).not.toHaveProperty('sessionId');
  });

  it('stays away after the login ended', () => {
    const { socket, clock } = connected();
    socket().end.event('session.expiring', { seq: 2, reason: 'login_ended' });
    socket().connected = false;
    socket().end.down(true);
    clock.move(60_000);
    expect(socket().handshakes).toHaveLength(1);
  });

  it('tells that the login is accepted no more, and tries again after other refusals', () => {
    const { link, socket, clock } = aLink();
    const codes: string[] = [];
    link.on(kRefused, ({ code }: { code: string }) => codes.push(code));
    link.connect();
    socket().end.refused('STORE_UNAVAILABLE');
    clock.move(2000);
    socket().end.refused('TOKEN_REVOKED');
    clock.move(60_000);
    expect(codes).toEqual(['TOKEN_REVOKED']);
    expect(socket().handshakes).toHaveLength(2);
  });

  it('forgets the session when it is closed for good', () => {
    const { link, socket } = connected();
    const old = socket();
    link.close();
    expect(old.farewells).toBe(1);
    expect(link.resume()).toBeNull();
    link.connect();
    expect(socket()).not.toBe(old);
    expect(socket().handshakes[0]).not.toHaveProperty('sessionId');
  });

  it('renews its handshake without a farewell, and hears nothing more of the old socket', () => {
    const { link, sockets, socket, states } = connected();
    const [old] = sockets;
    link.renew();
    expect(old?.farewells).toBe(0);
    expect(socket().handshakes[0]).toMatchObject({ sessionId: 's-1', lastSeq: 1 });
    const heard: unknown[] = [];
    link.on('session.replaced', (event) => heard.push(event));
    old?.end.event('session.replaced', { seq: 2 });
    expect(heard).toEqual([]);
    expect(states.at(-1)).toEqual(['connecting', false]);
  });
});

describe('a question over the link', () => {
  it('is answered with the data, or with the refusal', async () => {
    const { link, socket } = connected();
    const [yes, no] = [link.ask('call.sync', {}), link.ask('call.start', {})];
    socket().sent[0]?.answered({ success: true, data: { calls: [] } });
    socket().sent[1]?.answered({ success: false, error: { code: 'CALLER_BUSY', message: 'm', details: [], retryAfterMs: null }, data: { glare: true } });
    expect(await yes).toEqual({ ok: true, data: { calls: [] } });
    expect(await no).toMatchObject({ ok: false, error: { code: 'CALLER_BUSY', data: { glare: true } } });
  });

  it('is not sent while the socket is away', async () => {
    const { link, socket } = aLink();
    link.connect();
    expect(await link.ask('typing', {})).toMatchObject({ ok: false, error: { code: 'NETWORK' } });
    expect(socket().sent).toEqual([]);
  });

  it('is given up after ten seconds, and as soon as the connection breaks', async () => {
    const { link, socket, clock } = connected();
    const slow = link.ask('typing', {});
    clock.move(10_000);
    expect(await slow).toMatchObject({ ok: false, error: { code: 'NETWORK' } });
    const cut = link.ask('typing', {});
    socket().connected = false;
    socket().end.down(false);
    expect(await cut).toMatchObject({ ok: false, error: { code: 'NETWORK' } });
    socket().sent[0]?.answered({ success: true });
    await settled();
  });
});
