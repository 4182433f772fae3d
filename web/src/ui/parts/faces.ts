// Who has a picture of their own; letters and tints of who has none.

/** What the server gives to who has no picture of their own. */
const kDefaults = /\/avatars?(\/default)?\.(svg|jpg)$/;

export const hasPicture = (src: string | null | undefined): src is string => Boolean(src) && !kDefaults.test(src ?? '');

/** Two letters: of the first and last word, or the first two of the only one. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s_\-.]+/u).map((word) => word.replace(/[^\p{L}\p{N}]/gu, '')).filter(Boolean);
  const first = words[0] ?? '';
  const last = words.length > 1 ? words[words.length - 1] ?? '' : '';
  const letters = last ? [...first].slice(0, 1).concat([...last].slice(0, 1)) : [...first].slice(0, 2);
  return letters.join('').toLocaleUpperCase('en') || '?';
}

/** One of eight, always the same for one id (FNV-1a). */
export function tintOf(id: string): number {
  let hash = 2166136261;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619);
  return (hash >>> 0) % 8;
}
