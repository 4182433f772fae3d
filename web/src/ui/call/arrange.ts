// How the stage is arranged, from what is known of the call alone.
import type { Call, Participant } from '../../state/model.ts';
import type { SelfPlace } from './SelfView.tsx';

/** `hero`: face, name and sentence; `duo`: the other's picture; `grid`: tiles; `share`: a screen with a strip of tiles. */
export type Arrangement = 'hero' | 'duo' | 'grid' | 'share';

export const sharer = (call: Call): Participant | undefined => call.participants.find((person) => person.screen);

export function arrangementOf(call: Call): Arrangement {
  if (call.phase !== 'in-call' && call.phase !== 'reconnecting') return 'hero';
  if (sharer(call)) return 'share';
  if (call.participants.length > 1) return 'grid';
  const [only] = call.participants;
  return only && (only.camera || call.group) ? 'duo' : 'hero';
}

export interface Own {
  readonly camera: boolean;
  readonly hidden: boolean;
}

/** Null: my own picture is not shown. */
export function selfPlaceOf(call: Call, arranged: Arrangement, own: Own): SelfPlace | null {
  switch (call.phase) {
    case 'ended': return null;
    case 'outgoing':
    case 'connecting': return call.type === 'video' ? 'behind' : null;
    case 'in-call':
    case 'reconnecting': break;
  }
  switch (arranged) {
    case 'grid': return 'cell';
    case 'share': return 'strip';
    case 'duo': return own.hidden ? null : 'corner';
    case 'hero': return own.camera ? (own.hidden ? null : 'corner') : 'badge';
  }
}
