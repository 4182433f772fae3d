// The page and its files without the network. What is cached is one build: its page and its hashed files, never an answer of the API, whose
// contents belong to a person (DESIGN §15).

/** As the server has it (SPEC 2.11 S2): no page of ours is at these addresses. A test compares it with server/gateway/page_paths.cpp. */
export const kReserved = ['api', 'user', 'message', 'socket.io', 'peerjs', 'test', 'docs', 'metrics', 'healthz', 'readyz', 'version', 'users', 'assets'];

export type Answering = 'page' | 'file' | 'not-ours';

export function answering(request: { readonly method: string; readonly mode: string; readonly url: string }, origin: string): Answering {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return 'not-ours';
  if (url.pathname.startsWith('/assets/')) return 'file';
  if (request.mode !== 'navigate') return 'not-ours';
  const first = url.pathname.split('/')[1] ?? '';
  return kReserved.includes(first) ? 'not-ours' : 'page';
}

/** Whether the page at this address is the client. The server's documentation is none, but belongs to the worker all the same. */
export const isOurPage = (url: string, origin: string): boolean => answering({ method: 'GET', mode: 'navigate', url }, origin) === 'page';

/** Whether a path that somebody sent leads to the client. Browsers drop tabs and line ends, and read a backslash as a slash: `//x` is a host. */
export const isOurPath = (path: string, origin: string): boolean =>
  /^\/[\x21-\x5b\x5d-\x7e]*$/u.test(path) && !path.includes('//') && isOurPage(origin + path, origin);

/** What is fetched beforehand, of the build's list: all but what few readers ever need. */
export function filesToKeep(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.filter((file): file is string => typeof file === 'string' && !file.includes('latin-ext'));
}

export const cacheName = (build: string): string => `belfry-${build}`;
export const isOldCache = (name: string, build: string): boolean => name.startsWith('belfry-') && name !== cacheName(build);
