// What the server says of calls, as events of the reducers, and what media has to do with it.
import { anEnd, endFor, endOf, endOfPart, type CallEnd } from '../state/call_end.ts';
import type { CallId, UserId } from '../state/model.ts';
import { withNamed } from '../state/people.ts';
import type { ServerCall } from '../wire/call_shapes.ts';
import { words } from '../wire/json.ts';
import { personFrom } from '../wire/person_shapes.ts';
import { hear, type NativeEvents } from '../wire/events.ts';
import { signalKindFrom, type CallMedia } from './calls_media.ts';
import type { CallStore } from './calls_store.ts';

export interface NewsWords {
  readonly answeredElsewhere: string;
  readonly declinedElsewhere: string;
  readonly glare: string;
  missed(name: string): string;
}

/** Media that still flows keeps the call alive for longer; it is looked at this long after the other's socket was lost. */
const kAliveMs = 2_000;
/** A ring of whose end nobody told, because the link was away. */
const kOverdueMs = 3_000;

export function hearNews(callStore: CallStore, callMedia: CallMedia, say: NewsWords): void {
  const { ctx } = callStore;
  const { link } = ctx;

  const isMine = (callId: CallId): boolean => callStore.activeCall()?.id === callId;
  const rings = (callId: CallId): boolean => callStore.calls().incoming?.id === callId;

  function stopRinging(callId: CallId): void {
    callMedia.forget(callId);
    callStore.happened({ type: 'ring-over', callId });
  }

  // ---- while it rings

  /** My own start is on its way to them: the server makes one call of the two, or refuses it and says so. */
  let held: NativeEvents['call.incoming'] | null = null;
  function crosses(callerId: UserId | null): boolean {
    const call = callStore.activeCall();
    return call !== null && call.phase === 'outgoing' && call.id === null && call.otherId === callerId;
  }

  function rang(event: NativeEvents['call.incoming']): void {
    const { call, caller, ringExpiresAt, offer, callId } = event;
    const callerId = words(caller, 'id');
    if (call === null || callerId === null || call.status !== 'calling') return;
    const group = call.recipientId === null;
    const known = personFrom(caller);
    if (known !== null) ctx.store.change((state) => ({ people: withNamed(state.people, [known], callStore.myId() ?? '') }));
    if (!rings(callId)) callMedia.offered(callId, callerId, offer);
    callStore.happened({
      type: 'rang',
      incoming: { id: callId, conversationId: call.conversationId, type: call.type, group, callerId, expiresAt: ringExpiresAt, soundBlocked: false },
    });
    void link.ask('call.ringing', { callId });
    ctx.clock.after(Math.max(0, Date.parse(ringExpiresAt) - ctx.clock.now()) + kOverdueMs, () => { if (link.state() !== 'online') stopRinging(callId); });
  }

  hear(link, 'call.incoming', (event) => {
    if (crosses(words(event.caller, 'id'))) held = event;
    else rang(event);
  });
  callStore.onChange((now) => {
    if (held === null || crosses(words(held.caller, 'id'))) return;
    const late = held;
    held = null;
    if (now.call?.phase === 'ended' || now.call === null) rang(late);
  });
  hear(link, 'call.progress', ({ callId, state, reachable }) => callStore.happened({ type: 'progressed', callId, state, reachable }));

  function elsewhere(callId: CallId, reason: 'answered_elsewhere' | 'declined_elsewhere', text: string): void {
    if (rings(callId)) {
      stopRinging(callId);
      ctx.toast({ kind: 'info', text, announced: true });
      ctx.announce(text, 'polite', 'ring');
    }
    if (isMine(callId)) callStore.happened({ type: 'over', callId, end: anEnd(reason) });
  }
  hear(link, 'call.answered_elsewhere', ({ callId }) => elsewhere(callId, 'answered_elsewhere', say.answeredElsewhere));
  hear(link, 'call.declined_elsewhere', ({ callId }) => elsewhere(callId, 'declined_elsewhere', say.declinedElsewhere));

  // ---- answered

  hear(link, 'call.accepted', ({ callId, call, by, answer }) => {
    const mine = callStore.activeCall();
    if (call === null || mine === null || mine.id !== callId) return;
    callStore.happened({ type: 'shown', call });
    if (by.userId === mine.myId) return;
    if (mine.group) callMedia.engine()?.mesh.offerTo(by.userId);
    else callMedia.engine()?.mesh.accepted(by.userId, answer);
  });

  /** They called me at the same time: my start has answered theirs. My own offer is for nothing. */
  hear(link, 'call.glare', ({ callId, offer }) => {
    const mine = callStore.activeCall();
    if (mine === null || mine.group) return;
    held = null;
    stopRinging(callId);
    const mesh = callMedia.engine()?.mesh;
    mesh?.left(mine.otherId);
    callMedia.dropUnsent();
    // Of its own: "Connecting" must not take its place.
    ctx.announce(say.glare, 'polite', 'glare');
    if (offer !== null) mesh?.take(mine.otherId, { kind: 'offer', payload: offer });
    else mesh?.awaitOffer(mine.otherId, true);
  });

  // ---- in the call

  hear(link, 'call.signal', ({ callId, from, kind, payload }) => {
    const known = signalKindFrom(kind);
    if (known !== null) callMedia.arrived(callId, from, { kind: known, payload });
  });

  hear(link, 'call.media', ({ callId, userId, audio, video, screen }) => {
    if (!isMine(callId)) return;
    callMedia.told(userId);
    callStore.happened({ type: 'peer-shows', callId, userId, sent: { audio, video, screen } });
  });

  function joined({ callId, userId, mediaState }: NativeEvents['call.peer_state']): void {
    if (userId === callStore.myId()) return;
    if (mediaState !== null) callMedia.told(userId);
    callStore.happened({ type: 'peer-joined', callId, userId, at: new Date(ctx.clock.now()).toISOString(), sent: mediaState });
    callMedia.engine()?.mesh.offerTo(userId);
  }

  function away(callId: CallId, userId: UserId): void {
    const mesh = callMedia.engine()?.mesh;
    mesh?.away(userId);
    callStore.happened({ type: 'peer-away', callId, userId });
    ctx.clock.after(kAliveMs, () => {
      const isAway = callStore.activeCall()?.participants.some((each) => each.userId === userId && each.away);
      const peer = mesh?.peer(userId);
      if (!isMine(callId) || !isAway || !peer) return;
      void peer.flows().then((flows) => { if (flows && isMine(callId)) void link.ask('call.media', { callId, alive: true }); });
    });
  }

  async function back(callId: CallId, userId: UserId): Promise<void> {
    const flows = await callMedia.engine()?.mesh.back(userId) ?? false;
    callStore.happened({ type: 'peer-back', callId, userId, flows });
  }

  hear(link, 'call.peer_state', (event) => {
    const { callId, userId, state } = event;
    if (!isMine(callId)) return;
    switch (state) {
      case 'joined': return joined(event);
      case 'left':
        callStore.happened({ type: 'peer-left', callId, userId });
        return callMedia.engine()?.mesh.left(userId);
      case 'reconnecting': return away(callId, userId);
      case 'reconnected': return void back(callId, userId);
    }
  });

  // ---- ends

  function over(callId: CallId, end: CallEnd): void {
    if (isMine(callId) || callStore.calls().call?.id === callId) callStore.happened({ type: 'over', callId, end });
  }

  function missed(callId: CallId, call: ServerCall | null): void {
    if (!rings(callId)) return;
    stopRinging(callId);
    // Who calls anew rings already.
    if (call === null || call.endReason === 'superseded') return;
    ctx.toast({ kind: 'missed-call', conversationId: call.conversationId, callerId: call.callerId, type: call.type });
    ctx.announce(say.missed(callStore.nameOf(call.callerId)), 'polite', 'ring');
  }

  const myEnd = (call: ServerCall | null, reason: string | null): CallEnd => {
    const me = callStore.myId();
    return call !== null && me !== null && call.endReason === reason ? endFor(me, call) : endOf(reason);
  };

  hear(link, 'call.rejected', ({ callId, reason, final }) => {
    if (!final) return;
    stopRinging(callId);
    over(callId, anEnd(reason === 'busy' ? 'busy' : 'declined'));
  });
  for (const name of ['call.cancelled', 'call.missed'] as const)
    hear(link, name, ({ callId, call, endReason }: NativeEvents['call.cancelled'] | NativeEvents['call.missed']) => {
      missed(callId, call);
      over(callId, myEnd(call, endReason));
    });
  hear(link, 'call.ended', ({ callId, call, endReason, duration }) => {
    stopRinging(callId);
    over(callId, call?.status === 'connected' ? endOfPart(endReason) : endOf(endReason, duration));
  });

  hear(link, 'call.snapshot', ({ calls }) => {
    const mine = callStore.activeCall();
    const { incoming } = callStore.calls();
    for (const call of calls) if (call.id === mine?.id) callStore.happened({ type: 'shown', call });
    if (incoming !== null && !calls.some((each) => each.id === incoming.id && each.status === 'calling')) missed(incoming.id, calls.find((each) => each.id === incoming.id) ?? null);
  });
}
