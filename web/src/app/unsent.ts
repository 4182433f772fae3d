// What must survive a reload: messages that were not sent yet, with their files, and drafts. Kept in IndexedDB until they are sent; gone at
// log-out. Nothing else of a conversation is ever stored on the disk. Where the browser keeps nothing (private windows), all goes on without.
import type { ConversationId, UserId } from '../state/model.ts';
import type { Unsent } from '../state/outbox.ts';
import { number, text, words } from '../wire/json.ts';

export interface Kept {
  readonly queue: readonly Unsent[];
  readonly drafts: Readonly<Record<ConversationId, string>>;
}

export interface UnsentStore {
  /** Somebody else's, left behind in this browser, is not given. */
  load(user: UserId): Promise<Kept>;
  put(user: UserId, unsent: Unsent): Promise<void>;
  /** Another tab may have sent or discarded it. True where nobody can tell. */
  has(clientId: string): Promise<boolean>;
  drop(clientId: string): Promise<void>;
  /** Empty: there is none any more. */
  draft(user: UserId, conversation: ConversationId, text: string): Promise<void>;
  clear(): Promise<void>;
}

interface UnsentRow extends Unsent { readonly user: UserId }
interface DraftRow { readonly user: UserId; readonly conversationId: ConversationId; readonly text: string }

const kName = 'belfry-unsent';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(kName, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('unsent', { keyPath: 'clientId' });
      request.result.createObjectStore('drafts', { keyPath: ['user', 'conversationId'] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database cannot be opened'));
  });
}

const isUnsent = (row: unknown): row is UnsentRow => words(row, 'user') !== null && words(row, 'clientId') !== null &&
  words(row, 'conversationId') !== null && text(row, 'text') !== null && number(row, 'order') !== null;
const isDraft = (row: unknown): row is DraftRow =>
  words(row, 'user') !== null && words(row, 'conversationId') !== null && text(row, 'text') !== null;

/** What a later version may have written otherwise is left out. */
function rowsOf<T>(rows: IDBObjectStore, is: (row: unknown) => row is T): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const request: IDBRequest<unknown[]> = rows.getAll();
    request.onsuccess = () => resolve(request.result.filter(is));
    request.onerror = () => reject(request.error ?? new Error('the database cannot be read'));
  });
}

const done = (transaction: IDBTransaction): Promise<void> => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error ?? new Error('the database took nothing'));
});

/** As browsers do when they need the disk, or when somebody clears the page's data; what was under way is aborted. */
const wasClosed = (error: unknown): boolean => error instanceof DOMException && ['InvalidStateError', 'AbortError'].includes(error.name);

/** One connection, opened at first use, and once more if it has been closed. Requests run in the order in which they were made. */
function connection(): { use<T>(act: (database: IDBDatabase) => Promise<T>, otherwise: T): Promise<T>; close(): void } {
  let opened: Promise<IDBDatabase> | null = null;
  const close = (): void => {
    const was = opened;
    opened = null;
    if (was) void was.then((database) => database.close(), () => undefined);
  };

  function ready(): Promise<IDBDatabase> {
    if (opened !== null) return opened;
    const opening = open().then((database) => {
      // Another tab logs out, or runs a newer version: it waits for us.
      database.onversionchange = close;
      return database;
    });
    opened = opening;
    // The next use tries again.
    opening.catch(() => { if (opened === opening) opened = null; });
    return opening;
  }

  async function attempt<T>(act: (database: IDBDatabase) => Promise<T>): Promise<T> {
    const used = ready();
    try {
      return await act(await used);
    } catch (error) {
      if (wasClosed(error) && opened === used) close();
      throw error;
    }
  }

  return {
    close,
    async use(act, otherwise) {
      try {
        return await attempt(act).catch((error: unknown) => {
          if (wasClosed(error)) return attempt(act);
          throw error;
        });
      } catch {
        return otherwise;
      }
    },
  };
}

export function indexedUnsent(): UnsentStore {
  const disk = connection();
  const write = (store: 'unsent' | 'drafts', act: (rows: IDBObjectStore) => void): Promise<void> => disk.use((database) => {
    const transaction = database.transaction(store, 'readwrite');
    act(transaction.objectStore(store));
    return done(transaction);
  }, undefined);

  return {
    load: (user) => disk.use(async (database) => {
      const transaction = database.transaction(['unsent', 'drafts']);
      const [queue, texts] = await Promise.all([
        rowsOf(transaction.objectStore('unsent'), isUnsent), rowsOf(transaction.objectStore('drafts'), isDraft),
      ]);
      return {
        queue: queue.filter((row) => row.user === user).map(({ user: _, ...row }) => row),
        drafts: Object.fromEntries(texts.filter((row) => row.user === user).map((row) => [row.conversationId, row.text])),
      };
    }, { queue: [], drafts: {} }),
    put: (user, unsent) => write('unsent', (rows) => rows.put({ ...unsent, user } satisfies UnsentRow)),
    has: (clientId) => disk.use((database) => new Promise((resolve, reject) => {
      const request = database.transaction('unsent').objectStore('unsent').count(clientId);
      request.onsuccess = () => resolve(request.result > 0);
      request.onerror = () => reject(request.error ?? new Error('the database cannot be read'));
    }), true),
    drop: (clientId) => write('unsent', (rows) => rows.delete(clientId)),
    draft: (user, conversationId, draft) => write('drafts', (rows) => {
      if (draft === '') rows.delete([user, conversationId]);
      else rows.put({ user, conversationId, text: draft } satisfies DraftRow);
    }),
    async clear() {
      await write('unsent', (rows) => rows.clear());
      await write('drafts', (rows) => rows.clear());
      disk.close();
      if (typeof indexedDB !== 'undefined') indexedDB.deleteDatabase(kName);
    },
  };
}
