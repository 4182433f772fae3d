// Says lines to a screen reader by writing them into the two live regions, which ui/notices keeps in the document (within the modal dialog,
// if one is open). The same text twice is heard only once by some readers, so the region is emptied in between.
import { kSilent, sayNext, waitMs, withLine } from '../state/announcer.ts';
import type { Clock } from '../wire/ports.ts';
import type { Context } from './context.ts';

export type Say = (how: 'polite' | 'assertive', text: string) => void;

function write(how: 'polite' | 'assertive', text: string): void {
  const region = document.querySelector(`[data-announcer="${how}"]`);
  if (!region) return;
  if (region.textContent === text) region.textContent = '';
  region.textContent = text;
}

export function makeAnnouncer(clock: Clock, say: Say = write): Context['announce'] {
  let announcer = kSilent;
  let planned = false;

  function plan(): void {
    const wait = waitMs(announcer, clock.now());
    if (planned || wait === null) return;
    planned = true;
    clock.after(wait, () => {
      planned = false;
      const { line, next } = sayNext(announcer, clock.now());
      announcer = next;
      if (line) say(line.how, line.text);
      plan();
    });
  }

  return (text, how, about) => {
    announcer = withLine(announcer, { text, how, about: about ?? null });
    plan();
  };
}
