// What follows from a call's state, besides what is shown: which sound plays, and whether media may be open (DESIGN §9, §14).
import type { CallSlice } from './call.ts';
import type { Call, EndReason, Sound } from './model.ts';

/** The sound that lasts as long as the state does. */
export function soundOf(slice: { readonly call: Call | null; readonly incoming: CallSlice['incoming'] }): Exclude<Sound, 'blocked'> {
  if (slice.incoming !== null) return 'ringtone';
  return slice.call?.phase === 'outgoing' && slice.call.progress === 'ringing' ? 'ringback' : 'none';
}

export type Stroke = 'accepted' | 'ended' | 'busy';

/** The one at the end. Silence where one's own hand ended it before it began. */
export function strokeOf(reason: EndReason): Stroke | null {
  switch (reason) {
    case 'busy': return 'busy';
    case 'hangup': case 'declined': case 'timeout': case 'unreachable': case 'connection_lost': case 'media_failed': return 'ended';
    case 'cancelled': case 'answered_elsewhere': case 'declined_elsewhere': case 'kicked': case 'max_duration': case 'server_restart':
    case 'superseded': case 'failed': return null;
  }
}

/** `open`: devices and connections may be; `kept`: nothing is opened or closed; `closed`: all is, at once. */
export function mediaOf(call: Call | null): 'closed' | 'open' | 'kept' {
  switch (call?.phase) {
    case undefined: case 'ended': return 'closed';
    case 'outgoing': case 'connecting': case 'in-call': return 'open';
    case 'reconnecting': return 'kept';
  }
}
