import { describe, expect, it } from 'vitest';
import { FakeServer, refusal } from './chat_server_for_tests.ts';
import { fakeDisk } from './chat_disk_for_tests.ts';
import { aChat, settle, type Loss } from './chat_stage_for_tests.ts';

const served = (server: FakeServer, id = 'chat'): string[] => server.conversations.get(id)?.messages.map((each) => each.text) ?? [];

/** Small, seeded and good enough to choose by. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('sending', () => {
  it('shows a message as sending at once and as sent with its number when the server has it', async () => {
    const { chat, states, store } = await aChat();
    await chat.show('chat');
    await settle();
    chat.send('chat', 'hello');
    expect(states()).toEqual(['sending']);
    await settle();
    const [message] = store.getState().threads['chat']?.messages ?? [];
    expect(message).toMatchObject({ text: 'hello', state: 'sent', seq: 1, id: 'chat-m1' });
    expect(message?.clientId).not.toBeNull();
  });

  it('keeps what is written offline and sends it in that order when the link is back', async () => {
    const { chat, link, rest, server, states, texts, disk } = await aChat();
    await chat.show('chat');
    await settle();
    rest.up = false;
    link.lose('offline');
    for (const text of ['one', 'two', 'three']) chat.send('chat', text);
    await settle();
    expect(states()).toEqual(['sending', 'sending', 'sending']);
    expect(disk.queue.size).toBe(3);
    rest.up = true;
    link.back('fresh');
    await settle();
    expect(served(server)).toEqual(['one', 'two', 'three']);
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(states()).toEqual(['sent', 'sent', 'sent']);
    expect(disk.queue.size).toBe(0);
  });

  it('writes one message when the acknowledgement was lost and the request was repeated', async () => {
    const { chat, link, rest, server, states } = await aChat();
    await chat.show('chat');
    await settle();
    rest.up = false;
    const losses: Loss[] = ['answer'];
    link.loss = () => losses.shift() ?? 'none';
    chat.send('chat', 'once');
    await settle();
    expect(states()).toEqual(['sending']);
    rest.up = true;
    link.back('fresh');
    await settle();
    expect(served(server)).toEqual(['once']);
    expect(states()).toEqual(['sent']);
  });

  it('falls back to REST while the socket is away', async () => {
    const { chat, link, server, states } = await aChat();
    await chat.show('chat');
    await settle();
    link.lose('connecting');
    chat.send('chat', 'by REST');
    await settle();
    expect(served(server)).toEqual(['by REST']);
    expect(states()).toEqual(['sent']);
  });

  it('survives a reload, failed ones and drafts too', async () => {
    const disk = fakeDisk();
    const server = new FakeServer();
    const before = await aChat({ disk, server });
    server.refuse = (what, body) => (what === 'message.send' && body['text'] === 'bad' ? refusal('FORBIDDEN') : null);
    before.chat.send('chat', 'bad');
    await settle();
    before.rest.up = false;
    before.link.lose('offline');
    before.chat.send('chat', 'one');
    before.chat.send('chat', 'two');
    before.chat.setDraft('chat', 'not ready');
    await settle();

    const after = await aChat({ disk, server });
    await after.chat.show('chat');
    await settle();
    expect(served(server)).toEqual(['one', 'two']);
    expect(after.texts()).toEqual(['one', 'two', 'bad']);
    expect(after.states()).toEqual(['sent', 'sent', 'failed']);
    expect(after.store.getState().drafts['chat']).toBe('not ready');
    await after.chat.forget();
    expect(disk.queue.size + disk.drafts.size).toBe(0);
  });

  it('fails only what the server refuses, says so once, and lets what was written after it pass', async () => {
    const { chat, server, states, said, store } = await aChat();
    await chat.show('chat');
    await settle();
    server.refuse = (what, body) => (what === 'message.send' && body['text'] === 'bad' ? refusal('FORBIDDEN') : null);
    chat.send('chat', 'bad');
    chat.send('chat', 'good');
    await settle();
    expect(states()).toEqual(['sent', 'failed']);
    expect(said).toEqual(['Message not sent.']);

    server.refuse = () => null;
    const failed = store.getState().threads['chat']?.messages[1];
    if (!failed) throw new Error('it is gone');
    chat.retry(failed);
    await settle();
    expect(served(server)).toEqual(['good', 'bad']);
    expect(states()).toEqual(['sent', 'sent']);
  });

  it('waits as long as the server says when it was too much at once', async () => {
    const { chat, server, clock, states } = await aChat();
    await chat.show('chat');
    await settle();
    server.refuse = (what) => (what === 'message.send' ? refusal('RATE_LIMITED', { retryAfterMs: 7_000 }) : null);
    chat.send('chat', 'patience');
    await settle();
    expect(states()).toEqual(['sending']);
    server.refuse = () => null;
    await clock.pass(6_000);
    expect(served(server)).toEqual([]);
    await clock.pass(1_000);
    expect(served(server)).toEqual(['patience']);
  });

  it('takes a failed one away', async () => {
    const { chat, server, store, disk, texts } = await aChat();
    await chat.show('chat');
    await settle();
    server.refuse = (what) => (what === 'message.send' ? refusal('VALIDATION_FAILED') : null);
    chat.send('chat', 'bad');
    await settle();
    const failed = store.getState().threads['chat']?.messages[0];
    if (failed) chat.discard(failed);
    await settle();
    expect(texts()).toEqual([]);
    expect(disk.queue.size).toBe(0);
  });

  it('uploads a file with its progress while what is written meanwhile goes ahead', async () => {
    const { chat, rest, server, store, states } = await aChat();
    await chat.show('chat');
    await settle();
    chat.attach('chat', new File(['12345'], 'plan.pdf'));
    chat.send('chat', 'a word about it');
    await settle();
    expect(served(server)).toEqual(['a word about it']);
    rest.uploads[0]?.progress(0.5);
    expect(store.getState().threads['chat']?.messages[1]).toMatchObject({ kind: 'file', upload: { name: 'plan.pdf', bytes: 5, progress: 0.5 } });
    rest.uploads[0]?.done({ ok: true, data: { id: 'file-1', url: '/api/files/file-1', name: 'plan.pdf', size: 5 } });
    await settle();
    expect(store.getState().threads['chat']?.messages[1]).toMatchObject({ kind: 'file', upload: null, attachments: [{ id: 'file-1' }] });
    expect(states()).toEqual(['sent', 'sent']);
  });

  it('sends files in the order in which they were chosen, whichever is uploaded first', async () => {
    const { chat, rest, server, states } = await aChat();
    await chat.show('chat');
    await settle();
    for (const name of ['a.png', 'b.txt', 'c.txt']) chat.attach('chat', new File([name], name));
    const sent = (): unknown[] => server.conversations.get('chat')?.messages.flatMap((each) => each.attachments) ?? [];
    rest.uploads[1]?.done({ ok: true, data: { id: 'b', url: '/api/files/b' } });
    rest.uploads[2]?.done({ ok: true, data: { id: 'c', url: '/api/files/c' } });
    await settle();
    expect(sent()).toEqual([]);
    rest.uploads[0]?.done(refusal('UNSUPPORTED_MEDIA_TYPE'));
    await settle();
    expect(sent()).toMatchObject([{ id: 'b' }, { id: 'c' }]);
    expect(states()).toEqual(['sent', 'sent', 'failed']);
  });

  it('tells the limit of the server when a file is beyond it', async () => {
    const { rest, chat, toasts } = await aChat();
    chat.attach('chat', new File(['12345'], 'plan.mov'));
    rest.uploads[0]?.done(refusal('PAYLOAD_TOO_LARGE', { message: 'The file may have at most 4 bytes' }));
    await settle();
    expect(toasts).toEqual([{ kind: 'error', text: 'plan.mov is too big. The file may have at most 4 bytes.' }]);
  });

  it('stops an upload that is cancelled, and takes it up again when only the network failed', async () => {
    const { chat, rest, store, clock, texts, server } = await aChat();
    await chat.show('chat');
    await settle();
    chat.attach('chat', new File(['x'], 'a.txt'));
    chat.attach('chat', new File(['y'], 'b.txt'));
    const [first] = store.getState().threads['chat']?.messages ?? [];
    if (first) chat.cancelUpload(first);
    expect(rest.uploads[0]?.stop?.aborted).toBe(true);
    rest.uploads[1]?.done(refusal('NETWORK'));
    await settle();
    expect(texts()).toHaveLength(1);
    await clock.pass(1_000);
    expect(rest.uploads).toHaveLength(3);
    rest.uploads[2]?.done({ ok: true, data: { id: 'b', url: '/api/files/b' } });
    await settle();
    expect(server.conversations.get('chat')?.messages).toHaveLength(1);
  });

  it('loses, doubles and reorders nothing over a thousand random losses of the connection', async () => {
    const random = chance(20_261_129);
    const { chat, link, rest, server, clock, store, disk } = await aChat();
    await chat.show('chat');
    await settle();
    link.loss = (event) => {
      if (event !== 'message.send' || random() > 0.15) return 'none';
      return random() < 0.5 ? 'request' : 'answer';
    };
    let losses = 0;
    link.onState((state) => { if (state !== 'online') losses += 1; });
    const mine: string[] = [];
    const hers: string[] = [];
    while (losses < 1_000) {
      const dice = random();
      if (dice < 0.3) {
        mine.push(`mine ${mine.length}`);
        chat.send('chat', `mine ${mine.length - 1}`);
      } else if (dice < 0.55) {
        hers.push(`hers ${hers.length}`);
        server.write('ann', 'chat', `hers ${hers.length - 1}`, `ann-${hers.length}`);
      } else if (dice < 0.8 && link.state() === 'online') {
        rest.up = random() < 0.5;
        link.lose(random() < 0.5 ? 'offline' : 'connecting');
      } else if (dice < 0.9) {
        rest.up = true;
        link.back(random() < 0.5 ? 'recovered' : 'fresh');
      } else {
        await clock.pass(random() * 3_000);
      }
      if (random() < 0.5) await Promise.resolve();
      if (random() < 0.2) await settle();
    }
    rest.up = true;
    link.loss = () => 'none';
    link.lose('offline');
    link.back('fresh');
    await clock.pass(60_000);

    const all = served(server);
    expect(all.filter((each) => each.startsWith('mine'))).toEqual(mine);
    expect(all.filter((each) => each.startsWith('hers'))).toEqual(hers);
    const shown = store.getState().threads['chat']?.messages ?? [];
    expect(shown.map((each) => each.text)).toEqual(all);
    expect(shown.map((each) => each.seq)).toEqual(all.map((_, at) => at + 1));
    expect(shown.every((each) => each.state !== 'sending' && each.state !== 'failed')).toBe(true);
    expect(disk.queue.size).toBe(0);
    expect(mine.length).toBeGreaterThan(300);
  }, 60_000);
});

describe('what another tab of this browser brought back', () => {
  it('is not sent by it after it was discarded here', async () => {
    const server = new FakeServer();
    server.refuse = (what) => (what === 'message.send' ? refusal('STORE_UNAVAILABLE') : null);
    const here = await aChat({ server });
    await here.chat.show('chat');
    here.chat.send('chat', 'not this');
    await settle();
    const there = await aChat({ server, disk: here.disk });
    await there.chat.show('chat');
    const [message] = here.store.getState().threads['chat']?.messages ?? [];
    if (!message) throw new Error('nothing waits');
    here.chat.discard(message);
    await settle();
    server.refuse = () => null;
    await there.clock.pass(2_000);
    expect(server.conversations.get('chat')?.messages).toEqual([]);
    expect(there.texts()).toEqual([]);
  });
});
