// The table of DESIGN §9, row by row, and every sequence of phases that may be.
import { describe, expect, it } from 'vitest';
import { anEnd, endFor, endOf, endOfLateAccept, endOfPart, endOfRefusal, type CallEnd } from './call_end.ts';
import { callStep, kNoCall, kPhasesAfter, type CallEvent, type CallSlice } from './call.ts';
import { mediaOf, soundOf, strokeOf } from './call_follows.ts';
import {
  aCall, after, aParty, aRing, connected, fromBen, kAnswering, kAt, kBen, kCall, kCara, kDialled, kGroupDialled, kMe,
} from './call_stage_for_tests.ts';

const named: CallEvent = { type: 'named', call: aCall() };
const progress = (state: 'created' | 'pushed' | 'woken' | 'ringing', reachable = true): CallEvent => ({ type: 'progressed', callId: kCall, state, reachable });
const accepted: CallEvent = { type: 'shown', call: connected() };
const flows = (up: boolean): CallEvent => ({ type: 'peer-media', userId: kBen, up });
const link = (up: boolean): CallEvent => ({ type: 'link', up });
const over = (end: CallEnd): CallEvent => ({ type: 'over', callId: kCall, end });
const ring: CallEvent = { type: 'rang', incoming: aRing() };
const away: CallEvent = { type: 'peer-away', callId: kCall, userId: kBen };
const back = (still: boolean): CallEvent => ({ type: 'peer-back', callId: kCall, userId: kBen, flows: still });

const kRinging = [kDialled, named, progress('ringing')];
const kInCall = [...kRinging, accepted, flows(true)];
const ended = (reason: Parameters<typeof anEnd>[0], more = {}): CallEvent[] => [...kInCall, over(anEnd(reason, more))];
const refusal = (code: string): CallEvent =>
  ({ type: 'over', callId: null, end: endOfRefusal({ code, message: '', details: [], retryAfterMs: null, requestId: null, data: null }) });

/** `data-call-state / progress or reason`, the lasting sound, the stroke at the end, whether media is open. */
function row(slice: CallSlice): string {
  const { call, incoming } = slice;
  const what = call === null ? '-' : call.phase === 'outgoing' ? `outgoing / ${call.progress}` : call.phase === 'ended' ? `ended / ${call.endReason ?? ''}` : call.phase;
  const stroke = call?.endReason ? strokeOf(call.endReason) ?? 'none' : 'none';
  return `${incoming === null ? '' : 'dialog, '}${what} | ${soundOf(slice)} | ${stroke} | ${mediaOf(call)}`;
}

describe('the table of DESIGN 9', () => {
  it.each<[string, readonly CallEvent[], string]>([
    ['pressed, nothing acknowledged', [kDialled], 'outgoing / created | none | none | open'],
    ['acknowledged', [kDialled, named], 'outgoing / created | none | none | open'],
    ['pushed', [kDialled, named, progress('pushed')], 'outgoing / pushed | none | none | open'],
    ['woken', [kDialled, named, progress('pushed'), progress('woken')], 'outgoing / woken | none | none | open'],
    ['ringing', kRinging, 'outgoing / ringing | ringback | none | open'],
    ['reachable:false', [kDialled, named, progress('created', false)], 'outgoing / unreachable | none | none | open'],
    ['unreachable by the acknowledgement', [kDialled, { type: 'named', call: aCall({ reachable: false }) }], 'outgoing / unreachable | none | none | open'],
    ['unreachable, and then it rings', [kDialled, named, progress('created', false), progress('ringing')], 'outgoing / ringing | ringback | none | open'],
    ['call.incoming', [ring], 'dialog, - | ringtone | none | closed'],
    ['pressed accept', [ring, kAnswering], 'connecting | none | none | open'],
    ['call.accepted', [...kRinging, accepted], 'connecting | none | none | open'],
    ['connected, media flows', kInCall, 'in-call | none | none | open'],
    ['connected, 10 s without media', [...kRinging, accepted, { type: 'slow' }], 'connecting | none | none | open'],
    ['own socket lost', [...kInCall, link(false)], 'reconnecting | none | none | kept'],
    ['media lost', [...kInCall, flows(false)], 'reconnecting | none | none | kept'],
    ['peer reconnecting', [...kInCall, away], 'reconnecting | none | none | kept'],
    ['peer reconnected, media flows', [...kInCall, away, back(true)], 'in-call | none | none | open'],
    ['peer reconnected, media not yet', [...kInCall, away, back(false)], 'reconnecting | none | none | kept'],
    ['... and then it flows', [...kInCall, away, back(false), flows(true)], 'in-call | none | none | open'],
    ['ended hangup', ended('hangup'), 'ended / hangup | none | ended | closed'],
    ['rejected declined', [...kRinging, over(anEnd('declined'))], 'ended / declined | none | ended | closed'],
    ['RECIPIENT_BUSY', [kDialled, refusal('RECIPIENT_BUSY')], 'ended / busy | none | busy | closed'],
    ['missed timeout, caller', [...kRinging, over(anEnd('timeout'))], 'ended / timeout | none | ended | closed'],
    ['cancelled, caller', [...kRinging, over(anEnd('cancelled'))], 'ended / cancelled | none | none | closed'],
    ['missed, callee', [ring, { type: 'ring-over', callId: kCall }], '- | none | none | closed'],
    ['unreachable', [...kRinging, over(anEnd('unreachable'))], 'ended / unreachable | none | ended | closed'],
    ['accept came too late', [ring, kAnswering, over(anEnd('cancelled'))], 'ended / cancelled | none | none | closed'],
    ['answered elsewhere while accepting', [ring, kAnswering, over(anEnd('answered_elsewhere'))], 'ended / answered_elsewhere | none | none | closed'],
    ['glare', [kDialled, { type: 'named', call: fromBen({ glare: true }) }], 'connecting | none | none | open'],
    ['connection_lost', ended('connection_lost', { durationSeconds: 41 }), 'ended / connection_lost | none | ended | closed'],
    ['media_failed', [...kRinging, accepted, over(anEnd('media_failed'))], 'ended / media_failed | none | ended | closed'],
    ['kicked', ended('kicked'), 'ended / kicked | none | none | closed'],
    ['max_duration', ended('max_duration'), 'ended / max_duration | none | none | closed'],
    ['server_restart', ended('server_restart'), 'ended / server_restart | none | none | closed'],
    ['superseded', ended('superseded'), 'ended / superseded | none | none | closed'],
    ['admin', [...kInCall, over(endOf('admin'))], 'ended / failed | none | none | closed'],
    ['start refused', [kDialled, refusal('USER_INACTIVE')], 'ended / failed | none | none | closed'],
    ['a reload of mine', [{ type: 'resumed', attempt: 3, call: connected(), myId: kMe, progress: 'ringing' }], 'connecting | none | none | open'],
    ['a reload of mine before it rings', [{ type: 'resumed', attempt: 3, call: aCall(), myId: kMe, progress: 'pushed' }], 'outgoing / pushed | none | none | open'],
    ['a reload of mine while it rings', [{ type: 'resumed', attempt: 3, call: aCall({ hasRung: true }), myId: kMe, progress: 'pushed' }], 'outgoing / ringing | ringback | none | open'],
  ])('%s', (_name, events, expected) => expect(row(after(events))).toBe(expected));
});

describe('phases', () => {
  const kEvents: readonly CallEvent[] = [
    kDialled, named, progress('ringing'), ring, kAnswering, accepted, flows(true), flows(false), link(false), link(true), away, back(true), back(false),
    { type: 'slow' }, { type: 'peer-left', callId: kCall, userId: kBen }, { type: 'ring-over', callId: kCall }, over(anEnd('hangup')), { type: 'put-away' },
    { type: 'joining', attempt: 4, callId: kCall, myId: kMe, conversationId: 'conversation-1', otherId: kBen, callType: 'audio', group: true },
    { type: 'resumed', attempt: 5, call: connected(), myId: kMe, progress: 'created' },
  ];

  it('follow each other as the table of transitions says, whatever comes in whatever order', () => {
    const phase = (slice: CallSlice): keyof typeof kPhasesAfter => slice.call?.phase ?? 'none';
    const seen = new Set<string>();
    const walk = (slice: CallSlice, depth: number): void => {
      for (const event of depth === 0 ? [] : kEvents) {
        const next = callStep(slice, event);
        if (next === slice) continue;
        const [from, to] = [phase(slice), phase(next)];
        if (from !== to) {
          seen.add(`${from} > ${to}`);
          if (!kPhasesAfter[from].includes(to)) throw new Error(`${event.type}: ${from} > ${to}`);
        }
        walk(next, depth - 1);
      }
    };
    walk(kNoCall, 5);
    for (const [from, all] of Object.entries(kPhasesAfter)) for (const to of all) expect(seen).toContain(`${from} > ${to}`);
  });

  it('fold into outgoing or incoming, in-call, and nothing (R-004-35)', () => {
    const states = [...kInCall, link(false), link(true), over(anEnd('hangup')), { type: 'put-away' } as const]
      .map((_each, index, all) => after(all.slice(0, index + 1)).call?.phase ?? 'idle')
      .map((each) => (['connecting', 'in-call', 'reconnecting'].includes(each) ? 'in-call' : each));
    expect(states.filter((each, index) => each !== states[index - 1])).toEqual(['outgoing', 'in-call', 'ended', 'idle']);
  });
});

describe('a call', () => {
  it('is not touched by news of another one', () => {
    const slice = after(kInCall);
    const other = 'call-2';
    for (const event of [
      { type: 'over', callId: other, end: anEnd('hangup') }, { type: 'peer-away', callId: other, userId: kBen },
      { type: 'peer-left', callId: other, userId: kBen }, { type: 'progressed', callId: other, state: 'ringing', reachable: true },
    ] satisfies CallEvent[]) expect(callStep(slice, event)).toBe(slice);
  });

  it('is one at a time: a second press, and an accept during another call, change nothing', () => {
    const slice = after(kInCall);
    expect(callStep(slice, kDialled)).toBe(slice);
    const ringing = callStep(slice, { type: 'rang', incoming: aRing({ id: 'call-2' }) });
    expect(callStep(ringing, kAnswering)).toBe(ringing);
  });

  it('says whose connection is lost', () => {
    expect(after([...kInCall, link(false)]).call?.reconnectingMine).toBe(true);
    expect(after([...kInCall, flows(false)]).call?.reconnectingMine).toBe(true);
    expect(after([...kInCall, away]).call?.reconnectingMine).toBe(false);
    expect(after([...kInCall, away, link(false)]).call?.reconnectingMine).toBe(true);
  });

  it('keeps the first progress that is further, and never goes back', () => {
    expect(after([...kRinging, progress('pushed')]).call?.progress).toBe('ringing');
    expect(after([kDialled, named, progress('woken'), progress('created', false)]).call?.progress).toBe('woken');
  });

  it('shows the other, muted or not, as the server knows them', () => {
    const call = connected({ participants: [aParty(kMe), aParty(kBen, { media: { audio: false, video: true, screen: false } })] });
    expect(after([kDialled, named, { type: 'shown', call }]).call?.participants).toMatchObject([{ userId: kBen, muted: true, camera: true, connection: 'connecting' }]);
    expect(after([...kInCall, { type: 'peer-shows', callId: kCall, userId: kBen, sent: { audio: true, video: false, screen: true } }]).call?.participants)
      .toMatchObject([{ muted: false, camera: false, screen: true, connection: 'connected' }]);
  });

  it('takes the server\'s word for how it ended after the button (X-02)', () => {
    const pressed = after([...kRinging, { type: 'over', callId: null, end: anEnd('cancelled') }]);
    expect(after([over(anEnd('hangup', { durationSeconds: 0 }))], pressed).call).toMatchObject({ phase: 'ended', endReason: 'hangup', durationSeconds: 0 });
    const lost = after(ended('connection_lost', { durationSeconds: 41 }));
    expect(callStep(lost, over(anEnd('hangup')))).toBe(lost);
  });

  it('becomes the other\'s by glare, as a callee, of the type that both asked for', () => {
    expect(after([kDialled, { type: 'named', call: fromBen({ type: 'audio', glare: true }) }]).call).toMatchObject({ role: 'callee', type: 'audio', otherId: kBen });
  });

  it('ends by a snapshot that knows it as ended', () => {
    const call = connected({ status: 'ended', endReason: 'connection_lost', durationSeconds: 7 });
    expect(after([...kInCall, link(false), { type: 'shown', call }]).call).toMatchObject({ phase: 'ended', endReason: 'connection_lost', durationSeconds: 7 });
  });

  it('leaves a ring that is told again as it is', () => {
    const held = after([ring, { type: 'sound-held', held: true }, ring]);
    expect(held.incoming?.soundBlocked).toBe(true);
    expect(after([ring, kAnswering, ring]).incoming).toBeNull();
  });
});

describe('a group call', () => {
  const group = (users: readonly string[], more = {}) =>
    connected({ recipientId: null, groupId: 'conversation-1', participants: users.map((each) => aParty(each)), ...more });
  const inIt: CallEvent[] = [kGroupDialled, { type: 'named', call: aCall({ recipientId: null }) }, { type: 'shown', call: group([kMe, kBen]) }, flows(true)];

  it('grows and shrinks, and goes on while others are rung', () => {
    const joined: CallEvent = { type: 'peer-joined', callId: kCall, userId: kCara, at: kAt, sent: { audio: true, video: false, screen: false } };
    expect(after([...inIt, joined]).call?.participants.map((each) => each.userId)).toEqual([kBen, kCara]);
    expect(after([...inIt, joined, { type: 'peer-left', callId: kCall, userId: kBen }]).call).toMatchObject({ phase: 'in-call', participants: [{ userId: kCara }] });
    expect(after([...inIt, { type: 'peer-left', callId: kCall, userId: kBen }]).call?.phase).toBe('in-call');
  });

  it('reconnects only when nobody is left to be heard', () => {
    const three = after([...inIt, { type: 'peer-joined', callId: kCall, userId: kCara, at: kAt, sent: null }, { type: 'peer-media', userId: kCara, up: true }]);
    expect(callStep(three, away).call).toMatchObject({ phase: 'in-call', participants: [{ connection: 'reconnecting' }, { connection: 'connected' }] });
    expect(after([away, { type: 'peer-media', userId: kCara, up: false }], three).call?.phase).toBe('reconnecting');
  });

  it('belongs to who started it, and then to who is in it for longest', () => {
    expect(after(inIt).call?.host).toBe(true);
    const asCallee = (users: readonly { id: string; at: string }[]): boolean | undefined => after([
      { type: 'rang', incoming: aRing({ group: true }) }, kAnswering,
      { type: 'shown', call: connected({ callerId: kBen, recipientId: null, participants: users.map(({ id, at }) => aParty(id, { joinedAt: at })) }) },
    ]).call?.host;
    const [early, late] = ['2026-11-29T10:00:01.000Z', '2026-11-29T10:00:02.000Z'];
    expect(asCallee([{ id: kBen, at: kAt }, { id: kMe, at: early }])).toBe(false);
    expect(asCallee([{ id: kMe, at: early }, { id: kCara, at: late }])).toBe(true);
    expect(asCallee([{ id: kMe, at: late }, { id: kCara, at: early }])).toBe(false);
  });
});

describe('the end', () => {
  const error = (code: string, more = {}) => ({ code, message: '', details: [], retryAfterMs: null, requestId: null, data: null, ...more });

  it('folds the server\'s finer words, and keeps them', () => {
    expect(endOf('admin')).toMatchObject({ reason: 'failed', detail: 'admin' });
    expect(endOf('user_deactivated')).toMatchObject({ reason: 'failed', detail: 'user_deactivated' });
    expect(endOf('server_shutdown')).toMatchObject({ reason: 'server_restart' });
    expect(endOf('from_a_newer_server')).toMatchObject({ reason: 'failed' });
  });

  it('by a login that ended is a hang-up for the other', () => {
    expect(endOf('token_revoked', 41)).toMatchObject({ reason: 'hangup', detail: 'token_revoked', durationSeconds: 41 });
    expect(endOfPart('token_revoked')).toMatchObject({ reason: 'failed', detail: 'token_revoked', durationSeconds: null });
    expect(endOfPart('kicked')).toMatchObject({ reason: 'kicked' });
  });

  it('of a callee who "ended" the ring is a decline for the caller', () => {
    const call = aCall({ status: 'missed', endReason: 'cancelled', endedBy: kBen });
    expect(endFor(kMe, call).reason).toBe('declined');
    expect(endFor(kBen, call).reason).toBe('cancelled');
  });

  it('of a refusal says how long to wait, and what to tell whoever runs the server', () => {
    expect(endOfRefusal(error('RATE_LIMITED', { retryAfterMs: 23_100, requestId: '01J' }))).toMatchObject({ reason: 'failed', detail: 'RATE_LIMITED', retryAfterSeconds: 24, requestId: '01J' });
  });

  it('of an accept that came too late says what it met', () => {
    const late = error('CALL_NOT_RINGING');
    expect(endOfLateAccept(late, aCall({ status: 'missed', endReason: 'cancelled' }), kMe).reason).toBe('cancelled');
    expect(endOfLateAccept(late, connected(), kMe).reason).toBe('answered_elsewhere');
    expect(endOfLateAccept(late, aCall({ status: 'rejected' }), kMe).reason).toBe('declined_elsewhere');
    const declined = connected({ recipientId: null, participants: [aParty(kMe, { state: 'declined' }), aParty(kBen)] });
    expect(endOfLateAccept(late, declined, kMe)).toMatchObject({ reason: 'failed', detail: 'CALL_DECLINED' });
    expect(endOfLateAccept(error('CALL_FULL'), null, kMe)).toMatchObject({ reason: 'failed', detail: 'CALL_FULL' });
  });
});
