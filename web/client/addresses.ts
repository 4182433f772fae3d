// REST and the socket of a server at any address, with a token instead of the page's cookie.
import type { Rest } from '../src/wire/ports.ts';
import { makeRest } from '../src/wire/rest.ts';
import { stockSocket } from '../src/wire/socket.ts';
import type { OpenSocket } from '../src/wire/socket.ts';

export type Token = string | (() => string);

const now = (token: Token): string => (typeof token === 'string' ? token : token());
const base = (server: string | undefined): string => (server ?? '').replace(/\/+$/, '');

export function restAt(server: string | undefined, token: Token | undefined): Rest {
  if (token === undefined) return makeRest((path, init) => fetch(base(server) + path, init));
  const bearer = (): string => `Bearer ${now(token)}`;
  const ask = (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', bearer());
    return fetch(base(server) + path, { ...init, credentials: 'omit', headers });
  };
  const newRequest = (): XMLHttpRequest => {
    const request = new XMLHttpRequest();
    const open = request.open.bind(request);
    request.open = (method: string, path: string | URL): void => {
      open(method, base(server) + String(path), true);
      request.setRequestHeader('authorization', bearer());
    };
    return request;
  };
  const rest = makeRest(ask, newRequest);
  // A beacon bears no header, but a fetch with keepalive outlives the page as well.
  const beacon = (path: string): void => void ask(path, { method: 'POST', keepalive: true }).catch(() => undefined);
  return { ...rest, beacon };
}

export function socketAt(server: string | undefined, token: Token | undefined): OpenSocket {
  const open = stockSocket(server === undefined ? undefined : base(server));
  if (token === undefined) return open;
  return (handshake, end) => open(() => ({ ...handshake(), token: now(token) }), end);
}
