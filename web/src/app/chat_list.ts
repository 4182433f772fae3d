// The conversations that I am in: asked for as a whole when the client starts and whenever events may have been missed, and one by one.
import type { Conversation, ConversationId, UserId } from '../state/model.ts';
import { withList, withServers, type Keep } from '../state/conversations.ts';
import { withNamed } from '../state/people.ts';
import { putReceipts } from '../state/threads.ts';
import type { ConversationPage } from '../wire/chat_api.ts';
import type { Answer, WireError } from '../wire/ports.ts';
import type { ServerConversation } from '../wire/shapes.ts';
import type { ChatContext } from './chat_context.ts';

export interface ConversationList {
  /** All of them. False: the server could not be reached, and nothing has changed. */
  load(): Promise<boolean>;
  /** One. `gone`: it is not mine, or there is none. */
  loadOne(id: ConversationId): Promise<'here' | 'gone' | 'unknown'>;
  /** The direct one with somebody; made if there is none. */
  direct(user: UserId): Promise<Answer<ConversationId>>;
  /** What an event or an answer says of one. */
  put(given: ServerConversation | null, keep: Keep): Conversation | null;
  /** An event told something of this one: an answer that is on its way may be older, and does not change what it told. */
  touch(id: ConversationId, told: Keep): void;
  /** Does it now; if the conversation is not here and an answer on its way may bring it, after that answer; else never. */
  whenHere(id: ConversationId, act: () => void): void;
}

const kOdd: WireError = { code: 'INTERNAL', message: 'not a conversation', details: [], retryAfterMs: null, requestId: null, data: null };

export function makeList(chat: ChatContext): ConversationList {
  let loading: { me: UserId; promise: Promise<boolean>; touched: Map<ConversationId, Keep> } | null = null;
  const opening = new Map<UserId, Promise<Answer<ConversationId>>>();
  /** Those that are asked for one by one, with what events have told since. */
  const questions = new Set<{ readonly id: ConversationId; keep: Keep }>();
  /** What waits for the answers that are on their way. An event over the socket can overtake an answer that was read before it happened. */
  let early: readonly { readonly me: UserId | null; readonly id: ConversationId; readonly act: () => void }[] = [];

  function whenHere(id: ConversationId, act: () => void): void {
    if (id in chat.store.getState().conversations) return act();
    const isAsked = loading !== null || [...questions].some((each) => each.id === id);
    if (isAsked) early = [...early, { me: chat.myId(), id, act }];
  }

  function actOnEarly(): void {
    const waited = early;
    early = [];
    for (const { me, id, act } of waited) if (chat.myId() === me) whenHere(id, act);
  }

  /** For `me`: an answer that comes when somebody else is signed in is dropped. */
  async function fetchAll(me: UserId, touched: ReadonlyMap<ConversationId, Keep>): Promise<boolean> {
    const found: ServerConversation[] = [];
    let cursor: string | null = null;
    do {
      const page: Answer<ConversationPage> = await chat.api.conversations(cursor);
      if (!page.ok || chat.myId() !== me) return false;
      found.push(...page.data.conversations);
      cursor = page.data.nextCursor;
    } while (cursor !== null);
    const people = found.flatMap((each) => each.people);
    chat.store.change((state) => {
      const now = withList(state.conversations, found.map((each) => each.conversation), touched, me);
      return { conversations: now, people: withNamed(state.people, people, me), ...putReceipts(state, Object.values(now), me) };
    });
    return true;
  }

  function put(given: ServerConversation | null, keep: Keep): Conversation | null {
    const me = chat.myId();
    if (!given || me === null) return null;
    chat.store.change((state) => ({
      conversations: withServers(state.conversations, given.conversation, keep, me),
      people: withNamed(state.people, given.people, me),
    }));
    return given.conversation;
  }

  async function open(user: UserId): Promise<Answer<ConversationId>> {
    const answer = await chat.api.openDirect(user);
    if (!answer.ok) return answer;
    const conversation = put(answer.data, {});
    return conversation ? { ok: true, data: conversation.id } : { ok: false, error: kOdd };
  }

  return {
    async load() {
      const me = chat.myId();
      if (me === null) return false;
      if (loading?.me === me) return loading.promise;
      const touched = new Map<ConversationId, Keep>();
      const mine = loading = { me, touched, promise: fetchAll(me, touched) };
      const done = await mine.promise;
      if (loading === mine) loading = null;
      actOnEarly();
      return done;
    },
    async loadOne(id) {
      // Left of an escape that is none, in an address: the server would refuse the request.
      if (id.includes('%')) return 'gone';
      const isMine = (): boolean => id in chat.store.getState().conversations;
      const wasMine = isMine();
      const me = chat.myId();
      const question = { id, keep: (wasMine ? { unread: true } : {}) as Keep };
      questions.add(question);
      const answer = await chat.api.conversation(id);
      questions.delete(question);
      if (chat.myId() !== me || (wasMine && !isMine())) return 'gone';
      if (answer.ok) {
        const isPut = put(answer.data, question.keep) !== null;
        actOnEarly();
        return isPut ? 'here' : 'gone';
      }
      return ['NOT_PARTICIPANT', 'VALIDATION_FAILED', 'NOT_FOUND'].includes(answer.error.code) ? 'gone' : 'unknown';
    },
    async direct(user) {
      const held = Object.values(chat.store.getState().conversations).find((each) => each.otherId === user);
      if (held) return { ok: true, data: held.id };
      const running = opening.get(user) ?? open(user);
      opening.set(user, running);
      const answer = await running;
      opening.delete(user);
      return answer;
    },
    put,
    whenHere,
    touch(id, told) {
      loading?.touched.set(id, { ...loading.touched.get(id), ...told });
      // What is told of one that is not here yet is lost: then the answer knows more.
      if (id in chat.store.getState().conversations) for (const each of questions) if (each.id === id) each.keep = { ...each.keep, ...told };
    },
  };
}

