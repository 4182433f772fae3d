// Operators' commands beside a server, and an administrator who checks the server's invariants.
import assert from 'node:assert/strict';
import { ask } from './accounts.mjs';
import { launch } from './server.mjs';

/** What `belfry …args` printed; a bad exit fails the test. */
export async function operate(args, options) {
  const run = launch(args, options);
  const { code } = await run.exit;
  assert.equal(code, 0, `belfry ${args.join(' ')}:\n${run.output()}`);
  return run.output();
}

/** `place` says where the state is: ['--data', DIR] or ['--database', URL]. */
export async function anAdmin(place, name = 'administrator') {
  const password = 'watches over us';
  await operate(['user', 'add', name, '--password', password, '--role', 'admin', ...place]);
  return { name, password };
}

/** I-1 to I-9: the admin's report names no violation. */
export async function assertInvariants(url, { name, password }) {
  const login = await ask(url, '/user/login', { method: 'POST', body: { username: name, password } });
  assert.equal(login.status, 200, JSON.stringify(login.body));
  const { status, body } = await ask(url, '/api/admin/invariants', { token: login.body.token });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.data.violations, []);
}
