// @vitest-environment jsdom
// DESIGN §10.3: who speaks while muted is told so.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeConnection, foreignOffer, stubLoudness } from '../media/fakes_for_tests.ts';
import { aPage, connected, kAt, kBen, kCall, work, type Page } from './calls_stage_for_tests.ts';

let loudness = 0;
beforeEach(() => {
  loudness = 0;
  stubLoudness(() => loudness);
});
afterEach(() => { vi.unstubAllGlobals(); });

const told = ({ store }: Page): unknown[] => store.getState().toasts.map((each) => 'text' in each && each.text);

function speak({ clock }: Page, ms: number): void {
  loudness = 0.3;
  clock.move(ms);
  loudness = 0;
  clock.move(1_000);
}

it('says that the other cannot hear me, once a minute however much I say', async () => {
  const page = aPage();
  await page.talk();
  speak(page, 5_000);
  expect(told(page)).toEqual([]);
  page.calls.setMuted(true);
  speak(page, 5_000);
  expect(told(page)).toEqual(['Ben cannot hear you: you are muted.']);
  expect(page.said.filter((each) => each === 'Ben cannot hear you: you are muted.')).toHaveLength(1);
  page.clock.move(52_000);
  speak(page, 5_000);
  expect(told(page)).toHaveLength(2);
});

it('says nothing while it connects', async () => {
  const page = aPage();
  await page.dial();
  page.link.tell('call.accepted', { callId: kCall, call: connected(), by: { userId: kBen }, startedAt: kAt });
  page.calls.setMuted(true);
  speak(page, 5_000);
  expect([page.phase(), told(page)]).toEqual(['connecting', []]);
});

async function aGroupCall(): Promise<Page> {
  const page = aPage();
  await page.joinGroup();
  page.link.tell('call.signal', { callId: kCall, from: kBen, kind: 'offer', payload: foreignOffer('B'), gen: 0 });
  await work();
  FakeConnection.all.at(-1)?.become('connected');
  page.calls.setMuted(true);
  return page;
}

it('names the group', async () => {
  const page = await aGroupCall();
  speak(page, 5_000);
  expect(told(page)).toEqual(['Team cannot hear you: you are muted.']);
});

it('says nothing where everybody has left', async () => {
  const page = await aGroupCall();
  page.link.tell('call.peer_state', { callId: kCall, userId: kBen, state: 'left' });
  speak(page, 5_000);
  expect([page.phase(), told(page)]).toEqual(['in-call', ['Ben left.']]);
});

it('uses the microphone no longer than the call', async () => {
  const page = aPage();
  await page.talk();
  page.calls.setMuted(true);
  const [microphone] = page.devices.opened;
  expect(microphone?.clones.map((each) => each.readyState)).toEqual(['live']);
  page.calls.hangUp();
  expect([microphone?.clones.map((each) => each.readyState), page.allClosed()]).toEqual([['ended'], true]);
});
