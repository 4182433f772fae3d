// Each page of the web client at three widths in both themes: axe-core finds nothing, nothing scrolls sideways (320 px too), and a picture of it
// is written to build/screenshots. R-004-64, R-004-77.
import { after, before } from 'node:test';
import { png } from './harness/pictures.mjs';
import { isReady, kRefused, theWeb } from './harness/web.mjs';
import { button, field, openChat, showsMessage } from './harness/web_acts.mjs';
import { look, lookAtAllWidths } from './harness/web_look.mjs';

const { server, journey } = theWeb({ before, after });
const kLong = { timeout: 120_000 };

journey('R-004-61, R-004-64, R-004-77: signing up and logging in', async (world) => {
  const visitor = await world.visitor();
  visitor.forgive(kRefused('40[01]'));
  await visitor.page.goto('/signup');
  await visitor.page.getByRole('heading', { level: 1 }).waitFor();
  await lookAtAllWidths(visitor, 'signup');
  await visitor.page.goto('/login');
  await visitor.page.getByRole('heading', { level: 1 }).waitFor();
  await lookAtAllWidths(visitor, 'login');
  await visitor.page.getByLabel('Username or email').fill('nobody');
  await visitor.page.getByLabel('Password', { exact: true }).fill('wrong horse 1');
  await visitor.page.getByRole('button', { name: 'Log in' }).click();
  await visitor.page.getByRole('alert').first().waitFor();
  await look(visitor, 'login-refused', 1440);
}, kLong);

/** Somebody with a life: chats, files, a group, calls that ended in different ways. */
async function aLife(world) {
  const [ben, cleo, ann] = [await world.account('ben'), await world.account('cleo'), await world.person('ann')];
  const room = (await ben.post('/api/conversations', { kind: 'direct', userId: ann.id })).body.data.id;
  for (const text of ['Are you there?', 'The boat leaves at six, and the weather is good. Bring the long rope, please, and something warm to drink for four people.']) await ben.post(`/api/conversations/${room}/messages`, { text });
  const form = new FormData();
  form.append('file', new Blob([png(320, 200)], { type: 'image/png' }), 'tower.png');
  const file = await (await fetch(`${server.url}/api/files`, { method: 'POST', body: form, headers: { authorization: `Bearer ${ben.token}` } })).json();
  await ben.post(`/api/conversations/${room}/messages`, { text: '', attachments: [file.data?.id ?? file.data?.file?.id] });
  await ann.post(`/api/conversations/${room}/messages`, { text: 'Two minutes.' });
  const crew = (await cleo.post('/api/conversations', { kind: 'group', title: 'Night shift', memberIds: [ann.id, ben.id] })).body.data.id;
  await cleo.post(`/api/conversations/${crew}/messages`, { text: 'ok' });
  const started = (await ben.post('/api/calls', { recipientId: ann.id, callType: 'audio' })).body.data;
  await ben.post(`/api/calls/${started.id}/end`);
  await ann.page.reload();
  await isReady(ann);
  return { ann, ben, cleo, room, crew };
}

journey('R-004-61, R-004-64, R-004-77: home, chat, group and their panels', async (world) => {
  const { ann, ben, crew } = await aLife(world);
  await ann.page.locator(`[data-user="${ben.id}"]`).waitFor();
  await lookAtAllWidths(ann, 'home');
  await openChat(ann, ben);
  await showsMessage(ann, 'Two minutes.', 'sent');
  await lookAtAllWidths(ann, 'chat');
  await ann.page.goto(`/c/${crew}`);
  await field(ann).waitFor();
  await button(ann, 'Conversation details').click();
  await ann.page.getByRole('region', { name: 'Conversation details' }).waitFor();
  await look(ann, 'group-details', 1440);
  await ann.page.goto('/');
  await isReady(ann);
  await button(ann, 'New group').click();
  await ann.page.getByRole('dialog', { name: 'New group' }).waitFor();
  await lookAtAllWidths(ann, 'new-group');
}, kLong);

journey('R-004-61, R-004-64, R-004-77: history, settings, profile, and what is not there', async (world) => {
  const { ann } = await aLife(world);
  ann.forgive(kRefused('40[34]'));
  for (const [path, name] of [['/history', 'history'], ['/settings', 'settings'], ['/profile', 'profile'], ['/nowhere', 'not-found'], ['/c/0192f3c0-11aa-7000-8000-000000000001', 'not-mine']]) {
    await ann.page.goto(path);
    await isReady(ann);
    await ann.page.getByRole('heading', { level: 1 }).waitFor();
    if (name === 'history') await ann.page.locator('[data-stat="totalCalls"][data-value="1"]').waitFor({ state: 'attached' });
    await lookAtAllWidths(ann, name);
  }
  await ann.page.goto('/settings/devices');
  await isReady(ann);
  await button(ann, 'Check devices').click();
  await ann.page.getByRole('dialog', { name: 'Check your devices' }).locator('video[data-self]').waitFor();
  await look(ann, 'device-check', 1440);
}, kLong);
