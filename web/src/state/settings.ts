// The settings of this device, as they are kept: text that anybody may have changed is read with care.
import { flag, member, number } from '../wire/json.ts';
import type { Settings, ThemeSetting } from './model.ts';
import { kEmpty } from './store.ts';

export type KeptSettings = Pick<Settings, 'ringHere' | 'ringtoneVolume' | 'doNotDisturb' | 'singleKeys'>;

const kThemes: readonly ThemeSetting[] = ['system', 'light', 'dark'];

export const themeFrom = (kept: string | null): ThemeSetting => kThemes.find((each) => each === kept) ?? 'system';

const kept = ({ ringHere, ringtoneVolume, doNotDisturb, singleKeys }: Settings): KeptSettings => ({ ringHere, ringtoneVolume, doNotDisturb, singleKeys });

export const textOf = (settings: Settings): string => JSON.stringify(kept(settings));

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

const bounded = (volume: number): number => Math.min(1, Math.max(0, volume));
const flagOr = (json: unknown, name: string, otherwise: boolean): boolean => (typeof member(json, name) === 'boolean' ? flag(json, name) : otherwise);

export function settingsFrom(text: string | null): KeptSettings {
  const json = parsed(text);
  const usual = kept(kEmpty.settings);
  return {
    ringHere: flagOr(json, 'ringHere', usual.ringHere),
    ringtoneVolume: bounded(number(json, 'ringtoneVolume') ?? usual.ringtoneVolume),
    doNotDisturb: flagOr(json, 'doNotDisturb', usual.doNotDisturb),
    singleKeys: flagOr(json, 'singleKeys', usual.singleKeys),
  };
}
