// What outside tests read of a call (DESIGN §17.5).
import type { Call } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';

export function useRegionAttributes(call: Call, stage: boolean) {
  const quality = useBelfry((state) => state.quality.level);
  const degraded = useBelfry((state) => state.media.degraded);
  return {
    role: 'region',
    'aria-label': callWords.region,
    'data-call-state': call.phase,
    'data-call-id': call.id ?? undefined,
    'data-call-type': call.type,
    'data-role': call.role,
    'data-view': stage ? 'stage' : 'mini',
    'data-end-reason': call.phase === 'ended' ? call.endReason ?? undefined : undefined,
    'data-progress': call.phase === 'outgoing' ? call.progress : undefined,
    'data-started-at': call.startedAt ?? undefined,
    'data-quality': quality,
    'data-degraded': degraded === 'no-microphone' ? undefined : degraded ?? undefined,
  } as const;
}
