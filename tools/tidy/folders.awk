# Each folder of server/ is a library (belfry_library in its CMakeLists.txt) whose DEPS are the folders that its product sources
# include, no more and no fewer. The build finds less: what a folder links to passes its own folders on. Tests may include more
# (TEST_LIBS). First input: all CMakeLists.txt of server/, then all sources.
#   awk -f folders.awk <CMakeLists.txt>... <sources>...

function wrong(where, why) { print where ": " why; found = 1 }

# The library that a source belongs to; empty: none, as for main/.
function library_of(path) {
  sub(/^server\//, "", path)
  while (sub(/\/[^\/]*$/, "", path)) if (path in library) return library[path]
  return ""
}

function read_word(word) {
  if (word == "belfry_library") { reading = "name"; return }
  if (reading == "name") {
    name = word; folder = FILENAME
    sub(/^server\//, "", folder); sub(/\/CMakeLists\.txt$/, "", folder)
    library[folder] = name; listed_in[name] = FILENAME; reading = "other"
  } else if (word ~ /^(DEPS|LIBS|TEST_LIBS)$/) reading = word
  else if (reading == "DEPS") named[name, word] = FNR
}

FILENAME ~ /CMakeLists\.txt$/ {
  line = $0; sub(/#.*/, "", line)
  if (reading == "" && line !~ /^belfry_library\(/) next
  n = split(line, words, /[ \t()]+/)
  for (i = 1; i <= n; i++) if (words[i] != "") read_word(words[i])
  if (line ~ /\)/) reading = ""
  next
}

FNR == 1 {
  own = FILENAME ~ /^server\// && FILENAME !~ /(_test\.cpp|_for_tests\.[ch]pp|_contract\.[ch]pp)$/ ? library_of(FILENAME) : ""
}

own != "" && /^#include "/ {
  target = $0; sub(/^#include "/, "", target); sub(/".*/, "", target)
  target = library_of(target)
  if (target == "" || target == own) next
  used[own, target]
  if (!((own, target) in named)) wrong(FILENAME ":" FNR, listed_in[own] " does not name " target " in DEPS")
}

# Every folder may name base: its definitions are for all.
END {
  for (pair in named) {
    split(pair, part, SUBSEP)
    if (part[2] != "base" && !(pair in used)) wrong(listed_in[part[1]] ":" named[pair], part[1] " includes nothing of " part[2])
  }
  exit found
}
