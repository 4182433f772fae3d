// What a notification shows and where a click on it leads, for the worker and for a page that is hidden. One call is one tag, and so is one
// conversation: what is newer replaces what is older. No click opens a camera: it opens the page where one may choose.
import { shortened } from './names.ts';
import { noticeWords as words } from './words.en.ts';

export interface NoticeData {
  readonly kind: 'ring' | 'missed' | 'message';
  readonly callId: string | null;
  readonly conversationId: string | null;
}

export interface Notice {
  readonly title: string;
  readonly options: {
    readonly body: string;
    readonly tag: string;
    readonly icon: string;
    readonly badge: string;
    readonly renotify: boolean;
    readonly requireInteraction: boolean;
    readonly actions: { readonly action: string; readonly title: string }[];
    readonly data: NoticeData;
    readonly vibrate?: number[];
  };
}

export interface RingFacts {
  readonly callId: string;
  readonly conversationId: string | null;
  readonly callerName: string;
  readonly callType: string;
  /** Null: a call of two. */
  readonly groupName: string | null;
}

const kLook = { icon: '/icon-192.png', badge: '/badge-96.png' };
const kLongest = 120;

export const callTag = (callId: string): string => `call:${callId}`;
export const chatTag = (conversationId: string): string => `chat:${conversationId}`;

export function ringNotice(call: RingFacts): Notice {
  return {
    title: words.ring(call.callerName, call.groupName),
    options: {
      ...kLook, body: words.callType(call.callType), tag: callTag(call.callId), renotify: true, requireInteraction: true, vibrate: [400, 200, 400],
      actions: [{ action: 'answer', title: words.answer }, { action: 'decline', title: words.decline }],
      data: { kind: 'ring', callId: call.callId, conversationId: call.conversationId },
    },
  };
}

/** In the place of one with its tag, and without another sound. */
export const again = (notice: Notice): Notice => ({ ...notice, options: { ...notice.options, renotify: false } });

export function missedNotice(call: RingFacts, at: Date): Notice {
  return {
    title: words.missed(call.callerName),
    options: {
      ...kLook, body: words.at(at), tag: callTag(call.callId), renotify: false, requireInteraction: false,
      actions: [{ action: 'call-back', title: words.callBack }],
      data: { kind: 'missed', callId: call.callId, conversationId: call.conversationId },
    },
  };
}

export function messageNotice(conversationId: string, sender: string, text: string, unread: number): Notice {
  return {
    title: words.message(sender, unread),
    options: {
      ...kLook, body: shortened(text, kLongest) || words.noText, tag: chatTag(conversationId), renotify: true, requireInteraction: false, actions: [],
      data: { kind: 'message', callId: null, conversationId },
    },
  };
}

export function isNoticeData(data: unknown): data is NoticeData {
  return typeof data === 'object' && data !== null && 'kind' in data && 'callId' in data && 'conversationId' in data;
}

/** Where a click leads. */
export function pathOf({ kind, callId, conversationId }: NoticeData): string {
  if (kind === 'ring' && callId !== null) return `/call/${callId}`;
  return conversationId === null ? '/history' : `/c/${conversationId}`;
}
