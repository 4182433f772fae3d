// How a call ended: the server's words, and those of its refusals, folded into what is shown (DESIGN §9, §17.5).
import { endReasonFrom, type ServerCall } from '../wire/call_shapes.ts';
import type { WireError } from '../wire/ports.ts';
import type { EndReason, UserId } from './model.ts';

export interface CallEnd {
  readonly reason: EndReason;
  readonly detail: string | null;
  readonly durationSeconds: number | null;
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;
}

export const anEnd = (reason: EndReason, more: Partial<CallEnd> = {}): CallEnd =>
  ({ reason, detail: null, durationSeconds: null, retryAfterSeconds: null, requestId: null, ...more });

/**
 * `endReason` of the server. A word that is shown as another is the detail. A login that ended is the other's: the page whose own it was shows
 * the log-in by then.
 */
export function endOf(word: string | null, durationSeconds: number | null = null): CallEnd {
  return word === 'token_revoked' ? anEnd('hangup', { detail: word, durationSeconds }) : folded(word, durationSeconds);
}

/** Of my part in a group call that goes on. It has no duration yet, and the reason is mine. */
export const endOfPart = (word: string | null): CallEnd => folded(word, null);

function folded(word: string | null, durationSeconds: number | null): CallEnd {
  const shown = endReasonFrom(word) ?? 'hangup';
  return anEnd(shown, { detail: shown === word ? null : word, durationSeconds });
}

/** The end of a call as I see it: a callee who "ended" a ringing call (seed 001) has declined it, for the caller. */
export function endFor(me: UserId, call: ServerCall): CallEnd {
  const byOther = call.endedBy !== null && call.endedBy !== me;
  if (call.endReason === 'cancelled' && call.callerId === me && byOther) return anEnd('declined');
  return endOf(call.endReason, call.startedAt === null ? null : call.durationSeconds);
}

/** A start or a join that was refused. */
export function endOfRefusal(error: WireError): CallEnd {
  const retryAfterSeconds = error.retryAfterMs === null ? null : Math.ceil(error.retryAfterMs / 1000);
  const more = { detail: error.code, retryAfterSeconds, requestId: error.requestId };
  return anEnd(error.code === 'RECIPIENT_BUSY' ? 'busy' : 'failed', more);
}

/** An accept that came too late: `call` is what it met. Who has declined a group call cannot join it any more. */
export function endOfLateAccept(error: WireError, call: ServerCall | null, me: UserId): CallEnd {
  if (error.code !== 'CALL_NOT_RINGING' && error.code !== 'CALL_NOT_ACTIVE') return endOfRefusal(error);
  const declined = call?.recipientId === null && call.participants.some((each) => each.userId === me && each.state === 'declined');
  if (declined) return anEnd('failed', { detail: 'CALL_DECLINED' });
  if (call?.status === 'connected') return anEnd('answered_elsewhere');
  if (call?.status === 'rejected') return anEnd('declined_elsewhere');
  return anEnd('cancelled');
}
