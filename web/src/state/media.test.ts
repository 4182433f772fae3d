import { describe, expect, it } from 'vitest';
import { kNoMedia, mediaStep, type MediaEvent } from './media.ts';
import type { MediaError } from './model.ts';

const refused = (kind: MediaError['kind'], replacement: string | null = null): MediaEvent =>
  ({ type: 'failed', error: { kind, name: 'NotFoundError', permission: 'granted', detail: 'none', replacement } });
const video: MediaEvent = { type: 'reset', muted: false, camera: true };
const after = (...events: MediaEvent[]) => events.reduce(mediaStep, kNoMedia);

describe('own media', () => {
  it('is degraded to voice, to listening and being seen, or to listening alone', () => {
    expect(after(video, refused('camera'))).toMatchObject({ degraded: 'no-camera', camera: false });
    expect(after(video, refused('microphone'))).toMatchObject({ degraded: 'no-microphone', camera: true });
    expect(after(video, refused('microphone'), refused('camera')).degraded).toBe('listen-only');
    expect(after({ type: 'reset', muted: false, camera: false }, refused('microphone')).degraded).toBe('listen-only');
  });

  it('stays degraded when the notice is put away, and not when the device is there', () => {
    expect(after(video, refused('camera'), { type: 'dismissed', kind: 'camera' })).toMatchObject({ degraded: 'no-camera', errors: [] });
    expect(after(video, refused('camera'), { type: 'opened', kind: 'camera' })).toMatchObject({ degraded: null, errors: [], camera: true });
  });

  it('is not degraded by what was turned off on purpose', () => {
    expect(after(video, refused('camera'), { type: 'camera', on: false }).degraded).toBeNull();
  });

  it('tells of a device that was replaced, without missing it', () => {
    expect(after(video, { type: 'opened', kind: 'camera' }, refused('camera', 'Other camera'))).toMatchObject({ degraded: null, camera: true, errors: [{ replacement: 'Other camera' }] });
    expect(after(video, refused('microphone', 'Other'), { type: 'opened', kind: 'microphone' }).errors).toHaveLength(1);
  });

  it('has one notice for each device', () => {
    expect(after(video, refused('camera'), refused('microphone'), refused('camera')).errors.map((each) => each.kind)).toEqual(['microphone', 'camera']);
  });

  it('is off after a call, while devices and choices stay', () => {
    const end = after({ type: 'chosen', kind: 'camera', id: 'c1' }, video, { type: 'screen', on: true }, { type: 'muted', on: true }, { type: 'closed' });
    expect(end).toMatchObject({ muted: false, camera: false, screen: false, errors: [], degraded: null, chosen: { camera: 'c1' } });
  });
});
