// A push that says that a call rings or no longer does (docs/push.md). It may be late, or come twice, so the server is asked before anything
// rings. When the ring has run out, no push tells it: the worker waits for that itself, and then says that the call was missed.
import { callTag, missedNotice, ringNotice } from './notices.ts';
import type { Notice, RingFacts } from './notices.ts';
import { readableName, shortened } from './names.ts';
import { noticeWords } from './words.en.ts';

/** What the server said about the call. `unknown`: it could not be asked. `signed-out`: not to this browser any more. */
export type CallFate = 'rings' | 'answered' | 'over' | 'unknown' | 'signed-out';

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

export async function onPush(push: Push, ports: RingPorts): Promise<void> {
  const missed = () => ports.show(missedNotice(push.call, new Date(ports.now())));
  const tag = callTag(push.call.callId);
  if (push.type === 'cancel') return kElsewhere.includes(push.reason) ? ports.close(tag) : missed();
  if (push.expiresAt <= ports.now()) return missed();
  const fate = await ports.fateOf(push.call.callId);
  if (fate === 'signed-out') return ports.forget();
  if (fate === 'answered') return ports.close(tag);
  if (fate === 'over') return missed();
  if (await ports.isSeen()) return;
  await ports.show(ringNotice(push.call));
  await ports.sleep(Math.min(push.expiresAt - ports.now(), kLongestWait));
  // A click, an answer or a cancel has closed it meanwhile; or a second push of the same ring waits as well.
  if (!(await ports.isShown(tag))) return;
  const end = await ports.fateOf(push.call.callId);
  return end === 'answered' ? ports.close(tag) : missed();
}

/** From `GET /api/calls/{id}`: its status, of a group call also what became of those whom it rings. */
export function fateIn(status: number, body: unknown): CallFate {
  if (status === 401) return 'signed-out';
  if (status === 404 || status === 403) return 'over';
  if (status !== 200 || typeof body !== 'object' || body === null || !('data' in body)) return 'unknown';
  const call: unknown = body.data;
  if (typeof call !== 'object' || call === null || !('status' in call)) return 'unknown';
  const people = 'participants' in call && Array.isArray(call.participants) ? call.participants.length : 2;
  if (call.status === 'calling') return 'rings';
  // A group call goes on ringing for the others when one has answered.
  if (call.status === 'connected') return people > 2 ? 'rings' : 'answered';
  return 'over';
}
