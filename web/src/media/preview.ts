// The picture and the level of the device check, apart from any call.
import type { Preview } from '../state/actions.ts';
import type { MediaEvent } from '../state/media.ts';
import type { Clock } from '../wire/ports.ts';
import { Meter } from './levels.ts';
import { OwnMedia } from './own.ts';

export interface OpenPreview extends Preview {
  choose(kind: 'camera' | 'microphone', id: string | null): void;
  retry(kind: 'camera' | 'microphone'): void;
}

export function openPreview(
  devices: { camera: boolean; microphone: boolean }, chosen: { camera: string | null; microphone: string | null }, clock: Clock,
  tell: (event: MediaEvent) => void,
): OpenPreview {
  const watchers = new Set<() => void>();
  const meter = new Meter();
  const own = new OwnMedia(clock, {
    tell,
    changed() {
      meter.listenTo(own.tracks.microphone);
      for (const each of watchers) each();
    },
  });
  void own.choose('camera', chosen.camera);
  void own.choose('microphone', chosen.microphone);
  void own.open(devices, false);
  return {
    stream: () => own.stream('camera'),
    level: () => meter.level(),
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    choose: (kind, id) => void own.choose(kind, id),
    retry: (kind) => void own.retry(kind),
    stop() {
      watchers.clear();
      own.closeAll();
      meter.close();
    },
  };
}
