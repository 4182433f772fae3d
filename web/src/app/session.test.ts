import { describe, expect, it } from 'vitest';
import { createStore } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest, refusal, settled, success } from '../wire/fakes_for_tests.ts';
import type { Context } from './context.ts';
import { makeSession } from './session.ts';
import { kLeaving, kRenewed, kSignedIn, type WebStorage } from './storage.ts';

const kAnn = { id: 'u-ann', username: 'ann', displayName: 'Ann', email: null, avatar: '/a.svg' };

function fakeStorage(kept: Record<string, string> = {}): WebStorage & { readonly kept: Map<string, string> } {
  const all = new Map(Object.entries(kept));
  return { kept: all, get: (key) => all.get(key) ?? null, set: (key, value) => void all.set(key, value), remove: (key) => void all.delete(key) };
}

function aSession(kept: Record<string, string> = {}) {
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

async function signedIn() {
  const parts = aSession({ [kSignedIn]: kAnn.id, [kRenewed]: String(fakeClock().now()) });
  await parts.session.start();
  parts.link.become('online');
  await settled();
  return parts;
}

describe('the page at its start', () => {
  it('asks nobody where nobody was signed in', async () => {
    const { session, store, rest } = aSession();
    await session.start();
    expect(store.getState()).toMatchObject({ app: 'signed-out', sessionEnded: false });
    expect(rest.asked).toEqual([]);
  });

  it('is ready when the session is known, the socket stands and the sidebar is filled', async () => {
    const { session, store, link, done } = aSession({ [kSignedIn]: kAnn.id, [kRenewed]: String(fakeClock().now()) });
    await session.start();
    expect(store.getState()).toMatchObject({ app: 'starting', me: { id: kAnn.id, displayName: 'Ann' } });
    link.become('online');
    await settled();
    expect(store.getState()).toMatchObject({ app: 'ready', connection: 'online' });
    expect(done).toEqual(['fill']);
  });

  it('says that the session ended, if it did', async () => {
    const { session, store, rest, storage } = aSession({ [kSignedIn]: kAnn.id });
    rest.answer = () => refusal('UNAUTHENTICATED');
    await session.start();
    expect(store.getState()).toMatchObject({ app: 'signed-out', sessionEnded: true });
    expect(storage.kept.size).toBe(0);
  });

  it('asks again while the server is away', async () => {
    const { session, store, rest, clock } = aSession({ [kSignedIn]: kAnn.id });
    rest.answer = () => refusal('NETWORK');
    await session.start();
    expect(store.getState().app).toBe('starting');
    rest.answer = () => success({ user: kAnn });
    clock.move(2000);
    await settled();
    expect(store.getState().me?.id).toBe(kAnn.id);
  });

  it('first tells the server of a log-out that it could not be told of', async () => {
    const { session, rest, storage, store } = aSession({ [kLeaving]: '1' });
    await session.start();
    expect(rest.asked.map((each) => each.path)).toEqual(['/api/auth/logout']);
    expect(storage.get(kLeaving)).toBeNull();
    expect(store.getState().app).toBe('signed-out');
  });

  it('finishes a log-out during which the page was closed, also while the server is away', async () => {
    const { session, rest, storage, store, done } = aSession({ [kSignedIn]: kAnn.id, [kLeaving]: '1' });
    rest.answer = () => refusal('NETWORK');
    await session.start();
    expect(store.getState()).toMatchObject({ app: 'signed-out', sessionEnded: false });
    expect(done).toEqual(['wipe']);
    expect([...storage.kept.keys()]).toEqual([kLeaving]);
  });
});

describe('logging in', () => {
  it('names the account by its username or e-mail address', async () => {
    const { session, store, rest, storage } = aSession();
    expect(await session.logIn(' ann ', 'secret 12')).toEqual({ ok: true, value: null });
    expect(rest.asked[0]).toEqual({ method: 'POST', path: '/api/auth/login', body: { identifier: 'ann', password: 'secret 12' } });
    expect(store.getState().me?.username).toBe('ann');
    expect(storage.get(kSignedIn)).toBe(kAnn.id);
  });

  it('goes on as it is where another tab has signed the same person in meanwhile', async () => {
    const { session, store } = await signedIn();
    await session.logIn('ann', 'secret');
    expect(store.getState()).toMatchObject({ app: 'ready', me: { id: kAnn.id } });
  });

  it('begins anew where another tab has signed in somebody else meanwhile', async () => {
    const { session, store, rest, link, done } = await signedIn();
    rest.answer = () => success({ user: { ...kAnn, id: 'u-ben', username: 'ben' } });
    await session.logIn('ben', 'secret');
    expect([link.state(), done]).toEqual(['connecting', ['fill', 'wipe']]);
    expect(store.getState().me?.id).toBe('u-ben');
  });

  it('tells what was wrong', async () => {
    const { session, rest, store } = aSession();
    rest.answer = () => refusal('UNAUTHENTICATED', { requestId: 'r' });
    expect(await session.logIn('ann', 'x')).toEqual(
      { ok: false, refusal: { code: 'INVALID_CREDENTIALS', fields: {}, retryAfterSeconds: null, requestId: 'r' } });
    rest.answer = () => refusal('RATE_LIMITED', { retryAfterMs: 39_001 });
    expect(await session.logIn('ann', 'x')).toMatchObject({ refusal: { code: 'RATE_LIMITED', retryAfterSeconds: 40 } });
    expect(store.getState().me).toBeNull();
  });
});

describe('signing up', () => {
  it('sends only what was filled in', async () => {
    const { session, rest } = aSession();
    await session.signUp({ username: 'ann ', displayName: ' ', email: '', password: 'secret 12' });
    await session.signUp({ username: 'ann', displayName: 'Ann', email: 'a@b.c', password: 'secret 12' });
    expect(rest.asked.map((each) => each.body)).toEqual(
      [{ username: 'ann', password: 'secret 12' }, { username: 'ann', password: 'secret 12', name: 'Ann', email: 'a@b.c' }]);
  });

  it('tells which field is at fault', async () => {
    const { session, rest } = aSession();
    rest.answer = () => refusal('DUPLICATE', { details: [{ field: 'email', issue: 'taken' }] });
    expect(await session.signUp({ username: 'a', displayName: '', email: 'a@b.c', password: 'x' })).toMatchObject(
      { refusal: { code: 'EMAIL_TAKEN', fields: { email: 'taken' } } });
    rest.answer = () => refusal('VALIDATION_FAILED', { details: [{ field: 'name', issue: 'too_long' }, { field: 'name', issue: 'invalid' }] });
    expect(await session.signUp({ username: 'a', displayName: 'x', email: '', password: 'x' })).toMatchObject(
      { refusal: { fields: { displayName: 'too_long' } } });
  });
});

describe('logging out', () => {
  it('leaves nothing behind', async () => {
    const { session, store, link, rest, storage, done } = await signedIn();
    store.change(() => ({ drafts: { c: 'secret' }, people: { u: { ...kAnn, name: 'x', presence: 'online', lastSeenAt: null, blocked: false } } }));
    await session.logOut();
    expect(store.getState()).toMatchObject({ app: 'signed-out', me: null, people: {}, drafts: {}, sessionEnded: false });
    expect(rest.asked.at(-1)?.path).toBe('/api/auth/logout');
    expect(link.state()).toBe('connecting');
    expect(storage.kept.size).toBe(0);
    expect(done).toEqual(['fill', 'wipe']);
  });

  it('is done here at once, however long the server takes', async () => {
    const { session, store, link, rest, storage, parts } = await signedIn();
    let wiped: () => void = () => undefined;
    parts.wipe = () => new Promise((resolve) => { wiped = resolve; });
    rest.answer = () => new Promise(() => undefined);
    rest.asked.length = 0;
    void session.logOut();
    expect([store.getState().app, store.getState().me, link.state(), storage.get(kSignedIn)]).toEqual(['signed-out', null, 'connecting', null]);
    await settled();
    // What needs the login goes first.
    expect(rest.asked).toEqual([]);
    wiped();
    await settled();
    expect(rest.asked.map(({ path }) => path)).toEqual(['/api/auth/logout']);
  });

  it('begins to wipe while there is a connection, by which a call is left', async () => {
    const { session, link, parts } = await signedIn();
    let wipedWhile = '';
    parts.wipe = async () => void (wipedWhile = link.state());
    await session.logOut();
    expect(wipedWhile).toBe('online');
  });

  it('is the person\'s own wish, though the server says that the login ended before it answers', async () => {
    const { session, link, rest, store } = await signedIn();
    rest.answer = (what) => {
      if (what.endsWith('/logout')) link.tell('session.expiring', { reason: 'login_ended' });
      return success(null);
    };
    await session.logOut();
    expect(store.getState()).toMatchObject({ app: 'signed-out', me: null, sessionEnded: false });
  });

  it('is told to the server later, if it cannot be reached', async () => {
    const { session, rest, storage, store } = await signedIn();
    rest.answer = () => refusal('NETWORK');
    await session.logOut();
    expect(store.getState().app).toBe('signed-out');
    expect([...storage.kept.keys()]).toEqual([kLeaving]);
  });
});

describe('a log-out that the server did not confirm', () => {
  const logOuts = ({ rest }: { rest: ReturnType<typeof fakeRest> }) => rest.asked.filter((each) => each.path === '/api/auth/logout').length;

  async function loggedOutInVain(code = 'STORE_UNAVAILABLE') {
    const parts = await signedIn();
    const { answer } = parts.rest;
    parts.rest.answer = () => refusal(code);
    await parts.session.logOut();
    return { ...parts, answer };
  }

  it('is tried again, ever more seldom, until the server says yes', async () => {
    const { clock, rest, storage, answer } = await loggedOutInVain();
    expect([logOuts({ rest }), storage.get(kLeaving)]).toEqual([1, '1']);
    const after: number[] = [];
    for (const ms of [2000, 2000, 2000, 4000, 4000]) {
      clock.move(ms);
      await settled();
      after.push(logOuts({ rest }));
    }
    expect(after).toEqual([2, 2, 3, 3, 4]);
    rest.answer = answer;
    clock.move(60_000);
    await settled();
    expect([logOuts({ rest }), storage.get(kLeaving)]).toEqual([5, null]);
    clock.move(3_600_000);
    expect(logOuts({ rest })).toBe(5);
  });

  it('is over where the server knows of no login', async () => {
    const { clock, rest, storage } = await loggedOutInVain('UNAUTHENTICATED');
    expect(storage.get(kLeaving)).toBeNull();
    clock.move(60_000);
    expect(logOuts({ rest })).toBe(1);
  });

  it('is done by the next log-in, which does not wait for it', async () => {
    const { session, rest, store, storage, clock, answer } = await loggedOutInVain();
    rest.asked.length = 0;
    rest.answer = answer;
    expect(await session.logIn('ben', 'secret')).toMatchObject({ ok: true });
    expect(rest.asked).toEqual([{ method: 'POST', path: '/api/auth/login', body: { identifier: 'ben', password: 'secret', endPrevious: true } }]);
    expect([store.getState().me?.id, storage.get(kLeaving)]).toEqual([kAnn.id, null]);
    clock.move(60_000);
    await settled();
    expect(logOuts({ rest })).toBe(0);
  });

  it('is told on its own again after a log-in that was refused', async () => {
    const { session, rest, storage } = await loggedOutInVain();
    rest.asked.length = 0;
    rest.answer = (what) => (what.endsWith('/signup') ? refusal('DUPLICATE') : success({}));
    await session.signUp({ username: 'ben', displayName: '', email: '', password: 'x' });
    await settled();
    expect([rest.asked.map(({ path }) => path), storage.get(kLeaving)]).toEqual([['/api/auth/signup', '/api/auth/logout'], null]);
  });

  it('is told once, if a log-in comes while it is on its way, and not while that one is', async () => {
    const { session, rest, clock, link, storage } = await loggedOutInVain();
    rest.asked.length = 0;
    const waiting: ((of: ReturnType<typeof success>) => void)[] = [];
    rest.answer = () => new Promise((resolve) => waiting.push(resolve));
    clock.move(2000);
    const login = session.logIn('ann', 'secret');
    await settled();
    expect(rest.asked.map(({ path }) => path)).toEqual(['/api/auth/logout']);
    waiting[0]?.(refusal('NETWORK'));
    await settled();
    expect(rest.asked.map(({ path }) => path)).toEqual(['/api/auth/logout', '/api/auth/login']);
    link.become('offline');
    link.become('connecting');
    clock.move(60_000);
    await settled();
    expect(rest.asked).toHaveLength(2);
    waiting[1]?.(success({ user: kAnn }));
    expect([await login, storage.get(kSignedIn), storage.get(kLeaving)]).toEqual([{ ok: true, value: null }, kAnn.id, null]);
  });

  it('is sent as soon as the network is back', async () => {
    const parts = await signedIn();
    const { session, link, rest, storage } = parts;
    const { answer } = rest;
    link.become('offline');
    rest.answer = () => refusal('NETWORK');
    await session.logOut();
    rest.answer = answer;
    rest.asked.length = 0;
    link.become('connecting');
    await settled();
    expect([logOuts(parts), storage.get(kLeaving)]).toEqual([1, null]);
    link.become('offline');
    link.become('connecting');
    expect(logOuts(parts)).toBe(1);
  });

  it('is sent once where the browser keeps nothing', async () => {
    const { session, storage, rest } = await signedIn();
    storage.set = () => undefined;
    await session.logOut();
    expect(logOuts({ rest })).toBe(1);
  });

  it('does not end the login of who came after, in this tab or another', async () => {
    const { clock, rest, storage } = await loggedOutInVain();
    storage.set(kSignedIn, 'u-ben');
    clock.move(60_000);
    await settled();
    expect(logOuts({ rest })).toBe(1);
  });
});

describe('a login that ends elsewhere', () => {
  it('leads to the log-in page with a word about it', async () => {
    const { link, store, done } = await signedIn();
    link.tell('session.expiring', { reason: 'login_ended' });
    await settled();
    expect(store.getState()).toMatchObject({ app: 'signed-out', me: null, sessionEnded: true });
    expect(done).toContain('wipe');
  });

  it('is noticed when the socket is refused', async () => {
    const { link, store } = await signedIn();
    link.tell('session.refused', { code: 'TOKEN_REVOKED' });
    await settled();
    expect(store.getState().sessionEnded).toBe(true);
  });

  it('is prolonged a day after it was made, and the socket comes back with it', async () => {
    const { link, rest, done, clock } = await signedIn();
    const asked = () => rest.asked.filter((each) => each.path === '/api/auth/refresh').length;
    clock.move(23 * 3_600_000);
    expect(asked()).toBe(0);
    clock.move(3_600_000);
    await settled();
    expect([asked(), done.includes('renew')]).toEqual([1, true]);
    link.become('connecting');
    clock.move(25 * 3_600_000);
    expect(asked()).toBe(1);
  });

  it('is prolonged at once when it runs out, and leads to the log-in page when it cannot be', async () => {
    const { link, rest, done, store } = await signedIn();
    link.tell('session.expiring', { reason: 'expired' });
    await settled();
    expect(done).toContain('renew');
    rest.answer = () => refusal('SESSION_EXPIRED');
    link.tell('session.expiring', { reason: 'expired' });
    await settled();
    expect(store.getState()).toMatchObject({ me: null, sessionEnded: true });
  });

  it('that is prolonged during a call brings the socket back after the call', async () => {
    const { link, done, store } = await signedIn();
    store.change(() => ({
      incoming: { id: 'call', conversationId: null, type: 'audio', group: false, callerId: 'u', expiresAt: '', soundBlocked: false },
    }));
    link.tell('session.expiring', { reason: 'expired' });
    await settled();
    expect(done).not.toContain('renew');
    store.change(() => ({ incoming: null }));
    expect(done).toContain('renew');
  });

  it('is tried again an hour later if the server could not be reached', async () => {
    const { link, rest, clock } = await signedIn();
    const { answer } = rest;
    rest.answer = () => refusal('NETWORK');
    link.tell('session.expiring', { reason: 'expired' });
    await settled();
    rest.answer = answer;
    clock.move(3_600_000);
    expect(rest.asked.filter((each) => each.path === '/api/auth/refresh')).toHaveLength(2);
  });

  it('is another person\'s when another tab logged in', async () => {
    const { session, store, rest, storage } = await signedIn();
    storage.set(kSignedIn, 'u-ben');
    rest.answer = () => success({ user: { ...kAnn, id: 'u-ben', username: 'ben' } });
    session.otherTab('u-ben');
    await settled();
    expect(store.getState()).toMatchObject({ me: { id: 'u-ben' }, sessionEnded: false });
  });

  it('learns from its socket how large a file the server takes', async () => {
    const { link, store } = await signedIn();
    link.tell('session.ready', { sessionId: 's', userId: kAnn.id, deviceId: 'd', resumed: false, maxFileBytes: 4 });
    expect(store.getState().maxFileBytes).toBe(4);
  });

  it('is another person\'s when the socket comes back with their cookie: the page begins anew for them', async () => {
    const { link, store, storage, done } = await signedIn();
    link.tell('session.ready', { sessionId: 's', userId: kAnn.id, deviceId: 'd', resumed: true });
    await settled();
    expect(done).toEqual(['fill']);
    link.tell('session.ready', { sessionId: 's-2', userId: 'u-ben', deviceId: 'd', resumed: false });
    expect([link.state(), store.getState().me]).toEqual(['connecting', null]);
    await settled();
    expect(done).toEqual(['fill', 'wipe', 'reload']);
    // So that the new page asks who that is.
    expect(storage.get(kSignedIn)).toBe('u-ben');
  });

  it('leaves what the other tab keeps of that person alone', async () => {
    const { session, rest, storage } = await signedIn();
    const kept: unknown[] = [];
    rest.answer = () => {
      kept.push(storage.get(kSignedIn));
      return success({ user: { ...kAnn, id: 'u-ben', username: 'ben' } });
    };
    storage.set(kSignedIn, 'u-ben');
    session.otherTab('u-ben');
    await settled();
    expect(kept).toEqual(['u-ben']);
  });
});

describe('the connection', () => {
  it('is said to be back for a moment, if anybody noticed', async () => {
    const { link, store, clock, said } = await signedIn();
    expect(store.getState().back).toBe(false);
    link.become('offline');
    clock.move(5000);
    link.become('connecting');
    link.become('online');
    expect(store.getState().back).toBe(true);
    expect(said).toEqual(['You are offline.', 'Back online.']);
    clock.move(3000);
    expect(store.getState().back).toBe(false);
  });

  it('that broke for less than a second needs no word', async () => {
    const { link, store, clock, said } = await signedIn();
    link.become('connecting');
    clock.move(300);
    link.become('online', false);
    expect(store.getState().back).toBe(false);
    expect(said).toEqual([]);
  });
});
