// Where I am logged in, and how to end that elsewhere.
import { useEffect, useState } from 'react';
import type { Login } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { useActions, useBelfry } from '../use.ts';
import { longTime } from '../words/format.en.ts';
import { pageWords } from '../words/pages.en.ts';
import css from './Pages.module.css';

const words = pageWords.settings;

function Session({ login, now }: { readonly login: Login; readonly now: number }) {
  const { signOutLogin } = useActions();
  const [busy, setBusy] = useState(false);
  const signOut = async () => {
    setBusy(true);
    await signOutLogin(login.id);
    setBusy(false);
  };
  return (
    <li data-session={login.id} data-current={login.current}>
      <span className={css['device']} id={`session-${login.id}`}>
        {login.device}
        <span className={css['hint']}>{login.current ? words.thisOne : words.active(longTime(login.lastSeenAt, now))}</span>
      </span>
      {!login.current && (
        <Button size="small" busy={busy} aria-describedby={`session-${login.id}`} onClick={() => void signOut()}>{words.signOut}</Button>
      )}
    </li>
  );
}

export function SessionsSection() {
  const { loadLogins, signOutElsewhere } = useActions();
  const logins = useBelfry((state) => state.logins);
  const [now] = useState(Date.now);
  const [busy, setBusy] = useState(false);
  useEffect(() => { void loadLogins(); }, [loadLogins]);
  const elsewhere = async () => {
    setBusy(true);
    await signOutElsewhere();
    setBusy(false);
  };
  return (
    <>
      <p className={css['hint']}>{words.sessionsHint}</p>
      <ul className={css['sessions']} aria-label={words.sessions}>
        {logins.map((login) => <Session key={login.id} login={login} now={now} />)}
      </ul>
      <div><Button busy={busy} onClick={() => void elsewhere()}>{words.signOutElsewhere}</Button></div>
    </>
  );
}
