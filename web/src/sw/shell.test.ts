import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { messageNotice, pathOf } from './notices.ts';
import { answering, filesToKeep, isOldCache, isOurPage, isOurPath, kReserved } from './shell.ts';

const kOrigin = 'https://call.example';
const asked = (path: string, mode = 'navigate', method = 'GET') => answering({ method, mode, url: new URL(path, kOrigin).href }, kOrigin);

it('answers pages and hashed files, and leaves the rest to the network', () => {
  for (const path of ['/', '/login', '/c/1', '/call/new']) expect(asked(path)).toBe('page');
  expect(asked('/assets/index-1a2b.js', 'no-cors')).toBe('file');
  for (const path of ['/docs', '/users', '/api/files/1', '/metrics']) expect(asked(path)).toBe('not-ours');
  expect(asked('/api/users', 'cors')).toBe('not-ours');
  expect(asked('/login', 'navigate', 'POST')).toBe('not-ours');
  expect(asked('https://elsewhere.example/assets/x.js', 'no-cors')).toBe('not-ours');
});

it('S2: takes for addresses of the server those that the server does', () => {
  const source = readFileSync(new URL('../../../server/gateway/page_paths.cpp', import.meta.url), 'utf8');
  const list = /kReserved = \{([^}]*)\}/.exec(source)?.[1] ?? '';
  expect(kReserved).toEqual([...list.matchAll(/"([^"]*)"/g)].map(([, name]) => name));
});

it('takes no other page of the server for one that shows calls', () => {
  for (const path of ['/', '/c/1', '/login']) expect(isOurPage(new URL(path, kOrigin).href, kOrigin)).toBe(true);
  for (const path of ['/docs', '/users', '/api/files/1']) expect(isOurPage(new URL(path, kOrigin).href, kOrigin)).toBe(false);
});

it('opens a path of the client only', () => {
  for (const path of ['/', '/c/018f-1', '/call/018f-1', '/history?show=missed', '/c/1?message=3']) expect(isOurPath(path, kOrigin)).toBe(true);
  for (const path of ['//evil', '/\\evil', '/c//evil', '/c\\1', '/\t/evil', '/ /evil', '', 'c/1', 'https://evil.example/', 'javascript:alert(1)', '/docs', '/c/../api/users'])
    expect(isOurPath(path, kOrigin)).toBe(false);
});

it('keeps one build, without letters that few read', () => {
  expect(filesToKeep(['/assets/a-latin-ext-1.woff2', '/assets/a-latin-2.woff2'])).toEqual(['/assets/a-latin-2.woff2']);
  expect(isOldCache('belfry-1', '2')).toBe(true);
  expect(isOldCache('belfry-2', '2')).toBe(false);
  expect(isOldCache('theirs', '2')).toBe(false);
});

it('says how many messages wait, and no more than a line of the last', () => {
  const { title, options } = messageNotice('c1', 'Ann', `${'é'.repeat(119)}🙂🙂`, 3);
  expect(title).toBe('Ann (3)');
  expect([...options.body]).toHaveLength(120);
  expect(messageNotice('c1', 'Ann', '', 1)).toMatchObject({ title: 'Ann', options: { body: 'New message', tag: 'chat:c1' } });
});

it('leads to where one may choose', () => {
  expect(pathOf({ kind: 'ring', callId: '1', conversationId: 'c1' })).toBe('/call/1');
  expect(pathOf({ kind: 'missed', callId: '1', conversationId: 'c1' })).toBe('/c/c1');
  expect(pathOf({ kind: 'missed', callId: '1', conversationId: null })).toBe('/history');
  expect(pathOf({ kind: 'message', callId: null, conversationId: 'c1' })).toBe('/c/c1');
});
