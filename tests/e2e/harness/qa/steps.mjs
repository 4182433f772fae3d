// What the tests of the QA report have in common: people, calls, and the forms of answers.
import assert from 'node:assert/strict';
import { aPerson } from '../accounts.mjs';

export const kNowhere = '018f3c1e-7b2a-7cde-9abc-0123456789ab';
export const kUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function enveloped({ status, body }, expected) {
  assert.equal(status, expected, JSON.stringify(body));
  assert.deepEqual(Object.keys(body).sort(), ['data', 'message', 'success']);
  assert.equal(body.success, true);
  return body.data;
}

export function refused({ status, body }, expected, code, message) {
  assert.equal(status, expected, JSON.stringify(body));
  assert.equal(body.success, false);
  assert.equal(typeof body.message, 'string');
  assert.equal(body.error.code, code);
  if (message) assert.equal(body.message, message);
  assert.ok(!/\bat .*\.(cpp|js|hpp)|sqlite|postgres|SELECT /i.test(JSON.stringify(body)), 'no internals');
  return body;
}

export function blames(answer, field) {
  const { error } = refused(answer, 400, 'VALIDATION_FAILED');
  assert.ok(error.details.some((detail) => detail.field === field), `${field} in ${JSON.stringify(error.details)}`);
}

export const two = async (url) => [await aPerson(url), await aPerson(url)];

export async function ringing(url) {
  const [alice, bob] = await two(url);
  return { alice, bob, call: enveloped(await alice.calls(bob), 201) };
}

export async function connected(url) {
  const { alice, bob, call } = await ringing(url);
  return { alice, bob, call: enveloped(await bob.responds(call, 'accept'), 200) };
}

export const command = (server, args) => server.command(args);
