// What the client asks of the server about conversations and messages (docs/protocol/chat.md). What must be fast, or has to get through, goes
// over the socket, and over REST where that is away or did not answer: asked twice, such a request does nothing twice.
import type { ConversationId, Membership, Message, SearchHit, UserId } from '../state/model.ts';
import { noAnswer, reading } from './answers.ts';
import { flag, list, number, words } from './json.ts';
import type { Answer, Link, Rest } from './ports.ts';
import { answeredConversationFrom, hitFrom, messageFrom, type ServerConversation } from './shapes.ts';

export interface ConversationPage {
  readonly conversations: readonly ServerConversation[];
  /** Where the next page begins; null: this is the last. */
  readonly nextCursor: string | null;
}

export interface MessagePage {
  readonly messages: readonly Message[];
  readonly more: boolean;
}

/** The newest; or those before or behind a number. */
export interface MessageQuery {
  readonly limit: number;
  readonly before?: number;
  readonly after?: number;
}

export interface OwnMessage {
  readonly conversationId: ConversationId;
  /** Of a repeat it is the same: then the server answers with what it has stored. */
  readonly clientId: string;
  readonly text: string;
  readonly replyTo: string | null;
  /** The id of a file that is on the server. */
  readonly fileId: string | null;
}

/** Null, where a conversation or a message is promised: the answer could not be read. */
export interface ChatApi {
  conversations(cursor: string | null): Promise<Answer<ConversationPage>>;
  conversation(id: ConversationId): Promise<Answer<ServerConversation | null>>;
  /** Made if there is none. */
  openDirect(user: UserId): Promise<Answer<ServerConversation | null>>;
  createGroup(title: string, members: readonly UserId[]): Promise<Answer<ServerConversation | null>>;
  renameGroup(id: ConversationId, title: string): Promise<Answer<ServerConversation | null>>;
  addMembers(id: ConversationId, users: readonly UserId[]): Promise<Answer<ServerConversation | null>>;
  removeMember(id: ConversationId, user: UserId): Promise<Answer<ServerConversation | null>>;
  leave(id: ConversationId): Promise<Answer<unknown>>;
  /** What I set for myself in it. */
  setMembership(id: ConversationId, membership: Membership): Promise<Answer<ServerConversation | null>>;
  messages(id: ConversationId, query: MessageQuery): Promise<Answer<MessagePage>>;
  sendMessage(message: OwnMessage): Promise<Answer<Message | null>>;
  editMessage(message: Message, text: string): Promise<Answer<Message | null>>;
  deleteMessage(message: Message): Promise<Answer<Message | null>>;
  /** Both answer how many are unread now; null: the server did not say. */
  markRead(id: ConversationId, upTo: number): Promise<Answer<number | null>>;
  markDelivered(id: ConversationId, upTo: number): Promise<Answer<number | null>>;
  /** Without an answer, and only while the socket is there. */
  tellTyping(id: ConversationId, typing: boolean): void;
  /** In all conversations, or in one. */
  search(query: string, limit: number, within?: ConversationId): Promise<Answer<readonly SearchHit[]>>;
}

const kConversationsPerPage = 100;
/** The longest query that the server takes, in characters. */
const kLongestQuery = 256;

interface Wire {
  readonly rest: Rest;
  readonly link: Link;
}

type Method = 'POST' | 'PATCH' | 'DELETE';

/** Over the socket, else over REST. `body`: what does not stand in the path. */
async function askEither({ link, rest }: Wire, event: string, payload: object, method: Method, path: string, body?: object): Promise<Answer<unknown>> {
  if (link.state() === 'online') {
    const answer = await link.ask<unknown>(event, payload);
    if (answer.ok || answer.error.code !== 'NETWORK') return answer;
  }
  if (link.state() === 'offline') return noAnswer();
  return rest.send<unknown>(method, path, body);
}

const kConversations = '/api/conversations';
const pathOf = (id: ConversationId): string => `${kConversations}/${encodeURIComponent(id)}`;

type OfConversations = Pick<ChatApi, 'conversations' | 'conversation' | 'openDirect' | 'createGroup' | 'renameGroup' | 'addMembers' | 'removeMember' | 'leave' | 'setMembership'>;
type OfMessages = Omit<ChatApi, keyof OfConversations>;

function aboutConversations({ rest }: Wire, myId: () => UserId): OfConversations {
  const one = (data: unknown): ServerConversation | null => answeredConversationFrom(data, myId());
  const send = async (method: Method, path: string, body?: object): Promise<Answer<ServerConversation | null>> =>
    reading(await rest.send<unknown>(method, path, body), one);

  return {
    async conversations(cursor) {
      const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const answer = await rest.get<unknown>(`${kConversations}?limit=${kConversationsPerPage}${from}`);
      return reading(answer, (data) => ({ conversations: list(data, 'conversations', one), nextCursor: words(data, 'nextCursor') }));
    },
    conversation: async (id) => reading(await rest.get<unknown>(pathOf(id)), one),
    openDirect: (userId) => send('POST', kConversations, { kind: 'direct', userId }),
    createGroup: (title, memberIds) => send('POST', kConversations, { kind: 'group', title, memberIds }),
    renameGroup: (id, title) => send('PATCH', pathOf(id), { title }),
    addMembers: (id, userIds) => send('POST', `${pathOf(id)}/members`, { userIds }),
    removeMember: (id, user) => send('DELETE', `${pathOf(id)}/members/${user}`),
    leave: (id) => rest.send<unknown>('DELETE', `${pathOf(id)}/members/${myId() || 'me'}`),
    setMembership: (id, { mutedUntil, callsRing }) => send('PATCH', `${pathOf(id)}/members/me`, {
      ...(mutedUntil === undefined ? {} : { mutedUntil }),
      ...(callsRing === undefined ? {} : { ringMode: callsRing ? 'all' : 'none' }),
    }),
  };
}

function aboutMessages(wire: Wire, myId: () => UserId): OfMessages {
  const one = (data: unknown): Message | null => messageFrom(data, myId());

  async function change(event: string, method: Method, { conversationId, id: messageId }: Message, body?: object): Promise<Answer<Message | null>> {
    const path = `${pathOf(conversationId)}/messages/${messageId}`;
    return reading(await askEither(wire, event, { conversationId, messageId, ...body }, method, path, body), one);
  }

  async function mark(what: 'read' | 'delivered', conversationId: ConversationId, upTo: number): Promise<Answer<number | null>> {
    const answer = await askEither(wire, `message.${what}`, { conversationId, upTo }, 'POST', `${pathOf(conversationId)}/${what}`, { upTo });
    return reading(answer, (data) => number(data, 'unreadCount'));
  }

  return {
    async messages(id, { limit, before, after }) {
      const from = before === undefined ? '' : `before=${before}&`;
      const behind = after === undefined ? '' : `after=${after}&`;
      const answer = await wire.rest.get<unknown>(`${pathOf(id)}/messages?${from}${behind}limit=${limit}`);
      return reading(answer, (data) => ({ messages: list(data, 'messages', one), more: flag(data, 'hasMore') }));
    },
    async sendMessage({ conversationId, clientId, text, replyTo, fileId }) {
      const body = { clientMessageId: clientId, text, ...(replyTo !== null && { replyTo }), ...(fileId !== null && { attachments: [fileId] }) };
      const path = `${pathOf(conversationId)}/messages`;
      return reading(await askEither(wire, 'message.send', { conversationId, ...body }, 'POST', path, body), one);
    },
    editMessage: (message, text) => change('message.edit', 'PATCH', message, { text }),
    deleteMessage: (message) => change('message.delete', 'DELETE', message),
    markRead: (id, upTo) => mark('read', id, upTo),
    markDelivered: (id, upTo) => mark('delivered', id, upTo),
    tellTyping(conversationId, typing) {
      if (wire.link.state() === 'online') void wire.link.ask<unknown>('typing', { conversationId, typing });
    },
    async search(query, limit, within) {
      const q = encodeURIComponent([...query].slice(0, kLongestQuery).join(''));
      const where = within === undefined ? '' : `&conversationId=${within}`;
      const answer = await wire.rest.get<unknown>(`/api/messages/search?q=${q}${where}&limit=${limit}`);
      return reading(answer, (data) => list(data, 'results', (each) => hitFrom(each, myId())));
    },
  };
}

/** `myId`: who asks, by which own messages are told from others; null: nobody, and nobody reads the answer. */
export function makeChatApi(wire: Wire, myId: () => UserId | null): ChatApi {
  const me = (): UserId => myId() ?? '';
  return { ...aboutConversations(wire, me), ...aboutMessages(wire, me) };
}
