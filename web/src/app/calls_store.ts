// The calls' part of the state: runs what happened through the reducers, puts the outcome into the store, and tells those who act on it.
// What happens meanwhile waits for its turn, so that everybody sees one change after the other.
import { callStep, kNoCall, type CallEvent, type CallSlice, type CallFacts } from '../state/call.ts';
import { kNoMedia, mediaStep, type MediaEvent, type MediaSlice } from '../state/media.ts';
import type { UserId } from '../state/model.ts';
import type { Context } from './context.ts';

export interface CallStore {
  readonly ctx: Context;
  readonly calls: () => CallSlice;
  readonly media: () => MediaSlice;
  /** The call that goes on. */
  readonly activeCall: () => CallFacts | null;
  readonly myId: () => UserId | null;
  readonly nextAttempt: () => number;
  /** Whether the call that goes on is still that of this attempt. */
  readonly isOn: (attempt: number) => boolean;
  readonly happened: (event: CallEvent) => void;
  readonly mediaHappened: (event: MediaEvent) => void;
  readonly onChange: (seen: (now: CallSlice, before: CallSlice, event: CallEvent) => void) => void;
  readonly onMedia: (seen: (now: MediaSlice, before: MediaSlice) => void) => void;
  readonly nameOf: (user: UserId) => string;
  /** Of the other, or of the group. */
  readonly nameOfCall: (call: { readonly group: boolean; readonly conversationId: string | null; readonly otherId: UserId }) => string;
}

export function makeCallStore(ctx: Context, words: { readonly someone: string; readonly group: string }): CallStore {
  let calls = kNoCall;
  let media = kNoMedia;
  const waiting: CallEvent[] = [];
  const watchers: ((now: CallSlice, before: CallSlice, event: CallEvent) => void)[] = [];
  const mediaWatchers: ((now: MediaSlice, before: MediaSlice) => void)[] = [];
  let busy = false;
  let attempts = 0;

  function run(event: CallEvent): void {
    const before = calls;
    calls = callStep(before, event);
    if (calls === before) return;
    const { call, incoming } = calls;
    ctx.store.change(() => ({ call, incoming }));
    for (const each of watchers) each(calls, before, event);
  }

  function happened(event: CallEvent): void {
    waiting.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) run(next);
    } finally {
      busy = false;
    }
  }

  const nameOf = (user: UserId): string => ctx.store.getState().people[user]?.name ?? words.someone;

  const activeCall = (): CallFacts | null => (calls.call === null || calls.call.phase === 'ended' ? null : calls.call);

  return {
    ctx, happened, nameOf, activeCall,
    calls: () => calls,
    media: () => media,
    nextAttempt: () => ++attempts,
    isOn: (attempt) => activeCall()?.attempt === attempt,
    myId: () => ctx.store.getState().me?.id ?? null,
    mediaHappened(event) {
      const before = media;
      media = mediaStep(before, event);
      if (media === before) return;
      const shown = media;
      ctx.store.change(() => ({ media: shown }));
      for (const each of mediaWatchers) each(media, before);
    },
    onChange: (seen) => void watchers.push(seen),
    onMedia: (seen) => void mediaWatchers.push(seen),
    nameOfCall(call) {
      if (!call.group) return nameOf(call.otherId);
      return ctx.store.getState().conversations[call.conversationId ?? '']?.title ?? words.group;
    },
  };
}
