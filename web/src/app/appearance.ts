// Light or dark, while the page runs. Before the first paint app/theme.ts has done the same.
import type { ThemeSetting } from '../state/model.ts';

const kDark = '(prefers-color-scheme: dark)';

export interface Appearance {
  show(setting: ThemeSetting): void;
}

export function makeAppearance(page: Document = document, match: (query: string) => MediaQueryList = (query) => window.matchMedia(query)): Appearance {
  const dark = match(kDark);
  let setting: ThemeSetting = 'system';

  function show(): void {
    const theme = setting === 'system' ? (dark.matches ? 'dark' : 'light') : setting;
    const { dataset } = page.documentElement;
    dataset['themeSetting'] = setting;
    dataset['theme'] = theme;
    // The browser's own bars: the colour of the page, as the tokens of that theme have it.
    const colour = getComputedStyle(page.documentElement).getPropertyValue('--bg').trim();
    if (colour) page.querySelector('meta[name="theme-color"]')?.setAttribute('content', colour);
  }

  dark.addEventListener('change', () => {
    if (setting === 'system') show();
  });
  return {
    show(next) {
      setting = next;
      show();
    },
  };
}
