// Answers of the server, over REST and sockets alike, as Answer has them.
import { isObject, list, member, number, text, words } from './json.ts';
import type { Answer, WireError } from './ports.ts';

export const kNoAnswer: WireError = { code: 'NETWORK', message: '', details: [], retryAfterMs: null, requestId: null, data: null };

export const noAnswer = (): { readonly ok: false; readonly error: WireError } => ({ ok: false, error: kNoAnswer });

/** Whether the server says by this code that the login is over. */
export const isLoginOver = (code: string): boolean => code === 'UNAUTHENTICATED' || code === 'SESSION_EXPIRED' || code === 'TOKEN_REVOKED';

function detail(json: unknown): { field: string; issue: string } | null {
  const field = text(json, 'field');
  return field === null ? null : { field, issue: text(json, 'issue') ?? 'invalid' };
}

/** `{success: false, error: {…}, data?}`, or whatever a proxy in between answered. */
export function errorFrom(json: unknown, unknownCode: string): WireError {
  const error = member(json, 'error');
  return {
    code: words(error, 'code') ?? unknownCode,
    message: text(error, 'message') ?? text(json, 'message') ?? '',
    details: list(error, 'details', detail),
    retryAfterMs: number(error, 'retryAfterMs'),
    requestId: words(error, 'requestId'),
    data: member(json, 'data') ?? null,
  };
}

/** The same answer, with its data read. */
export const reading = <T>(answer: Answer<unknown>, read: (data: unknown) => T): Answer<T> =>
  (answer.ok ? { ok: true, data: read(answer.data) } : answer);

/** The caller says by `T` what it asked for, and reads it by wire/shapes.ts, which checks it. */
export function answerFrom<T>(json: unknown, unknownCode = 'INTERNAL'): Answer<T> {
  if (!isObject(json) || json['success'] !== true) return { ok: false, error: errorFrom(json, unknownCode) };
  return { ok: true, data: json['data'] as T };
}
