# A README.md of server/ and the opening comment of a header name only sources that exist. First input: all sources, one path a line.
# A name counts from the folder of the text, the folder above it, one folder below it, server/ or the root.
#   awk -f files.awk <list of sources> <README.md and *.hpp>...

function wrong(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; found = 1 }

function above(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }

function exists(name,   from) {
  from = folder
  if (name ~ /^\.\.\//) {
    while (sub(/^\.\.\//, "", name)) from = above(from)
    return (from "/" name) in sources
  }
  return (folder "/" name) in sources || (above(folder) "/" name) in sources || ("server/" name) in sources || name in sources ||
         (folder "/*/" name) in sources
}

FILENAME == ARGV[1] {
  name = $0; sub(/.*\//, "", name)
  sources[$0]
  sources[above(above($0)) "/*/" name]
  next
}

FNR == 1 { folder = above(FILENAME); over = 0 }
FILENAME ~ /\.hpp$/ && !/^\/\// { over = 1 }
over { next }

{
  rest = $0
  while (match(rest, /[A-Za-z0-9_.*\/-]+\.[hc]pp/)) {
    named = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    if (named !~ /\*/ && !exists(named)) wrong(named " does not exist")
  }
}

END { exit found }
