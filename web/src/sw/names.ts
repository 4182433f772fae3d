// What people wrote, as it can be put into sentences and notifications. It is here because the worker may import nothing from elsewhere; wire/
// reads names by it.

// UAX #9: embeddings, overrides and isolates turn the text behind them around.
const kTurns = /[\u202a-\u202e\u2066-\u2069]/gu;
// Spaces, controls, and what has no shape of its own: U+200B, the Hangul filler U+3164, the empty Braille pattern.
const kSeen = /[^\p{White_Space}\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Null: nobody would see it. */
export function readableName(given: string): string | null {
  const name = given.replace(kTurns, '');
  return kSeen.test(name) ? name : null;
}

/** By characters, so that none is cut in two. */
export function shortened(text: string, longest: number): string {
  const letters = [...text];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : text;
}
