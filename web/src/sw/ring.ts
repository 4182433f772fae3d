// A push that says that a call rings or no longer does (docs/push.md). It may be late, or come twice, so the server is asked before anything
// rings. When the ring has run out, no push tells it: the worker waits for that itself, and then says that the call was missed.
import { again, callTag, missedNotice, ringNotice } from './notices.ts';
import type { Notice, RingFacts } from './notices.ts';
import { readableName, shortened } from './names.ts';
import { noticeWords } from './words.en.ts';

/**
 * What the server said about the call. `unknown`: it could not be asked. `not-ours`: it has no such call for whoever is logged in here.
 * `signed-out`: nobody is.
 */
export type CallFate = 'rings' | 'answered' | 'over' | 'unknown' | 'not-ours' | 'signed-out';

export interface RingPorts {
  now(): number;
  sleep(ms: number): Promise<void>;
  fateOf(callId: string): Promise<CallFate>;
  /** A page is visible: it shows the call itself. */
  isSeen(): Promise<boolean>;
  show(notice: Notice): Promise<void>;
  isShown(tag: string): Promise<boolean>;
  close(tag: string): Promise<void>;
  /** Ends the subscription: this browser is nobody's any more. */
  forget(): Promise<void>;
}

export interface Push {
  readonly type: 'ring' | 'cancel';
  readonly call: RingFacts;
  readonly expiresAt: number;
  readonly reason: string;
}

// Longer rings than this are not waited for: browsers end a worker that takes minutes over one push.
const kLongestWait = 90_000;
const kLongestName = 64;
const kElsewhere = ['answered_elsewhere', 'declined_elsewhere'];

/** Null: it is none that we know. */
export function readPush(data: unknown): Push | null {
  if (typeof data !== 'object' || data === null) return null;
  const text = (name: string): string => {
    const value = Object.entries<unknown>({ ...data }).find(([key]) => key === name)?.[1];
    return typeof value === 'string' ? value : '';
  };
  const type = text('type');
  if ((type !== 'ring' && type !== 'cancel') || text('callId') === '') return null;
  return {
    type, reason: text('reason'), expiresAt: Date.parse(text('expiresAt')) || 0,
    call: {
      callId: text('callId'), conversationId: text('conversationId') || null, callType: text('callType'),
      callerName: shortened(readableName(text('callerName')) ?? noticeWords.somebody, kLongestName),
      groupName: null,  // pushes do not name it
    },
  };
}

/** Null also for what is no JSON. */
export function pushIn(data: { json(): unknown } | null): Push | null {
  try {
    return readPush(data?.json());
  } catch {
    return null;
  }
}

/** The ring is over. What could not be asked about was missed. */
async function endRing(push: Push, fate: CallFate, ports: RingPorts): Promise<void> {
  switch (fate) {
    case 'rings': case 'over': case 'unknown': return ports.show(missedNotice(push.call, new Date(ports.now())));
    case 'answered': case 'not-ours': return ports.close(callTag(push.call.callId));
    case 'signed-out':
      await ports.close(callTag(push.call.callId));
      return ports.forget();
  }
}

export async function onPush(push: Push, ports: RingPorts): Promise<void> {
  const tag = callTag(push.call.callId);
  if (push.type === 'cancel' && kElsewhere.includes(push.reason)) return ports.close(tag);
  const fate = await ports.fateOf(push.call.callId);
  const mayRing = push.type === 'ring' && push.expiresAt > ports.now() && (fate === 'rings' || fate === 'unknown');
  if (!mayRing) return endRing(push, fate, ports);
  if (await ports.isSeen()) return;
  const notice = ringNotice(push.call);
  // Each push must show something, but the second of one ring does not ring again.
  await ports.show((await ports.isShown(tag)) ? again(notice) : notice);
  await ports.sleep(Math.min(push.expiresAt - ports.now(), kLongestWait));
  // A click, an answer or a cancel has closed it meanwhile; or a second push of the same ring waits as well.
  if (!(await ports.isShown(tag))) return;
  return endRing(push, await ports.fateOf(push.call.callId), ports);
}

/** From `GET /api/calls/{id}`: its status, of a group call also what became of those whom it rings. */
export function fateIn(status: number, body: unknown): CallFate {
  if (status === 401) return 'signed-out';
  if (status === 404 || status === 403) return 'not-ours';
  if (status !== 200 || typeof body !== 'object' || body === null || !('data' in body)) return 'unknown';
  const call: unknown = body.data;
  if (typeof call !== 'object' || call === null || !('status' in call)) return 'unknown';
  const people = 'participants' in call && Array.isArray(call.participants) ? call.participants.length : 2;
  if (call.status === 'calling') return 'rings';
  // A group call goes on ringing for the others when one has answered.
  if (call.status === 'connected') return people > 2 ? 'rings' : 'answered';
  return 'over';
}
