// @vitest-environment jsdom
// DESIGN §11: a call never fails for a device.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaEvent } from '../state/media.ts';
import { kNoMedia, mediaStep } from '../state/media.ts';
import { fakeClock, settled } from '../wire/fakes_for_tests.ts';
import { FakeStream, FakeTrack, refuse, stubMedia, type FakeDevices } from './fakes_for_tests.ts';
import { kPatienceMs } from './open.ts';
import { OwnMedia } from './own.ts';

let devices: FakeDevices;
beforeEach(() => { devices = stubMedia(); });

function anOwn() {
  const clock = fakeClock();
  const events: MediaEvent[] = [];
  const own = new OwnMedia(clock, { tell: (event) => events.push(event), changed() {} });
  return { own, clock, events, shown: () => events.reduce(mediaStep, mediaStep(kNoMedia, { type: 'reset', muted: false, camera: true })) };
}

const all = { camera: true, microphone: true };
/** Refuses one kind, as the browser does also where both were asked for. */
const without = (kind: 'audio' | 'video', name: string): FakeDevices['getUserMedia'] => {
  const whole = devices.getUserMedia;
  return (constraints) => (constraints[kind] ? refuse(name) : whole(constraints));
};

describe('opening', () => {
  it('asks once for both', async () => {
    let asked = 0;
    const whole = devices.getUserMedia;
    devices.getUserMedia = (constraints) => { asked += 1; return whole(constraints); };
    const { own, shown } = anOwn();
    await own.open(all, false);
    expect([asked, own.tracks.camera?.kind, own.tracks.microphone?.kind, shown().degraded]).toEqual([1, 'video', 'audio', null]);
  });

  it.each([
    ['video', 'NotFoundError', 'no-camera'], ['video', 'NotReadableError', 'no-camera'], ['audio', 'NotFoundError', 'no-microphone'],
    ['video', 'SecurityError', 'no-camera'], ['video', 'AbortError', 'no-camera'], ['audio', 'InvalidStateError', 'no-microphone'],
  ] as const)('goes on without %s after %s', async (kind, name, degraded) => {
    devices.getUserMedia = without(kind, name);
    const { own, shown } = anOwn();
    await own.open(all, false);
    expect(shown()).toMatchObject({ degraded, errors: [{ name, kind: kind === 'video' ? 'camera' : 'microphone', replacement: null }] });
  });

  it('listens only when nothing is to be had, or this page may not', async () => {
    devices.getUserMedia = () => refuse('NotFoundError');
    const none = anOwn();
    await none.own.open(all, false);
    expect(none.shown().degraded).toBe('listen-only');
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });
    const insecure = anOwn();
    await insecure.own.open(all, false);
    expect(insecure.shown().errors.map((each) => each.name)).toEqual(['TypeError', 'TypeError']);
  });

  it('does not ask for the camera alone when somebody has just closed the question twice', async () => {
    devices = stubMedia({ camera: 'prompt', microphone: 'prompt' });
    const asked: string[] = [];
    devices.getUserMedia = ({ audio, video }) => { asked.push(`${audio ? 'a' : ''}${video ? 'v' : ''}`); return refuse('NotAllowedError'); };
    const { own, shown } = anOwn();
    await own.open(all, false);
    expect(asked).toEqual(['av', 'a']);
    expect(shown().errors).toMatchObject([{ kind: 'microphone', permission: 'prompt' }, { kind: 'camera', permission: 'prompt' }]);
  });

  it.each([
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 'by-system'], ['Mozilla/5.0 (X11; Linux x86_64)', 'none'],
  ])('of %s says whether it was the system that refused what the site was allowed: %s', async (userAgent, detail) => {
    vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent);
    devices.getUserMedia = without('video', 'NotAllowedError');
    const { own, shown } = anOwn();
    await own.open(all, false);
    expect(shown().errors).toMatchObject([{ kind: 'camera', detail }]);
  });

  it('takes another device where the chosen one has gone', async () => {
    const whole = devices.getUserMedia;
    devices.getUserMedia = (constraints) => (JSON.stringify(constraints).includes('gone') ? refuse('OverconstrainedError') : whole(constraints));
    const { own, shown } = anOwn();
    await own.choose('camera', 'gone');
    await own.open(all, false);
    expect(shown()).toMatchObject({ degraded: null, camera: true, errors: [{ name: 'OverconstrainedError', replacement: 'video' }] });
  });

  it('says after 20 s where the question is, and uses the answer all the same', async () => {
    let answer: (stream: FakeStream) => void = () => {};
    devices.getUserMedia = () => new Promise((resolve) => { answer = resolve; });
    const { own, clock, shown } = anOwn();
    const opening = own.open(all, false);
    await settled();
    clock.move(kPatienceMs);
    expect(shown()).toMatchObject({ degraded: 'listen-only', errors: [{ name: 'TimeoutError' }, { name: 'TimeoutError' }] });
    answer(new FakeStream([new FakeTrack('audio'), new FakeTrack('video')]));
    await opening;
    expect(shown()).toMatchObject({ degraded: null, errors: [] });
  });

  it('stops what comes after the end', async () => {
    let answer: (stream: FakeStream) => void = () => {};
    devices.getUserMedia = () => new Promise((resolve) => { answer = resolve; });
    const { own } = anOwn();
    const opening = own.open(all, false);
    await settled();
    own.closeAll();
    const late = new FakeTrack('video');
    answer(new FakeStream([late]));
    await opening;
    expect([late.readyState, own.tracks.camera]).toEqual(['ended', null]);
  });
});

describe('in a call', () => {
  it('stops the camera when it is turned off, and only silences the microphone', async () => {
    const { own, shown } = anOwn();
    await own.open(all, false);
    const [voice, picture] = devices.opened;
    await own.setCamera(false);
    await own.setMuted(true);
    expect([picture?.readyState, voice?.readyState, voice?.enabled, shown().camera]).toEqual(['ended', 'live', false, false]);
    await own.setCamera(true);
    expect(own.tracks.camera?.readyState).toBe('live');
  });

  it('takes another camera when one is unplugged, or says that nobody sees you', async () => {
    const { own, shown } = anOwn();
    await own.open(all, false);
    devices.opened.find((each) => each.kind === 'video')?.end();
    await settled();
    expect(shown()).toMatchObject({ camera: true, errors: [{ kind: 'camera', detail: 'unplugged', device: 'video', replacement: 'video' }] });
    devices.getUserMedia = () => refuse('NotFoundError');
    devices.opened.filter((each) => each.kind === 'video').at(-1)?.end();
    await settled();
    expect(shown()).toMatchObject({ camera: false, errors: [{ detail: 'unplugged', replacement: null }] });
  });

  it('tries a missing device by itself when one is plugged in', async () => {
    const whole = devices.getUserMedia;
    devices.getUserMedia = without('video', 'NotFoundError');
    const { own, shown } = anOwn();
    await own.open(all, false);
    devices.getUserMedia = whole;
    own.devicesChanged();
    await settled();
    expect(shown()).toMatchObject({ degraded: null, camera: true, errors: [] });
  });

  it('shares the screen until the browser\'s own button stops it, and tells nothing of a closed picker', async () => {
    const { own, shown } = anOwn();
    await own.setScreen(true);
    expect(shown().screen).toBe(true);
    devices.opened.at(-1)?.end();
    expect(shown().screen).toBe(false);
    devices.getDisplayMedia = () => refuse('NotAllowedError', 'Permission denied');
    await own.setScreen(true);
    expect(shown().errors).toEqual([]);
    devices.getDisplayMedia = () => refuse('NotAllowedError', 'Permission denied by system');
    await own.setScreen(true);
    expect(shown().errors).toMatchObject([{ kind: 'screen', detail: 'by-system' }]);
  });

  it('says no longer that the browser asks when all is closed meanwhile', async () => {
    devices = stubMedia({ camera: 'prompt', microphone: 'prompt' });
    devices.getUserMedia = () => new Promise(() => undefined);
    const { own, shown } = anOwn();
    void own.open(all, false);
    await settled();
    expect(shown().asking).toBe(true);
    own.closeAll();
    expect(shown().asking).toBe(false);
  });

  it('closes every track at the end', async () => {
    const { own } = anOwn();
    await own.open(all, false);
    await own.setScreen(true);
    own.closeAll();
    expect(devices.opened.map((each) => each.readyState)).toEqual(['ended', 'ended', 'ended']);
  });
});
