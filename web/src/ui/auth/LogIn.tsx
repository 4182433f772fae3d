// `/login`.
import { useRef, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { Button } from '../parts/Button.tsx';
import { PasswordField } from '../parts/PasswordField.tsx';
import { TextField } from '../parts/TextField.tsx';
import { useActions } from '../use.ts';
import * as words from '../words/page.en.ts';
import { AuthPage } from './AuthPage.tsx';
import { Refused } from './Refused.tsx';
import { useForm } from './useForm.ts';

export function LogIn() {
  const { logIn } = useActions();
  const search = useSearch();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const form = useForm({
    check: () => ({
      username: name.trim() === '' ? words.fault.nameMissing : null,
      password: password === '' ? words.fault.passwordMissing : null,
    }),
    send: () => logIn(name.trim(), password),
    fields: { username: nameField, password: passwordField },
    // Which of the two was wrong is not told; what the server found wrong with either stands above the button.
    faultOf: () => null,
  });
  return (
    <AuthPage title={words.logIn} busy={form.busy} onSubmit={form.submit}
      other={<>{words.newHere} <Link href={`/signup${search && `?${search}`}`}>{words.createAccount}</Link></>}>
      <TextField label={words.usernameOrEmail} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} ref={nameField}
        value={name} onChange={form.changing('username', setName)} error={form.faults['username']} />
      <PasswordField label={words.password} name="password" autoComplete="current-password" ref={passwordField}
        value={password} onChange={form.changing('password', setPassword)} error={form.faults['password']} />
      {form.refusal && <Refused refusal={form.refusal} />}
      <Button type="submit" kind="primary" size="large" wide busy={form.busy}>{words.logIn}</Button>
    </AuthPage>
  );
}
