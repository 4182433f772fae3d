// Offers and answers as they go over the wire: `{type, sdp}`, or bare SDP text from clients of seed 003. Ours bear `belfry` beside it: which
// connection of ours it is of, and which of theirs it is for. So a page that reloaded is told from one that negotiates again, and what was
// meant for the page before is passed over. Others' connections are told apart by their certificate, which is new with each.
import { isObject, member, words } from '../wire/json.ts';

export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  /** The connection that it is of. */
  readonly from: string;
  /** The connection that it is for; null: not said. */
  readonly to: string | null;
  /** From a client of ours, which takes a screen on its own m-line. */
  readonly ours: boolean;
}

const fingerprintOf = (sdp: string): string => /^a=fingerprint:(.+)$/m.exec(sdp)?.[1]?.trim() ?? '';

export function readDescription(type: 'offer' | 'answer', payload: unknown): Description | null {
  const sdp = typeof payload === 'string' ? payload : words(payload, 'sdp');
  if (sdp === null || sdp === '') return null;
  const mark = member(payload, 'belfry');
  const from = words(mark, 'from');
  return { type, sdp, from: from ?? fingerprintOf(sdp), to: words(mark, 'to'), ours: from !== null };
}

export const writeDescription = (description: RTCSessionDescriptionInit, from: string, to: string | null): unknown =>
  ({ type: description.type, sdp: description.sdp, belfry: { from, ...(to !== null && { to }) } });

/** An object, its text alone, or nothing at the end of candidates. */
export function readCandidate(payload: unknown): RTCIceCandidateInit | null {
  if (typeof payload === 'string' && payload !== '') return { candidate: payload, sdpMLineIndex: 0 };
  if (!isObject(payload)) return null;
  const candidate = words(payload, 'candidate');
  if (candidate === null) return null;
  const line = payload['sdpMLineIndex'];
  const mid = payload['sdpMid'];
  return { candidate, sdpMid: typeof mid === 'string' ? mid : null, sdpMLineIndex: typeof line === 'number' ? line : mid === undefined ? 0 : null };
}
