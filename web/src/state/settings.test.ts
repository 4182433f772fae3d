import { expect, it } from 'vitest';
import { deviceOf } from './logins.ts';
import { settingsFrom, textOf, themeFrom } from './settings.ts';
import { kEmpty } from './store.ts';

it('reads the settings that were kept', () => {
  const kept = { ringHere: false, ringtoneVolume: 0.2, doNotDisturb: true, singleKeys: false };
  expect(settingsFrom(textOf({ ...kEmpty.settings, ...kept }))).toEqual(kept);
});

it('takes the usual settings for what cannot be read', () => {
  const usual = { ringHere: true, ringtoneVolume: 0.6, doNotDisturb: false, singleKeys: true };
  for (const text of [null, '', '{', '[]', '{"ringHere":"no","ringtoneVolume":"loud"}']) expect(settingsFrom(text)).toEqual(usual);
  expect(settingsFrom('{"ringtoneVolume":7,"singleKeys":false}')).toEqual({ ...usual, ringtoneVolume: 1, singleKeys: false });
});

it('follows the system where no theme was chosen', () => {
  expect([null, 'sepia', 'dark'].map(themeFrom)).toEqual(['system', 'system', 'dark']);
});

it('names a login by its browser and system', () => {
  const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36';
  expect(deviceOf(`${windows} Edg/130.0`)).toBe('Edge on Windows');
  expect(deviceOf(windows)).toBe('Chrome on Windows');
  expect(deviceOf('Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0')).toBe('Firefox on Linux');
  expect(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile/15E148 Safari/604.1')).toBe('Safari on iPhone');
  expect(deviceOf('Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36')).toBe('Chrome on Android');
  expect(deviceOf('')).toBe('Unknown device');
});
