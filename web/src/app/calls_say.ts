// What a screen reader hears of calls (DESIGN §12). Follows the changes of the state, so that each thing is said once.
import type { CallSlice, CallFacts } from '../state/call.ts';
import type { Peer } from '../state/call_peers.ts';
import type { MediaSlice } from '../state/media.ts';
import type { Call, Incoming, MediaError } from '../state/model.ts';
import { callWords } from '../ui/words/call.en.ts';
import { mediaSentence, mediaWords } from '../ui/words/media.en.ts';
import type { CallMedia } from './calls_media.ts';
import type { CallStore } from './calls_store.ts';

const kRepeatMs = 10_000;
/** In larger groups toasts of who comes and goes would never end. */
const kFew = 4;
const kMutedAgainMs = 60_000;

export function sayCalls(callStore: CallStore, callMedia: CallMedia): void {
  const { ctx, nameOf, nameOfCall } = callStore;
  const { say } = callWords;
  const polite = (text: string, about?: string): void => ctx.announce(text, 'polite', about);
  const assertive = (text: string, about?: string): void => ctx.announce(text, 'assertive', about);

  function incomingText(incoming: Incoming): string {
    const caller = nameOf(incoming.callerId);
    return incoming.group ? say.incomingGroup(caller, nameOfCall({ ...incoming, otherId: incoming.callerId }), incoming.type) : say.incoming(caller, incoming.type);
  }

  function rings(incoming: Incoming): void {
    if (ctx.store.getState().settings.doNotDisturb) return;
    assertive(incomingText(incoming), 'ring');
    ctx.clock.after(kRepeatMs, () => { if (callStore.calls().incoming?.id === incoming.id) assertive(incomingText(incoming), 'ring'); });
  }

  function reconnects(call: CallFacts): void {
    const away = call.participants.find((each) => each.connection === 'reconnecting');
    assertive(call.reconnectingMine ? say.reconnectingMine : say.reconnecting(nameOf(away?.userId ?? call.otherId)), 'call');
  }

  function phaseChanged(call: CallFacts, before: Call | null): void {
    const name = nameOfCall(call);
    switch (call.phase) {
      case 'outgoing': case 'connecting': return polite(callWords.statusText(call, name, ctx.clock.now()), 'call');
      case 'in-call': return polite(before?.phase === 'reconnecting' ? say.back : say.inCall(name), 'call');
      case 'reconnecting': return reconnects(call);
      case 'ended': return assertive(say.end(callWords.endText(call, name)), 'call');
    }
  }

  function peerChanged(now: Peer, before: Peer, group: boolean): void {
    const name = nameOf(now.userId);
    if (now.camera !== before.camera) polite(say.theirCamera(name, now.camera), `camera ${now.userId}`);
    if (now.screen !== before.screen) polite(say.theirScreen(name, now.screen), `screen ${now.userId}`);
    if (now.muted !== before.muted && !group) polite(say.theirMicrophone(name, !now.muted), `microphone ${now.userId}`);
    if (group && now.connection !== before.connection && now.connection === 'reconnecting') polite(say.reconnecting(name), `way ${now.userId}`);
  }

  /** `others`: who is in the call with me, at the fuller end of the change. */
  function cameOrWent(text: string, who: Peer, others: readonly Peer[]): void {
    polite(text, `in ${who.userId}`);
    if (others.length < kFew) ctx.toast({ kind: 'info', text, announced: true });
  }

  function peersChanged(call: CallFacts, before: readonly Peer[]): void {
    for (const each of call.participants) {
      const was = before.find((other) => other.userId === each.userId);
      if (was !== undefined) peerChanged(each, was, call.group);
      else if (call.group) cameOrWent(say.joined(nameOf(each.userId)), each, call.participants);
    }
    if (call.group)
      for (const each of before)
        if (!call.participants.some((other) => other.userId === each.userId)) cameOrWent(say.left(nameOf(each.userId)), each, before);
  }

  function callChanged({ call }: CallSlice, { call: before }: CallSlice): void {
    if (call === null) return;
    const progressed = call.phase === 'outgoing' && (call.progress !== before?.progress);
    if (call.phase !== before?.phase || call.attempt !== before.attempt || progressed || (call.slow && !before.slow)) phaseChanged(call, before);
    // Who is there at the beginning is told by "In call with".
    if (call.phase !== 'ended' && before?.phase === call.phase && call.phase !== 'connecting') peersChanged(call, before.participants);
  }

  callStore.onChange((now, before) => {
    if (now.incoming !== null && now.incoming.id !== before.incoming?.id) rings(now.incoming);
    if (now.call !== before.call) callChanged(now, before);
  });

  function refused(error: MediaError): void {
    assertive(mediaSentence(error), `error ${error.kind}`);
    if (error.device !== undefined && error.replacement !== null)
      ctx.toast({ kind: 'info', text: mediaWords.unpluggedToast(error.device, error.replacement), announced: true });
  }

  callStore.onMedia((now: MediaSlice, before: MediaSlice) => {
    for (const error of now.errors) if (!before.errors.includes(error)) refused(error);
    const call = callStore.activeCall();
    if (call === null) return;
    if (now.muted !== before.muted) polite(say.microphone(!now.muted), 'microphone');
    if (now.camera !== before.camera && call.answered) polite(say.camera(now.camera), 'camera');
    if (now.screen !== before.screen) polite(say.screen(now.screen), 'screen');
  });

  let saidMutedAt = -Infinity;
  callMedia.onMutedSpeech(() => {
    const [call, now] = [callStore.activeCall(), ctx.clock.now()];
    if (call?.phase !== 'in-call' || call.participants.length === 0 || now - saidMutedAt < kMutedAgainMs) return;
    saidMutedAt = now;
    const text = mediaWords.youAreMuted(nameOfCall(call));
    polite(text, 'microphone');
    ctx.toast({ kind: 'info', text, announced: true });
  });

  ctx.store.subscribe((now, before) => { if (now.quality.warn && !before.quality.warn) polite(say.weak, 'quality'); });
}
