// Who is signed in here: signing up, logging in and out at the server, by the session cookie.
import type { Me } from '../state/model.ts';
import { reading } from './answers.ts';
import { member } from './json.ts';
import { meFrom } from './person_shapes.ts';
import type { Answer, Rest } from './ports.ts';

/** One way to get a session, with what the server wants to know for it. */
export interface Entry {
  readonly path: string;
  readonly form: object;
}

export interface NewAccount {
  readonly username: string;
  readonly password: string;
  /** Empty: none. */
  readonly displayName: string;
  readonly email: string;
}

export const signingUp = ({ username, password, displayName, email }: NewAccount): Entry => ({
  path: '/api/auth/signup',
  form: { username, password, ...(displayName && { name: displayName }), ...(email && { email }) },
});

/** `name`: of the user, or their email address. */
export const loggingIn = (name: string, password: string): Entry => ({ path: '/api/auth/login', form: { identifier: name, password } });

const userIn = (data: unknown): Me | null => meFrom(member(data, 'user'));

/** Null: the server said yes, and not to whom. `more` goes with the form. */
export const enterBy = async (rest: Rest, { path, form }: Entry, more: object = {}): Promise<Answer<Me | null>> =>
  reading(await rest.send<unknown>('POST', path, { ...form, ...more }), userIn);

export const whoAmI = async (rest: Rest): Promise<Answer<Me | null>> => reading(await rest.get<unknown>('/api/auth/me'), userIn);

/** A new cookie for the old one. */
export const prolongLogin = (rest: Rest): Promise<Answer<unknown>> => rest.send<unknown>('POST', '/api/auth/refresh');

export const endThisLogin = (rest: Rest): Promise<Answer<unknown>> => rest.send<unknown>('POST', '/api/auth/logout');
