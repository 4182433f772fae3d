// A page as it is looked at: in both themes and at three widths, by axe-core, and pictured into build/screenshots.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { kScreenshots, kWidths } from './web.mjs';
import { assertAccessible, assertNoSidewaysScroll } from './web_axe.mjs';

const kThemes = ['light', 'dark'];

/** What is shown now, in both themes: `NAME-WIDTH-THEME.png`. The page has that width already. */
export async function look(tab, name, width = 1440) {
  mkdirSync(kScreenshots, { recursive: true });
  for (const theme of kThemes) {
    await tab.page.emulateMedia({ colorScheme: theme });
    await tab.page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' });
    await tab.page.screenshot({ path: join(kScreenshots, `${name}-${width}-${theme}.png`), animations: 'disabled' });
    await assertAccessible(tab, `${name} at ${width} in ${theme}`);
  }
  await assertNoSidewaysScroll(tab, `${name} at ${width}`);
}

/** At some widths, then wide again. */
export async function lookAtWidths(tab, name, ...widths) {
  for (const width of widths) {
    await tab.page.setViewportSize(kWidths[width]);
    await look(tab, name, width);
  }
  await tab.page.setViewportSize(kWidths[1440]);
}

/** At every width, and without a picture at 320 px. */
export async function lookAtAllWidths(tab, name) {
  await lookAtWidths(tab, name, ...Object.keys(kWidths));
  await tab.page.setViewportSize({ width: 320, height: 640 });
  await assertNoSidewaysScroll(tab, `${name} at 320`);
  await tab.page.setViewportSize(kWidths[1440]);
}
