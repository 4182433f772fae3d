// A site of another origin than the server's, with pages that its owner wrote.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** `pages`: the content at each path. A path that ends in .js is a script, any other a page. */
export async function aSite(pages) {
  const site = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const content = pages[pathname];
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': pathname.endsWith('.js') ? 'text/javascript' : 'text/html' });
    response.end(content ?? '');
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return { url: `http://127.0.0.1:${site.address().port}`, close: () => site.close() };
}
