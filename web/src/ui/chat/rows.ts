// Where a message stands among its neighbours: what is drawn above it, and whether it opens or closes a run. Asked for mounted rows only, so
// the length of a conversation does not matter.
import type { Message } from '../../state/model.ts';
import { dayName, daysAgo } from '../words/format.en.ts';
import { isLong, kFoldedLines } from './text.ts';

export interface Place {
  /** The words of a day separator above it. */
  readonly day: string | null;
  /** `New messages` stands above it. */
  readonly unread: boolean;
  /** It begins a run of one sender: name and time stand above it. */
  readonly first: boolean;
  readonly last: boolean;
}

/** DESIGN §7.3: messages of one sender within three minutes share a name line. */
const kRunMs = 3 * 60_000;

/** Stays the same when the server gives the message its id. */
export const keyOf = (message: Message): string => message.clientId ?? message.id;

const inRuns = (message: Message): boolean => message.kind === 'text' || message.kind === 'file';
const dayOf = (message: Message): number => daysAgo(message.createdAt, 0);

/** Whether the message at `index` is the first that was unread. */
export function isFirstUnread(messages: readonly Message[], index: number, firstUnreadSeq: number | null): boolean {
  const seq = messages[index]?.seq ?? null;
  if (firstUnreadSeq === null || seq === null || seq < firstUnreadSeq) return false;
  const before = messages[index - 1]?.seq ?? null;
  return before === null ? seq === firstUnreadSeq : before < firstUnreadSeq;
}

/** As far as two messages tell by themselves, whatever day it was. */
const goesOn = (before: Message, here: Message): boolean => inRuns(here) && inRuns(before) && here.senderId === before.senderId
  && Date.parse(here.createdAt) - Date.parse(before.createdAt) <= kRunMs;

function startsRun(messages: readonly Message[], index: number, firstUnreadSeq: number | null): boolean {
  const here = messages[index];
  const before = messages[index - 1];
  return !here || !before || !goesOn(before, here) || dayOf(here) !== dayOf(before) || isFirstUnread(messages, index, firstUnreadSeq);
}

export function placeOf(messages: readonly Message[], index: number, firstUnreadSeq: number | null, now: number): Place {
  const here = messages[index];
  const before = messages[index - 1];
  const newDay = here !== undefined && (before === undefined || dayOf(here) !== dayOf(before));
  return {
    day: here && newDay ? dayName(here.createdAt, now) : null,
    unread: isFirstUnread(messages, index, firstUnreadSeq),
    first: startsRun(messages, index, firstUnreadSeq),
    last: index + 1 >= messages.length || startsRun(messages, index + 1, firstUnreadSeq),
  };
}

/** The lines between the rows of a run, the padding and the border of a bubble; and what a run begins with, its name line. */
const kBubble = 18;
const kNameLine = 32;

/** A guess, until the row is measured: near enough that the scroll bar does not jump. Asked for all messages, so days are left out. */
export function estimatedHeight(messages: readonly Message[], index: number): number {
  const message = messages[index];
  if (!message) return 48;
  if (message.kind === 'system') return 36;
  if (message.kind === 'call') return 68;
  const before = messages[index - 1];
  const name = before && goesOn(before, message) ? 0 : kNameLine;
  const picture = message.attachments.some((file) => file.thumbnailUrl) ? 240 : 0;
  const files = (message.attachments.length + (message.upload ? 1 : 0)) * (picture ? 0 : 64);
  const lines = isLong(message.text) ? kFoldedLines + 2 : Math.ceil(message.text.length / 60);
  return kBubble + name + lines * 24 + picture + files;
}

/** Where the oldest unread message is, for the first look: -1 if there is none, or if it is older than all that is here. */
export function firstUnreadIndex(messages: readonly Message[], firstUnreadSeq: number | null): number {
  if (firstUnreadSeq === null || (messages[0]?.seq ?? 0) > firstUnreadSeq) return -1;
  return messages.findIndex((message) => message.seq !== null && message.seq >= firstUnreadSeq);
}

/** How many messages of others came after `seenSeq`. */
export function newSince(messages: readonly Message[], seenSeq: number): number {
  let count = 0;
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const message = messages[i];
    if (!message || message.seq === null) continue;
    if (message.seq <= seenSeq) break;
    if (message.state === 'received' && message.kind !== 'system') count += 1;
  }
  return count;
}

/** The newest sequence number in messages[0..index]; 0 if none has one. */
export function seqUpTo(messages: readonly Message[], index: number): number {
  for (let i = Math.min(index, messages.length - 1); i >= 0; i -= 1) {
    const seq = messages[i]?.seq ?? null;
    if (seq !== null) return seq;
  }
  return 0;
}
