// R-004-72: a search of many messages finds one's own conversations' only, the best first, each with its context, and soon. BELFRY_MESSAGES=1000000
// makes it the whole row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chance, fill, get, questions } from '../../bench/chat/filled.mjs';
import { closeRequests, percentile, since } from '../../bench/measure.mjs';
import { directOf, introduce, kSecret, people } from '../../bench/chat/people.mjs';
import { ask } from './harness/accounts.mjs';
import { aRestartableServer, kDatabases } from './harness/restartable.mjs';

const kMessages = Number(process.env.BELFRY_MESSAGES ?? 3000);
const kWhole = kMessages >= 1_000_000;
const kChats = kWhole ? 100 : 10;
const kQuestions = kWhole ? 1000 : 200;
/** On the whole what the row says. Of few messages any answer comes soon, but another test runs beside this one. */
const kBudgetMs = kWhole ? 200 : 1000;

/** The terms of a text of plain letters. */
const terms = (text) => text.toLowerCase().split(/[^a-z]+/).filter((each) => each !== '');
const hasAll = (text, query) => terms(query).every((start) => terms(text).some((term) => term.startsWith(start)));

for (const [name, make] of kDatabases)
  test(`R-004-72: a search of ${kMessages} messages, on ${name}`, { timeout: kWhole ? 3_600_000 : 120_000 }, async (t) => {
    const kept = await make();
    let world;
    try {
      world = await aRestartableServer([...kept.args, '--auth-external-secret', kSecret]);
      const { port } = new URL(world.url);
      const [reader, ...others] = people(kChats + 1);
      await introduce(port, [reader, ...others]);
      const own = [], foreign = [];
      for (const each of others) own.push(await directOf(port, reader, each));
      for (const each of others.slice(1)) foreign.push(await directOf(port, others[0], each));
      await fill(port, others, own, Math.ceil(kMessages / kChats));
      await fill(port, others.slice(1), foreign, Math.ceil(kMessages / kChats / 10));

      // The word is none of those that the others are filled with.
      const says = async (who, { id }, text) =>
        (await ask(world.url, `/api/conversations/${id}/messages`, { method: 'POST', token: who.token, body: { text } })).body.data.id;
      const around = 'one more of the many words that stand before and behind it '.repeat(5);
      const long = await says(others[2], own[2], `${around}quincewood ${around}`);
      const short = await says(others[0], own[0], 'quince');
      const middle = await says(others[1], own[1], 'a quince in the garden');
      await says(others[1], foreign[0], 'quince');
      const find = (q) => get(port, `/api/messages/search?q=${encodeURIComponent(q)}&limit=20`, reader);
      const { data: { results } } = await find('quince');
      assert.deepEqual(results.map(({ message }) => message.id), [short, middle, long], 'whole words and short messages come first');
      const context = results[2].snippet;
      assert.match(context, /words.*quincewood.*words|quincewood.*words|words.*quincewood/);
      assert.ok(context.length < around.length, context);

      const mine = new Set(own.map(({ id }) => id));
      const kinds = Object.values(questions(chance(7)));
      const times = [];
      let found = 0;
      for (let at = 0; at < kQuestions; ++at) {
        const q = kinds[at % kinds.length]();
        const begun = process.hrtime.bigint();
        const { data } = await find(q);
        times.push(since(begun));
        found += data.results.length;
        for (const [place, { message, conversationId, snippet, score }] of data.results.entries()) {
          assert.ok(mine.has(conversationId) && message.conversationId === conversationId, `${q} was found in somebody else's conversation`);
          assert.ok(hasAll(message.text, q), `"${message.text}" was found by "${q}"`);
          assert.ok(terms(q).some((term) => hasAll(snippet, term)), `"${snippet}" shows nothing of "${q}"`);
          assert.ok(place === 0 || score <= data.results[place - 1].score, `the best for "${q}" come first`);
        }
      }
      assert.ok(found > kQuestions, `${found} results`);
      const p99 = Number(percentile(times, 0.99, 2));
      t.diagnostic(`p50 ${percentile(times, 0.5, 2)} ms, p99 ${p99} ms`);
      assert.ok(p99 < kBudgetMs, `p99 ${p99} ms`);
      await world.stop();
    } finally {
      closeRequests();
      world?.server.signal('SIGKILL');
      await kept.remove();
    }
  });
