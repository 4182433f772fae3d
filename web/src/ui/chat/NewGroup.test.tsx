// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { chatClient, direct, pretendLayout, thread } from './chatForTests.tsx';
import { NewGroup } from './NewGroup.tsx';

beforeEach(pretendLayout);
afterEach(cleanup);

it('makes a group of a name and at least one person', async () => {
  const [created, closed] = [vi.fn(), vi.fn()];
  const client = chatClient(direct(), thread([]));
  render(<client.Around><NewGroup onClose={closed} onCreated={created} /></client.Around>);
  const dialog = within(screen.getByRole('dialog', { name: 'New group' }));
  const create = dialog.getByRole('button', { name: 'Create group' });
  expect(create.getAttribute('aria-disabled')).toBe('true');
  fireEvent.change(dialog.getByRole('textbox', { name: 'Group name' }), { target: { value: '  Crew ' } });
  expect(create.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(within(dialog.getByRole('group', { name: 'Members' })).getByRole('checkbox', { name: 'Ben' }));
  expect(dialog.getByText('1 chosen')).toBeTruthy();
  await act(async () => fireEvent.click(create));
  expect(client.actions.createGroup).toHaveBeenCalledWith('Crew', ['ben']);
  expect(created).toHaveBeenCalledWith('group');
  fireEvent.click(dialog.getByRole('button', { name: 'Cancel' }));
  expect(closed).toHaveBeenCalled();
});

it('says why the server refused, and lets one try again', async () => {
  const refusal = { code: 'RATE_LIMITED', fields: {}, retryAfterSeconds: 40, requestId: null };
  const client = chatClient(direct(), thread([]), {}, { createGroup: async () => ({ ok: false, refusal }) });
  render(<client.Around><NewGroup onClose={() => undefined} onCreated={() => undefined} /></client.Around>);
  fireEvent.change(screen.getByRole('textbox', { name: 'Group name' }), { target: { value: 'Crew' } });
  fireEvent.click(screen.getByRole('checkbox', { name: 'Ben' }));
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Create group' })));
  expect(screen.getByRole('alert').textContent).toContain('40 s');
  expect(screen.getByRole('button', { name: 'Create group' }).getAttribute('aria-disabled')).toBeNull();
});
