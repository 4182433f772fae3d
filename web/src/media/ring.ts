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
  /** Somebody has touched the page already. */
  readonly gestured: boolean;
}

/** As long as waking the context may take, where it is allowed. */
const kWakeMs = 300;

export class Ring {
  readonly #bell: Bell;
  readonly #ports: RingPorts;
  #wanted: Exclude<Sound, 'blocked'> = 'none';
  #woken = false;
  #playing: Playing | null = null;
  #giveBack: (() => void) | null = null;
  #stopListening: () => void;
  #stopResting: () => void = () => {};

  constructor(ports: RingPorts, bell = new Bell()) {
    this.#ports = ports;
    this.#bell = bell;
    this.#woken = ports.gestured;
    const gesture = (): void => void this.#gesture();
    for (const event of ['pointerdown', 'keydown'] as const) window.addEventListener(event, gesture, { capture: true, passive: true });
    this.#stopListening = () => {
      for (const event of ['pointerdown', 'keydown'] as const) window.removeEventListener(event, gesture, { capture: true });
    };
  }

  /** Once woken in a gesture, the context may be woken later without one. */
  async #gesture(): Promise<void> {
    if (this.#woken && (this.#wanted === 'none' || this.#playing !== null || this.#giveBack !== null)) return;
    const first = !this.#woken;
    if (!await this.#bell.wake()) return;
    this.#woken = true;
    if (this.#wanted !== 'none') this.#startOnce();
    else if (first) this.#restSoon();
  }

  want(sound: Exclude<Sound, 'blocked'>): void {
    if (sound === this.#wanted) return;
    this.#stop();
    this.#wanted = sound;
    if (sound === 'none') {
      this.#ports.tell('none');
      return this.#restSoon();
    }
    this.#stopResting();
    // Before the first gesture no AudioContext is made: the browser would only complain of it.
    if (!this.#woken) return this.#ports.tell('blocked');
    // Chromium never settles resume() of a page that may not sound, so nothing waits for it.
    void this.#bell.wake().then((ready) => {
      this.#woken ||= ready;
      if (ready && this.#wanted === sound) this.#startOnce();
    });
    this.#ports.clock.after(kWakeMs, () => { if (this.#wanted === sound && !this.#bell.ready) this.#ports.tell('blocked'); });
  }

  #startOnce(): void {
    if (this.#playing === null && this.#giveBack === null) this.#start();
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

  /** Dropped where the page may not sound yet. */
  strike(stroke: Stroke): void {
    if (!this.#woken) return;
    void this.#aloud(() => this.#bell[stroke]());
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
