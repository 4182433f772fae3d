// Group calls at the web client: three who see each other, who joins later, who leaves, and the end for all.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { theWeb } from './harness/web.mjs';
import { accepts, button, callIs, callIsOver, calls, closedItsMedia, declines, dialog, groupItem, openGroup, receives, rings, sees, status } from './harness/web_acts.mjs';

const { journey } = theWeb({ before, after });
const kIncoming = 'Incoming group call';

/** People with small pictures: three pages decode on two cores. */
async function crew(world, count) {
  const tabs = await world.people(...['ann', 'ben', 'cleo'].slice(0, count));
  const title = `Crew ${tabs[0].name}`;
  const { status: answered, body } = await tabs[0].post('/api/conversations', { kind: 'group', title, memberIds: tabs.slice(1).map(({ id }) => id) });
  assert.equal(answered, 201, JSON.stringify(body));
  await Promise.all(tabs.map((tab) => groupItem(tab, title).waitFor()));
  await openGroup(tabs[0], title);
  return { tabs, title };
}

const allSee = (tabs) => Promise.all(tabs.flatMap((tab) => tabs.filter((other) => other !== tab).map((other) => sees(tab, other, 20_000))));
const inCall = (tabs) => Promise.all(tabs.map((tab) => callIs(tab, 'in-call')));

journey('R-001-95: three are in a call and see each other; one leaves, the others go on; whoever started it ends it for all', async (world) => {
  const { tabs: [ann, ben, cleo], title } = await crew(world, 3);
  await calls(ann);
  await Promise.all([ben, cleo].map((tab) => rings(tab, kIncoming)));
  await dialog(ben, kIncoming).getByText(`${ann.name} is calling ${title} with video`, { exact: true }).waitFor();
  await accepts(ben, 'video', kIncoming);
  await accepts(cleo, 'video', kIncoming);
  await inCall([ann, ben, cleo]);
  await allSee([ann, ben, cleo]);
  assert.equal(await ann.page.locator('[data-tile]').count(), 3);
  await button(cleo, 'Leave call').click();
  await callIsOver(cleo);
  await closedItsMedia(cleo);
  await Promise.all([ann, ben].map((tab) => tab.page.locator(`[data-tile="${cleo.id}"]`).waitFor({ state: 'detached' })));
  await allSee([ann, ben]);
  // Still going on: Cleo may come back from the conversation, and look at herself first.
  await openGroup(cleo, title);
  const join = cleo.page.getByRole('button', { name: /^Join call/ });
  await join.and(cleo.page.locator('[data-participants="2"]')).click();
  const ready = cleo.page.getByRole('dialog', { name: 'Ready to join?' });
  await ready.getByRole('button', { name: 'Not now' }).click();
  await ready.waitFor({ state: 'hidden' });
  await closedItsMedia(cleo);
  await join.click();
  await ready.getByRole('button', { name: 'Join with audio' }).click();
  await inCall([ann, ben, cleo]);
  await Promise.all([sees(cleo, ann, 20_000), sees(cleo, ben, 20_000), receives(ann, 'packets')]);
  await button(ann, 'End call for all').click();
  await ann.page.getByRole('alertdialog', { name: 'End the call for all?' }).getByRole('button', { name: 'End call for all' }).click();
  await Promise.all([ann, ben, cleo].map(async (tab) => {
    await callIs(tab, 'ended', '[data-end-reason="hangup"]');
    await closedItsMedia(tab);
  }));
}, { timeout: 90_000 });

journey('who declines a group call is not in it, and the call goes on', async (world) => {
  const { tabs: [ann, ben, cleo] } = await crew(world, 3);
  await calls(ann, 'audio');
  await accepts(ben, 'audio', kIncoming);
  await declines(cleo, kIncoming);
  await dialog(cleo, kIncoming).waitFor({ state: 'hidden' });
  await inCall([ann, ben]);
  assert.equal(await cleo.page.evaluate(() => window.seen.connections.length), 0);
  assert.match(await status(ann).textContent(), /^In call/);
  await button(ben, 'Leave call').click();
  await Promise.all([ann, ben].map(closedItsMedia));
});

journey('with one other in the call, its end for all asks nothing', async (world) => {
  const { tabs: [ann, ben] } = await crew(world, 2);
  await calls(ann, 'audio');
  await accepts(ben, 'audio', kIncoming);
  await inCall([ann, ben]);
  await button(ann, 'End call for all').click();
  await Promise.all([ann, ben].map((tab) => callIs(tab, 'ended')));
  await Promise.all([ann, ben].map(closedItsMedia));
});
