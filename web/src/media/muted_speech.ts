// Whether I speak while muted. A muted track is silent for this page as well, so what is measured is a clone of it, which is sent to nobody.
// It lives only while the microphone is muted: as long as it does, the browser says that the microphone is in use.
import type { Clock } from '../wire/ports.ts';
import { isSpeech, Meter } from './levels.ts';

const kEveryMs = 100;
/** A cough or a key is shorter. Pauses count against it. */
const kSpokenMs = 600;

export class MutedSpeech {
  readonly #clock: Clock;
  readonly #heard: () => void;
  readonly #meter: Pick<Meter, 'listenTo' | 'level' | 'close'>;
  #track: MediaStreamTrack | null = null;
  #clone: MediaStreamTrack | null = null;
  #stop: () => void = () => {};
  #spokenMs = 0;

  /** `heard` is called again and again while I go on speaking. */
  constructor(clock: Clock, heard: () => void, meter: Pick<Meter, 'listenTo' | 'level' | 'close'> = new Meter()) {
    this.#clock = clock;
    this.#heard = heard;
    this.#meter = meter;
  }

  /** My microphone as it is now; null: there is none. */
  follow(microphone: MediaStreamTrack | null): void {
    const track = microphone?.enabled === false ? microphone : null;
    if (track === this.#track) return;
    this.close();
    if (track === null) return;
    this.#track = track;
    this.#clone = track.clone();
    this.#clone.enabled = true;
    this.#meter.listenTo(this.#clone);
    this.#stop = this.#clock.every(kEveryMs, () => this.#listen());
  }

  #listen(): void {
    this.#spokenMs = isSpeech(this.#meter.level()) ? this.#spokenMs + kEveryMs : Math.max(0, this.#spokenMs - kEveryMs);
    if (this.#spokenMs < kSpokenMs) return;
    this.#spokenMs = 0;
    this.#heard();
  }

  close(): void {
    this.#stop();
    this.#stop = () => {};
    this.#clone?.stop();
    this.#track = this.#clone = null;
    this.#spokenMs = 0;
    this.#meter.close();
  }
}
