// How long the tasks of a page's main thread are, by the thread's own time: by the clock on the wall they are as long as the machine is busy.
import { within } from './wait.mjs';

/** Milliseconds, the longest first, of those that ran during `act`, which has to draw something. */
export async function tasksDuring({ context, page }, act) {
  const session = await context.newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const includedCategories = ['devtools.timeline', 'disabled-by-default-devtools.timeline'];
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories } });
  await act();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await within(complete, 'the trace', 30_000);
  await session.detach();
  const main = events.find(({ name }) => name === 'FireAnimationFrame');
  return events.filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && pid === main.pid && tid === main.tid)
    .map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => b - a);
}
