// What a person does with their account, apart from being signed in. Only the pages for it need this, so it is a chunk of its own.
import { makeHistory } from './history.ts';
import { makeLogins } from './logins.ts';
import { makeProfile } from './profile.ts';
import type { Context } from './context.ts';

export const makeAccount = (ctx: Context) => ({ ...makeHistory(ctx), ...makeLogins(ctx), ...makeProfile(ctx) });

export type Account = ReturnType<typeof makeAccount>;
