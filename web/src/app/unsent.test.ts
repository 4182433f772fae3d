import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Unsent } from '../state/outbox.ts';
import { settled } from '../wire/fakes_for_tests.ts';
import { indexedUnsent } from './unsent.ts';

const kUnsent: Unsent = {
  clientId: 'c-1', conversationId: 'chat', text: 'hello', replyTo: null, createdAt: '', order: 1, file: null, attachment: null, failed: false,
};

/** As much of IndexedDB as is used, kept in `rows`; a connection that has been closed takes no transaction. */
class FakeDatabases {
  readonly rows = new Map<string, Map<string, object>>([['unsent', new Map()], ['drafts', new Map()]]);
  readonly connections: FakeConnection[] = [];
  opens = true;

  open(): object {
    const request: Record<string, unknown> = {};
    queueMicrotask(() => {
      const { onsuccess, onerror } = request as { onsuccess?: () => void; onerror?: () => void };
      if (!this.opens) return onerror?.();
      request['result'] = new FakeConnection(this);
      onsuccess?.();
    });
    return request;
  }
  deleteDatabase(): void { for (const each of this.rows.values()) each.clear(); }
}

class FakeConnection {
  closed = false;
  /** The browser closes it while this is under way. */
  breaks = false;
  onversionchange: (() => void) | null = null;
  constructor(readonly all: FakeDatabases) { all.connections.push(this); }
  close(): void { this.closed = true; }

  transaction(): object {
    if (this.closed) throw new DOMException('The database connection is closing.', 'InvalidStateError');
    const broken = this.breaks ? new DOMException('Connection is closing.', 'AbortError') : null;
    this.closed ||= this.breaks;
    const transaction: Record<string, unknown> = { error: broken, objectStore: (name: string) => this.#store(name, broken !== null) };
    queueMicrotask(() => {
      const { oncomplete, onabort } = transaction as { oncomplete?: () => void; onabort?: () => void };
      if (broken) onabort?.();
      else oncomplete?.();
    });
    return transaction;
  }

  #store(name: string, broken: boolean): object {
    const rows = this.all.rows.get(name) ?? new Map<string, object>();
    const answering = (result: unknown): object => {
      const request: Record<string, unknown> = { result };
      queueMicrotask(() => (request as { onsuccess?: () => void }).onsuccess?.());
      return request;
    };
    return {
      put: (row: { clientId: string }) => { if (!broken) rows.set(row.clientId, row); },
      clear: () => rows.clear(),
      getAll: () => answering([...rows.values()]),
      count: (id: string) => answering(rows.has(id) ? 1 : 0),
    };
  }
}

let databases = new FakeDatabases();
beforeEach(() => {
  databases = new FakeDatabases();
  vi.stubGlobal('indexedDB', databases);
});
afterEach(() => { vi.unstubAllGlobals(); });

it('keeps what was not sent yet', async () => {
  const disk = indexedUnsent();
  await disk.put('me', kUnsent);
  expect([await disk.has('c-1'), (await disk.load('me')).queue, (await disk.load('you')).queue]).toEqual([true, [kUnsent], []]);
  expect(databases.connections).toHaveLength(1);
});

it('is opened again after the browser closed it, once for all who wait', async () => {
  const disk = indexedUnsent();
  await disk.load('me');
  databases.connections[0]?.close();
  await Promise.all([disk.put('me', kUnsent), disk.put('me', { ...kUnsent, clientId: 'c-2' })]);
  expect([[...databases.rows.get('unsent')?.keys() ?? []], databases.connections.length]).toEqual([['c-1', 'c-2'], 2]);
});

it('writes again what was under way when it was closed', async () => {
  const disk = indexedUnsent();
  await disk.load('me');
  for (const each of databases.connections) each.breaks = true;
  await Promise.all([disk.put('me', kUnsent), disk.put('me', { ...kUnsent, clientId: 'c-2' })]);
  expect([[...databases.rows.get('unsent')?.keys() ?? []].sort(), databases.connections.length]).toEqual([['c-1', 'c-2'], 2]);
});

it('makes way for another tab, and is opened again at the next use', async () => {
  const disk = indexedUnsent();
  await disk.load('me');
  databases.connections[0]?.onversionchange?.();
  await settled();
  expect(databases.connections[0]?.closed).toBe(true);
  await disk.put('me', kUnsent);
  expect([await disk.has('c-1'), databases.connections.length]).toEqual([true, 2]);
});

it('is tried again at the next use where it could not be opened', async () => {
  const disk = indexedUnsent();
  databases.opens = false;
  expect(await disk.load('me')).toEqual({ queue: [], drafts: {} });
  databases.opens = true;
  await disk.put('me', kUnsent);
  expect(await disk.has('c-1')).toBe(true);
  expect(databases.rows.get('unsent')?.size).toBe(1);
});
