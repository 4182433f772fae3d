import { describe, expect, it } from 'vitest';
import { loginFor, pageKey, routeOf, safeNext } from './routes.ts';

describe('the addresses', () => {
  it.each([
    ['/', { page: 'home' }],
    ['/login', { page: 'login' }],
    ['/signup', { page: 'signup' }],
    ['/c/0192', { page: 'chat', conversation: '0192' }],
    ['/call/new', { page: 'call', call: 'new' }],
    ['/history', { page: 'history' }],
    ['/settings', { page: 'settings', section: null }],
    ['/settings/devices', { page: 'settings', section: 'devices' }],
    ['/profile', { page: 'profile' }],
    ['/videocall', { page: 'moved', to: '/' }],
    ['/settings/attic', { page: 'missing' }],
    ['/c', { page: 'missing' }],
    ['/nowhere', { page: 'missing' }],
  ])('%s', (path, route) => expect(routeOf(path)).toEqual(route));

  it('are one page for the focus in all sections of the settings', () => {
    expect(pageKey(routeOf('/settings/devices'))).toBe(pageKey(routeOf('/settings')));
  });

  it('of what was asked for before logging in come back afterwards', () => {
    const login = loginFor('/c/0192?message=3');
    expect(login).toBe('/login?next=/c/0192%3Fmessage%3D3');
    expect(safeNext(login.slice('/login'.length))).toBe('/c/0192?message=3');
  });

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/login', '/signup?next=/',
    '/\t/evil', '/\n/evil', '/c/\u0000', '/c/\u007f', '/c\\evil', '/%09/evil', '/%0a/evil', '/%0D/evil', '/%5Cevil', '/%2f/evil', '/c/%'])('never lead to %j', (next) => {
    expect(safeNext(`?next=${encodeURIComponent(next)}`)).toBe('/');
  });
});
