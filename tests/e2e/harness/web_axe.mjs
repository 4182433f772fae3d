// axe-core, and what DESIGN §7.1 and §3.7 ask of each page: no sideways scroll, nothing cut off at the side.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Evaluated by the debugger, which the page's policy does not forbid. */
export async function assertAccessible({ page }, what) {
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(kAxe);
  const violations = await page.evaluate(async () => {
    const { violations: all } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return all.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 4).map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary?.split('\n').slice(1, 3).join(' ').trim()})`).join('; ')}`);
  });
  assert.deepEqual(violations, [], what);
}

export async function assertNoSidewaysScroll({ page }, what) {
  const wide = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > room + 1)
      .slice(0, 5).map((each) => `${each.tagName.toLowerCase()}.${each.className} ${Math.round(each.getBoundingClientRect().right)} of ${room}`);
  });
  assert.deepEqual(wide, [], `${what}: sideways`);
}
