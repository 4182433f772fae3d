// docs/migrating: each statement names the tests that hold it, and those tests exist. So do those of the rows about real clients.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const kPages = readdirSync(new URL('docs/migrating/', root));
const read = (path) => readFileSync(new URL(path, root), 'utf8');

/** The text of every test, here and beside the sources. */
function allTests() {
  const units = (folder) => readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((each) =>
    each.isDirectory() ? units(`${folder}${each.name}/`) : /_(test\.cpp|contract\.[ch]pp)$/.test(each.name) ? [`${folder}${each.name}`] : []);
  const here = readdirSync(new URL('tests/e2e/', root)).filter((name) => name.endsWith('.test.mjs')).map((name) => `tests/e2e/${name}`);
  return [...here, ...units('server/')].map(read).join('\n').replaceAll("\\'", "'");
}
const tests = allTests();
/** Titles that are put together: `${caller} calls ${callee}`. */
const templates = [...tests.matchAll(/test\(`([^`]+)`/g)].map(([, title]) =>
  new RegExp(`^${title.split(/\$\{[^}]+\}/).map((fixed) => fixed.replace(/[^\w ]/g, '\\$&')).join('.+')}$`));
const isTitle = (title) => tests.includes(title) || templates.some((template) => template.test(title));

/** [[statement, cell of its tests]] */
const rowsOf = (page) => page.split('\n').filter((line) => line.startsWith('| ') && !/^\| *\|/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).slice(1, 3).map((cell) => cell.trim()));

function assertNamesTests(statement, cell) {
  const files = [...cell.matchAll(/`([^`]+\.(?:mjs|cpp|hpp))`/g)].map(([, name]) => (name.endsWith('.mjs') ? `tests/e2e/${name}` : name));
  const titles = [...cell.matchAll(/"([^"]+)"|`(\w+)`/g)].map(([, title, name]) => title ?? name);
  assert.ok(files.length + titles.length > 0 || cell === 'the same test', `a statement without a test: ${statement}`);
  for (const file of files) assert.ok(existsSync(new URL(file, root)), `there is no ${file}: ${statement}`);
  for (const title of titles) assert.ok(isTitle(title), `no test is called "${title}": ${statement}`);
}

for (const name of kPages)
  test(`each statement of docs/migrating/${name} names tests that exist`, () => {
    const rows = rowsOf(read(`docs/migrating/${name}`));
    assert.ok(rows.length > 10);
    for (const [statement, cell] of rows) assertNamesTests(statement, cell);
  });

/** W-004-01 to W-004-17, W-001-11 → each id */
const idsOf = (text) => [...text.matchAll(/(W-\d{3}-)(\d\d)(?: to W-\d{3}-(\d\d))?/g)].flatMap(([, group, first, last = first]) =>
  Array.from({ length: last - first + 1 }, (_, n) => `${group}${String(Number(first) + n).padStart(2, '0')}`));

// W-01: "Each row below has such a test."
test('each row about a real client is cited by a test', () => {
  const page = read('docs/spec/real-clients.md');
  const ids = [...page.matchAll(/^\| (W-\d[\d-]+) \|/gm)].map(([, id]) => id);
  assert.ok(ids.length > 50);
  const citations = new Set([...tests.matchAll(/\/\/.*/g)].flatMap(([comment]) => [...idsOf(comment), ...comment.match(/\bW-\d\d\b(?!-)/g) ?? []]));
  assert.deepEqual(ids.filter((id) => !citations.has(id)), []);
});
