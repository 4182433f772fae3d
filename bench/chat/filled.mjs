// Conversations filled with messages, for benches that read them. Texts are made of twelve thousand words, the common ones far more often,
// as in a language.
import { ask, inLanes } from '../measure.mjs';
import { connectAll } from './people.mjs';

/** Mulberry32: chance that repeats itself. */
export function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const kSyllables = ['la', 'me', 'ro', 'ti', 'sun', 'ka', 'der', 'vi', 'no', 'pel', 'ga', 'stu', 'ma', 'lin', 'bo', 'fe', 'cha', 'ru', 'so', 'wen'];
export const kWords = 12_000;
/** The word of this rank, the commonest first. */
export function word(rank) {
  let text = '';
  for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / kSyllables.length)) text += kSyllables[rest % kSyllables.length];
  return `${text}s`;
}
/** Zipf's law: a word of rank r has a share of about 1/r. */
export const anyRank = (next) => Math.min(kWords - 1, Math.floor(kWords ** next()) - 1);
export const sentence = (next) => Array.from({ length: 6 + Math.floor(next() * 9) }, () => word(anyRank(next))).join(' ');

/** One question of each kind: for one of the ten commonest words, for a word in the middle, for a rare one, for two words of one message, and for
 * the first three letters of a word. */
export function questions(next) {
  const between = (from, to) => from + Math.floor(next() * (to - from));
  return {
    common: () => word(between(0, 10)),
    middle: () => word(between(200, 1000)),
    rare: () => word(between(kWords / 2, kWords)),
    two: () => sentence(next).split(' ').slice(0, 2).join(' '),
    prefix: () => word(anyRank(next)).slice(0, 3),
  };
}

const kUnderWay = 256;
/** Until conversation `rooms[i]` has `count` messages of `senders[i]`. What a database of an earlier run has stays. */
export async function fill(port, senders, rooms, count) {
  const sockets = await connectAll(port, senders, 'native');
  const begun = Date.now();
  let sent = 0;
  const lanes = Math.max(1, Math.floor(kUnderWay / rooms.length));
  const missing = rooms.map(({ lastSeq }) => Math.max(0, count - (lastSeq ?? 0)));
  const total = missing.reduce((sum, each) => sum + each, 0);
  const report = setInterval(() => console.error(`filled ${sent} of ${total} messages in ${((Date.now() - begun) / 1000).toFixed(0)} s`), 10_000);
  await Promise.all(rooms.map(async ({ id }, i) => {
    const next = chance(i);
    await inLanes(Array.from({ length: missing[i] }), lanes, async () => {
      await sockets[i].does('message.send', { conversationId: id, text: sentence(next) });
      ++sent;
    });
  }));
  clearInterval(report);
  sockets.forEach(({ leave }) => leave());
}

export const get = (port, path, { token }) => ask(port, 'GET', path, undefined, token);
