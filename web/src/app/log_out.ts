// Telling the server of a log-out. Until it has said yes the cookie still opens the account, so it is told again: after a pause, when the
// network is back, before the next log-in, and when a page is opened (session.ts).
import { endThisLogin } from '../wire/account_api.ts';
import { isLoginOver } from '../wire/answers.ts';
import type { WireError } from '../wire/ports.ts';
import type { Context } from './context.ts';
import { kLeaving, kSignedIn, type WebStorage } from './storage.ts';

export interface LogOut {
  /** Tells the server. Null: it said yes. */
  tell(): Promise<WireError | null>;
  /** Tells the server, if it is still to be told. Null: nothing is left to tell. */
  finish(): Promise<WireError | null>;
  /** Like finish(), but not once somebody has signed in in this browser: the cookie is theirs. */
  tryAgain(): void;
}

const kFirstPauseMs = 2000;
const kLongestPauseMs = 60_000;

export function makeLogOut({ rest, clock }: Context, storage: WebStorage): LogOut {
  let sending: Promise<WireError | null> | null = null;
  let pauseMs = kFirstPauseMs;
  let stopWaiting = (): void => undefined;

  async function send(): Promise<WireError | null> {
    const answer = await endThisLogin(rest);
    sending = null;
    if (answer.ok || isLoginOver(answer.error.code)) {
      pauseMs = kFirstPauseMs;
      storage.remove(kLeaving);
      return null;
    }
    stopWaiting = clock.after(Math.min(Math.max(pauseMs, answer.error.retryAfterMs ?? 0), kLongestPauseMs), tryAgain);
    pauseMs = Math.min(2 * pauseMs, kLongestPauseMs);
    return answer.error;
  }

  function tell(): Promise<WireError | null> {
    stopWaiting();
    // Never two at once: the late answer to one would take the cookie of a log-in that waited for the other.
    return sending ??= send();
  }

  const finish = async (): Promise<WireError | null> => (storage.get(kLeaving) === null ? null : tell());

  function tryAgain(): void {
    if (storage.get(kSignedIn) === null) void finish();
  }

  return { tell, finish, tryAgain };
}
