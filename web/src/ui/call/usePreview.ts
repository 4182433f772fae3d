// My picture and level before a call, as long as the component is mounted. Another device or a switched camera is opened anew.
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Preview } from '../../state/actions.ts';
import { useBelfry, useStreams } from '../use.ts';

export interface Previewed {
  readonly stream: MediaStream | null;
  readonly level: () => number;
}

export function usePreview(wanted: { readonly camera: boolean; readonly microphone: boolean }): Previewed {
  const streams = useStreams();
  const { camera, microphone } = wanted;
  const chosenCamera = useBelfry((state) => state.media.chosen.camera);
  const chosenMicrophone = useBelfry((state) => state.media.chosen.microphone);
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    const opened = streams.preview({ camera, microphone });
    setPreview(opened);
    return () => {
      opened.stop();
      setPreview(null);
    };
  }, [streams, camera, microphone, chosenCamera, chosenMicrophone]);
  const watch = useCallback((changed: () => void) => preview?.watch(changed) ?? (() => undefined), [preview]);
  const stream = useSyncExternalStore(watch, () => preview?.stream() ?? null);
  const level = useCallback(() => preview?.level() ?? 0, [preview]);
  return { stream, level };
}
