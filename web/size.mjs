// What a build weighs, as it goes over the wire (gzip): fails beyond the budget of DESIGN §15.
//   node web/size.mjs build/release/web/app
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

// `call` was to be 25 with the rules of calls in the entry. They come with it now, fetched on idle, so that the first view is lighter by as
// much.
const kBudget = { entry: 150, style: 14, call: 40, pages: 15, parts: 75, sw: 3 };

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node web/size.mjs FOLDER-OF-THE-BUILD');
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
const weight = (file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length / 1000;

/** The files that are there as soon as this one is: its static imports, and theirs, and the styles of all. */
function closure(name, found = new Set()) {
  const chunk = manifest[name];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const each of chunk.imports ?? []) closure(each, found);
  return found;
}

const isStyle = (file) => file.endsWith('.css');
const first = [...closure(Object.keys(manifest).find((name) => manifest[name].isEntry))];
const scripts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js')).map((name) => `assets/${name}`);
const theme = scripts.filter((file) => /^assets\/theme-/.test(file));

const parts = { entry: [...first.filter((file) => !isStyle(file)), ...theme], style: first.filter(isStyle), sw: ['sw.js'] };
for (const file of scripts.filter((each) => !parts.entry.includes(each))) {
  const name = /^assets\/(call|pages|parts)-/.exec(file)?.[1] ?? file;
  (parts[name] ??= []).push(file);
}

let over = 0;
for (const [name, files] of Object.entries(parts)) {
  const kilobytes = files.reduce((sum, file) => sum + weight(file), 0);
  const most = kBudget[name];
  if (most !== undefined && kilobytes > most) ++over;
  const verdict = most === undefined ? '' : kilobytes > most ? `OVER its ${most} kB` : `of ${most} kB`;
  console.log(`${kilobytes.toFixed(1).padStart(7)} kB  ${name} ${verdict}`);
}
process.exit(over === 0 ? 0 : 1);
