// Which page an address is (DESIGN section 17.1), as data: nothing here touches the browser.
import type { CallId, ConversationId } from '../state/model.ts';

export type Route =
  | { readonly page: 'login' | 'signup' | 'home' | 'history' | 'profile' | 'missing' }
  | { readonly page: 'chat'; readonly conversation: ConversationId }
  | { readonly page: 'call'; readonly call: CallId | 'new' }
  | { readonly page: 'settings'; readonly section: string | null }
  /** An old address: it is replaced by `to`. */
  | { readonly page: 'moved'; readonly to: string };

const kSections = ['devices', 'appearance', 'notifications', 'sessions'];

export function routeOf(path: string): Route {
  const parts = path.split('/').filter(Boolean);
  const [first, second] = parts;
  switch (first) {
    case undefined: return { page: 'home' };
    case 'login':
    case 'signup':
    case 'history':
    case 'profile': return second === undefined ? { page: first } : { page: 'missing' };
    case 'videocall': return { page: 'moved', to: '/' };
    case 'c': return parts.length === 2 && second ? { page: 'chat', conversation: second } : { page: 'missing' };
    case 'call': return parts.length === 2 && second ? { page: 'call', call: second } : { page: 'missing' };
    case 'settings':
      if (parts.length > 2 || (second !== undefined && !kSections.includes(second))) return { page: 'missing' };
      return { page: 'settings', section: second ?? null };
    default: return { page: 'missing' };
  }
}

/** What is the same page for the focus: the sections of the settings are one. */
export function pageKey(route: Route): string {
  if (route.page === 'chat') return `chat ${route.conversation}`;
  return route.page;
}

/** Where to log in, and to come back to afterwards. */
export const loginFor = (path: string): string => `/login?next=${encodeURIComponent(path).replace(/%2F/g, '/')}`;

const isPath = (path: string): boolean => /^\/(?!\/)[^\\\p{Cc}]*$/u.test(path);

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

/** Where `next` leads: a path of this very page, never of another one, never a form. */
export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  // A browser reads `//x` and `/\x` as another host, and `/\t/x` too: it leaves out what controls. The router decodes once more.
  if (!isPath(next) || !isPath(decoded(next))) return '/';
  const page = routeOf(next.replace(/[?#].*$/, '')).page;
  return page === 'login' || page === 'signup' ? '/' : next;
}
