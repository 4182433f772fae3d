// What belongs to the page and this device: settings, toasts, notifications, the new version; and the history of calls.
import type { PageActions } from '../state/actions.ts';
import type { Settings } from '../state/model.ts';
import { settingsFrom, textOf, themeFrom } from '../state/settings.ts';
import { kEmpty } from '../state/store.ts';
import { withoutToast } from '../state/toasts.ts';
import type { Appearance } from './appearance.ts';
import type { Context } from './context.ts';
import { makeHistory } from './history.ts';
import { disablePush, enablePush, pushState, setPushQuiet, takeNewVersion } from './push.ts';
import { kSettings, kTheme, type Shelf } from './storage.ts';

export interface Page extends PageActions {
  /** At log-out: this device's theme stays, all else is as on the first day. */
  forget(): Promise<void>;
}

export interface PageParts {
  readonly shelf: Shelf;
  readonly appearance: Appearance;
  readonly sounds: { playRingtone(): void; playTestSound(): void };
}

export function makePage(ctx: Context, { shelf, appearance, sounds }: PageParts): Page {
  const { store, rest } = ctx;

  function change(settings: Partial<Settings>): void {
    store.change((state) => ({ settings: { ...state.settings, ...settings } }));
  }

  change({ ...settingsFrom(shelf.get(kSettings)), theme: themeFrom(shelf.get(kTheme)), notifications: pushState() });
  appearance.show(store.getState().settings.theme);

  return {
    ...makeHistory(ctx),
    playRingtone: () => sounds.playRingtone(),
    playTestSound: () => sounds.playTestSound(),
    setTheme(theme) {
      change({ theme });
      if (theme === 'system') shelf.remove(kTheme);
      else shelf.set(kTheme, theme);
      appearance.show(theme);
    },
    set(settings) {
      change(settings);
      shelf.set(kSettings, textOf(store.getState().settings));
      if (settings.doNotDisturb !== undefined) void setPushQuiet(rest, settings.doNotDisturb);
    },
    async setNotifications(on) {
      change({ notifications: 'asking' });
      // At once: the browser asks only in answer to a click.
      change({ notifications: await (on ? enablePush(rest) : disablePush(rest)).catch(pushState) });
    },
    dismissToast: (id) => store.change((state) => ({ toasts: withoutToast(state.toasts, id) })),
    toast: (kind, text) => ctx.toast({ kind, text }),
    reloadPage: () => void takeNewVersion(),
    async forget() {
      shelf.remove(kSettings);
      await disablePush(rest).catch(() => undefined);
      change({ ...kEmpty.settings, theme: store.getState().settings.theme, notifications: pushState() });
    },
  };
}
