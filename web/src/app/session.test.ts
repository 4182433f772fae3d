// How a page comes to its session, and keeps it.
import { describe, expect, it } from 'vitest';
import { fakeClock, refusal, settled, success } from '../wire/fakes_for_tests.ts';
import { aSession, kAnn, signedIn } from './session_stage_for_tests.ts';
import { kLeaving, kRenewed, kSignedIn } from './storage.ts';

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
