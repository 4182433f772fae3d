// A chat on a stage: the real makeChat over a server, a link, a clock and a disk for tests. The link can lose requests, answers and itself.
import type { Toast } from '../state/model.ts';
import { createStore, type Store } from '../state/store.ts';
import type { UnreadCounts } from '../state/unread.ts';
import type { Answer, Clock, Link, LinkState, Rest } from '../wire/ports.ts';
import { kNoAnswer } from '../wire/answers.ts';
import { makeChat, type Chat } from './chat.ts';
import { FakeServer, ok, refusal } from './chat_server_for_tests.ts';
import { fakeDisk } from './chat_disk_for_tests.ts';

/** Lets everything run that waits for nothing but other promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
}

export class FakeClock implements Clock {
  private time = Date.parse('2026-11-29T10:00:00.000Z');
  private timers: { at: number; act: () => void }[] = [];

  now(): number { return this.time; }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.time + ms, act };
    this.timers.push(timer);
    return () => { this.timers = this.timers.filter((each) => each !== timer); };
  }

  every(): () => void { return () => undefined; }

  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      const [next] = this.timers.filter((each) => each.at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.act();
      await settle();
    }
    this.time = until;
    await settle();
  }
}

/** How the next request over the socket ends. `request`: it is lost; `answer`: it was done, and the answer is lost. Both cost the connection. */
export type Loss = 'none' | 'request' | 'answer';

export class FakeLink implements Link {
  private now: LinkState = 'connecting';
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();
  private readonly watchers = new Set<(state: LinkState, fresh: boolean) => void>();
  private missed: [string, Record<string, unknown>][] = [];
  private waiting = new Set<() => void>();
  loss: (event: string) => Loss = () => 'none';

  constructor(private readonly server: FakeServer) {
    server.tell = (event, payload) => {
      if (this.now === 'online') this.pass(event, payload);
      else this.missed.push([event, payload]);
    };
  }

  state = (): LinkState => this.now;
  sessionId = (): string => 'session';
  connect(): void { this.back('fresh'); }
  close(): void { this.lose('offline'); }

  lose(state: LinkState = 'connecting'): void {
    if (this.now === state) return;
    this.now = state;
    for (const giveUp of [...this.waiting]) giveUp();
    for (const changed of this.watchers) changed(state, false);
  }

  /** `recovered`: what was missed is told now. `fresh`: it never is. */
  back(how: 'recovered' | 'fresh'): void {
    if (this.now === 'online') return;
    this.now = 'online';
    const missed = how === 'recovered' ? this.missed : [];
    this.missed = [];
    for (const changed of this.watchers) changed('online', how === 'fresh');
    for (const [event, payload] of missed) this.pass(event, payload);
  }

  pass(event: string, payload: Record<string, unknown>): void {
    // A listener takes what it reads itself (wire/events.ts).
    for (const listener of [...this.listeners.get(event) ?? []]) (listener as (payload: unknown) => void)(structuredClone(payload));
  }

  async ask<T>(event: string, payload: unknown): Promise<Answer<T>> {
    if (this.now !== 'online') return { ok: false, error: kNoAnswer };
    const loss = this.loss(event);
    let lost = false;
    const giveUp = (): void => { lost = true; };
    this.waiting.add(giveUp);
    await Promise.resolve();
    const body = payload as Record<string, unknown>;
    if (loss !== 'none') this.lose();
    const answer = loss === 'request' ? null : this.server.act(event, String(body['conversationId']), body);
    await Promise.resolve();
    this.waiting.delete(giveUp);
    if (lost || loss !== 'none' || !answer) return { ok: false, error: kNoAnswer };
    return answer as Answer<T>;
  }

  on(event: string, heard: (payload: never) => void): () => void {
    const set = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, set.add(heard));
    return () => void set.delete(heard);
  }

  onState(changed: (state: LinkState, fresh: boolean) => void): () => void {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  }
}

export class FakeRest implements Rest {
  /** The network is there for REST. */
  up = true;
  uploads: { progress: (done: number) => void; done: (answer: Answer<unknown>) => void; stop: AbortSignal | undefined }[] = [];

  constructor(private readonly server: FakeServer) {}

  async get<T>(path: string): Promise<Answer<T>> {
    await Promise.resolve();
    if (!this.up) return { ok: false, error: kNoAnswer };
    const url = new URL(path, 'http://belfry.example');
    const [, , what, id, part] = url.pathname.split('/');
    if (what === 'users') return ok({ users: [] }) as Answer<T>;
    if (what === 'messages') return this.search(url.searchParams.get('q') ?? '') as Promise<Answer<T>>;
    if (what === 'conversations' && id === undefined)
      return ok({ conversations: [...this.server.conversations.values()].map((each) => this.server.json(each)), nextCursor: null }) as Answer<T>;
    const conversation = this.server.conversations.get(id ?? '');
    if (part === 'messages') return this.server.page(id ?? '', url.searchParams) as Answer<T>;
    return (conversation ? ok(this.server.json(conversation)) : refusal('NOT_PARTICIPANT')) as Answer<T>;
  }

  private search(q: string): Promise<Answer<unknown>> {
    return new Promise((resolve) => {
      this.server.searches.push({
        q,
        answer: (ids) => resolve(ok({
          results: ids.map((id) => ({ message: { id, conversationId: 'chat', senderId: 'ann', seq: Number(id), kind: 'text', text: q }, snippet: q })),
        })),
      });
    });
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    await Promise.resolve();
    if (!this.up) return { ok: false, error: kNoAnswer };
    const [, , , id, part] = path.split('/');
    const events: Record<string, string> = { messages: 'message.send', read: 'message.read', delivered: 'message.delivered' };
    const event = events[part ?? ''] ?? `${method} ${path}`;
    return this.server.act(event, id ?? '', (body ?? {}) as Record<string, unknown>) as Answer<T>;
  }

  upload<T>(_path: string, _field: string, _file: Blob, _name: string, progress: (done: number) => void, stop?: AbortSignal): Promise<Answer<T>> {
    return new Promise((resolve) => {
      const done = (answer: Answer<unknown>): void => resolve(answer as Answer<T>);
      stop?.addEventListener('abort', () => done({ ok: false, error: kNoAnswer }));
      this.uploads.push({ progress, done, stop });
    });
  }

  beacon(): void { return undefined; }
}

export interface Stage {
  readonly server: FakeServer;
  readonly link: FakeLink;
  readonly rest: FakeRest;
  readonly clock: FakeClock;
  readonly store: Store;
  readonly chat: Chat;
  readonly disk: ReturnType<typeof fakeDisk>;
  readonly toasts: Omit<Toast, 'id'>[];
  readonly said: string[];
  readonly counts: UnreadCounts[];
  /** The page, seen or not. */
  visible: boolean;
  /** What the thread shows. */
  texts(id?: string): string[];
  states(id?: string): string[];
}

/** I am `me`; `chat` is a direct conversation with ann. */
export async function aChat(given: { server?: FakeServer; disk?: ReturnType<typeof fakeDisk>; start?: boolean } = {}): Promise<Stage> {
  const server = given.server ?? new FakeServer();
  if (!server.conversations.has('chat')) server.open('chat', 'direct', ['me', 'ann']);
  const link = new FakeLink(server);
  const rest = new FakeRest(server);
  const clock = new FakeClock();
  const disk = given.disk ?? fakeDisk();
  const store = createStore({ app: 'ready', me: { id: 'me', username: 'me', displayName: null, email: null, avatar: '' } });
  const toasts: Omit<Toast, 'id'>[] = [];
  const said: string[] = [];
  const counts: UnreadCounts[] = [];
  const page = { visible: () => stage.visible, tellUnread: (unread: UnreadCounts) => void counts.push(unread) };
  let ids = 0;
  const chat = makeChat({
    store, rest, link, clock, newId: () => `id-${clock.now()}-${ids++}`, toast: (toast) => void toasts.push(toast), announce: (text) => void said.push(text),
  }, page, disk);
  const thread = (id: string) => store.getState().threads[id]?.messages ?? [];
  const stage: Stage = {
    server, link, rest, clock, store, chat, disk, toasts, said, counts, visible: true,
    texts: (id = 'chat') => thread(id).map((each) => each.text),
    states: (id = 'chat') => thread(id).map((each) => each.state),
  };
  if (given.start ?? true) {
    link.connect();
    await chat.start();
    await settle();
  }
  return stage;
}

/** `crew` is a group of ann and me. */
export function aGroup(): Promise<Stage> {
  const server = new FakeServer();
  server.open('crew', 'group', ['me', 'ann']);
  return aChat({ server });
}

/** `chat` is open, and ann has written so many messages in it. */
export async function anOpenChat(written = 0): Promise<Stage> {
  const server = new FakeServer();
  server.open('chat', 'direct', ['me', 'ann']);
  for (let at = 1; at <= written; at += 1) server.write('ann', 'chat', `m${at}`);
  const stage = await aChat({ server });
  await stage.chat.show('chat');
  await settle();
  return stage;
}
