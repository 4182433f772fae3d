// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { useFocusOnNavigation } from './focus.ts';

afterEach(cleanup);

function Page({ name, loaded = true }: { readonly name: string; readonly loaded?: boolean }) {
  useFocusOnNavigation(name);
  return <main><button type="button">Call</button>{loaded && <h1>{name}</h1>}</main>;
}
const focused = () => document.activeElement?.textContent;

test('the first view leaves the focus where it is', () => {
  render(<Page name="Chats" />);
  expect(document.activeElement).toBe(document.body);
});

test('a change of page moves the focus to its heading', () => {
  const { rerender } = render(<Page name="Chats" />);
  rerender(<Page name="Call history" />);
  expect(focused()).toBe('Call history');
});

test('the heading of a page that loads is waited for', async () => {
  const { rerender } = render(<Page name="Chats" />);
  rerender(<Page name="Settings" loaded={false} />);
  expect(document.activeElement?.tagName).toBe('MAIN');
  await act(async () => rerender(<Page name="Settings" />));
  expect(focused()).toBe('Settings');
});

test('it is not taken from who went elsewhere meanwhile', async () => {
  const { rerender, container } = render(<Page name="Chats" />);
  rerender(<Page name="Settings" loaded={false} />);
  container.querySelector('button')?.focus();
  await act(async () => rerender(<Page name="Settings" />));
  expect(focused()).toBe('Call');
});
