// What stands on <html> and in the title for everybody to see: outside tools rely on it (DESIGN §17.1).
import type { Call, Incoming, State } from '../state/model.ts';
import type { Store } from '../state/store.ts';
import { unreadTotal } from '../state/unread.ts';
import { documentWords as words } from '../ui/words/document.en.ts';

function nameOf(state: State, about: Call | Incoming, otherId: string): string {
  const conversation = about.conversationId === null ? undefined : state.conversations[about.conversationId];
  if (about.group && conversation?.title) return conversation.title;
  return state.people[otherId]?.name ?? '';
}

const isTalking = (call: Call): boolean => call.phase === 'connecting' || call.phase === 'in-call' || call.phase === 'reconnecting';

/** What the title depends on. */
const kTitled = ['incoming', 'call', 'people', 'conversations'] as const;

export function titleOf(state: State): string {
  if (state.incoming) return words.calling(state.people[state.incoming.callerId]?.name ?? '');
  if (state.call && isTalking(state.call)) return words.inCall(nameOf(state, state.call, state.call.otherId));
  const unread = unreadTotal(state.conversations);
  return unread > 0 ? words.unread(unread) : words.app;
}

/** Of the document: the members of html[data-…], and the title. */
export function showOnDocument(store: Store, page: Document = document): () => void {
  function show(state: State, before: State | null): void {
    const { dataset } = page.documentElement;
    if (state.app !== before?.app) dataset['app'] = state.app;
    if (state.connection !== before?.connection) dataset['connection'] = state.connection;
    if (state.sound !== before?.sound) dataset['sound'] = state.sound;
    if (state.me?.id !== before?.me?.id) {
      if (state.me) dataset['user'] = state.me.id;
      else delete dataset['user'];
    }
    if (before && kTitled.every((part) => state[part] === before[part])) return;
    const title = titleOf(state);
    if (page.title !== title) page.title = title;
  }
  show(store.getState(), null);
  return store.subscribe(show);
}
