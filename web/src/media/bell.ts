// The sounds of DESIGN §14, made by WebAudio: a bell of seven partials, each with its own decay. One AudioContext, made at the first gesture
// of the page, since the browser lets none sound before, and suspended while nothing does.

const kPartials = [
  { ratio: 0.5, gain: 0.25, decay: 1.8 }, { ratio: 1, gain: 1, decay: 1.1 }, { ratio: 1.2, gain: 0.5, decay: 0.8 },
  { ratio: 1.5, gain: 0.3, decay: 0.6 }, { ratio: 2, gain: 0.45, decay: 0.5 }, { ratio: 2.76, gain: 0.18, decay: 0.3 },
  { ratio: 4.07, gain: 0.1, decay: 0.2 },
];
const kAttack = 0.004;
const kSilence = 0.0001;
/** The partials' sum, at -14 dBFS. */
const kMaster = 10 ** (-14 / 20) / kPartials.reduce((sum, each) => sum + each.gain, 0);
const kReleaseSeconds = 0.05;
const kD5 = 587;
const kA4 = 440;

const gainOf = (decibels: number): number => 10 ** (decibels / 20);

export interface Playing {
  stop(): void;
}

export class Bell {
  #context: AudioContext | null = null;
  #noise: AudioBuffer | null = null;

  /** Whether it may be heard. */
  get ready(): boolean { return this.#context?.state === 'running'; }

  /** In a gesture. Resolves with whether the browser lets it sound. */
  async wake(): Promise<boolean> {
    try {
      this.#context ??= new AudioContext();
      if (this.#context.state !== 'running') await this.#context.resume();
    } catch {
      return false;  // no device to play on
    }
    return this.ready;
  }

  #out(context: AudioContext, volume: number): GainNode {
    const filter = new BiquadFilterNode(context, { type: 'lowpass', frequency: 6000 });
    const out = new GainNode(context, { gain: volume });
    out.connect(filter).connect(context.destination);
    return out;
  }

  #strike(context: AudioContext, out: GainNode, frequency: number, at: number, gain: number): void {
    for (const partial of kPartials) {
      const tone = new OscillatorNode(context, { frequency: frequency * partial.ratio });
      const shape = new GainNode(context, { gain: 0 });
      shape.gain.setValueAtTime(kSilence, at);
      shape.gain.linearRampToValueAtTime(partial.gain * gain * kMaster, at + kAttack);
      shape.gain.exponentialRampToValueAtTime(kSilence, at + partial.decay);
      tone.connect(shape).connect(out);
      tone.start(at);
      tone.stop(at + partial.decay);
    }
    this.#clapper(context, out, at, gain);
  }

  #clapper(context: AudioContext, out: GainNode, at: number, gain: number): void {
    if (this.#noise === null) {
      this.#noise = context.createBuffer(1, Math.ceil(context.sampleRate * 0.02), context.sampleRate);
      const samples = this.#noise.getChannelData(0);
      for (let index = 0; index < samples.length; index += 1) samples[index] = Math.random() * 2 - 1;
    }
    const source = new AudioBufferSourceNode(context, { buffer: this.#noise });
    const band = new BiquadFilterNode(context, { type: 'bandpass', frequency: 3000 });
    source.connect(band).connect(new GainNode(context, { gain: 0.06 * gain * kMaster })).connect(out);
    source.start(at);
  }

  /** Periods of `seconds` until it is stopped; each is scheduled when it begins, so that a ramp can end it at once. */
  #repeat(seconds: number, volume: number, strikes: (context: AudioContext, out: GainNode, at: number, period: number) => void): Playing {
    const context = this.#context;
    if (context === null || !this.ready) return { stop() {} };
    const out = this.#out(context, volume);
    let period = 0;
    const next = (): void => { strikes(context, out, context.currentTime + 0.01, period++); };
    next();
    const timer = setInterval(next, seconds * 1000);
    return {
      stop() {
        clearInterval(timer);
        out.gain.setTargetAtTime(0, context.currentTime, kReleaseSeconds / 4);
        setTimeout(() => out.disconnect(), kReleaseSeconds * 1000);
      },
    };
  }

  /** Rises over three periods, so that nobody is startled. */
  ringtone(volume: number): Playing {
    return this.#repeat(4, volume, (context, out, at, period) => {
      const loud = [0.4, 0.7][period] ?? 1;
      this.#strike(context, out, kD5, at, loud);
      this.#strike(context, out, kA4, at + 0.42, loud);
      this.#strike(context, out, kD5, at + 1.2, loud * gainOf(-4));
      this.#strike(context, out, kA4, at + 1.62, loud * gainOf(-4));
    });
  }

  ringback(): Playing {
    return this.#repeat(3, 1, (context, out, at) => this.#strike(context, out, kA4, at, gainOf(-10)));
  }

  #once(strikes: readonly (readonly [frequency: number, after: number, decibels: number])[]): void {
    const context = this.#context;
    if (context === null || !this.ready) return;  // what cannot sound is dropped, never queued
    const out = this.#out(context, 1);
    for (const [frequency, after, decibels] of strikes) this.#strike(context, out, frequency, context.currentTime + after, gainOf(decibels));
    setTimeout(() => out.disconnect(), 2500);
  }

  accepted(): void { this.#once([[880, 0, -16]]); }
  ended(): void { this.#once([[440, 0, -14], [330, 0.12, -14]]); }

  busy(): void {
    const context = this.#context;
    if (context === null || !this.ready) return;
    const out = this.#out(context, gainOf(-20));
    for (let beat = 0; beat < 3; beat += 1) {
      const tone = new OscillatorNode(context, { frequency: 330 });
      tone.connect(out);
      tone.start(context.currentTime + beat * 0.32);
      tone.stop(context.currentTime + beat * 0.32 + 0.16);
    }
  }

  /** Of the settings: one period of the ringtone. */
  sample(volume: number): void {
    const playing = this.ringtone(volume);
    setTimeout(() => playing.stop(), 3500);
  }

  test(): void { this.#once([[kD5, 0, -4], [kA4, 0.42, -4]]); }

  /** While nothing sounds, the device may sleep. */
  rest(): void { if (this.ready) void this.#context?.suspend(); }

  close(): void {
    void this.#context?.close();
    this.#context = null;
    this.#noise = null;
  }
}
