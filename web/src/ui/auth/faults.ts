// What is wrong with a field, as a sentence (DESIGN section 10.1); null: nothing. Checked here first, so that the server is not asked in vain,
// and read from its refusal, which has the last word.
import type { Refusal } from '../../state/actions.ts';
import { fault } from '../words/page.en.ts';

const length = (text: string): number => [...text].length;

export function usernameFault(username: string): string | null {
  const typed = username.trim();
  if (typed === '') return fault.usernameMissing;
  return /^[A-Za-z0-9_-]{1,64}$/.test(typed) ? null : fault.usernameForm;
}

export const displayNameFault = (name: string): string | null => (length(name.trim()) > 64 ? fault.nameLong : null);

/** Only what cannot be one: what is before and after one `@`, without spaces. */
export const emailFault = (email: string): string | null => (email.trim() === '' || /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? null : fault.emailForm);

export function passwordFault(password: string): string | null {
  if (length(password) < 8) return fault.passwordShort;
  return length(password) > 128 ? fault.passwordLong : null;
}

/** The sentence for one field of a refused sign-up. */
export function refusedFault(refusal: Refusal, field: string): string | null {
  if (refusal.code === 'USERNAME_TAKEN') return field === 'username' ? fault.usernameTaken : null;
  if (refusal.code === 'EMAIL_TAKEN') return field === 'email' ? fault.emailTaken : null;
  const issue = refusal.fields[field];
  if (issue === undefined) return null;
  switch (field) {
    case 'username': return issue === 'required' ? fault.usernameMissing : fault.usernameForm;
    case 'displayName': return fault.nameLong;
    case 'email': return fault.emailForm;
    case 'password': return issue === 'too_long' ? fault.passwordLong : fault.passwordShort;
    default: return null;
  }
}
