// My logins: which browsers and devices are signed in as me.
import type { SessionActions } from '../state/actions.ts';
import { deviceOf } from '../state/logins.ts';
import type { WireError } from '../wire/ports.ts';
import { endLogin, readLogins } from '../wire/profile_api.ts';
import { sessionWords } from '../ui/words/session.en.ts';
import type { Context } from './context.ts';

export function makeLogins({ store, rest, toast }: Context): Pick<SessionActions, 'loadLogins' | 'signOutLogin' | 'signOutElsewhere'> {
  const failed = (error: WireError): void => toast({ kind: 'error', text: error.code === 'NETWORK' ? sessionWords.away : sessionWords.failed });

  async function load(): Promise<void> {
    const answer = await readLogins(rest, deviceOf);
    if (!answer.ok) return failed(answer.error);
    // This one first, then the newest.
    const logins = answer.data.sort((a, b) => Number(b.current) - Number(a.current) || b.lastSeenAt.localeCompare(a.lastSeenAt));
    store.change(() => ({ logins }));
  }

  async function end(id: string): Promise<boolean> {
    const answer = await endLogin(rest, id);
    // One that is gone already is what was asked for.
    if (answer.ok || answer.error.code === 'NOT_FOUND') return true;
    failed(answer.error);
    return false;
  }

  return {
    loadLogins: load,
    async signOutLogin(id) {
      if (!await end(id)) return;
      store.change((state) => ({ logins: state.logins.filter((each) => each.id !== id) }));
    },
    async signOutElsewhere() {
      await load();
      const others = store.getState().logins.filter((each) => !each.current);
      let ended = others.length > 0;
      for (const { id } of others) ended &&= await end(id);
      await load();
      if (ended) toast({ kind: 'info', text: sessionWords.signedOutElsewhere });
    },
  };
}
