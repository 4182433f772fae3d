// The actions of account.ts, whose code comes when one of them is first used, or the page has nothing better to do.
import { kNoAnswer } from '../wire/answers.ts';
import type { Account } from './account.ts';
import type { Context } from './context.ts';
import { refused } from './refusals.ts';

export interface LateAccount {
  readonly actions: Account;
  fetch(): void;
}

type Load = () => Promise<{ readonly makeAccount: (ctx: Context) => Account }>;

export function lateAccount(ctx: Context, load: Load = () => import('./account.ts')): LateAccount {
  let account: Promise<Account> | null = null;

  function loaded(): Promise<Account> {
    account ??= load().then(({ makeAccount }) => makeAccount(ctx));
    // The next use tries again.
    account.catch(() => (account = null));
    return account;
  }

  /** Code that cannot be fetched is a server that cannot be reached. */
  async function orElse<T>(act: (account: Account) => Promise<T>, otherwise: T): Promise<T> {
    const found = await loaded().catch(() => null);
    return found ? act(found) : otherwise;
  }

  return {
    fetch: () => void loaded().catch(() => undefined),
    actions: {
      loadHistory: (filter, after) => orElse((own) => own.loadHistory(filter, after), refused(kNoAnswer)),
      loadStatistics: (period) => orElse((own) => own.loadStatistics(period), refused(kNoAnswer)),
      saveProfile: (name) => orElse((own) => own.saveProfile(name), refused(kNoAnswer)),
      setPhoto: (photo) => orElse((own) => own.setPhoto(photo), refused(kNoAnswer)),
      loadLogins: () => orElse((own) => own.loadLogins(), undefined),
      signOutLogin: (id) => orElse((own) => own.signOutLogin(id), undefined),
      signOutElsewhere: () => orElse((own) => own.signOutElsewhere(), undefined),
    },
  };
}
