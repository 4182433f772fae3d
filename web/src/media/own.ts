// My own tracks: microphone, camera, screen. What is off is stopped, so that its light goes out; the microphone is only silenced, for
// who unmutes speaks at once. The state that is shown is changed by the events told to `tell`.
import type { MediaEvent } from '../state/media.ts';
import type { MediaError } from '../state/model.ts';
import type { Clock } from '../wire/ports.ts';
import { mediaErrorOf, unplugged, wasDeclined } from './errors.ts';
import { openDevices, type Kind, type Wish } from './open.ts';

export interface OwnTracks {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
}

export interface OwnNews {
  tell(event: MediaEvent): void;
  /** A track came, went, was replaced, muted or unmuted. */
  changed(): void;
}

export class OwnMedia {
  #tracks: OwnTracks = { microphone: null, camera: null, screen: null };
  #streams: Record<'camera' | 'screen', MediaStream | null> = { camera: null, screen: null };
  #muted = false;
  #wants: Wish = { camera: false, microphone: false };
  #chosen: Record<'camera' | 'microphone', string | null> = { camera: null, microphone: null };
  /** What was refused last, by kind: a device that comes later may mend it. */
  #refused = new Map<Kind, MediaError>();
  /** Grows when all is closed: what was asked for before comes too late. */
  #era = 0;
  #asking = false;
  readonly #clock: Clock;
  readonly #news: OwnNews;

  constructor(clock: Clock, news: OwnNews) {
    this.#clock = clock;
    this.#news = news;
  }

  get tracks(): OwnTracks { return this.#tracks; }
  stream(kind: 'camera' | 'screen'): MediaStream | null { return this.#streams[kind]; }

  /** Resolves when what is to be had is open, and the rest has failed. */
  async open(wish: Wish, muted: boolean): Promise<void> {
    this.#muted = muted;
    this.#wants = wish;
    await this.#obtain(wish);
  }

  async #obtain(wish: Wish): Promise<void> {
    const era = this.#era;
    const { tracks, errors } = await openDevices(wish, this.#chosen, this.#clock,
      (on) => { if (era === this.#era) this.#sayAsking(on); },
      (late) => { if (era === this.#era) this.#failed(late); });
    if (era !== this.#era) return tracks.forEach((track) => track.stop());
    for (const track of tracks) this.#take(track.kind === 'audio' ? 'microphone' : 'camera', track);
    this.#failed(errors);
  }

  #sayAsking(on: boolean): void {
    this.#asking = on;
    this.#news.tell({ type: 'asking', on });
  }

  #failed(errors: readonly MediaError[]): void {
    for (const error of errors) {
      if (error.kind !== 'camera' && error.kind !== 'microphone') continue;
      if (error.replacement === null) this.#refused.set(error.kind, error);
      this.#news.tell({ type: 'failed', error });
    }
  }

  #take(kind: Kind, track: MediaStreamTrack): void {
    // Turned off while the browser asked.
    if (kind === 'camera' && !this.#wants.camera) return track.stop();
    this.#tracks[kind]?.stop();
    if (kind === 'microphone') track.enabled = !this.#muted;
    track.addEventListener('ended', () => void this.#unplugged(kind, track));
    this.#refused.delete(kind);
    this.#put(kind, track);
    this.#news.tell({ type: 'opened', kind });
  }

  #put(kind: keyof OwnTracks, track: MediaStreamTrack | null): void {
    this.#tracks = { ...this.#tracks, [kind]: track };
    if (kind !== 'microphone') this.#streams[kind] = track && new MediaStream([track]);
    this.#news.changed();
  }

  /** Not told of tracks that we stop ourselves. */
  async #unplugged(kind: Kind, track: MediaStreamTrack): Promise<void> {
    if (this.#tracks[kind] !== track) return;
    const era = this.#era;
    this.#put(kind, null);
    this.#chosen[kind] = null;
    const { tracks } = await openDevices({ camera: kind === 'camera', microphone: kind === 'microphone' }, this.#chosen, this.#clock, () => {}, () => {});
    if (era !== this.#era) return tracks.forEach((each) => each.stop());
    const [other] = tracks;
    if (other !== undefined) this.#take(kind, other);
    this.#failed([unplugged(kind, track.label, other?.label ?? null)]);
  }

  /** What could not be opened and may be by now. */
  retry(kind: Kind): Promise<void> {
    this.#wants = { ...this.#wants, [kind]: true };
    return this.#obtain({ camera: kind === 'camera', microphone: kind === 'microphone' });
  }

  /** A device came or went. One that was missing is tried by itself. */
  devicesChanged(): void {
    for (const [kind, error] of this.#refused) if (error.name === 'NotFoundError' || error.detail === 'unplugged') void this.retry(kind);
  }

  async setMuted(muted: boolean): Promise<void> {
    this.#muted = muted;
    const { microphone } = this.#tracks;
    if (microphone !== null) {
      microphone.enabled = !muted;
      this.#news.changed();
    } else if (!muted && this.#refused.has('microphone')) await this.retry('microphone');
  }

  async setCamera(on: boolean): Promise<void> {
    this.#wants = { ...this.#wants, camera: on };
    if (on) return this.#tracks.camera === null ? this.#obtain({ camera: true, microphone: false }) : undefined;
    this.#refused.delete('camera');
    this.#drop('camera');
    this.#news.tell({ type: 'camera', on: false });
  }

  #drop(kind: keyof OwnTracks): void {
    const track = this.#tracks[kind];
    if (track === null) return;
    this.#put(kind, null);
    track.stop();
  }

  async setScreen(on: boolean): Promise<void> {
    if (!on) {
      this.#drop('screen');
      return this.#news.tell({ type: 'screen', on: false });
    }
    const era = this.#era;
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: false });
      const [track, ...rest] = stream.getTracks();
      rest.forEach((each) => each.stop());
      if (track === undefined || era !== this.#era) return track?.stop();
      track.contentHint = 'detail';
      this.#tracks.screen?.stop();
      track.addEventListener('ended', () => { if (this.#tracks.screen === track) void this.setScreen(false); });
      this.#put('screen', track);
      this.#news.tell({ type: 'screen', on: true });
    } catch (error) {
      if (era === this.#era && !wasDeclined(error)) this.#news.tell({ type: 'failed', error: mediaErrorOf('screen', error, 'unknown') });
    }
  }

  /** Null: whatever the system gives. What is open is opened anew from there. */
  async choose(kind: Kind, id: string | null): Promise<void> {
    this.#chosen[kind] = id;
    if (this.#tracks[kind] !== null) await this.#obtain({ camera: kind === 'camera', microphone: kind === 'microphone' });
  }

  closeAll(): void {
    this.#era += 1;
    this.#wants = { camera: false, microphone: false };
    this.#refused.clear();
    if (this.#asking) this.#sayAsking(false);
    const { microphone, camera, screen } = this.#tracks;
    this.#tracks = { microphone: null, camera: null, screen: null };
    this.#streams = { camera: null, screen: null };
    for (const track of [microphone, camera, screen]) track?.stop();
    this.#news.changed();
  }
}
