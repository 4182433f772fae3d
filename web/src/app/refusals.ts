// From what the server refused to what a form shows.
import type { Done, Refusal } from '../state/actions.ts';
import type { Answer, WireError } from '../wire/ports.ts';

/** What the server calls a field, as the forms do. */
const kFields: Readonly<Record<string, string>> = { name: 'displayName', identifier: 'username' };

export function refusalFrom(error: WireError): Refusal {
  const fields: Record<string, string> = {};
  for (const { field, issue } of error.details) fields[kFields[field] ?? field] ??= issue;
  return {
    code: error.code,
    fields,
    retryAfterSeconds: error.retryAfterMs === null ? null : Math.ceil(error.retryAfterMs / 1000),
    requestId: error.requestId,
  };
}

/** Of a log-in and a sign-up, where the same code of the server means one thing more. */
export function entryRefusal(error: WireError): Refusal {
  const refusal = refusalFrom(error);
  return { ...refusal, code: codeOf(error, refusal.fields) };
}

function codeOf(error: WireError, fields: Readonly<Record<string, string>>): string {
  if (error.code === 'DUPLICATE') return 'email' in fields ? 'EMAIL_TAKEN' : 'USERNAME_TAKEN';
  if (error.code === 'UNAUTHENTICATED') return 'INVALID_CREDENTIALS';
  return error.code === 'FORBIDDEN' ? 'USER_INACTIVE' : error.code;
}

export const refused = <T>(error: WireError, how: (error: WireError) => Refusal = refusalFrom): Done<T> => ({ ok: false, refusal: how(error) });
export const done: Done<null> = { ok: true, value: null };

export const doneIf = (answer: Answer<unknown>): Done<null> => (answer.ok ? done : refused(answer.error));
