// `/signup`.
import { useRef, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { Button } from '../parts/Button.tsx';
import { PasswordField } from '../parts/PasswordField.tsx';
import { TextField } from '../parts/TextField.tsx';
import { useActions } from '../use.ts';
import * as words from '../words/page.en.ts';
import { AuthPage } from './AuthPage.tsx';
import { displayNameFault, emailFault, passwordFault, refusedFault, usernameFault } from './faults.ts';
import { Refused } from './Refused.tsx';
import { useForm } from './useForm.ts';

export function SignUp() {
  const { signUp } = useActions();
  const search = useSearch();
  const logInPath = `/login${search && `?${search}`}`;
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const fields = {
    username: useRef<HTMLInputElement>(null), displayName: useRef<HTMLInputElement>(null),
    email: useRef<HTMLInputElement>(null), password: useRef<HTMLInputElement>(null),
  };
  const form = useForm({
    check: () => ({
      username: usernameFault(username), displayName: displayNameFault(displayName), email: emailFault(email), password: passwordFault(password),
    }),
    send: () => signUp({ username: username.trim(), displayName: displayName.trim(), email: email.trim(), password }),
    fields,
    faultOf: refusedFault,
  });
  return (
    <AuthPage title={words.createYours} busy={form.busy} onSubmit={form.submit} other={<>{words.haveAccount} <Link href={logInPath}>{words.logIn}</Link></>}>
      <TextField label={words.username} hint={words.usernameHint} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false}
        ref={fields.username} value={username} onChange={form.changing('username', setUsername)} error={form.faults['username']} />
      <TextField label={words.displayName} name="name" autoComplete="name" ref={fields.displayName}
        value={displayName} onChange={form.changing('displayName', setDisplayName)} error={form.faults['displayName']} />
      <TextField label={words.email} type="email" name="email" autoComplete="email" inputMode="email" ref={fields.email}
        value={email} onChange={form.changing('email', setEmail)} error={form.faults['email']} />
      <PasswordField label={words.password} hint={words.passwordHint} name="password" autoComplete="new-password" ref={fields.password}
        value={password} onChange={form.changing('password', setPassword)} error={form.faults['password']} />
      {form.refusal && (
        <Refused refusal={form.refusal}>
          {form.refusal.code === 'EMAIL_TAKEN' && <> <Link href={logInPath}>{words.fault.logInInstead}</Link></>}
        </Refused>
      )}
      <Button type="submit" kind="primary" size="large" wide busy={form.busy}>{words.signUp}</Button>
    </AuthPage>
  );
}
