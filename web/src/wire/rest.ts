// REST of the same origin, by the session cookie. Every answer is told as Answer; nothing here throws.
import { answerFrom, errorFrom, noAnswer } from './answers.ts';
import { isObject } from './json.ts';
import type { Answer, Rest } from './ports.ts';

/** Nobody waits longer than this for a page of messages; uploads have no limit, because they show how far they are. */
const kAnswerWithinMs = 20_000;

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** Seconds, or a date. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function codeOf(status: number): string {
  if (status === 413) return 'PAYLOAD_TOO_LARGE';
  if (status === 429) return 'RATE_LIMITED';
  // A proxy answers for a server that is away.
  return status === 502 || status === 503 || status === 504 ? 'STORE_UNAVAILABLE' : 'INTERNAL';
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly header: (name: string) => string | null;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function read<T>(reply: Reply): Answer<T> {
  const json = parsed(reply.body);
  if (reply.status >= 200 && reply.status < 300 && isObject(json)) return answerFrom<T>(json);
  const error = errorFrom(json, codeOf(reply.status));
  return {
    ok: false,
    error: {
      ...error,
      retryAfterMs: error.retryAfterMs ?? retryAfterMs(reply.header('Retry-After'), Date.now()),
      requestId: error.requestId ?? reply.header('X-Request-Id'),
    },
  };
}

async function ask<T>(fetchIt: Fetch, method: string, path: string, body?: unknown): Promise<Answer<T>> {
  try {
    const response = await fetchIt(path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(kAnswerWithinMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return read<T>({ status: response.status, body: await response.text(), header: (name) => response.headers.get(name) });
  } catch {
    return noAnswer();
  }
}

/** By XMLHttpRequest, because fetch does not tell how much has been sent. */
function upload<T>(request: XMLHttpRequest, path: string, form: FormData, progress: (done: number) => void, stop?: AbortSignal): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const end = (answer: Answer<T>): void => {
      stop?.removeEventListener('abort', abort);
      resolve(answer);
    };
    const abort = (): void => request.abort();
    request.open('POST', path);
    request.setRequestHeader('accept', 'application/json');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) progress(event.loaded / event.total);
    };
    request.onload = () => end(read<T>({ status: request.status, body: request.responseText, header: (name) => request.getResponseHeader(name) }));
    request.onerror = request.onabort = request.ontimeout = () => end(noAnswer());
    if (stop?.aborted) return end(noAnswer());
    stop?.addEventListener('abort', abort);
    request.send(form);
  });
}

export function makeRest(fetchIt: Fetch = (path, init) => fetch(path, init), newRequest: () => XMLHttpRequest = () => new XMLHttpRequest()): Rest {
  return {
    get: (path) => ask(fetchIt, 'GET', path),
    send: (method, path, body) => ask(fetchIt, method, path, body),
    upload(path, field, file, name, progress, stop) {
      const form = new FormData();
      form.append(field, file, name);
      return upload(newRequest(), path, form, progress, stop);
    },
    beacon: (path) => void navigator.sendBeacon(path),
  };
}
