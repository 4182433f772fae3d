// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { fakeClock } from '../wire/fakes_for_tests.ts';
import { FakeTrack } from './fakes_for_tests.ts';
import { MutedSpeech } from './muted_speech.ts';

function listening() {
  const clock = fakeClock();
  const meter = { heard: null as MediaStreamTrack | null, loud: false, listenTo(track: MediaStreamTrack | null) { this.heard = track; }, level() { return this.loud ? 0.5 : 0; }, close() { this.heard = null; } };
  let told = 0;
  const speech = new MutedSpeech(clock, () => { told += 1; }, meter);
  const microphone = new FakeTrack('audio');
  const mute = (muted: boolean): void => {
    microphone.enabled = !muted;
    speech.follow(microphone as unknown as MediaStreamTrack);
  };
  return { clock, meter, speech, microphone, mute, told: () => told };
}

it('tells of speech into a muted microphone, not of a cough', () => {
  const { clock, meter, mute, told } = listening();
  mute(true);
  const sounds = (loud: boolean, ms: number): void => {
    meter.loud = loud;
    clock.move(ms);
  };
  for (let cough = 0; cough < 5; ++cough) {
    sounds(true, 200);
    sounds(false, 300);
  }
  expect(told()).toBe(0);
  for (let word = 0; word < 3; ++word) {
    sounds(true, 400);
    sounds(false, 100);
  }
  expect(told()).toBe(1);
});

it('hears nothing of a microphone that is not muted', () => {
  const { clock, meter, mute, told } = listening();
  meter.loud = true;
  mute(false);
  clock.move(5_000);
  expect([told(), meter.heard]).toEqual([0, null]);
});

it('listens to a clone that is on, and lets it go when the microphone is on again or closed', () => {
  const { meter, speech, microphone, mute } = listening();
  mute(true);
  const [first] = microphone.clones;
  expect([first?.enabled, first?.readyState, meter.heard]).toEqual([true, 'live', first]);
  mute(true);
  mute(false);
  expect([microphone.clones.length, first?.readyState, meter.heard]).toEqual([1, 'ended', null]);
  mute(true);
  speech.close();
  expect(microphone.clones.map((each) => each.readyState)).toEqual(['ended', 'ended']);
});
