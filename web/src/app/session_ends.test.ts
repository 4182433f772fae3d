// How a session ends: here, in another tab, or by the server.
import { describe, expect, it } from 'vitest';
import { type fakeRest, refusal, settled, success } from '../wire/fakes_for_tests.ts';
import { kAnn, signedIn } from './session_stage_for_tests.ts';
import { kLeaving, kSignedIn } from './storage.ts';

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
