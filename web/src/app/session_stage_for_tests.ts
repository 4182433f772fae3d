// A session over fakes of the server, the socket and the browser's storage.
import { createStore } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest, settled, success } from '../wire/fakes_for_tests.ts';
import type { Context } from './context.ts';
import { makeSession } from './session.ts';
import { kRenewed, kSignedIn, type WebStorage } from './storage.ts';

export const kAnn = { id: 'u-ann', username: 'ann', displayName: 'Ann', email: null, avatar: '/a.svg' };

export function fakeStorage(kept: Record<string, string> = {}): WebStorage & { readonly kept: Map<string, string> } {
  const all = new Map(Object.entries(kept));
  return { kept: all, get: (key) => all.get(key) ?? null, set: (key, value) => void all.set(key, value), remove: (key) => void all.delete(key) };
}

export function aSession(kept: Record<string, string> = {}) {
  const [store, rest, link, clock, storage] = [createStore(), fakeRest(), fakeLink(), fakeClock(), fakeStorage(kept)];
  const done: string[] = [];
  const said: string[] = [];
  rest.answer = (what) => (what.startsWith('GET /api/auth/me') || what.startsWith('POST /api/auth/') ? success({ user: kAnn }) : success({}));
  const context: Context = {
    store, rest, link, clock, newId: () => 'id', toast: () => undefined, announce: (text) => said.push(text),
  };
  const parts = {
    storage,
    fill: async () => void done.push('fill'),
    wipe: async (): Promise<void> => void done.push('wipe'),
    renewLink: () => void done.push('renew'),
    reload: () => void done.push('reload'),
  };
  const session = makeSession(context, parts);
  return { session, store, rest, link, clock, storage, done, said, parts };
}

export async function signedIn() {
  const parts = aSession({ [kSignedIn]: kAnn.id, [kRenewed]: String(fakeClock().now()) });
  await parts.session.start();
  parts.link.become('online');
  await settled();
  return parts;
}
