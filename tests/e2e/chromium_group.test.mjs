// A group call of four browsers with fake cameras: a mesh by `call.signal {toUserId}`.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launchChromium } from './harness/browser.mjs';
import { aCaller, allSee, isOver } from './harness/media_page.mjs';
import { sharedServer } from './harness/server.mjs';
import { eventually } from './harness/wait.mjs';

const server = sharedServer({ before, after });
const kPatient = { timeout: 60_000 };
let browser;
const pages = [];

before(async () => { browser = await launchChromium(); });
afterEach(() => Promise.all(pages.splice(0).map((page) => page.leave())));
after(() => browser?.close());

async function aMember() {
  const page = await aCaller(browser, server.url);
  pages.push(page);
  await page.runs(async (auth) => {
    await window.phone.native(auth, { calls: true });
    await window.phone.openMedia();
  }, page.auth);
  return page;
}

// J-2.5, J-2.9, J-2.11, S6
test('four pages see each other, three go on when one leaves, and the host ends it for all', kPatient, async () => {
  const crew = await Promise.all(Array.from({ length: 4 }, aMember));
  const [ann, ben, cid, dan] = crew;
  const { status, body } = await ann.api('POST', '/api/conversations', { kind: 'group', memberIds: [ben, cid, dan].map(({ id }) => id) });
  assert.equal(status, 201, JSON.stringify(body));
  const call = await ann.does('call.start', { groupId: body.data.id, callType: 'video', ring: 'immediate' });
  await Promise.all([ben, cid, dan].map(async (page) => {
    assert.equal((await page.heard('call.incoming')).callId, call.id);
    await page.does('call.accept', { callId: call.id });
  }));
  await allSee(crew, 15_000);  // all twelve directions

  await dan.does('call.leave', { callId: call.id });
  assert.equal((await dan.heard('call.ended')).call.status, 'connected');
  await isOver(dan, 3);
  const rest = [ann, ben, cid];
  for (const page of rest) await eventually(async () => (await page.states()).connections.filter((state) => state === 'closed').length === 1, `${page.name} to part from ${dan.name}`);
  await allSee(rest, 15_000);
  for (const page of rest) {
    assert.equal(await page.count('call.ended'), 0);
    assert.deepEqual((await page.states()).own, ['live', 'live']);
  }

  await ann.does('call.end', { callId: call.id });
  for (const page of rest) {
    const { endReason, call: over } = await page.heard('call.ended');
    assert.deepEqual([endReason, over.status], ['hangup', 'ended']);
    await isOver(page, 3);
  }
  for (const page of crew) assert.deepEqual([await page.count('call.ended'), await page.troubles()], [1, []]);
});
