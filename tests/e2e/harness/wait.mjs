// Waiting without sleeping: for an event, for a condition that some event or request makes true, or for nothing to happen.
// Every wait has a deadline and says what it waited for. Waits by time alone stand here and nowhere else (tools/tidy), each with its
// reason.
import { setTimeout as pause } from 'node:timers/promises';

export const kDeadline = 8000;
/** "No event" means none within 2 s (docs/spec/README.md). */
export const kQuiet = 2000;

export class Late extends Error {}

/** For a crash, which must hit at any moment and so waits for no event: `ms` comes from the test's seed. */
export const aRandomMoment = (ms) => pause(ms);

/** A network that is away for a time, as R-002-25 says: it ends by the clock and by nothing else. */
export const anOutage = (ms) => pause(ms);

export function within(promise, what, deadline = kDeadline) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Late(`waited ${deadline} ms for ${what}`)), deadline);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again until the answer is truthy; for state that announces itself to nobody, such as GET /. */
export async function eventually(ask, what, deadline = kDeadline) {
  const end = Date.now() + deadline;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Late(`waited ${deadline} ms for ${what}`);
    await pause(15);
  }
}

/** Passes when none of the named events reaches any of the users; the only wait that has to last its whole time. */
export async function quietFor(users, events, duration = kQuiet) {
  const marks = users.map((user) => user.log.length);
  await pause(duration);
  users.forEach((user, i) => {
    const heard = user.log.slice(marks[i]).filter(([event]) => events.includes(event));
    if (heard.length > 0) throw new Error(`${user.name} should hear nothing but heard ${JSON.stringify(heard)}`);
  });
}
