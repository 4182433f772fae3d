// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import type { Sound } from '../state/model.ts';
import { fakeClock, settled } from '../wire/fakes_for_tests.ts';
import { Bell, type Playing } from './bell.ts';
import { Ring } from './ring.ts';

/** Sounds as the browser lets it: after a gesture. */
class QuietBell extends Bell {
  readonly log: string[] = [];
  #ready = false;
  override get ready(): boolean { return this.#ready; }
  override wake(): Promise<boolean> {
    this.#ready = true;
    return Promise.resolve(true);
  }
  #play(what: string): Playing {
    this.log.push(what);
    return { stop: () => void this.log.push(`no ${what}`) };
  }
  override ringtone(): Playing { return this.#play('ringtone'); }
  override ringback(): Playing { return this.#play('ringback'); }
  override ended(): void { this.log.push('ended'); }
}

// Without Web Locks and BroadcastChannel there is nobody to take turns with.
beforeEach(() => vi.stubGlobal('BroadcastChannel', undefined));

function aRing(gestured: boolean) {
  const [clock, bell, told] = [fakeClock(), new QuietBell(), [] as Sound[]];
  const ring = new Ring({ clock, tell: (sound) => told.push(sound), volume: () => 1, gestured }, bell);
  return { clock, bell, told, ring };
}

async function touch(): Promise<void> {
  window.dispatchEvent(new Event('pointerdown'));
  await settled();
}

it('is held back until somebody touches the page, and begins then', async () => {
  const { ring, bell, told, clock } = aRing(false);
  ring.want('ringtone');
  expect(told).toEqual(['blocked']);
  await touch();
  clock.move(200);
  expect([bell.log, told.at(-1)]).toEqual([['ringtone'], 'ringtone']);
  ring.close();
});

it('does not begin any more when it is over by then', async () => {
  const { ring, bell, told } = aRing(false);
  ring.want('ringtone');
  ring.want('none');
  await touch();
  expect([bell.log, told.at(-1)]).toEqual([[], 'none']);
  ring.close();
});

it('stops at once on any answer', async () => {
  const { ring, bell, told, clock } = aRing(true);
  ring.want('ringtone');
  await settled();
  clock.move(200);
  ring.want('none');
  expect([bell.log, told.at(-1)]).toEqual([['ringtone', 'no ringtone'], 'none']);
  ring.close();
});

it('plays the ringback without waiting for other tabs', async () => {
  const { ring, bell } = aRing(true);
  ring.want('ringback');
  await settled();
  expect(bell.log).toEqual(['ringback']);
  ring.close();
});

it('drops a stroke that may not sound', async () => {
  const { ring, bell } = aRing(false);
  ring.strike('ended');
  await touch();
  expect(bell.log).toEqual([]);
  ring.strike('ended');
  await settled();
  expect(bell.log).toEqual(['ended']);
  ring.close();
});
