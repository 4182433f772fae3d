import { describe, expect, it } from 'vitest';
import { isEmojiOnly, isLong, lengthOf, piecesOf } from './text.ts';

const links = (text: string) => piecesOf(text).flatMap((piece) => (piece.kind === 'link' ? [piece.text] : []));

describe('the text of a message', () => {
  it('makes links of web addresses and leaves the punctuation of the sentence out', () => {
    expect(links('See https://example.com/a?b=1, or (http://x.test/y).')).toEqual(['https://example.com/a?b=1', 'http://x.test/y']);
    expect(links('https://en.wikipedia.org/wiki/Bell_(instrument) rings')).toEqual(['https://en.wikipedia.org/wiki/Bell_(instrument)']);
  });
  it('leads www addresses to https', () => {
    expect(piecesOf('www.example.com')).toEqual([{ kind: 'link', text: 'www.example.com', href: 'https://www.example.com' }]);
  });
  it('makes no link of any other scheme', () => {
    expect(links('javascript:alert(1) data:text/html,x file:///etc/passwd')).toEqual([]);
  });
  it('makes no link that looks as if it led elsewhere', () => {
    expect(links('https://bank.test@evil.test/ https://bank.test:443@evil.test')).toEqual([]);
    expect(links('https://evil.test/\u202egnp.knab')).toEqual(['https://evil.test/']);
  });
  it('loses nothing of what was typed', () => {
    const text = ' a https://b.test/ c\nhttps:// d www. e ';
    expect(piecesOf(text).map((piece) => piece.text).join('')).toBe(text);
  });
  it('knows up to three emoji and nothing else', () => {
    expect(['😀', '👩‍👩‍👧 🇫🇷', '❤️😀👍🏽', '1️⃣'].map(isEmojiOnly)).toEqual([true, true, true, true]);
    expect(['😀😀😀😀', '1', 'a😀', '', '  ', ':)', '#'].map(isEmojiOnly)).toEqual([false, false, false, false, false, false, false]);
  });
  it('is long from the 41st line on', () => {
    expect(isLong('x\n'.repeat(39) + 'x')).toBe(false);
    expect(isLong('x\n'.repeat(40) + 'x')).toBe(true);
  });
  it('is counted in code points', () => {
    expect(lengthOf('a😀é')).toBe(3);
  });
});
