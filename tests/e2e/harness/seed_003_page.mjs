// Seed 003's page (pages/seed_003) in Chromium. A server gives it away by `--static` with kSeed003Folder; or it comes from a site of its
// own, as most pages of that seed do, and is told its server.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aSite } from './other_site.mjs';

export const kSeed003Folder = fileURLToPath(new URL('../pages/seed_003', import.meta.url));
const kClient = new URL('../node_modules/sio/dist/socket.io.min.js', import.meta.url);

export const seed003Site = () => aSite({
  '/': readFileSync(join(kSeed003Folder, 'index.html')),
  '/page.js': readFileSync(join(kSeed003Folder, 'page.js')),
  '/socket.io/socket.io.min.js': readFileSync(kClient),
});

/** Opens it at `url` and enters `name`. `server`: if it comes from elsewhere; `token`: if the name is that of an account. */
export async function enterSeed003(page, { url, name, server, token }) {
  const address = new URL(url);
  for (const [key, value] of Object.entries({ server, token })) if (value !== undefined) address.searchParams.set(key, value);
  await page.goto(address.href);
  await page.getByTestId('name').fill(name);
  await page.getByTestId('register').click();
  await page.getByTestId('me').getByText(name).waitFor();
}
