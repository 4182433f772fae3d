// What waits to be sent, and drafts, on a disk for tests.
import type { Unsent } from '../state/outbox.ts';
import type { UnsentStore } from './unsent.ts';

/** The disk as it is over a reload: what was stored stays. */
export function fakeDisk(): UnsentStore & { readonly queue: Map<string, Unsent>; readonly drafts: Map<string, string> } {
  const queue = new Map<string, Unsent>();
  const drafts = new Map<string, string>();
  return {
    queue,
    drafts,
    load: async () => ({ queue: [...queue.values()], drafts: Object.fromEntries(drafts) }),
    put: async (_user, unsent) => void queue.set(unsent.clientId, unsent),
    has: async (clientId) => queue.has(clientId),
    drop: async (clientId) => void queue.delete(clientId),
    draft: async (_user, id, text) => void (text === '' ? drafts.delete(id) : drafts.set(id, text)),
    clear: async () => {
      queue.clear();
      drafts.clear();
    },
  };
}
