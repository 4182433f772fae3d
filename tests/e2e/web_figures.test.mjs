// Figures of the web client (DESIGN §15): printed, and deciding nothing, since machines differ. A figure that cannot be taken fails.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isReady, seen, theWeb } from './harness/web.mjs';
import { articles, button, callIs, calls, dialog, hangsUp, log, openChat, closesEnd, presses, rings, showsMessage } from './harness/web_acts.mjs';
import { tasksDuring } from './harness/web_tasks.mjs';

const { server, journey } = theWeb({ before, after });
const print = (name, value, unit) => console.log(`${name}=${Math.round(value * 10) / 10} ${unit}`);

journey('the entry: what a page loads until it can be used, and how long that takes', async (world) => {
  const ann = await world.person('ann');
  await ann.page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker?.getRegistrations() ?? []) await registration.unregister();
  });
  const session = await ann.context.newCDPSession(ann.page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  // What begins after that moment is fetched when nothing else is to do.
  await ann.context.addInitScript(() => new MutationObserver(() => {
    if (document.documentElement.dataset.app === 'ready') window.readyAt ??= performance.now();
  }).observe(document, { subtree: true, attributeFilter: ['data-app'] }));
  let sockets = 0;
  ann.page.on('websocket', () => { sockets += 1; });
  for (const slower of [1, 4]) {
    sockets = 0;
    await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await ann.page.reload();
    await isReady(ann);
    // The icon is asked for by the browser, not by the page.
    const [ready, loaded] = await ann.page.evaluate(() => [window.readyAt, performance.getEntriesByType('resource')
      .filter((each) => each.startTime < window.readyAt && !each.name.includes('/favicon')).map((each) => each.name)]);
    assert.ok(loaded.length > 0 && sockets === 1, `${loaded.join(' ')} and ${sockets} sockets`);
    print(`ready_cpu_${slower}x`, ready, 'ms');
    print(`requests_cpu_${slower}x`, 1 + loaded.length + sockets, '');
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  // What the document itself names: the rest is fetched when nothing else is to do.
  const html = await (await fetch(server.url, { headers: { accept: 'text/html' } })).text();
  const entry = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => new URL(path, server.url).href);
  const sizes = { js: 0, css: 0 };
  for (const url of new Set(entry)) {
    const text = await (await fetch(url)).text();
    sizes[url.endsWith('.css') ? 'css' : 'js'] += gzipSync(text, { level: 9 }).length;
  }
  print('entry_js_gzip', sizes.js / 1000, 'kB');
  print('entry_css_gzip', sizes.css / 1000, 'kB');
  const vitals = await ann.page.evaluate(() => new Promise((resolve) => {
    const found = { lcp: 0, cls: 0 };
    new PerformanceObserver((list) => { for (const each of list.getEntries()) found.lcp = each.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => { for (const each of list.getEntries()) if (!each.hadRecentInput) found.cls += each.value; }).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(found)));
  }));
  print('lcp', vitals.lcp, 'ms');
  print('cls', vitals.cls * 1000, '/1000');
  assert.ok(sizes.js > 0);
});

/**
 * 10 000 messages would take a minute to send; a long walk through 2 000 shows the same list. BELFRY_MESSAGES makes it longer. They come while
 * the page shows something else.
 */
journey('a long chat: opening it and scrolling through it', async (world) => {
  const count = Number(process.env.BELFRY_MESSAGES ?? 2000);
  const [ben, ann] = [await world.account('ben'), await world.person('ann')];
  const { id } = (await ben.post('/api/conversations', { kind: 'direct', userId: ann.id })).body.data;
  for (let i = 0; i < count; i += 50)
    await Promise.all(Array.from({ length: 50 }, (_, j) => ben.post(`/api/conversations/${id}/messages`, { text: `message ${i + j} ${'and more words '.repeat((i + j) % 7)}` })));
  await ben.post(`/api/conversations/${id}/messages`, { text: 'the last' });
  const begin = Date.now();
  await openChat(ann, ben);
  await showsMessage(ann, 'the last');
  print('open_long_chat', Date.now() - begin, 'ms');
  let mounted = 0;
  await log(ann).focus();
  const tasks = await tasksDuring(ann, async () => {
    for (let i = 0; i < 12; ++i) {
      await log(ann).evaluate((list) => new Promise((resolve) => {
        let left = 30;
        const step = () => {
          list.scrollTop -= 200;
          if (--left > 0) requestAnimationFrame(step);
          else resolve();
        };
        step();
      }));
      mounted = Math.max(mounted, await articles(ann).count());
    }
  });
  print('mounted_articles', mounted, '');
  print('long_tasks', tasks.filter((ms) => ms > 50).length, '');
  print('longest_task', tasks[0], 'ms');
}, { timeout: 300_000 });

journey('a call: from the press to the dialog, from the answer to the first frame, and memory over calls', async (world) => {
  const [ann, ben] = await world.people('ann', 'ben');
  await openChat(ann, ben);
  const begin = Date.now();
  await calls(ann);
  await rings(ben);
  print('press_to_dialog', Date.now() - begin, 'ms');
  await presses(ben, 'Accept with video');
  const answered = Date.now();
  for (const [tab, other] of [[ben, ann], [ann, ben]]) {
    await tab.page.waitForFunction((id) => (document.querySelector(`video[data-user="${id}"]`)?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 0, other.id, { polling: 20 });
    print(`answer_to_first_frame_${tab === ben ? 'callee' : 'caller'}`, Date.now() - answered, 'ms');
  }
  const heap = async () => {
    const session = await ann.context.newCDPSession(ann.page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    await session.detach();
    return usedSize / 1e6;
  };
  await hangsUp(ann);
  await Promise.all([closesEnd(ann), closesEnd(ben)]);
  await dialog(ben).waitFor({ state: 'hidden' });
  const first = await heap();
  for (let i = 0; i < 5; ++i) {
    await button(ann, 'Audio call').click();
    await presses(ben, 'Accept with audio');
    await callIs(ann, 'in-call');
    await hangsUp(ann);
    await Promise.all([closesEnd(ann), closesEnd(ben)]);
  }
  // The test's own list of what was open keeps it alive.
  for (const name of ['tracks', 'connections', 'contexts']) await ann.page.evaluate((list) => { window.seen[list].length = 0; }, name);
  print('heap_after_1_call', first, 'MB');
  print('heap_after_6_calls', await heap(), 'MB');
  assert.ok((await seen(ann, 'states')).includes('in-call'));
}, { timeout: 90_000 });
