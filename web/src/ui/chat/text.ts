// What a message's text is made of. It comes as it was typed, so links are found here, and nothing of it is ever markup.

export type Piece = { readonly kind: 'words'; readonly text: string } | { readonly kind: 'link'; readonly text: string; readonly href: string };

/** Only what is plainly meant as a web address; schemes other than http and https are left as words. What turns text around ends it. */
const kAddress = /\b(?:https?:\/\/|www\.)[^\s<>"\u201c\u201d\u202a-\u202e\u2066-\u2069]+/giu;
const kPairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** An address ends before the punctuation of the sentence around it; a closing bracket belongs to it if its opening one does. */
function withoutSentenceEnd(address: string): string {
  let end = address.length;
  while (end > 0) {
    const last = address.charAt(end - 1);
    const opening = kPairs[last];
    const stray = opening !== undefined && address.slice(0, end).split(opening).length < address.slice(0, end).split(last).length;
    if (!stray && !/[.,;:!?'\u2019*_~]/u.test(last)) break;
    end -= 1;
  }
  return address.slice(0, end);
}

function hrefOf(address: string): string | null {
  const href = /^www\./iu.test(address) ? `https://${address}` : address;
  if (!URL.canParse(href)) return null;
  // A name before the host is there to be taken for the host.
  const { username, password } = new URL(href);
  return username === '' && password === '' ? href : null;
}

export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const found of text.matchAll(kAddress)) {
    const address = withoutSentenceEnd(found[0]);
    const href = hrefOf(address);
    if (!href) continue;
    if (found.index > done) pieces.push({ kind: 'words', text: text.slice(done, found.index) });
    pieces.push({ kind: 'link', text: address, href });
    done = found.index + address.length;
  }
  if (done < text.length) pieces.push({ kind: 'words', text: text.slice(done) });
  return pieces;
}

const kEmoji = /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|(?=.*(?:\p{Emoji_Presentation}|\uFE0F))[\p{Emoji}\u200D\uFE0F\u{E0020}-\u{E007F}]+)$/u;
const kGraphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Up to three emoji and nothing else: shown large, without a bubble. */
export function isEmojiOnly(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > 60) return false;
  const letters = [...kGraphemes.segment(trimmed)].map((part) => part.segment).filter((letter) => letter.trim() !== '');
  return letters.length <= 3 && letters.every((letter) => kEmoji.test(letter));
}

export const kFoldedLines = 40;

/** Over 40 lines, or as long as that on the screen: folded until `Show all`. */
export function isLong(text: string): boolean {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= kFoldedLines; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines > kFoldedLines || text.length > kFoldedLines * 68;
}

/** Without what the server refuses: U+0000, and halves of a surrogate pair, which UTF-8 has no bytes for. */
export const sendable = (text: string): string => text.replaceAll('\0', '').replace(/\p{Cs}/gu, '');

/** As the server counts: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const letter of text) length += letter ? 1 : 0;
  return length;
}
