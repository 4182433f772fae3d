// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../state/settings.ts';
import { createStore } from '../state/store.ts';
import { fakeClock, fakeLink, fakeRest } from '../wire/fakes_for_tests.ts';
import { makePage } from './page.ts';
import { kOffered, kSettings, kTheme } from './storage.ts';

function aPage(kept: Record<string, string> = {}) {
  const all = new Map(Object.entries(kept));
  const store = createStore();
  const page = makePage(
    { store, rest: fakeRest(), link: fakeLink(), clock: fakeClock(), newId: () => 'id', toast: () => undefined, announce: () => undefined },
    {
      storage: { get: (key) => all.get(key) ?? null, set: (key, value) => void all.set(key, value), remove: (key) => void all.delete(key) },
      appearance: { show: () => undefined }, sounds: { playRingtone: () => undefined, playTestSound: () => undefined },
    });
  return { page, kept: all, settings: () => store.getState().settings };
}

describe('the settings of this browser', () => {
  it('are those that another tab has set since, and are not set back by the next change here', () => {
    const { page, kept, settings } = aPage();
    kept.set(kSettings, JSON.stringify({ singleKeys: false }));
    kept.set(kTheme, 'dark');
    page.readAgain();
    expect(settings()).toMatchObject({ singleKeys: false, theme: 'dark' });
    page.set({ ringtoneVolume: 0.2 });
    expect(settingsFrom(kept.get(kSettings) ?? null)).toMatchObject({ singleKeys: false, ringtoneVolume: 0.2 });
  });

  it('are forgotten at log-out, but for the theme', async () => {
    const { page, kept } = aPage({ [kSettings]: '{}', 'belfry.devices': '{"camera":"cam"}', [kOffered]: '1', [kTheme]: 'dark' });
    await page.forget();
    expect([...kept.keys()]).toEqual([kTheme]);
  });
});

it('needs no offer of notifications where the switch was used', async () => {
  const { page, kept, settings } = aPage();
  await page.setNotifications(true);
  expect([kept.get(kOffered), settings().notifications]).toEqual(['1', 'unsupported']);
});
