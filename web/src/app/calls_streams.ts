// Live media for the page, before and after the chunk of media is there: what is not there yet is null, and who watches is told when it comes.
import type { Preview, Streams } from '../state/actions.ts';
import type { OpenPreview } from '../media/preview.ts';
import type { CallStore } from './calls_store.ts';
import type { CallMedia } from './calls_media.ts';

export interface CallStreams extends Streams {
  choosePreview(kind: 'camera' | 'microphone', id: string | null): void;
  retryPreview(kind: 'camera' | 'microphone'): void;
}

export function makeStreams(callStore: CallStore, callMedia: CallMedia): CallStreams {
  const watchers = new Set<() => void>();
  let previewing: OpenPreview | null = null;
  callMedia.onChange(() => { for (const each of watchers) each(); });

  function preview(devices: { camera: boolean; microphone: boolean }): Preview {
    let open: OpenPreview | null = null;
    let stopped = false;
    const seen = new Set<() => void>();
    const changed = (): void => { for (const each of seen) each(); };
    void callMedia.load().then(({ openPreview }) => {
      if (stopped) return;
      open = openPreview(devices, callStore.media().chosen, callStore.ctx.clock, (event) => {
        // Of the call's own state only what was refused, and the question, are the check's business too.
        if (event.type === 'asking' || event.type === 'failed') callStore.mediaHappened(event);
        if (event.type === 'opened') callStore.mediaHappened({ type: 'dismissed', kind: event.kind });
      });
      previewing = open;
      open.watch(changed);
      changed();
    }).catch(() => {});
    return {
      stream: () => open?.stream() ?? null,
      level: () => open?.level() ?? 0,
      watch(tell) {
        seen.add(tell);
        return () => seen.delete(tell);
      },
      stop() {
        stopped = true;
        seen.clear();
        open?.stop();
        if (previewing === open) previewing = null;
      },
    };
  }

  return {
    own: (kind) => callMedia.engine()?.own.stream(kind) ?? null,
    remote: (user, kind) => callMedia.engine()?.mesh.remote(user, kind) ?? null,
    level: (user) => callMedia.engine()?.level(user) ?? 0,
    preview,
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    choosePreview: (kind, id) => previewing?.choose(kind, id),
    retryPreview: (kind) => previewing?.retry(kind),
  };
}
