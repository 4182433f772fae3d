// Which sound plays now, and what html[data-sound] says of it. It follows what the call wants to be heard (state/call_follows.ts), whether the
// browser lets this page sound yet, and whether it is this tab's turn. A sound that could not start is dropped, but a ringtone begins with
// the first gesture, if it still rings then.
import type { Sound } from '../state/model.ts';
import type { Stroke } from '../state/call_follows.ts';
import type { Clock } from '../wire/ports.ts';
import { Bell, type Playing } from './bell.ts';
import { takeTurn } from './ring_turn.ts';

export interface RingPorts {
  readonly clock: Clock;
  /** What plays now. */
  readonly tell: (sound: Sound) => void;
  readonly volume: () => number;
}

export class Ring {
  readonly #bell: Bell;
  readonly #ports: RingPorts;
  #wanted: Exclude<Sound, 'blocked'> = 'none';
  #playing: Playing | null = null;
  #giveBack: (() => void) | null = null;
  #stopListening: () => void;
  #stopResting: () => void = () => {};

  constructor(ports: RingPorts, bell = new Bell()) {
    this.#ports = ports;
    this.#bell = bell;
    const gesture = (): void => void this.#gesture();
    for (const event of ['pointerdown', 'keydown'] as const) window.addEventListener(event, gesture, { capture: true, passive: true });
    this.#stopListening = () => {
      for (const event of ['pointerdown', 'keydown'] as const) window.removeEventListener(event, gesture, { capture: true });
    };
  }

  /** A context that a gesture has woken once may be woken later without one. */
  async #gesture(): Promise<void> {
    const heard = this.#bell.ready;
    if (await this.#bell.wake() && !heard && this.#wanted !== 'none') this.#start();
    if (this.#wanted === 'none') this.#restSoon();
  }

  want(sound: Exclude<Sound, 'blocked'>): void {
    if (sound === this.#wanted) return;
    this.#stop();
    this.#wanted = sound;
    if (sound === 'none') {
      this.#ports.tell('none');
      return this.#restSoon();
    }
    void this.#begin(sound);
  }

  async #begin(sound: Exclude<Sound, 'blocked' | 'none'>): Promise<void> {
    this.#stopResting();
    // Chromium leaves the promise of resume() open until there is a gesture, so nothing may wait for it.
    void this.#bell.wake().then((ready) => { if (ready && this.#wanted === sound && this.#playing === null && this.#giveBack === null) this.#start(); });
    await Promise.resolve();
    if (this.#wanted === sound && this.#playing === null && this.#giveBack === null && !this.#bell.ready)
      this.#ports.clock.after(60, () => { if (this.#wanted === sound && !this.#bell.ready) this.#ports.tell('blocked'); });
  }

  #start(): void {
    if (this.#wanted === 'ringback') return this.#play('ringback', this.#bell.ringback());
    this.#giveBack = takeTurn(this.#ports.clock, () => {
      if (this.#wanted === 'ringtone') this.#play('ringtone', this.#bell.ringtone(this.#ports.volume()));
    });
    this.#ports.tell('none');  // until it is this tab's turn
  }

  #play(sound: Sound, playing: Playing): void {
    this.#playing = playing;
    this.#ports.tell(sound);
  }

  #stop(): void {
    this.#playing?.stop();
    this.#playing = null;
    this.#giveBack?.();
    this.#giveBack = null;
  }

  strike(stroke: Stroke): void {
    this.#stopResting();
    switch (stroke) {
      case 'accepted': this.#bell.accepted(); break;
      case 'ended': this.#bell.ended(); break;
      case 'busy': this.#bell.busy(); break;
    }
    this.#restSoon();
  }

  sample(): void { void this.#aloud(() => this.#bell.sample(this.#ports.volume())); }
  test(): void { void this.#aloud(() => this.#bell.test()); }

  async #aloud(play: () => void): Promise<void> {
    this.#stopResting();
    if (await this.#bell.wake()) play();
    this.#restSoon();
  }

  /** Longer than the longest sound. */
  #restSoon(): void {
    this.#stopResting();
    this.#stopResting = this.#ports.clock.after(5_000, () => { if (this.#wanted === 'none') this.#bell.rest(); });
  }

  close(): void {
    this.want('none');
    this.#stopListening();
    this.#stopResting();
    this.#bell.close();
  }
}
