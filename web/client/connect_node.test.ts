import { expect, it } from 'vitest';
import { connect } from './connect.ts';

it('says on Node that it needs a browser', async () => {
  await expect(connect({ server: 'http://127.0.0.1:9', token: 'x' })).rejects.toThrow('@belfry/client needs a browser');
});
