import { expect, it } from 'vitest';
import { shortcuts } from './page.en.ts';

it('lists hanging up among the keys of the call itself, where alone it works (DESIGN §13)', () => {
  const keysOf = (where: string): readonly string[] => shortcuts.groups.find(([name]) => name === where)?.[1].map(([key]) => key) ?? [];
  expect(keysOf('In a call, anywhere')).toEqual(['Ctrl+D', 'Ctrl+E']);
  expect(keysOf('On the call itself')).toContain('Ctrl+Shift+H');
});
