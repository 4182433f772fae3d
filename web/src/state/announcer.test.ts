import { describe, expect, it } from 'vitest';
import { makeAnnouncer } from '../app/announcer.ts';
import { fakeClock } from '../wire/fakes_for_tests.ts';
import { kSilent, withLine } from './announcer.ts';

function anAnnouncer() {
  const clock = fakeClock();
  const heard: string[] = [];
  return { clock, heard, announce: makeAnnouncer(clock, (how, text) => heard.push(`${how}: ${text}`)) };
}

describe('the announcer', () => {
  it('says a line at once, and the next ones 700 ms apart, oldest first', () => {
    const { clock, heard, announce } = anAnnouncer();
    announce('one', 'polite');
    announce('two', 'assertive');
    announce('three', 'polite');
    clock.move(0);
    expect(heard).toEqual(['polite: one']);
    clock.move(699);
    expect(heard).toHaveLength(1);
    clock.move(1);
    expect(heard).toEqual(['polite: one', 'assertive: two']);
    clock.move(700);
    expect(heard).toHaveLength(3);
  });

  it('lets a newer line about the same thing take the place of one that waits', () => {
    const { clock, heard, announce } = anAnnouncer();
    for (const text of ['first', 'Calling Ann…']) announce(text, 'polite', 'call');
    clock.move(0);
    announce('Ringing…', 'polite', 'call');
    announce('other', 'polite');
    announce('In call with Ann.', 'polite', 'call');
    clock.move(5000);
    expect(heard).toEqual(['polite: Calling Ann…', 'polite: In call with Ann.', 'polite: other']);
  });

  it('says a line at once again after a silence', () => {
    const { clock, heard, announce } = anAnnouncer();
    announce('one', 'polite');
    clock.move(10_000);
    announce('two', 'polite');
    clock.move(0);
    expect(heard).toHaveLength(2);
  });

  it('leaves out the oldest when more wait than anybody can follow', () => {
    const lines = Array.from({ length: 9 }, (_, index) => ({ text: String(index), how: 'polite' as const, about: null }));
    expect(lines.reduce(withLine, kSilent).waiting.map((each) => each.text)).toEqual(['3', '4', '5', '6', '7', '8']);
  });
});
