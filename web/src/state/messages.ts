// A list of messages as a thread holds it: what the server numbered, by `seq` and without doubles, then what waits to be sent, in the order
// in which it was written. Every function gives the same list, and the same objects in it, where nothing is different.
import type { Message } from './model.ts';
import { furtherState } from './receipts.ts';

export type Numbered = Message & { readonly seq: number };

export const isNumbered = (message: Message): message is Numbered => message.seq !== null;

/** How many of them, from the front, the server numbered. */
function countNumbered(messages: readonly Message[]): number {
  let count = messages.length;
  while (count > 0 && messages[count - 1]?.seq === null) count -= 1;
  return count;
}

export const numberedOf = (messages: readonly Message[]): readonly Message[] => messages.slice(0, countNumbered(messages));
export const waitingOf = (messages: readonly Message[]): readonly Message[] => messages.slice(countNumbered(messages));

export const firstSeq = (messages: readonly Message[]): number | null => messages[0]?.seq ?? null;

/** The last `seq` before the first gap; null: the server numbered none of them. */
export function runEnd(messages: readonly Message[]): number | null {
  const count = countNumbered(messages);
  const first = messages[0]?.seq ?? null;
  const last = messages[count - 1]?.seq ?? null;
  if (count === 0 || first === null || last === null) return null;
  if (last - first + 1 === count) return last;
  for (let at = 1; at < count; at += 1) if (messages[at]?.seq !== first + at) return first + at - 1;
  return last;
}

/** Which of two versions of one message is the later: an answer that was long on its way may be older than what an event told. */
function newerOf(held: Message, given: Message): Message {
  const state = furtherState(held.state, given.state);
  const older = (held.deletedAt !== null && given.deletedAt === null) ||
    (held.deletedAt === null && (held.editedAt ?? '') > (given.editedAt ?? '') && given.deletedAt === null);
  const same = held.editedAt === given.editedAt && held.deletedAt === given.deletedAt && held.text === given.text;
  if (older || same) return state === held.state ? held : { ...held, state };
  return given.state === state ? given : { ...given, state };
}

/** Where `seq` stands or would stand among the first `count`. */
function placeOf(messages: readonly Message[], count: number, seq: number): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((messages[middle]?.seq ?? 0) < seq) from = middle + 1;
    else to = middle;
  }
  return from;
}

function withOne(messages: Message[], message: Numbered): boolean {
  const waits = message.clientId === null ? -1
    : messages.findLastIndex((each) => each.seq === null && each.clientId === message.clientId && each.senderId === message.senderId);
  if (waits >= 0) messages.splice(waits, 1);
  const count = countNumbered(messages);
  const at = placeOf(messages, count, message.seq);
  const held = messages[at];
  if (at >= count || held?.seq !== message.seq) {
    messages.splice(at, 0, message);
    return true;
  }
  messages[at] = newerOf(held, message);
  return waits >= 0 || messages[at] !== held;
}

/** With these messages of the server: at their places, instead of what was the same, and instead of what waited under their client ids. */
export function withMessages(messages: readonly Message[], given: readonly Message[]): readonly Message[] {
  const next = [...messages];
  let changed = false;
  for (const message of given) if (isNumbered(message) && withOne(next, message)) changed = true;
  return changed ? next : messages;
}

const withAt = (messages: readonly Message[], at: number, message: Message): readonly Message[] =>
  messages.map((each, index) => (index === at ? message : each));

/** An edited or deleted one, if it is here. */
export function withChanged(messages: readonly Message[], message: Message): readonly Message[] {
  const at = messages.findLastIndex((each) => each.id === message.id);
  const held = messages[at];
  if (!held) return messages;
  const now = newerOf(held, message);
  return now === held ? messages : withAt(messages, at, now);
}

export function replacing(messages: readonly Message[], clientId: string, how: (message: Message) => Message): readonly Message[] {
  const at = messages.findLastIndex((each) => each.seq === null && each.clientId === clientId);
  const held = messages[at];
  return held ? withAt(messages, at, how(held)) : messages;
}

export function withoutWaiting(messages: readonly Message[], clientId: string): readonly Message[] {
  const at = messages.findLastIndex((each) => each.seq === null && each.clientId === clientId);
  return at < 0 ? messages : messages.filter((_, index) => index !== at);
}
