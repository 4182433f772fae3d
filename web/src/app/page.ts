// What belongs to the page and this device: settings, toasts, notifications, the new version.
import type { PageActions } from '../state/actions.ts';
import type { Settings } from '../state/model.ts';
import { settingsFrom, textOf, themeFrom } from '../state/settings.ts';
import { kEmpty } from '../state/store.ts';
import { withoutToast } from '../state/toasts.ts';
import type { Appearance } from './appearance.ts';
import type { Context } from './context.ts';
import { pushState } from './push_state.ts';
import { kDevices, kOffered, kSettings, kTheme, type WebStorage } from './storage.ts';

export interface Page extends Omit<PageActions, 'loadHistory' | 'loadStatistics'> {
  /** Another tab has changed what is kept. */
  readAgain(): void;
  /** At log-out: this device's theme stays, all else is as on the first day. */
  forget(): Promise<void>;
}

export interface PageParts {
  readonly storage: WebStorage;
  readonly appearance: Appearance;
  readonly sounds: { playRingtone(): void; playTestSound(): void };
}

export function makePage(ctx: Context, { storage, appearance, sounds }: PageParts): Page {
  const { store, rest } = ctx;
  const push = () => import('./push.ts');

  function change(settings: Partial<Settings>): void {
    store.change((state) => ({ settings: { ...state.settings, ...settings } }));
  }

  function readAgain(): void {
    const theme = themeFrom(storage.get(kTheme));
    change({ ...settingsFrom(storage.get(kSettings)), theme });
    appearance.show(theme);
  }
  readAgain();
  change({ notifications: pushState() });

  return {
    readAgain,
    playRingtone: () => sounds.playRingtone(),
    playTestSound: () => sounds.playTestSound(),
    setTheme(theme) {
      change({ theme });
      if (theme === 'system') storage.remove(kTheme);
      else storage.set(kTheme, theme);
      appearance.show(theme);
    },
    set(settings) {
      change(settings);
      storage.set(kSettings, textOf(store.getState().settings));
      const quiet = settings.doNotDisturb;
      if (quiet !== undefined) void push().then(({ setPushQuiet }) => setPushQuiet(rest, quiet)).catch(() => undefined);
    },
    async setNotifications(on) {
      change({ notifications: 'asking' });
      // Whoever found the switch needs no offer.
      storage.set(kOffered, '1');
      // The chunk has been here since the page was usable, so the browser still sees the click and asks.
      const set = push().then(({ enablePush, disablePush }) => (on ? enablePush(rest) : disablePush(rest)));
      change({ notifications: await set.catch(pushState) });
    },
    dismissToast: (id) => store.change((state) => ({ toasts: withoutToast(state.toasts, id) })),
    toast: (kind, text) => ctx.toast({ kind, text }),
    reloadPage: () => void push().then(({ takeNewVersion }) => takeNewVersion()).catch(() => location.reload()),
    async forget() {
      storage.remove(kSettings);
      storage.remove(kDevices);
      storage.remove(kOffered);
      await push().then(({ disablePush }) => disablePush(rest)).catch(() => undefined);
      change({ ...kEmpty.settings, theme: store.getState().settings.theme, notifications: pushState() });
    },
  };
}
