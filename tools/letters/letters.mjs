// Writes server/domain/chat/letter_tables.hpp: which code points a search term is made of, which of them are marks, and what a
// letter becomes when its case and diacritics are ignored (SPEC K44). From the Unicode data of this Node:
//   node tools/letters/letters.mjs > server/domain/chat/letter_tables.hpp && clang-format-19 -i server/domain/chat/letter_tables.hpp
// Terms that are stored were made with the tables of their day: after a change the search index has to be built again.

const last = 0x1ffff;
const marks = /\p{M}/gu;
const is = (pattern, code) => pattern.test(String.fromCodePoint(code));
const isSurrogate = (code) => code >= 0xd800 && code <= 0xdfff;
// Each of them is a term of its own (terms.cpp), so they stand in no table.
const isCjk = (code) =>
  [[0x3040, 0x30ff], [0x31f0, 0x31ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xac00, 0xd7a3], [0xf900, 0xfaff]].some(
    ([first, end]) => code >= first && code <= end);

function ranges(pattern) {
  const found = [];
  for (let code = 0x80; code <= last; ++code) {
    if (isSurrogate(code) || isCjk(code) || !is(pattern, code)) continue;
    const before = found.at(-1);
    let gap = before ? before[1] + 1 : code;
    while (gap < code && is(/^\p{Cn}$/u, gap) && !isCjk(gap)) ++gap;  // unassigned ones between two ranges join them
    if (before && gap === code) before[1] = code;
    else found.push([code, code]);
  }
  return found;
}

const isOne = (text) => [...text].length === 1;
const isLetter = (text) => /^[\p{L}\p{N}]$/u.test(text);
const bare = (text) => text.normalize("NFKD").replace(marks, "");
function folded(code) {
  const letter = String.fromCodePoint(code);
  let text = bare(bare(letter).toLowerCase());
  if (!isLetter(text)) text = letter.toLowerCase();
  if (!isOne(text)) text = letter;
  const upper = text.toUpperCase();
  const again = isOne(upper) ? bare(upper.toLowerCase()) : "";  // the final sigma
  return (isLetter(again) ? again : text).codePointAt(0);
}

// Scripts that have case or precomposed letters, and the full-width forms of ASCII.
const hasFolds = (code) => code < 0x590 || (code >= 0x10a0 && code <= 0x10ff) || (code >= 0x1e00 && code <= 0x1fff) ||
  (code >= 0xff10 && code <= 0xff5a);

function foldRuns() {
  const folds = [];
  for (let code = 0x80; code <= 0xffff; ++code)
    if (hasFolds(code) && isLetter(String.fromCodePoint(code)) && folded(code) !== code) folds.push([code, folded(code)]);
  const runs = [];
  for (let start = 0; start < folds.length;) {
    let best = { end: start, step: 1, target: 0 };
    for (const step of [1, 2])
      for (const target of [0, 1, 2]) {
        let end = start;
        while (end + 1 < folds.length && folds[end + 1][0] === folds[end][0] + step && folds[end + 1][1] === folds[end][1] + target)
          ++end;
        if (end > best.end) best = { end, step, target };
      }
    runs.push([folds[start][0], folds[best.end][0], best.step, folds[start][1], best.target]);
    start = best.end + 1;
  }
  return runs;
}

const hex = (code) => `0x${code.toString(16).toUpperCase()}`;
const rows = (list) => list.map((row) => `{${row.map((each) => (each > 9 ? hex(each) : each)).join(", ")}}`).join(", ");
console.log(`// Which code points beyond ASCII a search term is made of (SPEC K44). Written by tools/letters/letters.mjs from Unicode ${process.versions.unicode}:
// do not edit. Private to letters.cpp.
#pragma once

#include <cstdint>

namespace belfry::chat {

struct Range {
  char32_t first, last;
};
/// The letters first, first + step, … up to last become to, to + target_step, …
struct FoldRun {
  char32_t first, last, step, to, target_step;
};

inline constexpr Range kWordRanges[] = {${rows(ranges(/^[\p{L}\p{N}\p{M}]$/u))}};
inline constexpr Range kMarkRanges[] = {${rows(ranges(/^\p{M}$/u))}};
inline constexpr FoldRun kFoldRuns[] = {${rows(foldRuns())}};

}  // namespace belfry::chat`);
