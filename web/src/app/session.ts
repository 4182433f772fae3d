// Who is signed in here: signing up, logging in and out, and coming back. Everything else of a person begins with enter() and ends with
// leave(), which leaves nothing of them in this browser.
import type { Done, SessionActions, SignUp } from '../state/actions.ts';
import type { Me, State } from '../state/model.ts';
import { kEmpty } from '../state/store.ts';
import { chatWords } from '../ui/words/chat.en.ts';
import { enterBy, loggingIn, prolongLogin, signingUp, whoAmI, type Entry } from '../wire/account_api.ts';
import { isLoginOver } from '../wire/answers.ts';
import { hear } from '../wire/events.ts';
import type { Context } from './context.ts';
import { makeLogOut } from './log_out.ts';
import { done, entryRefusal, refused } from './refusals.ts';
import { kLeaving, kRenewed, kSignedIn, type WebStorage } from './storage.ts';

/** What begins and ends with a person. */
export interface Parts {
  readonly storage: WebStorage;
  /** Fills the sidebar; resolves when it can be shown. */
  readonly fill: () => Promise<void>;
  /** Forgets what this person left, on the disk too. It begins while there is a connection, and the server is told of a log-out only after it. */
  readonly wipe: () => Promise<void>;
  /** Comes back with the newest cookie. */
  readonly renewLink: () => void;
  /** Loads the page anew. */
  readonly reload: () => void;
}

export interface Session extends Pick<SessionActions, 'signUp' | 'logIn' | 'logOut'> {
  /** Finds out who is signed in. */
  start(): Promise<void>;
  /** Another tab of this browser signed in or out. */
  otherTab(userId: string | null): void;
}

const kTryAgainMs = 2000;
const kBackShownMs = 3000;
const kNoticedAfterMs = 1000;
/** A login ends by itself a week after it was made or prolonged: a page that is used now and then prolongs it in time. */
const kProlongAfterMs = 24 * 3_600_000;
const kLookEveryMs = 3_600_000;

export function makeSession(ctx: Context, parts: Parts): Session {
  const { store, rest, link, clock } = ctx;
  const { storage } = parts;
  const serverLogOut = makeLogOut(ctx, storage);
  // Grows with each person: what an earlier one asked for must not show up for the next.
  let visit = 0;
  /** Null: the connection stands, or never did. */
  let lostAt: number | null = null;

  function signedOut(sessionEnded: boolean): void {
    const { connection, settings, newVersion } = store.getState();
    store.change(() => ({ ...kEmpty, app: 'signed-out', connection, settings, newVersion, sessionEnded }));
  }

  async function fill(of: number): Promise<void> {
    await parts.fill();
    if (of !== visit || !store.getState().me) return;
    store.change(() => ({ app: 'ready' }));
    prolongIfDue();
  }

  function enter(me: Me): void {
    ++visit;
    storage.set(kSignedIn, me.id);
    store.change(() => ({ me, sessionEnded: false, app: 'starting' }));
    link.connect();
  }

  function forgetLogin(): void {
    storage.remove(kSignedIn);
    storage.remove(kRenewed);
  }

  async function leave(sessionEnded: boolean): Promise<void> {
    const { me } = store.getState();
    if (!me) return;
    ++visit;
    // Another tab may have signed in somebody else: then this is theirs, and to remove it would sign them out.
    if (storage.get(kSignedIn) === me.id) forgetLogin();
    const wiped = parts.wipe();
    link.close();
    lostAt = null;
    signedOut(sessionEnded);
    await wiped;
  }

  /** The server was asked in vain, or says that there is no session. */
  async function restore(of: number): Promise<void> {
    const answer = await whoAmI(rest);
    if (of !== visit) return;
    if (answer.ok && answer.data) return enter(answer.data);
    if (answer.ok || isLoginOver(answer.error.code)) {
      forgetLogin();
      return signedOut(true);
    }
    clock.after(kTryAgainMs, () => void restore(of));
  }

  /** The server could not be told, or the page was closed before the log-out was done. */
  async function finishLeaving(): Promise<void> {
    forgetLogin();
    await parts.wipe();
    await serverLogOut.finish();
  }

  const begin = (entry: Entry): Promise<Done<null>> => serverLogOut.before(async (also) => {
    const answer = await enterBy(rest, entry, also);
    if (!answer.ok) return refused(answer.error, entryRefusal);
    const me = answer.data;
    if (!me) return { ok: false, refusal: { code: 'INTERNAL', fields: {}, retryAfterSeconds: null, requestId: null } };
    storage.remove(kLeaving);
    // Another tab may have signed somebody in while the answer was on its way.
    const now = store.getState().me;
    if (now && now.id !== me.id) await leave(false);
    storage.set(kRenewed, String(clock.now()));
    if (now?.id !== me.id) enter(me);
    return done;
  });

  function showBack(): void {
    ctx.announce(chatWords.say.back, 'polite', 'connection');
    store.change(() => ({ back: true }));
    clock.after(kBackShownMs, () => store.change(() => ({ back: false })));
  }

  link.onState((connection) => {
    const before = store.getState();
    store.change(() => ({ connection }));
    if (!before.me) {
      if (connection !== 'offline') void serverLogOut.finish();
      return;
    }
    if (before.connection === 'online') lostAt = clock.now();
    if (connection === 'offline') ctx.announce(chatWords.say.offline, 'polite', 'connection');
    if (connection !== 'online') return;
    if (before.app === 'starting') void fill(visit);
    // What was over before anybody noticed needs no word.
    if (lostAt !== null && clock.now() - lostAt >= kNoticedAfterMs) showBack();
    lostAt = null;
  });

  /** The cookie is another person's now, and no tab said so. */
  async function beginFor(userId: string): Promise<void> {
    storage.set(kSignedIn, userId);
    await leave(false);
    parts.reload();
  }

  hear(link, 'session.ready', ({ userId, maxFileBytes }) => {
    const { me } = store.getState();
    if (maxFileBytes !== null) store.change(() => ({ maxFileBytes }));
    if (me && userId && userId !== me.id) void beginFor(userId);
  });
  hear(link, 'session.refused', () => void leave(true));
  hear(link, 'session.expiring', ({ reason }) => {
    if (reason === 'login_ended') return void leave(true);
    void prolong();
  });

  /** A new cookie for the old one. The socket stays with the old login, and may begin no call once that has run out. */
  async function prolong(): Promise<void> {
    const of = visit;
    // Before the answer, so that another tab does not ask as well.
    storage.set(kRenewed, String(clock.now()));
    const answer = await prolongLogin(rest);
    if (of !== visit) return;
    if (answer.ok) return afterCalls(parts.renewLink);
    if (isLoginOver(answer.error.code)) return afterCalls(() => void leave(true));
    storage.remove(kRenewed);  // so that it is tried again
  }

  /** Both break the connection, which a call needs. */
  function afterCalls(act: () => void): void {
    const of = visit;
    const isFree = ({ call, incoming }: State): boolean => call === null && incoming === null;
    if (isFree(store.getState())) return act();
    const stop = store.subscribe((state) => {
      if (!isFree(state)) return;
      stop();
      if (of === visit) act();
    });
  }

  function prolongIfDue(): void {
    if (store.getState().app !== 'ready' || link.state() !== 'online') return;
    if (clock.now() - Number(storage.get(kRenewed) ?? 0) >= kProlongAfterMs) void prolong();
  }
  clock.every(kLookEveryMs, prolongIfDue);

  return {
    async start() {
      store.change(() => ({ connection: link.state() }));
      const of = visit;
      if (storage.get(kLeaving) !== null) await finishLeaving();
      if (of !== visit) return;
      if (storage.get(kSignedIn) === null) return signedOut(false);
      await restore(of);
    },
    otherTab(userId) {
      const me = store.getState().me;
      if (userId === null) return void (me && leave(true));
      if (me?.id === userId) return;
      // The cookie is another person's now.
      void (me ? leave(false) : Promise.resolve()).then(() => restore(visit));
    },
    signUp: ({ username, displayName, email, password }: SignUp) => begin(signingUp({
      username: username.trim(), password, displayName: displayName.trim(), email: email.trim(),
    })),
    logIn: (name, password) => begin(loggingIn(name.trim(), password)),
    async logOut() {
      if (!store.getState().me) return;
      storage.set(kLeaving, '1');
      // Whatever it waits for, such as that this device gets no more pushes, the page is left at once.
      await leave(false);
      await serverLogOut.tell();
    },
  };
}
