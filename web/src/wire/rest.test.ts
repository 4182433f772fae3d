import { describe, expect, it, vi } from 'vitest';
import { makeRest, retryAfterMs } from './rest.ts';

function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const asked: { path: string; init: RequestInit }[] = [];
  const rest = makeRest(async (path, init) => {
    asked.push({ path, init });
    return new Response(body, { status, headers });
  });
  return { rest, asked };
}

describe('REST', () => {
  it('unwraps the data of a success', async () => {
    const { rest, asked } = answering(200, '{"success":true,"data":{"users":[]}}');
    expect(await rest.get('/api/users')).toEqual({ ok: true, data: { users: [] } });
    expect(asked[0]?.init).toMatchObject({ method: 'GET', credentials: 'same-origin' });
    expect(asked[0]?.init.body).toBeUndefined();
  });

  it('sends JSON', async () => {
    const { rest, asked } = answering(201, '{"success":true,"data":null}');
    await rest.send('POST', '/api/calls', { callType: 'audio' });
    expect(asked[0]?.init).toMatchObject({ method: 'POST', body: '{"callType":"audio"}', headers: { 'content-type': 'application/json' } });
  });

  it('tells the code, the fields and the request of a refusal', async () => {
    const body = '{"success":false,"message":"m","error":{"code":"DUPLICATE","message":"m","details":[{"field":"username","issue":"taken"}],"retryAfterMs":null,"requestId":"r-1"}}';
    const { rest } = answering(409, body);
    expect(await rest.send('POST', '/api/auth/signup', {})).toEqual({
      ok: false,
      error: { code: 'DUPLICATE', message: 'm', details: [{ field: 'username', issue: 'taken' }], retryAfterMs: null, requestId: 'r-1', data: null },
    });
  });

  it('takes from the headers what the body does not say', async () => {
    const { rest } = answering(429, 'slow down', { 'Retry-After': '24', 'X-Request-Id': 'r-2' });
    expect(await rest.get('/api/users')).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfterMs: 24_000, requestId: 'r-2' } });
  });

  it('takes the page of a proxy for a server that is away', async () => {
    const { rest } = answering(502, '<html>Bad gateway</html>');
    expect(await rest.get('/api/users')).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } });
  });

  it('takes a page where JSON was asked for as a failure', async () => {
    const { rest } = answering(200, '<!doctype html>');
    expect(await rest.get('/api/users')).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
  });

  it('answers NETWORK when no answer came', async () => {
    const rest = makeRest(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await rest.get('/api/users')).toMatchObject({ ok: false, error: { code: 'NETWORK' } });
  });

  it('reads Retry-After as seconds or as a date', () => {
    expect(retryAfterMs('3', 0)).toBe(3000);
    expect(retryAfterMs('Thu, 01 Jan 1970 00:00:07 GMT', 2000)).toBe(5000);
    expect(retryAfterMs('soon', 0)).toBeNull();
    expect(retryAfterMs(null, 0)).toBeNull();
  });
});

class FakeRequest {
  readonly upload: { onprogress: ((event: ProgressEvent) => void) | null } = { onprogress: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  status = 0;
  responseText = '';
  sent: FormData | null = null;
  open = vi.fn();
  setRequestHeader = vi.fn();
  getResponseHeader = (): null => null;
  abort(): void {
    this.onabort?.();
  }
  send(form: FormData): void {
    this.sent = form;
  }
}

describe('an upload', () => {
  function start(stop?: AbortSignal) {
    const request = new FakeRequest();
    const rest = makeRest(undefined, () => request as unknown as XMLHttpRequest);
    const progress: number[] = [];
    const answer = rest.upload('/api/files', 'file', new Blob(['abcd']), 'a.txt', (done) => progress.push(done), stop);
    return { request, progress, answer };
  }

  it('tells how far it is, and then what the server answered', async () => {
    const { request, progress, answer } = start();
    request.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 } as ProgressEvent);
    request.upload.onprogress?.({ lengthComputable: false, loaded: 2, total: 0 } as ProgressEvent);
    request.status = 201;
    request.responseText = '{"success":true,"data":{"id":"f"}}';
    request.onload?.();
    expect(await answer).toEqual({ ok: true, data: { id: 'f' } });
    expect(progress).toEqual([0.25]);
    expect(request.sent?.get('file')).toMatchObject({ name: 'a.txt' });
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const { answer } = start(stop.signal);
    stop.abort();
    expect(await answer).toMatchObject({ ok: false, error: { code: 'NETWORK' } });
  });
});
