// Which form of the ring a call has now (DESIGN §9).
import type { Call } from '../../state/model.ts';
import type { RingState } from '../parts/Ring.tsx';

const kEndsFolded = ['admin', 'token_revoked', 'user_deactivated'];

function endedRing(call: Call): RingState {
  switch (call.endReason) {
    case 'declined':
    case 'unreachable':
    case 'connection_lost':
    case 'media_failed':
      return 'failed';
    case 'busy': return 'busy';
    // A start that was refused; what ended a call that went on is an end like others.
    case 'failed': return kEndsFolded.includes(call.endDetail ?? '') ? 'ended' : 'failed';
    default: return 'ended';
  }
}

export function ringOf(call: Call, heard: { readonly speaking: boolean; readonly weak: boolean }): RingState {
  switch (call.phase) {
    case 'outgoing':
      switch (call.progress) {
        case 'created': return 'created';
        case 'pushed':
        case 'woken': return 'pushed';
        case 'ringing': return 'ringing';
        case 'unreachable': return 'failed';
      }
      break;
    case 'connecting': return 'connecting';
    case 'in-call': return heard.weak ? 'poor' : heard.speaking ? 'speaking' : 'connected';
    case 'reconnecting': return 'reconnecting';
    case 'ended': return endedRing(call);
  }
}
