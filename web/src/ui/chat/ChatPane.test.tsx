// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { Profiler } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actions } from '../../state/actions.ts';
import type { Conversation, Message, State, Thread } from '../../state/model.ts';
import { ChatPane } from './ChatPane.tsx';
import { chatClient, direct, group, member, message, own, person, pretendLayout, thread } from './chatForTests.tsx';

beforeEach(pretendLayout);
afterEach(cleanup);

function open(shown: Thread, conversation: Conversation = direct(), state: Partial<State> = {}, acts: Partial<Actions> = {}) {
  const client = chatClient(conversation, shown, state, acts);
  render(<client.Around><ChatPane conversationId="c" /></client.Around>);
  return client;
}
const log = () => screen.getByRole('log', { name: 'Messages' });
const names = () => screen.queryAllByRole('article').map((article) => article.getAttribute('aria-label'));
const article = (name: RegExp) => screen.getByRole('article', { name });

describe('messages', () => {
  it('are articles named by sender, time, text and, if own, how far they got', () => {
    open(thread([message(1, { text: 'Hello' }), own(2, { text: 'Hi', state: 'delivered' })]));
    expect(names()).toEqual(['Ben, 14:03, Hello', 'You, 14:03, Hi, delivered']);
    expect(within(article(/Hi/)).getByRole('img', { name: 'delivered' })).toBeTruthy();
  });

  it('carry what tools look for', () => {
    open(thread([own(7, { text: 'Hi', state: 'sent', clientId: 'mine' })]));
    expect({ ...article(/Hi/).dataset }).toMatchObject({ message: 'm7', clientId: 'mine', seq: '7', sender: 'ann', kind: 'text', state: 'sent' });
    expect(article(/Hi/).querySelector('[data-part="text"]')?.textContent).toBe('Hi');
  });

  it('stand in a log that says nothing by itself and can be focused', () => {
    open(thread([message(1)]));
    expect(log().getAttribute('aria-live')).toBe('off');
    expect(log().tabIndex).toBe(0);
  });

  it('that failed can be tried again or deleted', () => {
    const client = open(thread([own(1, { state: 'failed', seq: null, text: 'Lost' })]));
    const failed = within(article(/^You, 14:03, Lost, not sent$/));
    fireEvent.click(failed.getByRole('button', { name: 'Try again' }));
    fireEvent.click(failed.getByRole('button', { name: 'Delete' }));
    expect(client.actions.retry).toHaveBeenCalledOnce();
    expect(client.actions.discard).toHaveBeenCalledOnce();
  });

  it('show a file on its way, which can be called off', () => {
    const client = open(thread([own(1, { kind: 'file', text: '', state: 'sending', seq: null, upload: { name: 'plan.pdf', bytes: 2048, progress: 0.4 } })]));
    const file = article(/plan\.pdf, sending/);
    expect(file.dataset['kind']).toBe('file');
    expect(within(file).getByRole('progressbar', { name: 'Uploading plan.pdf' }).getAttribute('value')).toBe('40');
    fireEvent.click(within(file).getByRole('button', { name: 'Cancel upload' }));
    expect(client.actions.cancelUpload).toHaveBeenCalledOnce();
  });

  it('tell of a call by its reader, who may call back or again', () => {
    const call = { id: 'call-1', type: 'video', outcome: 'missed', endReason: 'timeout', durationSeconds: 0 } as const;
    const client = open(thread([message(1, { kind: 'call', call }), own(2, { kind: 'call', call })]));
    const [theirs, mine] = screen.getAllByRole('article');
    expect(theirs?.querySelector('[data-part="text"]')?.textContent).toBe('Missed video call');
    expect(mine?.querySelector('[data-part="text"]')?.textContent).toBe('Video call, no answer');
    expect({ ...theirs?.dataset }).toMatchObject({ kind: 'call', call: 'call-1', callOutcome: 'missed' });
    fireEvent.click(screen.getByRole('button', { name: 'Call back' }));
    fireEvent.click(screen.getByRole('button', { name: 'Call again' }));
    expect(client.actions.startCall).toHaveBeenNthCalledWith(1, 'c', 'video');
    expect(client.actions.startCall).toHaveBeenCalledTimes(2);
  });

  it.each([[1, 16_000, '120 / 280'], [64, 64, '120 / 120'], [16_000, 1, '320 / 24'], [400, 300, '320 / 240']])('show a picture of %i by %i in a frame of %s', (width, height, frame) => {
    const picture = { id: 'f', name: 'p.png', url: '/f', mime: 'image/png', bytes: 9, width, height, thumbnailUrl: '/t' };
    open(thread([message(1, { kind: 'file', text: '', attachments: [picture] })]));
    expect(screen.getByRole('img', { name: 'p.png' }).style.getPropertyValue('--frame')).toBe(frame);
  });

  it('that were deleted or edited say so', () => {
    open(thread([message(1, { text: '', deletedAt: 'x' }), own(2, { text: 'Better', editedAt: 'x' })]));
    expect(names()).toEqual(['Ben, 14:03, Message deleted', 'You, 14:03, Better, sent, edited']);
  });

  it('begin with a day and with New messages where they were unread', () => {
    open(thread([message(1), message(2)], { firstUnreadSeq: 2 }));
    expect(screen.getAllByRole('separator').map((line) => line.getAttribute('aria-label'))).toEqual([expect.any(String), 'New messages']);
  });

  it('say where they begin, or that older ones could not be loaded', () => {
    const client = open(thread([message(1)]));
    expect(screen.getByText('This is the beginning of your chat with Ben.')).toBeTruthy();
    act(() => client.store.change(() => ({ threads: { c: thread([message(1)], { older: 'failed' }) } })));
    fireEvent.click(within(log()).getByRole('button', { name: 'Try again' }));
    expect(client.actions.loadOlder).toHaveBeenCalledWith('c');
  });

  it('that there are none is said', () => {
    open(thread([]));
    expect(document.querySelector('[data-empty="messages"]')?.textContent).toContain('No messages with Ben yet.');
  });

  it('are mounted only as far as they are near the screen', () => {
    open(thread(Array.from({ length: 10_000 }, (_, index) => message(index + 1))));
    expect(screen.getAllByRole('article').length).toBeLessThan(60);
  });

  it('are placed without CSS variables, by which Chromium gets slower with each value', () => {
    open(thread([message(1), message(2)]));
    const rows = [...log().querySelectorAll<HTMLElement>('[data-index]')];
    const [list] = log().querySelectorAll<HTMLElement>(':scope > div');
    expect(rows.map((row) => row.style.transform)).toEqual([expect.stringMatching(/^translateY\(\d/), expect.stringMatching(/^translateY\(\d/)]);
    expect(rows.concat(list ?? []).map((each) => each.style.cssText).filter((style) => style.includes('--'))).toEqual([]);
  });

  it('may come faster than anything else gets a turn: each leaves no update behind (React counts 50)', async () => {
    const all = Array.from({ length: 20 }, (_, index) => message(index + 1));
    const client = open(thread(all));
    await act(async () => { for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame); });
    const testing = { set: (on: boolean) => Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', on) };
    testing.set(false);
    try {
      for (let seq = 21; seq <= 120; seq += 1) {
        all.push(message(seq));
        client.store.change(() => ({ threads: { c: thread([...all]) }, conversations: { c: direct({ lastMessage: message(seq) }) } }));
        await Promise.resolve();
      }
    } finally {
      testing.set(true);
    }
    expect(log()).toBeTruthy();
  });

  it('elsewhere render nothing here (R-004-66)', () => {
    const client = chatClient(direct(), thread([message(1)]));
    const rendered = vi.fn();
    render(<client.Around><Profiler id="chat" onRender={rendered}><ChatPane conversationId="c" /></Profiler></client.Around>);
    rendered.mockClear();
    const elsewhere: Message[] = [];
    for (let seq = 1; seq <= 100; seq += 1) {
      elsewhere.push(message(seq, { conversationId: 'd' }));
      act(() => client.store.change((state) => ({
        threads: { ...state.threads, d: thread([...elsewhere]) }, conversations: { ...state.conversations, d: direct({ id: 'd', unread: seq }) },
      })));
    }
    expect(rendered).not.toHaveBeenCalled();
  });
});

describe('the keyboard in the log', () => {
  it('moves message by message and opens the menu of one', () => {
    open(thread([message(1), own(2), message(3)]));
    log().focus();
    fireEvent.keyDown(log(), { key: 'ArrowUp' });
    expect(document.activeElement?.getAttribute('data-message')).toBe('m3');
    fireEvent.keyDown(document.activeElement ?? log(), { key: 'Home' });
    expect(document.activeElement?.getAttribute('data-message')).toBe('m1');
    fireEvent.keyDown(document.activeElement ?? log(), { key: 'ArrowDown' });
    expect(document.activeElement?.getAttribute('data-message')).toBe('m2');
    fireEvent.keyDown(document.activeElement ?? log(), { key: 'Enter' });
    expect(screen.getAllByRole('menuitem').map((item) => item.textContent)).toEqual(['Reply', 'Copy', 'Edit', 'Delete']);
    fireEvent.keyDown(document.activeElement ?? log(), { key: 'Escape' });
    expect(document.activeElement?.getAttribute('data-message')).toBe('m2');
  });
});

describe('the composer', () => {
  const box = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
  const acts = (): Partial<Actions> & { client?: ReturnType<typeof open> } => {
    const all: Partial<Actions> & { client?: ReturnType<typeof open> } = {};
    return Object.assign(all, { setDraft: (id: string, text: string) => all.client?.store.change((state) => ({ drafts: { ...state.drafts, [id]: text } })) });
  };

  it('sends by Enter, breaks the line by Shift+Enter, and keeps the draft', () => {
    const all = acts();
    all.client = open(thread([]), direct(), {}, all);
    expect(screen.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled')).toBe('true');
    fireEvent.change(box(), { target: { value: 'Hello' } });
    expect(all.client.getState().drafts['c']).toBe('Hello');
    fireEvent.keyDown(box(), { key: 'Enter', shiftKey: true });
    expect(all.client.actions.send).not.toHaveBeenCalled();
    fireEvent.keyDown(box(), { key: 'Enter' });
    expect(all.client.actions.send).toHaveBeenCalledWith('c', 'Hello', undefined);
    expect(box().value).toBe('');
  });

  it('sends a text once, however often Enter is pressed before it is drawn anew', () => {
    const all = acts();
    all.client = open(thread([own(1)]), direct(), { drafts: { c: 'Hello' } }, all);
    const thrice = () => act(() => {
      for (let i = 0; i < 3; i += 1) box().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    });
    thrice();
    expect(all.client.actions.send).toHaveBeenCalledOnce();
    fireEvent.keyDown(box(), { key: 'ArrowUp' });
    fireEvent.change(box(), { target: { value: 'Second' } });
    thrice();
    expect(all.client.actions.edit).toHaveBeenCalledOnce();
    expect(all.client.actions.send).toHaveBeenCalledOnce();
  });

  it('edits the last own message by ↑ in an empty field, and Escape stops that', () => {
    const client = open(thread([own(1, { text: 'First' }), own(2, { text: 'Secnd' }), message(3)]));
    fireEvent.keyDown(box(), { key: 'ArrowUp' });
    expect(box().value).toBe('Secnd');
    fireEvent.change(box(), { target: { value: 'Second' } });
    fireEvent.keyDown(box(), { key: 'Enter' });
    expect(client.actions.edit).toHaveBeenCalledWith(expect.objectContaining({ id: 'm2' }), 'Second');
    fireEvent.keyDown(box(), { key: 'ArrowUp' });
    fireEvent.keyDown(box(), { key: 'Escape' });
    expect(box().value).toBe('');
  });

  it('leaves out what no server takes: U+0000 and halves of a surrogate pair', () => {
    const client = open(thread([own(1)]), direct(), { drafts: { c: 'a\u0000b\ud800c \u{1f600}' } });
    fireEvent.keyDown(box(), { key: 'Enter' });
    expect(client.actions.send).toHaveBeenCalledWith('c', 'abc \u{1f600}', undefined);
    fireEvent.change(screen.getByLabelText('Attachment'), { target: { files: [new File(['x'], 'a\u0000.txt', { type: 'text/plain' })] } });
    expect(client.actions.attach).toHaveBeenCalledWith('c', expect.objectContaining({ name: 'a.txt', type: 'text/plain', size: 1 }));
  });

  it('sends nothing that is empty without them', () => {
    const client = open(thread([]), direct(), { drafts: { c: '\u0000 \ud800' } });
    fireEvent.keyDown(box(), { key: 'Enter' });
    expect(client.actions.send).not.toHaveBeenCalled();
  });

  it('is left by Escape, and come back to', () => {
    open(thread([message(1)]));
    box().focus();
    fireEvent.keyDown(box(), { key: 'Escape' });
    expect(document.activeElement).toBe(log());
    fireEvent.keyDown(log(), { key: 'Escape' });
    expect(document.activeElement).toBe(box());
  });

  it('counts near the limit and sends nothing beyond it', () => {
    const client = open(thread([]), direct(), { drafts: { c: 'x'.repeat(8001) } });
    expect(screen.getByText(/8\s001 of 8\s000/)).toBeTruthy();
    fireEvent.keyDown(box(), { key: 'Enter' });
    expect(client.actions.send).not.toHaveBeenCalled();
  });

  it('refuses a file that is too big before it is uploaded', () => {
    const client = open(thread([]));
    const big = new File([''], 'plan.mov');
    Object.defineProperty(big, 'size', { value: 84 * 1024 * 1024 });
    fireEvent.change(screen.getByLabelText('Attachment'), { target: { files: [big, new File(['x'], 'note.txt')] } });
    expect(screen.getByText('plan.mov is 84 MB; the limit is 10 MB.')).toBeTruthy();
    expect(client.actions.attach).toHaveBeenCalledOnce();
    act(() => client.store.change(() => ({ maxFileBytes: 100 * 1024 * 1024 })));
    fireEvent.change(screen.getByLabelText('Attachment'), { target: { files: [big] } });
    expect(client.actions.attach).toHaveBeenCalledTimes(2);
  });
});

describe('the header', () => {
  it('has the name, and buttons that a call of mine disables with a reason', () => {
    open(thread([]), direct(), { call: null });
    expect(screen.getByRole('heading', { level: 1, name: 'Ben' })).toBeTruthy();
    for (const name of ['Audio call', 'Video call', 'Search in conversation', 'Conversation details']) expect(screen.getByRole('button', { name })).toBeTruthy();
  });

  it('offers to join a group call that runs', () => {
    open(thread([]), group({ activeCallId: 'k', activeCallPeople: ['ben', 'cleo'] }));
    expect(screen.getByRole('button', { name: 'Join call' }).getAttribute('data-participants')).toBe('2');
  });

  it('says who types', () => {
    const client = open(thread([]));
    expect(document.querySelector('[data-part="typing"]')?.textContent).toBe('');
    act(() => client.store.change(() => ({ typing: { c: ['ben', 'cleo'] } })));
    expect(document.querySelector('[data-part="typing"]')?.textContent).toBe('Ben and Cleo are typing…');
  });
});

describe('the details', () => {
  const show = () => fireEvent.click(screen.getByRole('button', { name: 'Conversation details' }));

  it('list the members, whom the owner may remove', () => {
    const client = open(thread([]), group({ members: [member('ann', { role: 'owner' }), member('ben', { role: 'admin' })] }));
    show();
    expect(screen.getByRole('button', { name: 'Conversation details' }).getAttribute('aria-expanded')).toBe('true');
    const details = within(screen.getByRole('region', { name: 'Conversation details' }));
    const items = within(details.getByRole('list', { name: 'Members' })).getAllByRole('listitem');
    expect(items.map((item) => [item.dataset['user'], item.dataset['role']])).toEqual([['ann', 'owner'], ['ben', 'admin']]);
    fireEvent.click(details.getByRole('button', { name: 'Remove Ben' }));
    expect(client.actions.removeMember).toHaveBeenCalledWith('c', 'ben');
  });

  it('rename the group and add people', async () => {
    const client = open(thread([]), group({ members: [member('ann', { role: 'owner' }), member('ben')] }));
    show();
    fireEvent.change(screen.getByRole('textbox', { name: 'Group name' }), { target: { value: 'Crew' } });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Rename' })));
    expect(client.actions.renameGroup).toHaveBeenCalledWith('c', 'Crew');
    fireEvent.click(screen.getByRole('button', { name: 'Add people' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Add people' }));
    expect(dialog.queryByRole('checkbox', { name: 'Ben' })).toBeNull();
    fireEvent.click(dialog.getByRole('checkbox', { name: 'Cleo' }));
    await act(async () => fireEvent.click(dialog.getByRole('button', { name: 'Add' })));
    expect(client.actions.addMembers).toHaveBeenCalledWith('c', ['cleo']);
  });

  it('stay when Escape closes a dialog of theirs, and close by the next', () => {
    open(thread([]), group());
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Add people' }));
    fireEvent.keyDown(screen.getByRole('dialog', { name: 'Add people' }), { key: 'Escape' });
    expect(screen.getByRole('region', { name: 'Conversation details' })).toBeTruthy();
    fireEvent.keyDown(screen.getByRole('button', { name: 'Leave group' }), { key: 'Escape' });
    expect(screen.queryByRole('region', { name: 'Conversation details' })).toBeNull();
  });

  it('leave the group after a question', async () => {
    const client = open(thread([]), group());
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Leave group' }));
    const question = within(screen.getByRole('alertdialog', { name: 'Leave this group?' }));
    expect(question.getByRole('button', { name: 'Cancel' })).toBeTruthy();
    await act(async () => fireEvent.click(question.getByRole('button', { name: 'Leave' })));
    expect(client.actions.leaveGroup).toHaveBeenCalledWith('c');
    act(() => client.store.change(() => ({ conversations: {}, threads: {} })));
    expect(screen.getByText('You left this group.')).toBeTruthy();
  });

  it('give members without a right nothing to press', () => {
    open(thread([]), group({ members: [member('ann'), member('ben', { role: 'owner' })] }));
    show();
    for (const name of ['Rename', 'Add people', 'Remove Ben']) expect(screen.queryByRole('button', { name })).toBeNull();
  });

  it('S19: mute the messages of a group and its calls one by one', () => {
    const client = open(thread([]), group({ mutedUntil: '9999-12-31T23:59:59.999Z' }));
    show();
    expect(screen.getByRole<HTMLInputElement>('switch', { name: 'Muted' }).checked).toBe(true);
    fireEvent.click(screen.getByRole('switch', { name: 'Calls ring' }));
    expect(client.actions.ringForCalls).toHaveBeenCalledWith('c', false);
    fireEvent.click(screen.getByRole('switch', { name: 'Muted' }));
    expect(client.actions.mute).toHaveBeenCalledWith('c', false);
  });

  it('block and mute the other one of a direct chat', () => {
    const client = open(thread([]), direct(), { people: { ben: person('ben', 'Ben') } });
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Block Ben' }));
    fireEvent.click(screen.getByRole('switch', { name: 'Muted' }));
    expect(client.actions.block).toHaveBeenCalledWith('ben', true);
    expect(client.actions.mute).toHaveBeenCalledWith('c', true);
  });
});
