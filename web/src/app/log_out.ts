// Telling the server of a log-out. Here it is done at once; until the server has said yes the cookie still opens the account, so the server
// is told again: after a pause, when the network is back, when a page is opened, and by the next log-in (session.ts).
import { endThisLogin } from '../wire/account_api.ts';
import { isLoginOver } from '../wire/answers.ts';
import type { Context } from './context.ts';
import { kLeaving, kSignedIn, type WebStorage } from './storage.ts';

export interface LogOut {
  /** Tells the server, but not once somebody has signed in in this browser: the cookie is theirs. */
  tell(): Promise<void>;
  /** The same, if the server is still to be told. */
  finish(): Promise<void>;
  /** `logIn` gets what its request has to say of the log-out. */
  before<T>(logIn: (also: { readonly endPrevious?: true }) => Promise<T>): Promise<T>;
}

const kFirstPauseMs = 2000;
const kLongestPauseMs = 60_000;

export function makeLogOut({ rest, clock }: Context, storage: WebStorage): LogOut {
  let sending: Promise<void> | null = null;
  let logIns = 0;
  let pauseMs = kFirstPauseMs;
  let stopWaiting = (): void => undefined;

  async function send(): Promise<void> {
    const answer = await endThisLogin(rest);
    sending = null;
    if (answer.ok || isLoginOver(answer.error.code)) {
      pauseMs = kFirstPauseMs;
      storage.remove(kLeaving);
      return;
    }
    stopWaiting = clock.after(Math.min(Math.max(pauseMs, answer.error.retryAfterMs ?? 0), kLongestPauseMs), () => void finish());
    pauseMs = Math.min(2 * pauseMs, kLongestPauseMs);
  }

  async function tell(): Promise<void> {
    stopWaiting();
    // The late answer would take the cookie of a log-in away.
    if (logIns === 0 && storage.get(kSignedIn) === null) await (sending ??= send());
  }

  const finish = async (): Promise<void> => { if (storage.get(kLeaving) !== null) await tell(); };

  return {
    tell, finish,
    async before(logIn) {
      ++logIns;
      try {
        await sending;
        return await logIn(storage.get(kLeaving) === null ? {} : { endPrevious: true });
      } finally {
        --logIns;
        void finish();
      }
    },
  };
}
