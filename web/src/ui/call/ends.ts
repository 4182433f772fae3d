// What can be done when a call has ended (DESIGN §9): `Close` always, these where they help.
import type { Call } from '../../state/model.ts';

export interface EndChoices {
  readonly again: 'again' | 'back' | null;
  readonly message: boolean;
}

export function endChoices(call: Call): EndChoices {
  switch (call.endReason) {
    case 'busy':
    case 'timeout':
    case 'unreachable':
      return { again: 'again', message: true };
    case 'connection_lost':
    case 'media_failed':
      return { again: 'again', message: false };
    case 'cancelled': return { again: call.role === 'callee' ? 'back' : null, message: false };
    default: return { again: null, message: false };
  }
}
