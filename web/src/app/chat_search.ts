// Searching, while it is typed: the server is asked once the keys rest, and an answer that was overtaken by a newer question is dropped.
import type { ConversationId, Search, SearchHit, ThreadSearch } from '../state/model.ts';
import { withNamed } from '../state/people.ts';
import { kNoSearch, newestFirst, peopleNamed, stepped } from '../state/search.ts';
import { chatWords } from '../ui/words/chat.en.ts';
import type { Answer } from '../wire/ports.ts';
import type { ChatContext } from './chat_context.ts';

const kRestMs = 200;
const kMostHits = 30;
const kMostHere = 100;

export interface Searching {
  search(query: string): void;
  searchIn(conversation: ConversationId, query: string): void;
  stepSearch(by: 1 | -1): void;
  endSearch(): void;
  clear(): void;
}

/** Acts once nothing new was asked for a while. `isLatest` tells an answer whether it still matters. */
function resting(chat: ChatContext): { start(act: (isLatest: () => boolean) => void): void; stop(): void } {
  let turn = 0;
  let stopTimer: (() => void) | null = null;
  const stop = (): void => {
    turn += 1;
    stopTimer?.();
    stopTimer = null;
  };
  return {
    stop,
    start(act) {
      stop();
      const mine = turn;
      stopTimer = chat.clock.after(kRestMs, () => {
        stopTimer = null;
        act(() => mine === turn);
      });
    },
  };
}

export function makeSearching(chat: ChatContext): Searching {
  const everywhere = resting(chat);
  const here = resting(chat);

  const change = (how: (search: Search) => Partial<Search>): void =>
    chat.store.change((state) => ({ search: { ...state.search, ...how(state.search) } }));
  const changeHere = (how: (search: ThreadSearch) => Partial<ThreadSearch>): void =>
    chat.store.change((state) => (state.threadSearch ? { threadSearch: { ...state.threadSearch, ...how(state.threadSearch) } } : {}));

  const sayCount = (count: number): void =>
    chat.announce(count === 0 ? chatWords.nothingFound : chatWords.results(count), 'polite', 'search');

  /** A query without a letter or digit is refused by the server: nothing has no word of it. */
  function hitsOf(answer: Answer<readonly SearchHit[]>): readonly SearchHit[] | null {
    if (answer.ok) return answer.data;
    return answer.error.code === 'VALIDATION_FAILED' ? [] : null;
  }

  /** Those whom nothing named here yet; then all that fit. */
  async function findPeople(query: string, isLatest: () => boolean): Promise<void> {
    const answer = await chat.people.named(query);
    const me = chat.myId();
    if (!answer.ok || me === null || !isLatest()) return;
    chat.store.change((state) => ({ people: withNamed(state.people, answer.data.filter((each) => !state.people[each.id]), me) }));
    change(() => ({ people: peopleNamed(Object.values(chat.store.getState().people), query) }));
  }

  async function findMessages(query: string, isLatest: () => boolean): Promise<void> {
    const people = findPeople(query, isLatest);
    const answer = await chat.api.search(query, kMostHits);
    await people;
    if (chat.myId() === null || !isLatest()) return;
    const hits = hitsOf(answer);
    change((search) => (hits ? { phase: 'done', hits } : { phase: 'failed', hits: search.hits }));
    if (hits) sayCount(hits.length + chat.store.getState().search.people.length);
  }

  async function findHere(conversation: ConversationId, query: string, isLatest: () => boolean): Promise<void> {
    const answer = await chat.api.search(query, kMostHere, conversation);
    if (chat.myId() === null || !isLatest()) return;
    const found = hitsOf(answer);
    if (found === null) return;
    const hits = newestFirst(found);
    changeHere(() => ({ query, hits, at: 0 }));
    sayCount(hits.length);
  }

  return {
    search(query) {
      const wanted = query.trim();
      if (wanted === '') {
        everywhere.stop();
        chat.store.change(() => ({ search: { ...kNoSearch, query } }));
        return;
      }
      change(() => ({ query, phase: 'searching', people: peopleNamed(Object.values(chat.store.getState().people), wanted) }));
      everywhere.start((isLatest) => void findMessages(wanted, isLatest));
    },
    searchIn(conversation, query) {
      const wanted = query.trim();
      chat.store.change((state) => {
        const before = wanted === '' ? null : state.threadSearch;
        return { threadSearch: before ?? { query: '', hits: [], at: 0 } };
      });
      if (wanted === '') here.stop();
      else here.start((isLatest) => void findHere(conversation, wanted, isLatest));
    },
    stepSearch: (by) => changeHere((search) => stepped(search, by)),
    endSearch() {
      here.stop();
      chat.store.change(() => ({ threadSearch: null }));
    },
    clear() {
      everywhere.stop();
      here.stop();
    },
  };
}
