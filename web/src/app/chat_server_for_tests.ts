// A server of conversations for tests. It numbers messages, knows repeats by their client ids and tells everything to one session, mine, as
// the real one does.
import { list } from '../wire/json.ts';
import type { Answer, Rest, WireError } from '../wire/ports.ts';
import { kNoAnswer } from '../wire/answers.ts';

export interface FakeMessage {
  id: string; conversationId: string; seq: number; senderId: string; clientMessageId: string; kind: string; text: string; attachments: unknown[];
  callId: null; call: unknown; replyTo: string | null; createdAt: string; editedAt: string | null; deletedAt: string | null;
}

interface FakeMember { userId: string; username: string; name: string; role: string; readUpToSeq: number; deliveredUpToSeq: number; mutedUntil?: string }
interface FakeConversation { id: string; kind: 'direct' | 'group'; title: string | null; members: FakeMember[]; messages: FakeMessage[] }

export const ok = (data: unknown): Answer<unknown> => ({ ok: true, data });
export const refusal = (code: string, more: Partial<WireError> = {}): Answer<never> => ({ ok: false, error: { ...kNoAnswer, code, ...more } });

export class FakeServer {
  readonly conversations = new Map<string, FakeConversation>();
  /** What is told to my session. */
  tell: (event: string, payload: Record<string, unknown>) => void = () => undefined;
  /** Refuses what it names instead of doing it. */
  refuse: (what: string, body: Record<string, unknown>) => Answer<never> | null = () => null;
  readonly asked: string[] = [];
  /** How many pages of messages were asked for. */
  pages = 0;
  searches: { q: string; answer: (ids: string[]) => void }[] = [];

  open(id: string, kind: 'direct' | 'group', users: readonly string[]): FakeConversation {
    const members = users.map((userId) => ({ userId, username: userId, name: userId, role: 'member', readUpToSeq: 0, deliveredUpToSeq: 0 }));
    const made: FakeConversation = { id, kind, title: kind === 'group' ? id : null, members, messages: [] };
    this.conversations.set(id, made);
    return made;
  }

  unread(conversation: FakeConversation): number {
    const read = conversation.members.find((each) => each.userId === 'me')?.readUpToSeq ?? 0;
    return conversation.messages.filter((each) => each.seq > read && each.senderId !== 'me' && !each.deletedAt).length;
  }

  json(conversation: FakeConversation): Record<string, unknown> {
    const { messages, ...rest } = conversation;
    const last = messages.at(-1);
    return {
      ...structuredClone(rest), lastMessage: last ? { ...last } : null, unreadCount: this.unread(conversation), activeCallId: null,
      createdAt: '2026-11-01T00:00:00.000Z', updatedAt: last?.createdAt ?? '2026-11-01T00:00:00.000Z',
    };
  }

  write(senderId: string, id: string, text: string, clientMessageId = `${senderId}-${Math.random()}`, more: Partial<FakeMessage> = {}): FakeMessage {
    const conversation = this.conversations.get(id);
    if (!conversation) throw new Error(`no conversation ${id}`);
    const repeat = conversation.messages.find((each) => each.senderId === senderId && each.clientMessageId === clientMessageId);
    if (repeat) return { ...repeat };
    const seq = conversation.messages.length + 1;
    const message: FakeMessage = {
      id: `${id}-m${seq}`, conversationId: id, seq, senderId, clientMessageId, kind: 'text', text, attachments: [], callId: null, call: null,
      replyTo: null, createdAt: new Date(Date.parse('2026-11-29T10:00:00.000Z') + seq).toISOString(), editedAt: null, deletedAt: null, ...more,
    };
    conversation.messages.push(message);
    this.tell('message.new', { conversationId: id, message: { ...message } });
    if (senderId !== 'me') this.tell('unread.update', { conversationId: id, unreadCount: this.unread(conversation), total: 0 });
    return { ...message };
  }

  pointer(user: string, id: string, what: 'read' | 'delivered', upTo: number): Answer<unknown> {
    const conversation = this.conversations.get(id);
    const member = conversation?.members.find((each) => each.userId === user);
    if (!conversation || !member) return refusal('NOT_PARTICIPANT');
    member.deliveredUpToSeq = Math.max(member.deliveredUpToSeq, upTo);
    if (what === 'read') member.readUpToSeq = Math.max(member.readUpToSeq, upTo);
    const { readUpToSeq, deliveredUpToSeq } = member;
    if (user !== 'me') this.tell('message.status', { conversationId: id, userId: user, readUpToSeq, deliveredUpToSeq });
    else if (what === 'read') this.tell('unread.update', { conversationId: id, unreadCount: this.unread(conversation), total: 0 });
    return ok({ conversationId: id, readUpToSeq, deliveredUpToSeq, unreadCount: this.unread(conversation) });
  }

  /** What I ask, by socket or REST. */
  act(event: string, id: string, body: Record<string, unknown>): Answer<unknown> {
    this.asked.push([event, id, ...(typeof body['upTo'] === 'number' ? [body['upTo']] : [])].join(' '));
    const refused = this.refuse(event, body);
    if (refused) return refused;
    if (!this.conversations.has(id)) return refusal('NOT_PARTICIPANT');
    switch (event) {
      case 'message.send': {
        const attachments = list(body, 'attachments', (file) => ({ id: file, url: `/api/files/${String(file)}` }));
        const more = attachments.length > 0 ? { kind: 'file', attachments } : {};
        return ok(this.write('me', id, String(body['text']), String(body['clientMessageId']), more));
      }
      case 'message.read': return this.pointer('me', id, 'read', Number(body['upTo']));
      case 'message.delivered': return this.pointer('me', id, 'delivered', Number(body['upTo']));
      case 'typing': return ok({});
      default: return refusal('NOT_FOUND');
    }
  }

  page(id: string, query: URLSearchParams): Answer<unknown> {
    const conversation = this.conversations.get(id);
    this.pages += 1;
    if (!conversation) return refusal('NOT_PARTICIPANT');
    const all = conversation.messages;
    const limit = Number(query.get('limit') ?? 50);
    const after = query.get('after');
    const before = query.get('before');
    const fits = all.filter((each) => (after === null || each.seq > Number(after)) && (before === null || each.seq < Number(before)));
    const messages = after === null ? fits.slice(-limit) : fits.slice(0, limit);
    return ok({ messages: messages.map((each) => ({ ...each })), hasMore: fits.length > messages.length, lastSeq: all.length });
  }
}

/** Keeps the answers to these requests back until they are released. */
export function holding({ rest }: { readonly rest: Rest }, path: string): { readonly held: () => number; readonly release: () => void } {
  const get = rest.get.bind(rest);
  const waiting: (() => void)[] = [];
  rest.get = async <T>(asked: string) => {
    const answer = await get<T>(asked);
    if (asked.includes(path)) await new Promise<void>((resolve) => { waiting.push(resolve); });
    return answer;
  };
  return { held: () => waiting.length, release: () => waiting.splice(0).forEach((each) => each()) };
}
